"""Finds the texts of a window that Qt would take for HTML: what is drawn as a picture, a link, or bold by accident."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QTextDocument
from PySide6.QtGui import Qt as OfGui
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QMenu,
    QTabBar,
    QTextEdit,
    QToolButton,
    QToolTip,
    QWidget,
)

from dgdesk.ui.shell.help_window import Guide

_ROLES = (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.WhatsThisRole)
_MOST_CELLS = 400
_GRID = 6


def interpreted(text: str) -> bool:
    """Whether Qt would show something else than letters where it guesses what a text is."""
    return OfGui.mightBeRichText(text) and has_markup(text)


def has_markup(html: str) -> bool:
    """Whether a text that is taken for HTML holds pictures, links or letters of different kinds."""
    document = QTextDocument()
    document.setHtml(html)
    block, kinds = document.begin(), set()
    while block.isValid():
        for fragment in block:
            form = fragment.fragment().charFormat()
            kinds.add((form.fontWeight(), form.fontItalic()))
            if form.isImageFormat() or form.isAnchor():
                return True
        block = block.next()
    return len(kinds) > 1


def guessed(root: QWidget) -> Iterator[str]:
    """Yield what would be interpreted in a window and in all that lies in it."""
    for widget in (root, *root.findChildren(QWidget)):
        where = f"{type(widget).__name__} {widget.objectName()}"
        texts = [("toolTip", widget.toolTip()), ("whatsThis", widget.whatsThis())]
        if isinstance(widget, QTabBar):
            texts += [
                ("tab", call(at)) for at in range(widget.count()) for call in (widget.tabToolTip, widget.tabWhatsThis)
            ]
        if isinstance(widget, QLabel):
            yield from _label(widget, where)
        if isinstance(widget, QTextEdit) and not isinstance(widget, Guide) and has_markup(widget.toHtml()):
            yield f"{where}: rich text"
        if isinstance(widget, QToolButton) and (action := widget.defaultAction()) is not None:
            texts.append(("action", action.toolTip()))
        if isinstance(widget, QMenu) and widget.toolTipsVisible():
            texts += [("action", action.toolTip()) for action in widget.actions()]
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            texts += _cells(widget.model())
        for name, text in texts:
            if interpreted(text):
                yield f"{where} {name}: {text[:80]}"


def hover(root: QWidget) -> int:
    """Rest the mouse on everything that is seen, for as long as a tooltip needs; return how many tooltips came."""
    shown = 0
    for widget in (root, *root.findChildren(QWidget)):
        if not widget.isVisible() or widget.visibleRegion().isEmpty():
            continue
        fine = _GRID if type(widget).event is not QWidget.event else 1
        for row in range(fine):
            for column in range(fine):
                at = QPoint(
                    widget.width() * (2 * column + 1) // (2 * fine), widget.height() * (2 * row + 1) // (2 * fine)
                )
                QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at)))
                shown += QToolTip.isVisible()
                QToolTip.hideText()
    return shown


def _label(label: QLabel, where: str) -> Iterator[str]:
    text, kind = QLabel.text(label), label.textFormat()
    if kind == Qt.TextFormat.AutoText and interpreted(text):
        yield f"{where} guessed: {text[:80]}"
    if kind == Qt.TextFormat.RichText and has_markup(text):
        yield f"{where} rich: {text[:80]}"
    if kind == Qt.TextFormat.MarkdownText:
        yield f"{where} markdown: {text[:80]}"


def _cells(model: QAbstractItemModel) -> Iterator[tuple[str, str]]:
    waiting, seen = [QModelIndex()], 0
    for across in range(model.columnCount()):
        for role in _ROLES:
            yield "header", str(model.headerData(across, Qt.Orientation.Horizontal, role) or "")
    while waiting and seen < _MOST_CELLS:
        above = waiting.pop()
        for row in range(min(model.rowCount(above), _MOST_CELLS)):
            for column in range(model.columnCount(above)):
                cell = model.index(row, column, above)
                seen += 1
                yield from (("cell", str(model.data(cell, role) or "")) for role in _ROLES)
            waiting.append(model.index(row, 0, above))
