"""The preview of a PDF in memory, with the viewer's own parts: page, zoom, search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from dgdesk.evidence.documents import own_documents
from dgdesk.evidence.media import PDF
from dgdesk.evidence.pages.geometry import Fit
from dgdesk.ui.evidence.viewer.find_bar import FindBar
from dgdesk.ui.evidence.viewer.mark_area import MarkArea
from dgdesk.ui.evidence.viewer.reading import PageReader
from dgdesk.ui.evidence.viewer.tools import PageTools, make_button
from dgdesk.ui.evidence.viewer.worker import Worker
from dgdesk.ui.widgets.label import Texts, WrapLabel, copy_plain
from dgdesk.ui.widgets.layout import column
from dgdesk.ui.widgets.theme_file import SPACE


class Preview(QWidget):
    """Shows the pages, or a sentence and the button ``again``. Call `close_file` at the end."""

    def __init__(self, texts: Texts, name: str, folder: Path, parent: QWidget) -> None:
        """``name``: what is shown, for screen readers; ``folder``: where the viewer may put large files."""
        super().__init__(parent)
        self._texts, self._name, self._folder = texts, name, folder
        self._content = b""
        self._is_open = False
        self._next: tuple[int, Fit, float] | None = None
        layout = column(self, SPACE)
        self.tools = PageTools(texts, self)
        self.tools.rotate.hide()
        self.tools.allow(shown=False, text=False, outside=False)
        layout.addWidget(self.tools)
        self.finder = FindBar(texts, self)
        self.finder.hide()
        layout.addWidget(self.finder)
        self.stack = QStackedWidget(self)
        self.area = MarkArea(self.stack)
        self.area.read_only = True
        self.area.set_tool("text")
        self.area.setMinimumSize(200, 160)
        self.message = QWidget(self.stack)
        message = column(self.message, 3 * SPACE // 2)
        message.setContentsMargins(3 * SPACE, 3 * SPACE, 3 * SPACE, 3 * SPACE)
        self.said = WrapLabel(texts, "", "text", self.message)
        self.again = make_button(texts.say("ui.printing.again"), self.message)
        self.again.hide()
        message.addStretch(1)
        message.addWidget(self.said)
        message.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        message.addStretch(2)
        self.stack.addWidget(self.area)
        self.stack.addWidget(self.message)
        self.stack.setCurrentWidget(self.message)
        layout.addWidget(self.stack, 1)
        self._connect()
        self._give_keys()

    def show_content(self, content: bytes) -> None:
        """Show a PDF at the page and zoom of the previous one."""
        area = self.area
        if area.count:
            self._next = (area.page, area.fit, area.zoom)
        self.close_file()
        self._content = content
        digest = sha256(content).hexdigest()
        worker = Worker(self._read, digest, PDF, len(content), self._folder, own_documents())
        self.reading.begin(worker, with_text=True)

    def say_instead(self, words: str, *, again: bool = False) -> None:
        """Show a sentence instead of the pages."""
        self.close_file()
        self.area.show_document(0, 0)
        self.tools.allow(shown=False, text=False, outside=False)
        self.said.set_text(words)
        self.again.setVisible(again)
        self.stack.setCurrentWidget(self.message)

    def close_file(self) -> None:
        """Close the PDF; its pixels stay until new ones come."""
        self._is_open = False
        self.reading.leave()

    @property
    def shows_page(self) -> bool:
        """Whether a page is shown completely."""
        return self._is_open and self.area.complete

    def _read(self, _: str) -> Iterator[bytes]:
        yield self._content

    def _connect(self) -> None:
        tools, area = self.tools, self.area
        self.reading = PageReader(area, self.finder, self)
        self.reading.opened.connect(self._show_opened)
        self.reading.failed.connect(lambda error: self.say_instead(self._texts.error(error)))
        tools.steer(area)
        tools.find_button.clicked.connect(self._begin_finding)
        area.turned_to.connect(self._follow_page)
        area.zoomed.connect(lambda zoom: tools.show_zoom(zoom, area.fit))

    def _give_keys(self) -> None:
        tools, area = self.tools, self.area
        for button, keys in (
            (tools.previous, "Ctrl+PgUp"),
            (tools.next, "Ctrl+PgDown"),
            (tools.smaller, "Ctrl+-"),
            (tools.larger, "Ctrl++"),
            (tools.fit_width, "Ctrl+0"),
            (tools.fit_page, "Ctrl+9"),
            (tools.find_button, "Ctrl+F"),
            (self.finder.previous, "Shift+F3"),
            (self.finder.next, "F3"),
            (self.finder.close_button, "Ctrl+W"),
        ):
            button.setShortcut(QKeySequence(keys))
        other: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+=", lambda: area.zoom_step(True)),
            ("Ctrl+1", lambda: area.set_zoom(1.0)),
            ("Ctrl+C", self._copy),
        )
        for keys, work in other:
            QShortcut(QKeySequence(keys), self).activated.connect(work)

    def _show_opened(self, count: int, held: int) -> None:
        area, before = self.area, self._next
        self._next, self._is_open = None, True
        self.tools.allow(shown=True, text=True, outside=False)
        self.stack.setCurrentWidget(area)
        area.show_document(count, held)
        if before is not None:
            page, fit, zoom = before
            area.set_zoom(zoom) if fit == "none" else area.set_fit(fit)
            area.go_to(page)
        self._follow_page(area.page)

    def _follow_page(self, page: int) -> None:
        count = self.area.count
        self.tools.show_page(page, count)
        words = self._texts.say("ui.viewer.page_named", page=page + 1, count=count, name=self._name)
        self.area.setAccessibleName(words)
        self.reading.show_page(page)

    def _copy(self) -> None:
        if self.area.selected_words:
            copy_plain(self.area.selected_words)

    def _begin_finding(self) -> None:
        self.finder.show()
        self.finder.begin(self.area.page)
