"""Opens the evidence overview, and goes from it to the next missing file."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from dgdesk.survey.rules.evidence_overview import next_missing
from dgdesk.survey.rules.review import ProblemPlace
from dgdesk.survey.rules.search_index import SearchIndex
from dgdesk.ui.form.host import PageHost
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.fitting import largest_on

if TYPE_CHECKING:
    from dgdesk.ui.evidence.overview.window import OverviewWindow

_AFTER = 2500
"""Milliseconds after a draft was opened; by then its first page is shown."""


class OverviewController(QObject):
    """The overview of an open draft. ``size`` is that of its window, in pixels; (0, 0) if it was never shown."""

    def __init__(
        self, host: PageHost, index: Callable[[], SearchIndex], position: Callable[[], ProblemPlace], parent: QWidget
    ) -> None:
        """``index`` returns the search index of the form, ``position`` the user's place in it."""
        super().__init__(parent)
        self._host, self._index, self._position = host, index, position
        self._parent = parent
        self._window: OverviewWindow | None = None
        self._size = (0, 0)
        QTimer.singleShot(_AFTER, self, _prepare)

    @property
    def window(self) -> OverviewWindow | None:
        """The window, if it is open."""
        return self._window if self._window is not None and isValid(self._window) else None

    @property
    def size(self) -> tuple[int, int]:
        """The window size to remember."""
        window = self.window
        if window is not None and not window.isMaximized():
            self._size = (window.width(), window.height())
        return self._size

    def begin_with(self, size: tuple[int, ...]) -> None:
        """Set the remembered window size."""
        if len(size) == 2 and all(size):
            self._size = (size[0], size[1])

    def show(self) -> None:
        """Open the overview, or bring it to the front."""
        from dgdesk.ui.evidence.overview.window import SIZE, OverviewWindow

        host = self._host
        if not host.flush():
            return
        window = self.window
        if window is None:
            size = QSize(*(self._size if all(self._size) else SIZE)).boundedTo(largest_on(self._parent.screen()))
            fitting = (size.width(), size.height())
            window = OverviewWindow(host.bridge, host.services, self._index, fitting)
            window.wanted.connect(self._lead)
            window.attach_wanted.connect(self._attach)
            self._window = window
            # it has no parent, so that it does not stay above the main window
            self._parent.destroyed.connect(window.deleteLater)
        window.show()
        window.raise_()
        window.activateWindow()

    def close(self) -> None:
        """Close the overview, because the draft is being closed."""
        window = self.window
        if window is not None:
            self._size = self.size
            window.close()
            window.deleteLater()
            self._window = None

    def go_to_missing(self, *, back: bool = False) -> None:
        """Go from the user's place to the next slot without a file."""
        host = self._host
        if not host.flush():
            return
        bridge = host.bridge
        row = next_missing(bridge.place_rows, self._position(), back=back)
        if row is None:
            texts = host.services.texts
            tell(texts, texts.say("ui.overview.none_missing"), host.window())
            return
        self._lead(row.address, row.slot)

    def _lead(self, address: str, slot: str) -> None:
        window = self._host.window()
        if window.isMinimized():
            window.showNormal()
        window.raise_()
        window.activateWindow()
        self._host.go_to(address, slot)

    def _attach(self, address: str, slot: str) -> None:
        self._lead(address, slot)
        place = self._host.page_view.parts.places.get(slot)
        choose = getattr(place, "choose_files", None)
        if choose is not None:
            choose()


def _prepare() -> None:
    """Import what the overview needs, so that it opens at once."""
    import_module("dgdesk.ui.evidence.overview.window")
