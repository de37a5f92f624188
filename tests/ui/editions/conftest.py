"""Signed packs for the window, and the window with a profile whose editions it knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dgdesk.bundle.signing.identity import Identity
from dgdesk.text.editions import read_editions_again, use_editions
from dgdesk.ui.widgets.services import Services
from editions.conftest import departments, signer, stranger

__all__ = ["departments", "signer", "stranger"]


@pytest.fixture(autouse=True)
def known_editions(services: Services) -> Iterator[None]:
    """The program knows the editions of this profile, as after its start."""
    use_editions(services.profile.editions)
    read_editions_again()
    yield
    use_editions(None)
    read_editions_again()


@pytest.fixture
def certificate(signer: Identity, tmp_path: Path) -> Path:
    """The file that the agency handed over."""
    path = tmp_path / "signer.pem"
    path.write_bytes(signer.certificate_pem)
    return path
