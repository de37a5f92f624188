"""Where to save: what is there stays, unless the user says otherwise; Enter, Escape and closing mean no."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog

from dgdesk.system.targets import Target
from dgdesk.ui.widgets.dialogs import MessageDialog
from dgdesk.ui.widgets.saving import choose_target
from dgdesk.ui.widgets.services import Services
from ui.modals import Modals

PDF = b"%PDF-1.7 <xmp:CreatorTool>dgdesk %%EOF"
Choose = Callable[..., Target | None]


@pytest.fixture
def choose(services: Services, monkeypatch: pytest.MonkeyPatch) -> Choose:
    """Choose a file in the file dialog, which must not ask by itself."""

    def act(path: Path, **more: object) -> Target | None:
        def name(*given: object) -> tuple[str, str]:
            assert QFileDialog.Option.DontConfirmOverwrite in given
            return str(path), ""

        monkeypatch.setattr(QFileDialog, "getSaveFileName", name)
        return choose_target(services.texts, None, "print", "x", "x", "", "pdf", **more)  # type: ignore[arg-type]

    return act


def press(key: Qt.Key) -> Callable[[QDialog], object]:
    return lambda dialog: QTest.keyClick(dialog.focusWidget() or dialog, key)


def test_a_free_name_gets_its_ending_and_nothing_is_asked(choose: Choose, tmp_path: Path) -> None:
    assert choose(tmp_path / "พิมพ์") == Target(tmp_path / "พิมพ์.pdf", "pdf", False)
    assert choose(tmp_path / "พิมพ์.docx") == Target(tmp_path / "พิมพ์.pdf", "pdf", False)
    assert choose(tmp_path / "พิมพ์.PDF") == Target(tmp_path / "พิมพ์.PDF", "pdf", False)


@pytest.mark.parametrize(
    "answer",
    [
        press(Qt.Key.Key_Return),
        press(Qt.Key.Key_Enter),
        press(Qt.Key.Key_Escape),
        press(Qt.Key.Key_Space),
        lambda dialog: dialog.close(),
        lambda dialog: dialog.reject(),
    ],
)
def test_whoever_does_not_say_yes_keeps_the_file(
    choose: Choose, modals: Modals, tmp_path: Path, answer: Callable[[QDialog], object]
) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    modals.then(answer)
    assert choose(tmp_path / "a") is None, "asked about the name with its ending"
    assert modals.seen == ["MessageDialog"]


def test_whoever_says_yes_replaces_it(choose: Choose, modals: Modals, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    asked: list[str] = []

    def yes(dialog: QDialog) -> None:
        assert isinstance(dialog, MessageDialog)
        asked.append(dialog.label.plain_text())
        dialog.buttons[0].click()

    modals.then(yes)
    assert choose(tmp_path / "a.pdf") == Target(tmp_path / "a.pdf", "pdf", True)
    assert "“a.pdf”" in asked[0]


@pytest.mark.parametrize(
    "content",
    [b"SQLite format 3\0" + bytes(52) + b"DGDK", b"PK\x03\x04", b"-----BEGIN PRIVATE KEY-----\n", b"my notes\n"],
)
def test_what_is_of_another_kind_is_told_and_never_asked_about(
    choose: Choose, modals: Modals, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    modals.then(lambda dialog: dialog.accept())
    assert choose(tmp_path / "a.pdf") is None and (tmp_path / "a.pdf").read_bytes() == content


def test_neither_is_what_it_is_made_from_nor_where_nothing_is_replaced(
    choose: Choose, modals: Modals, tmp_path: Path
) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    modals.then(lambda dialog: dialog.accept(), lambda dialog: dialog.accept())
    assert choose(tmp_path / "a.pdf", inputs=[tmp_path / "a.pdf"]) is None
    assert choose(tmp_path / "a.pdf", new=True) is None


def test_no_name_is_no_file(choose: Choose, monkeypatch: pytest.MonkeyPatch, services: Services) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    assert choose_target(services.texts, None, "print", "x", "x", "", "pdf") is None
