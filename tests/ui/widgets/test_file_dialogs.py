"""File dialogs begin where people work: last used, beside the draft, documents; never in the current folder."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from shiboken6 import delete

import dgdesk
from dgdesk.system.glance import Glances
from dgdesk.system.settings import SettingsFile
from dgdesk.ui.widgets import file_dialogs
from dgdesk.ui.widgets.file_dialogs import (
    FilePlaces,
    Purpose,
    choose_file,
    choose_files,
    choose_folder,
    choose_name,
    first_there,
    home,
)

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


class Office:
    """A window with a draft, its settings, and a person who answers every dialog with ``answer``."""

    def __init__(self, root: Path, glances: Glances | None = None) -> None:
        self.root = root
        self.settings = SettingsFile(root / "settings.json")
        self.window = QWidget()
        self.places = FilePlaces(self.settings, self.window, glances)
        self.button = QWidget(QWidget(self.window))
        self.answer = ""
        self.begun: list[Path] = []

    def answered(self, one: Callable[[str], object]) -> Callable[..., object]:
        def dialog(parent: QWidget | None, title: str, begin: str, *_: object) -> object:
            self.begun.append(Path(begin))
            return one(self.answer)

        return dialog


@pytest.fixture
def office(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    for name in ("โปรแกรม", "เอกสาร", "งาน", "เครือข่าย", "home"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "โปรแกรม")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(file_dialogs, "documents", lambda: tmp_path / "เอกสาร")
    made = Office(tmp_path)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", made.answered(lambda name: (name, "")))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", made.answered(lambda name: ([name] if name else [], "")))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", made.answered(lambda name: (name, "")))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", made.answered(lambda name: name))
    yield made
    delete(made.window)


def asked(office: Office, purpose: Purpose, **more: Any) -> list[Path]:
    """All four dialogs for a purpose; return the folders that they began in."""
    office.begun.clear()
    choose_file(office.button, purpose, "ก", **more)
    choose_files(office.button, purpose, "ก", **more)
    choose_folder(office.button, purpose, "ก", **more)
    choose_name(office.button, purpose, "ก", "", **more)
    return office.begun


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_dialog_begins_in_the_documents_then_beside_the_draft_then_where_it_was_used_last(
    office: Office, purpose: Purpose
) -> None:
    assert asked(office, purpose) == [office.root / "เอกสาร"] * 4
    office.places.draft = office.root / "งาน" / "น่าน.dgdesk"
    assert asked(office, purpose) == [office.root / "งาน"] * 4
    office.answer = str(office.root / "เครือข่าย" / "ก.pdf")
    assert choose_file(office.button, purpose, "ก") == Path(office.answer)
    office.answer = ""
    assert asked(office, purpose) == [office.root / "เครือข่าย"] * 4
    again = FilePlaces(SettingsFile(office.root / "settings.json"), QWidget())
    assert again.begin(purpose) == office.root / "เครือข่าย", "it is remembered in the next run"
    other = next(one for one in PURPOSES if one != purpose)
    assert again.begin(other) == office.root / "เอกสาร", "and for this purpose only"


def test_a_dialog_that_is_cancelled_changes_nothing(office: Office) -> None:
    asked(office, "evidence")
    assert not office.settings.now.folders and choose_files(office.button, "evidence", "ก") == ()
    assert choose_folder(office.button, "evidence", "ก") is None and choose_file(office.button, "evidence", "ก") is None


def test_each_dialog_remembers_the_folder_of_what_was_chosen(office: Office) -> None:
    office.answer = str(office.root / "งาน" / "ก.zip")
    choose_files(office.button, "inbox", "ก")
    choose_name(office.button, "print", "ก", "ก.pdf")
    office.answer = str(office.root / "เครือข่าย")
    choose_folder(office.button, "tables", "ก")
    wanted = {"inbox": "งาน", "print": "งาน", "tables": "เครือข่าย"}
    assert office.settings.now.folders == {key: str(office.root / name) for key, name in wanted.items()}


def test_what_stands_in_the_box_goes_first_if_its_folder_is_there(office: Office) -> None:
    office.places.remember("bundle", office.root / "เอกสาร")
    file = office.root / "งาน" / "น่าน.zip"
    assert asked(office, "bundle", at=f" {file} ") == [file, file, office.root / "เอกสาร", file]
    folder = str(office.root / "งาน")
    choose_folder(office.button, "bundle", "ก", at=folder)
    assert office.begun[-1] == Path(folder)
    gone = asked(office, "bundle", at=str(office.root / "ไม่มี" / "น่าน.zip"))
    assert gone[:3] == [office.root / "เอกสาร"] * 3
    for odd in ("น่าน.zip", "\0", "..", "C:\\งาน\\น่าน.zip"):
        begun = asked(office, "bundle", at=odd)
        assert all(one.is_absolute() and Path.cwd() not in (one, *one.parents) for one in begun), odd


def test_a_new_file_is_suggested_beside_the_one_that_it_is_made_from(office: Office) -> None:
    choose_name(office.button, "copy", "ก", office.root / "งาน" / "สำเนา.dgdesk")
    choose_name(office.button, "copy", "ก", "สำเนา.dgdesk")
    choose_name(office.button, "copy", "ก", office.root / "ไม่มี" / "สำเนา.dgdesk")
    assert [one.parent.name for one in office.begun] == ["งาน", "เอกสาร", "เอกสาร"]
    assert {one.name for one in office.begun} == {"สำเนา.dgdesk"}


def test_folders_that_are_gone_fall_through_to_the_home_folder(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """No Documents, a OneDrive folder that is not there, a stick that was pulled out."""
    monkeypatch.setattr(file_dialogs, "documents", lambda: office.root / "OneDrive" / "เอกสาร")
    office.places.draft = office.root / "stick" / "น่าน.dgdesk"
    office.places.remember("evidence", office.root / "stick2")
    assert asked(office, "evidence") == [office.root / "home"] * 4
    assert not (office.root / "OneDrive").exists(), "nothing is made"


def test_a_drive_that_does_not_answer_is_passed_over(office: Office) -> None:
    import threading

    back = threading.Event()
    glances = Glances(lambda path: (path.name != "เครือข่าย" or back.wait()) and path.is_dir(), patience=1.0)
    places = FilePlaces(office.settings, QWidget(), glances)
    places.remember("evidence", office.root / "เครือข่าย")
    assert places.begin("evidence") == office.root / "เอกสาร"
    back.set()


def test_a_window_without_a_parent_has_the_places_of_the_main_window(office: Office) -> None:
    office.places.remember("print", office.root / "งาน")
    alone = QWidget()
    choose_name(alone, "print", "ก", "ก.pdf")
    choose_name(None, "print", "ก", "ก.pdf")
    assert office.begun == [office.root / "งาน" / "ก.pdf"] * 2


def test_relative_folders_of_a_foreign_settings_file_are_no_place(office: Office) -> None:
    for odd in (".", "..", "งาน"):
        office.places.remember("draft", Path(odd))
        assert office.places.begin("draft") == office.root / "เอกสาร"


def test_without_any_home_there_is_still_a_place(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", unknown)
    monkeypatch.setattr(file_dialogs, "documents", lambda: office.root / "ไม่มี")
    assert home() == Path(os.sep) == first_there(())


def test_no_other_module_opens_a_file_dialog() -> None:
    package = Path(dgdesk.__file__).parent
    users = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(r"\bQFileDialog\b(?!\")", path.read_text(encoding="utf-8"))
    }
    assert users == {"ui/widgets/file_dialogs.py"}


def test_no_folder_is_guessed_elsewhere() -> None:
    """The home folder of a PC has the profile in it, and the current one the program: no place to begin in."""
    package = Path(dgdesk.__file__).parent / "ui"
    guess = re.compile(r"Path\.home\(|Path\.cwd\(|os\.getcwd\(|QStandardPaths|QDir\.(home|current)|expanduser")
    users = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if guess.search(path.read_text(encoding="utf-8"))
    }
    assert users == {"widgets/file_dialogs.py"}
