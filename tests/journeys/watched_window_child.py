"""The program as it is, which says on request what is on its screen: ``python watched_window_child.py [DRAFT]``.

A line on standard input, ``look``, is answered by one line of JSON: the widgets that a person could click or read now,
each with kind, name, text, place on the screen and state. Nothing can be done through it: whoever asks has to click.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[2] / "src")]

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, QRect, QSocketNotifier, Qt  # noqa: E402  after the path
from PySide6.QtWidgets import (  # noqa: E402  after the path
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from dgdesk.system.settings import Settings  # noqa: E402  after the path
from dgdesk.ui.shell import app as program  # noqa: E402  after the path


def shown() -> list[dict[str, Any]]:
    """What can be used: what is in the window that keeps the others waiting, else in all windows."""
    only = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    tops = [only] if only is not None else [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    focus = QApplication.focusWidget()
    found = []
    for top in tops:
        for widget in (top, *top.findChildren(QWidget)):
            if widget.isVisible() and (widget is top or not widget.isWindow()):
                found.append(described(widget, top, focus))
                if isinstance(widget, QAbstractItemView):
                    found += rows(widget, top)
    return found


def described(widget: QWidget, top: QWidget, focus: QWidget | None) -> dict[str, Any]:
    """One widget. ``at`` is what is in sight of it, empty if it has to be scrolled to; ``whole`` is all of it."""
    whole = QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size())
    seen = widget.visibleRegion().boundingRect()
    seen = QRect(widget.mapToGlobal(seen.topLeft()), seen.size()) if not seen.isEmpty() else QRect()
    return {
        "kind": type(widget).__name__,
        "kinds": [one.__name__ for one in type(widget).__mro__],
        "role": widget.objectName(),
        "name": widget.accessibleName(),
        "text": text_of(widget),
        "says": widget.accessibleDescription(),
        "tip": widget.toolTip(),
        "at": list(seen.getRect()) if not seen.isEmpty() else [],
        "whole": list(whole.getRect()),
        "enabled": widget.isEnabled(),
        "focus": widget is focus,
        "checked": isinstance(widget, QAbstractButton) and widget.isChecked(),
        "window": top.windowTitle(),
        "path": path_of(widget),
    }


def text_of(widget: QWidget) -> str:
    """The words on a widget."""
    plain = getattr(widget, "plain_text", None)
    if plain is not None:
        return str(plain() if callable(plain) else plain)
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    text = getattr(widget, "text", None)
    return str(text()) if isinstance(widget, QAbstractButton | QLineEdit) and text is not None else ""


def path_of(widget: QWidget) -> list[str]:
    """The kinds of what it is in, the innermost first; of questions and places for evidence also the address."""
    found, parent = [], widget.parentWidget()
    while parent is not None:
        address = getattr(getattr(parent, "node", None), "address", "")
        found.append(":".join(filter(None, (type(parent).__name__, getattr(parent, "slot", "") or address))))
        parent = parent.parentWidget()
    return found


def rows(view: QAbstractItemView, top: QWidget) -> list[dict[str, Any]]:
    """The rows of a list in sight."""
    model: QAbstractItemModel | None = view.model()
    found: list[dict[str, Any]] = []

    def add(parent: QModelIndex) -> None:
        assert model is not None
        for row in range(model.rowCount(parent)):
            index = model.index(row, 0, parent)
            rect = view.visualRect(index).intersected(view.viewport().rect())
            if not rect.isEmpty():
                at = QRect(view.viewport().mapToGlobal(rect.topLeft()), rect.size())
                found.append(
                    {
                        "kind": "row",
                        "kinds": ["row"],
                        "role": "",
                        "name": str(index.data(Qt.ItemDataRole.AccessibleTextRole) or ""),
                        "text": str(index.data() or ""),
                        "says": "",
                        "tip": "",
                        "at": list(at.getRect()),
                        "whole": list(at.getRect()),
                        "enabled": True,
                        "focus": False,
                        "checked": False,
                        "window": top.windowTitle(),
                        "path": [type(view).__name__, *path_of(view)],
                    }
                )
            add(index)

    if model is not None:
        add(QModelIndex())
    return found


def watch(make: Any) -> Any:
    """Make the application, and answer from then on, whatever dialog is open."""

    def made(settings: Settings | None = None, options: Any = ()) -> QApplication:
        app: QApplication = make(settings, options)
        notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, app)
        notifier.activated.connect(lambda *_: answer(notifier))
        return app

    return made


def answer(notifier: QSocketNotifier) -> None:
    """Answer one line; when nobody asks any more, stop listening."""
    line = os.read(sys.stdin.fileno(), 64)
    if not line:
        notifier.setEnabled(False)
        return
    sys.stdout.write(json.dumps(shown(), ensure_ascii=True) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    program.make_app = watch(program.make_app)
    sys.exit(program.run(sys.argv[1:]))
