"""The world of the command line's stories: a home of one's own, an empty draft, one that is ready, a bundle of it."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pikepdf
import pytest

from cli.support import done
from dgdesk.text.messages import load_catalogue

CATALOGUE = cache(load_catalogue)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile that is nobody's, no passphrase in the environment, and the catalogue read once for all stories."""
    monkeypatch.setattr("dgdesk.cli.main.load_catalogue", CATALOGUE)
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("DGDESK_HOME", str(home / "profile"))
    monkeypatch.delenv("DGDESK_PASSPHRASE", raising=False)
    return home


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what takes long to make: ``empty.dgdesk`` of Nan, and all the demo makes."""
    folder = tmp_path_factory.mktemp("made")
    done("new", folder / "empty.dgdesk", "--province", "TH-55")
    done("demo", folder / "demo")
    return folder


@pytest.fixture(scope="session")
def exported(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder: the empty ``draft.dgdesk`` that was exported once, as a draft, and the ``identity`` of who signed."""
    folder = tmp_path_factory.mktemp("exported")
    draft = shutil.copyfile(made / "empty.dgdesk", folder / "draft.dgdesk")
    signing = ("--person", "ก", "--no-passphrase", "--identity", folder / "identity")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DGDESK_HOME", str(folder / "profile"))
        done("export", draft, folder / "first.zip", "--draft", *signing)
    return folder


@pytest.fixture
def draft(made: Path, tmp_path: Path) -> Path:
    """A new draft of Nan."""
    return Path(shutil.copyfile(made / "empty.dgdesk", tmp_path / "น่าน.dgdesk"))


@pytest.fixture
def ready(made: Path, tmp_path: Path) -> Path:
    """A draft that is ready to hand in."""
    return Path(shutil.copyfile(made / "demo" / "demo.dgdesk", tmp_path / "พร้อม.dgdesk"))


@pytest.fixture
def bundle(made: Path, tmp_path: Path) -> Path:
    """A good bundle."""
    return Path(shutil.copyfile(made / "demo" / "demo.zip", tmp_path / "เชียงใหม่.zip"))


@pytest.fixture
def certificate(made: Path) -> Path:
    """The certificate of who signed the bundle."""
    return made / "demo" / "signer.pem"


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """A file to attach: a PDF that opens, with one empty page."""
    path = tmp_path / "คำสั่งแต่งตั้ง.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(path, deterministic_id=True)
    return path
