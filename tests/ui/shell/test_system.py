"""Scaling and taskbar are set before the first window."""

from __future__ import annotations

import os
import subprocess
import sys
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


DIGITS = """
import sys
from PySide6.QtCore import QLocale
system = QLocale.system()
from dgdesk.ui.shell.app import make_app
app = make_app(options=["-platform", "offscreen"])
from PySide6.QtWidgets import QDoubleSpinBox, QProgressBar, QSpinBox
from dgdesk.text.breaks import thai_breaker
from dgdesk.text.messages import load_catalogue
from dgdesk.ui.evidence.viewer.tools import PageTools
from dgdesk.ui.widgets.label import Texts
tools = PageTools(Texts(load_catalogue("th"), thai_breaker()), None)
tools.show_page(1, 51)
number, decimal, bar = QSpinBox(), QDoubleSpinBox(), QProgressBar()
number.setRange(0, 99999), number.setValue(12345)
decimal.setValue(2.5), bar.setValue(42)
print(ascii([system.name(), system.toString(7), tools.box.text(), number.text(), decimal.text(), bar.text()]))
_, typed, _ = tools.box.validate(chr(0xE53) + chr(0xE57), 2)
print(typed, tools.box.valueFromText(typed))
"""


@pytest.mark.parametrize(
    ("locale", "name", "seven"),
    [("th_TH.UTF-8", "th_TH", "7"), ("ar_EG.UTF-8", "ar_EG", "٧"), ("my_MM.UTF-8", "my_MM", "၇")],
)
def test_numbers_have_the_programs_digits_whatever_the_system_has(locale: str, name: str, seven: str) -> None:
    """Linux knows no Thai digits, which Windows has as an option; Arabic and Burmese stand in for them."""
    variables = {**os.environ, "LC_ALL": locale, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(
        [sys.executable, "-c", DIGITS], env=variables, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    shown, typed = done.stdout.splitlines()
    assert shown == ascii([name, seven, "2", "12345", "2.50", "42%"])
    assert typed == "37 37", "a Thai keyboard's digits are taken too"
