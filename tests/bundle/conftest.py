from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bundle.support import NOW, export
from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.resources import resource
from dgdesk.text.messages import Catalogue, load_catalogue


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """The identity of a person in Nan, enrolled at the receiver."""
    folder = tmp_path_factory.mktemp("signer")
    start = NOW - timedelta(days=1)
    return create_identity(folder, person="สมชาย ใจดี", province="จังหวัดน่าน", passphrase=None, now=start)


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """An identity that nobody enrolled, made out to the same names."""
    folder = tmp_path_factory.mktemp("stranger")
    start = NOW - timedelta(days=1)
    return create_identity(folder, person="สมชาย ใจดี", province="จังหวัดน่าน", passphrase=None, now=start)


@pytest.fixture(scope="session")
def good(signer: Identity, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A good bundle, as bytes to tamper with."""
    return export(tmp_path_factory.mktemp("good") / "good.zip", signer).path.read_bytes()


@pytest.fixture
def bundle(good: bytes, tmp_path: Path) -> Path:
    """The good bundle as a file."""
    path = tmp_path / "bundle.zip"
    path.write_bytes(good)
    return path


@pytest.fixture(scope="session")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> list[Catalogue]:
    folder = tmp_path_factory.mktemp("i18n")
    for name in ("bundle.yaml", "receiver.yaml"):
        shutil.copy(resource("i18n") / name, folder)
    return [load_catalogue("th", folder), load_catalogue("en", folder)]
