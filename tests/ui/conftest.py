"""The window for tests: dressed as the program dresses it, on a draft in a temporary folder."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from dgdesk.draft.drafts import Draft, new_draft
from dgdesk.system.profile import Profile
from dgdesk.ui.shell.app import furnish, make_services
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.main_window import MainWindow
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets import collector
from dgdesk.ui.widgets.app_theme import apply_theme
from dgdesk.ui.widgets.services import Services
from ui.filling import fill_all
from ui.hands import settle
from ui.modals import Modals

Clock = Callable[[], datetime]
TODAY = datetime(2026, 11, 20, 9, 30, tzinfo=timezone(timedelta(hours=7)))
"""What the `clock` of all tests says."""


@pytest.fixture(scope="session")
def loaded() -> Services:
    """Catalogue and word breaker, loaded once."""
    made = make_services(who="สมศรี", profile=Profile(Path("/nowhere")))
    gc.collect()
    gc.freeze()  # and what the tests before left
    return made


@pytest.fixture(scope="session")
def full_draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A draft in which everything is answered and proven. Copy it before writing to it."""
    folder = tmp_path_factory.mktemp("full")
    names = ("แผนพัฒนารัฐบาลดิจิทัลของจังหวัด พ.ศ. 2568 (ฉบับปรับปรุง).pdf", "scan_0001_final_v2_signed_copy_for_dga_2568.jpg")
    for name in names:
        (folder / name).write_bytes(b"%PDF-1.7 " + name.encode())
    path = folder / "full.dgdesk"
    with new_draft(path, clock=lambda: datetime(2026, 11, 20, tzinfo=UTC), who="x", respondent="TH-50") as draft:
        fill_all(draft, [folder / name for name in names])
        assert draft.session.state.ready
    return path


@pytest.fixture(autouse=True)
def folders_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dialogs wait for every folder: on a busy machine one that is there would count as gone after a moment."""
    monkeypatch.setattr("dgdesk.system.glance.PATIENCE", 60.0)


@pytest.fixture(autouse=True)
def mouse_let_go() -> Iterator[None]:
    """A test that fails between press and release leaves no pressed button to the next one."""
    yield
    if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
        window = QWidget()
        QTest.mouseRelease(window, Qt.MouseButton.LeftButton)
        window.deleteLater()


@pytest.fixture
def modals(qapp: QApplication) -> Iterator[Modals]:
    """Acts on the dialogs that will open; at the end all must be done."""
    made = Modals()
    yield made
    made.stop()
    assert made.done()


@pytest.fixture
def services(loaded: Services, clock: Clock, tmp_path: Path) -> Services:
    """Services with a clock that stands still and an empty profile."""
    return replace(loaded, clock=clock, profile=Profile(tmp_path / "profile"))


@pytest.fixture
def path(thai_path: Path) -> Path:
    """Where the draft lies."""
    return thai_path / "แบบสำรวจ น่าน.dgdesk"


@pytest.fixture
def desk(qapp: QApplication, services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainController]:
    """The window with the start page."""
    # The collector takes back everything that was set aside; with all tests loaded that is half a test's time.
    monkeypatch.setattr(collector, "settle", lambda: None)
    apply_theme(qapp)
    window = MainWindow()
    window.resize(1366, 768)
    made = furnish(qapp, window, services)
    window.show()
    yield made
    if made.workspace is not None:
        made.workspace.page_view.parts.drop()
        made.workspace.bridge.jobs.cancel_all()  # a story that failed in the middle of one: nobody answers a question
        made.workspace.bridge.jobs.wait()
    window.close()
    made.let_go()
    window.deleteLater()
    settle(qapp)
    gc.collect(1)


@pytest.fixture(scope="session")
def empty_draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new draft for Nan, of the day that tests live on. Copy it: making one takes longer than most stories."""
    path = tmp_path_factory.mktemp("empty") / "empty.dgdesk"
    new_draft(path, clock=lambda: TODAY, who="สมศรี", respondent="TH-55").close()
    return path


@pytest.fixture
def workspace(desk: MainController, path: Path, empty_draft: Path) -> Workspace:
    """A new draft for Nan, at work in the window."""
    shutil.copyfile(empty_draft, path)
    desk.open(path)
    assert desk.workspace is not None
    settle(QApplication.instance())
    return desk.workspace


@pytest.fixture
def draft(workspace: Workspace) -> Draft:
    """The draft that the window works on."""
    return workspace.bridge.draft
