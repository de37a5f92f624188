"""Labels are laid out and painted by ourselves until somebody touches them; nobody may see the difference."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QTextOption
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from dgdesk.ui.widgets.app_theme import apply_theme
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run, TextLayout, TextStyle
from dgdesk.ui.widgets.theme import TEXT_STYLES

TEXT = (
    "จังหวัดของท่านมีการจัดทำนโยบาย  ที่ ปี้ ผึ้ง น้ำ หรือแผนงาน ดูที่ https://www.example.go.th/abc/def.html "
    "ด้านธรรมาภิบาลข้อมูลภาครัฐ <b>&amp;\nบรรทัดที่สอง"
)


@pytest.mark.parametrize("role", ["text", *TEXT_STYLES])
@pytest.mark.parametrize("width", [150, 400, 3000])
def test_a_label_looks_the_same_before_and_after_it_is_touched(
    qapp: QApplication, qtbot: QtBot, services: Services, role: str, width: int
) -> None:
    apply_theme(qapp)
    untouched, touched = (WrapLabel(services.texts, TEXT, role) for _ in range(2))
    touched.setSelection(0, 0)
    for label in (untouched, touched):
        qtbot.addWidget(label)
        label.resize(width, label.heightForWidth(width))
    assert QLabel.heightForWidth(touched, width) == touched.heightForWidth(width) == untouched.heightForWidth(width)
    assert touched.grab().toImage() == untouched.grab().toImage()


def test_a_pressed_label_can_be_selected_with_the_mouse(qapp: QApplication, qtbot: QtBot, services: Services) -> None:
    label = WrapLabel(services.texts, TEXT)
    qtbot.addWidget(label)
    label.resize(400, label.heightForWidth(400))
    label.show()
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, x, button, held in (
        (QEvent.Type.MouseButtonPress, 5, left, left),
        (QEvent.Type.MouseMove, 120, none, left),
        (QEvent.Type.MouseButtonRelease, 120, left, none),
    ):
        place = QPointF(x, 12)
        event = QMouseEvent(kind, place, label.mapToGlobal(place), button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(label, event)
    assert label.selectedText()


def test_another_text_is_measured_anew(qapp: QApplication, qtbot: QtBot, services: Services) -> None:
    label = WrapLabel(services.texts, "สั้น")
    qtbot.addWidget(label)
    low = label.heightForWidth(200)
    label.set_text(TEXT)
    assert label.heightForWidth(200) > 3 * low
    label.set_text("สั้น")
    assert label.heightForWidth(200) == low


def test_a_style_says_the_same_to_qts_rich_text() -> None:
    assert TextStyle(13.5, strong=True, colour="#1f4e8c").css == "font-size:13.5pt;font-weight:600;color:#1f4e8c;"
    assert TextStyle().css == ""


def test_a_narrower_text_is_higher_and_never_narrower_than_its_longest_word(qapp: QApplication) -> None:
    wrap = QTextOption.WrapMode.WordWrap
    text = TextLayout((Run("one two three four"),), (), qapp.font(), wrap=wrap)
    heights = [text.height(width) for width in range(text.least_width, text.natural_width + 20)]
    assert heights == sorted(heights, reverse=True) and heights[-1] == text.line_height < heights[0]
