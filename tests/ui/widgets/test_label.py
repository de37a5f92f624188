"""Displayed Thai breaks between words, and nothing of that gets out of the window."""

from __future__ import annotations

import gc
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication, QKeyEvent, QTextLayout
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from dgdesk.errors import FileError
from dgdesk.ui.widgets.app_theme import app_font
from dgdesk.ui.widgets.label import WrapLabel, copy_plain, links_in, open_link
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run

SENTENCE = "จังหวัดของท่านมีการจัดทำนโยบายแผนปฏิบัติการหรือแผนงานด้านธรรมาภิบาลข้อมูลภาครัฐ"
ZWSP = "\u200b"


def test_a_label_wraps_between_words_and_keeps_its_plain_text(qtbot: QtBot, services: Services) -> None:
    label = WrapLabel(services.texts, SENTENCE)
    qtbot.addWidget(label)
    assert label.heightForWidth(160) >= 3 * label.heightForWidth(4000)
    assert ZWSP in label.text() and label.plain_text() == SENTENCE


def test_what_is_copied_has_no_break_marks(qtbot: QtBot, services: Services) -> None:
    label = WrapLabel(services.texts, SENTENCE)
    qtbot.addWidget(label)
    label.show()
    label.setSelection(0, len(services.texts.show(SENTENCE)))
    QApplication.sendEvent(label, QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier))
    assert QGuiApplication.clipboard().text() == SENTENCE
    copy_plain(f"น้ำ{ZWSP}ใจ\u2029")
    assert QGuiApplication.clipboard().text() == "น้ำใจ\n"


def test_break_marks_do_not_make_lines_taller(qapp: QApplication, services: Services) -> None:
    font = app_font()

    def height(text: str) -> float:
        layout = QTextLayout(text, font)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(10_000)
        layout.endLayout()
        return line.height()

    assert height(services.texts.show(SENTENCE)) == height(SENTENCE)


HIGH_AND_LOW = "ที่ ปี้ ผึ้ง น้ำ เพื่อ ฟื้น ภูมิ ญ ฐ กู้"


def ink(widget: QWidget) -> int:
    """Count the pixels of a widget that stand out from its ground, as it is painted."""
    picture = widget.grab().toImage()
    ground = picture.pixelColor(picture.width() - 1, 0).lightness()
    return sum(
        abs(picture.pixelColor(x, y).lightness() - ground) > 60
        for x in range(picture.width())
        for y in range(picture.height())
    )


@pytest.mark.parametrize("role", ["text", "note", "question", "sectiontitle"])
def test_no_mark_is_cut_off_at_the_edge_of_a_label(qtbot: QtBot, services: Services, role: str) -> None:
    """ที่ without its tone is another word; a label as tall as its text must show all of it."""
    # between two empty lines, what reaches out of its own line is painted too
    tight, roomy = (WrapLabel(services.texts, text, role) for text in (HIGH_AND_LOW, f"\n{HIGH_AND_LOW}\n"))
    for label in (tight, roomy):
        qtbot.addWidget(label)
        label.resize(600, label.heightForWidth(600))
    assert ink(tight) == ink(roomy) > 200


def test_no_mark_is_cut_off_in_an_option_row(qapp: QApplication, services: Services) -> None:
    font = app_font()
    metrics = QFontMetricsF(font)
    box = metrics.tightBoundingRect(HIGH_AND_LOW)
    assert -box.top() <= metrics.ascent() and box.bottom() <= metrics.descent()
    assert services.texts.layout((Run(HIGH_AND_LOW),), font).height(1000) >= metrics.ascent() + box.bottom()


def test_links_open_in_the_browser_and_end_before_brackets(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "(ลิงก์: https://drive.ncsa.or.th/s/7zAHoc8kYBkneSd) และ ที่มา:https://a.go.th/x/ ได้ http://b.go.th."
    assert links_in(text) == ("https://drive.ncsa.or.th/s/7zAHoc8kYBkneSd", "https://a.go.th/x/", "http://b.go.th")
    opened: list[str] = []
    monkeypatch.setattr("dgdesk.ui.widgets.label.QDesktopServices.openUrl", lambda url: opened.append(url.toString()))
    open_link(f"https://a.go.th/{ZWSP}x/")
    open_link("file:///etc/passwd")
    open_link("javascript:alert(1)")
    assert opened == ["https://a.go.th/x/"]


def test_angle_brackets_in_answers_are_shown_not_obeyed(qtbot: QtBot, services: Services) -> None:
    typed = "<b>ตัวหนา</b> <img src='x.png'>"
    label = WrapLabel(services.texts, typed)
    qtbot.addWidget(label)
    label.setSelection(0, len(services.texts.show(typed)))
    assert label.selectedText().replace(ZWSP, "") == typed


def test_a_long_name_breaks_so_that_it_never_needs_more_room_than_there_is(qtbot: QtBot, services: Services) -> None:
    label = WrapLabel(services.texts, "a" * 300 + "_" + "b" * 80 + ".pdf")
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() < 260


def test_an_error_without_words_is_still_said_in_words(services: Services) -> None:
    assert "package.nonsense" in services.texts.error(FileError("package.nonsense"))


def test_setting_texts_does_not_eat_references_to_none(qapp: QApplication) -> None:
    label = QLabel()
    gc.collect()
    before = sys.getrefcount(None)
    for number in range(2000):
        label.setText(str(number))
    assert sys.getrefcount(None) > before - 200


def test_a_link_inside_an_option_is_found_where_it_is_painted(qapp: QApplication, services: Services) -> None:
    text = services.texts.layout((Run("ดูที่ https://a.go.th/ข้อมูล"),), QFont(app_font()))
    found = {text.link_at(_point(x), 1000) for x in range(0, text.natural_width, 3)}
    found |= {text.link_at(_point(x), 500) for x in range(0, 400, 3)}
    assert found == {None, "https://a.go.th/"}


def _point(x: int):
    from PySide6.QtCore import QPointF

    return QPointF(x, 5)
