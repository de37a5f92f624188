"""Walks what is visible and says which text is not whole: clipped below, beside, or elided."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea, QWidget

from dgdesk.ui.choice import CellRadio, CheckRow, RadioRow
from dgdesk.ui.wrap_button import WrapButton


def broken_texts(root: QWidget) -> Iterator[str]:
    """Yield what is wrong with visible labels, options and buttons under ``root``."""
    for label in root.findChildren(QLabel):
        if label.isVisible() and label.text():
            yield from _label(label)
    for button in root.findChildren(QAbstractButton):
        if button.isVisible():
            yield from _button(button)
    for area in root.findChildren(QScrollArea):
        content = area.widget()
        if area.isVisible() and content is not None and content.width() > area.viewport().width():
            yield f"{area.objectName()}: content {content.width()} wider than its view {area.viewport().width()}"
    yield from _outside(root)


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
