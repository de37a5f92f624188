from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dgdesk.bundle.signing.identity import Identity
from dgdesk.system.profile import Profile
from dgdesk.text.editions import read_editions_again, use_editions
from editions.making import DEPARTMENTS, agency, pack_of


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """The agency that makes editions."""
    return agency(tmp_path_factory.mktemp("agency"))


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """Somebody who signs under the agency's name and is enrolled nowhere."""
    return agency(tmp_path_factory.mktemp("stranger"))


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    """A person's profile, whose installed editions this process knows."""
    found = Profile(tmp_path / "profile")
    use_editions(found.editions)
    yield found
    use_editions(None)
    read_editions_again()


@pytest.fixture(scope="session")
def departments(signer: Identity, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of the departments' survey, version 1."""
    return pack_of(DEPARTMENTS, tmp_path_factory.mktemp("packs") / "departments.dgedition", signer)
