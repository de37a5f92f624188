from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from dgdesk.ui.agency.window import AgencyWindow
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.widgets.services import Services
from ui.agency.parcels import Parcels, make_parcels
from ui.hands import settle

Choose = Callable[[str, object], None]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Parcels:
    return make_parcels(tmp_path_factory.mktemp("parcels"))


@pytest.fixture
def parcels(made: Parcels, tmp_path: Path) -> Parcels:
    """Files for an inbox, the test's own."""
    inbox, certificates = tmp_path / made.inbox.name, tmp_path / made.certificates.name
    shutil.copytree(made.inbox, inbox)
    shutil.copytree(made.certificates, certificates)
    return Parcels(inbox, certificates, inbox / made.nan.relative_to(made.inbox), made.nan_signer, made.pems)


@pytest.fixture
def receiving(desk: MainController, services: Services) -> Iterator[AgencyWindow]:
    window = AgencyWindow(services, desk.window)
    window.show()
    settle(QApplication.instance())
    yield window
    window.close()
    window.deleteLater()
    settle(QApplication.instance())


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Choose:
    """Let the system's file dialogs return something at once."""

    def answer(ask: str, what: object) -> None:
        found: object = ([str(one) for one in what], "") if isinstance(what, list) else (str(what), "")
        monkeypatch.setattr(QFileDialog, ask, lambda *_: str(what) if ask == "getExistingDirectory" else found)

    return answer
