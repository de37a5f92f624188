"""Loads the fixed layouts of dialogs from ``resources/ui/*.ui``.

A file holds widgets, sizes and order. Texts come from the catalogue: the dynamic property ``say`` of a widget is the
code of its text (labels, buttons), of the dialog's title, or of the accessible name. ``key`` is the Alt letter of a
button, ``role`` the name by which style sheet and `theme` know the widget, ``what`` (of the dialog) the code of the
text behind its "?". Widget classes of dgdesk are made here or by the makers that the caller passes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtUiTools import QUiLoader
from PySide6.QtWidgets import QAbstractButton, QDialog, QWidget

from dgdesk.resources import resource
from dgdesk.ui.widgets.buttons import WhatButton, give_keys
from dgdesk.ui.widgets.inputs import CalmCombo, LineInput
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.plain import set_what
from dgdesk.ui.widgets.theme import sheet

WidgetMaker = Callable[[QWidget], QWidget]
WidgetType = TypeVar("WidgetType", bound=QWidget)


class Frame:
    """A loaded layout: its widgets by their names in the file."""

    def __init__(self, parts: Mapping[str, QWidget]) -> None:
        self._parts = parts

    def get(self, kind: type[WidgetType], name: str) -> WidgetType:
        """Return a widget by name.

        Raises:
            TypeError: there is no such widget, or it has another class.
        """
        found = self._parts.get(name)
        if not isinstance(found, kind):
            raise TypeError(f"{name} is {type(found).__name__}, not {kind.__name__}")
        return found


def load_frame(name: str, dialog: QDialog, texts: Texts, makers: Mapping[str, WidgetMaker] | None = None) -> Frame:
    """Load ``resources/ui/<name>.ui`` into an empty dialog; ``makers`` make widgets whose classes need more arguments.

    Raises:
        FileNotFoundError: there is no such file.
        RuntimeError: the file cannot be read.
    """
    path = resource(f"ui/{name}.ui")
    dialog.setStyleSheet(sheet())
    _Loader(dialog, {**_simple(texts), **(makers or {})}).read(path)
    # before roles replace the object names
    parts = {one.objectName(): one for one in dialog.findChildren(QWidget) if one.objectName()}
    for widget in (dialog, *parts.values()):
        _word(widget, texts)
        if isinstance(widget, WhatButton):
            widget.set_subject(dialog.windowTitle())
    return Frame(parts)


class _Loader(QUiLoader):
    """Qt's loader, with the dialog as the outermost widget. Designer plugins are not searched for."""

    def __init__(self, dialog: QDialog, makers: Mapping[str, WidgetMaker]) -> None:
        known = QCoreApplication.libraryPaths()
        QCoreApplication.setLibraryPaths([])
        try:
            super().__init__()
        finally:
            QCoreApplication.setLibraryPaths(known)
        self._dialog, self._makers = dialog, makers

    def read(self, path: Path) -> None:
        """Build the widgets of the file."""
        self.load(str(path))

    def createWidget(self, kind: str, parent: QWidget | None = None, name: str = "") -> QWidget:
        if parent is None:
            return self._dialog
        made = self._makers[kind](parent) if kind in self._makers else super().createWidget(kind, parent, name)
        if role := made.objectName():
            made.setProperty("role", role)  # the file may say another
        made.setObjectName(name)
        return made


def _simple(texts: Texts) -> dict[str, WidgetMaker]:
    """Return the makers of classes that every dialog may use."""
    return {
        "WrapLabel": lambda parent: WrapLabel(texts, "", "text", parent),
        "LineInput": LineInput,
        "CalmCombo": CalmCombo,
        "WhatButton": lambda parent: WhatButton(texts, "", parent.window, parent),
    }


def _word(widget: QWidget, texts: Texts) -> None:
    """Set the role and the text of a widget."""
    if role := _text(widget, "role"):
        widget.setObjectName(role)
    if what := _text(widget, "what"):
        set_what(widget, texts, texts.say(what))
    if not (code := _text(widget, "say")):
        return
    words = texts.say(code)
    if isinstance(widget, QDialog):
        widget.setWindowTitle(words)
    elif isinstance(widget, WrapLabel):
        widget.set_text(words)
    elif isinstance(widget, QAbstractButton):
        widget.setText(words)
        if key := _text(widget, "key"):
            give_keys((widget, key))
    else:
        widget.setAccessibleName(words)


def _text(of: QObject, name: str) -> str:
    found = of.property(name)
    return found if isinstance(found, str) else ""
