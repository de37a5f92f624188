"""Walks what is visible and says which text is not whole: clipped, elided, overlapped, or broken inside a word.

It also names what scrolls sideways, and ids that are for machines.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QWidget,
)

from dgdesk.ui.widgets.buttons import WrapButton
from dgdesk.ui.widgets.choice import CellRadio, CheckRow, RadioRow
from dgdesk.ui.widgets.text_layout import TextLayout

EDITION = "th-province-2568"

_TEXTS = (QLabel, QAbstractButton, QLineEdit, QComboBox, QAbstractScrollArea)
_SPLIT = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")


def broken_texts(root: QWidget) -> Iterator[str]:
    """Yield what is wrong with visible labels, options and buttons under ``root``."""
    for label in root.findChildren(QLabel):
        if label.isVisible() and label.text():
            yield from _label(label)
    for button in root.findChildren(QAbstractButton):
        if button.isVisible():
            yield from _button(button)
    yield from _ids(root)
    for area in root.findChildren(QScrollArea):
        content = area.widget()
        if area.isVisible() and content is not None and content.width() > area.viewport().width():
            yield f"{area.objectName()}: content {content.width()} wider than its view {area.viewport().width()}"
    yield from _outside(root)
    yield from _sideways(root)
    yield from _boxes(root)
    yield from _overlaps(root)


def _ids(root: QWidget) -> Iterator[str]:
    """Yield texts with the edition's id, which is for machines: in labels, buttons, inputs, titles and tables."""
    texts = [one.text() for kind in (QLabel, QAbstractButton, QLineEdit) for one in root.findChildren(kind)]
    texts += [one.windowTitle() for one in (root, *root.findChildren(QDialog))]
    for view in root.findChildren(QAbstractItemView):
        model = view.model()
        for row in range(min(model.rowCount(), 50)) if model is not None else ():
            texts += [str(model.index(row, column).data() or "") for column in range(model.columnCount())]
    yield from (f"an id is shown: {text[:60]}" for text in texts if EDITION in text)


def split_words(text: TextLayout) -> Iterator[str]:
    """Yield the words in which a laid-out text breaks its lines."""
    for line, following in pairwise(text.lines()):
        before, after = line[-1:], following[:1]
        thai = all("\u0e01" <= each <= "\u0e5b" for each in (before, after) if each) and bool(before and after)
        if thai or (before in _SPLIT and after in _SPLIT):
            yield f"a line breaks inside a word, {line[-12:]}|{following[:12]}"


def _label(label: QLabel) -> Iterator[str]:
    words = label.accessibleName() or label.text()
    inner = label.contentsRect()
    if label.wordWrap():
        need = label.heightForWidth(label.width())
        if need > label.height():
            yield f"label too low, {label.height()} for {need}: {words[:60]}"
    elif label.sizeHint().height() > label.height():
        yield f"label too low: {words[:60]}"
    if label.minimumSizeHint().width() > label.width():
        yield f"label too narrow, {label.width()} for {label.minimumSizeHint().width()}: {words[:60]}"
    if inner.width() <= 0:
        yield f"label without room: {words[:60]}"


def _button(button: QAbstractButton) -> Iterator[str]:
    words = button.text() or button.accessibleName()
    if isinstance(button, RadioRow | CheckRow | WrapButton):
        if button.heightForWidth(button.width()) > button.height():
            yield f"option too low, {button.height()} for {button.heightForWidth(button.width())}: {words[:60]}"
        if button.width() < button.minimumSizeHint().width():
            yield f"option too narrow, {button.width()}: {words[:60]}"
        if not button.accessibleName():
            yield "option without a name"
    elif isinstance(button, CellRadio):
        if ": " not in button.accessibleName():
            yield f"cell without a name: {words}"
    elif button.text():
        room = button.fontMetrics().horizontalAdvance(button.text())
        if button.width() < room or button.height() < button.fontMetrics().height():
            yield f"button too small, {button.size().toTuple()}: {words[:60]}"


def _outside(root: QWidget) -> Iterator[str]:
    """Children that reach beyond their parent's right edge are cut off."""
    for widget in root.findChildren(QWidget):
        parent = widget.parentWidget()
        if widget.isVisible() and parent is not None and not widget.isWindow() and _is_laid_out(widget):
            right = widget.mapTo(parent, QPoint(widget.width(), 0)).x()
            if right > parent.width():
                names = [each.objectName() or type(each).__name__ for each in (widget, parent)]
                yield f"{names[0]} reaches {right - parent.width()} px out of {names[1]}"


def _is_laid_out(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    layout = parent.layout() if parent is not None else None
    return layout is not None and layout.indexOf(widget) >= 0


def _sideways(root: QWidget) -> Iterator[str]:
    for area in root.findChildren(QAbstractScrollArea):
        bar = area.horizontalScrollBar()
        if area.isVisible() and bar.maximum() > bar.minimum():
            yield f"{area.objectName() or type(area).__name__}: scrolls sideways, {bar.maximum()} px"


def _boxes(root: QWidget) -> Iterator[str]:
    """Tabs, boxes to choose in, and what stands in empty boxes to type in."""
    for tabs in root.findChildren(QTabBar):
        for number in range(tabs.count() if tabs.isVisible() else 0):
            place = tabs.tabRect(number)
            if place.width() < tabs.fontMetrics().horizontalAdvance(tabs.tabText(number)):
                yield f"tab too narrow, {place.width()}: {tabs.tabText(number)}"
            if place.right() > tabs.width():
                yield f"tab reaches {place.right() - tabs.width()} px out of its row: {tabs.tabText(number)}"
    for box in root.findChildren(QComboBox):
        option = QStyleOptionComboBox()
        box.initStyleOption(option)
        place = box.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
        )
        need = box.fontMetrics().horizontalAdvance(box.currentText())
        if box.isVisible() and place.width() < need:
            yield f"box to choose in too narrow, {place.width()} for {need}: {box.currentText()[:60]}"
        if box.isVisible() and place.height() < box.fontMetrics().height():
            yield f"box to choose in too low, {place.height()}: {box.currentText()[:60]}"
    for line in root.findChildren(QLineEdit):
        need = line.fontMetrics().horizontalAdvance(line.placeholderText())
        if line.isVisible() and not line.text() and need > line.width() - 8:
            yield f"hint in a box too long, {line.width()} for {need}: {line.placeholderText()}"
        if line.isVisible() and line.height() < line.fontMetrics().height():
            yield f"box to type in too low, {line.height()}"


def _overlaps(root: QWidget) -> Iterator[str]:
    """Texts beside each other under one parent that cover each other."""
    for parent in (root, *root.findChildren(QWidget)):
        if not parent.isVisible() or isinstance(parent, QAbstractScrollArea | QComboBox | QLineEdit | QTabBar):
            continue
        placed = [
            one
            for one in parent.children()
            if isinstance(one, _TEXTS) and one.isVisible() and not one.isWindow() and _is_laid_out(one)
        ]
        for number, one in enumerate(placed):
            for other in placed[number + 1 :]:
                common = one.geometry().intersected(other.geometry())
                if common.width() > 1 and common.height() > 1:
                    names = [each.accessibleName() or each.objectName() or type(each).__name__ for each in (one, other)]
                    yield f"covered {common.width()} × {common.height()} px: {names[0][:40]} / {names[1][:40]}"
