"""Scaling and taskbar are set before the first window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

import dgdesk
from dgdesk.ui.shell.main_window import ROUNDING, TASKBAR_NAME, prepare_system
from windows.setup import TASKBAR_NAME as OF_THE_SHORTCUTS


def test_the_window_and_its_shortcuts_share_one_button_in_the_taskbar() -> None:
    told: list[str] = []
    prepare_system({}, told.append)
    assert told == [TASKBAR_NAME] == [OF_THE_SHORTCUTS]


def test_a_system_that_knows_no_such_thing_starts_the_program_all_the_same() -> None:
    def refuse(name: str) -> None:
        raise OSError(name)

    prepare_system({}, refuse)
    prepare_system({})


def test_scaling_is_taken_as_it_is_unless_somebody_says_otherwise(qapp: QApplication) -> None:
    environment: dict[str, str] = {}
    prepare_system(environment)
    assert environment == {ROUNDING: "PassThrough"}
    prepare_system(environment := {ROUNDING: "Round"})
    assert environment == {ROUNDING: "Round"}
    assert QGuiApplication.highDpiScaleFactorRoundingPolicy() == Qt.HighDpiScaleFactorRoundingPolicy.PassThrough


def test_file_dialogs_are_the_systems_own(qapp: QApplication) -> None:
    assert not QCoreApplication.testAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    sources = [path.read_text(encoding="utf-8") for path in Path(dgdesk.__file__).parent.rglob("*.py")]
    assert not [one for one in sources if "DontUseNative" in one or "QFileDialog(" in one]


@pytest.mark.parametrize("name", ["getOpenFileName", "getSaveFileName", "getExistingDirectory"])
def test_files_are_chosen_by_the_static_functions_only(name: str) -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(dgdesk.__file__).parent.rglob("*.py")]
    assert any(f"QFileDialog.{name}(" in one for one in sources)
