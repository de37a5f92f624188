"""Window, outline: sections and pages, how far each is, and the way to any of them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyle, QTreeWidget, QTreeWidgetItem, QWidget

from dgdesk.changes import Changes
from dgdesk.rules.completeness import Progress
from dgdesk.ui import colours
from dgdesk.ui.bridge import Bridge
from dgdesk.ui.buttons import paint_ring_on
from dgdesk.ui.page_names import page_name, why_left_out
from dgdesk.ui.plain import set_item_tip
from dgdesk.ui.services import Services
from dgdesk.ui.wrap_delegate import FIGURE, GREY, MARK, STRONG, TEXT, WrapDelegate, widest_row

_PAGE = Qt.ItemDataRole.UserRole + 20


class WrapTree(QTreeWidget):
    """A tree of one column whose rows wrap to its width."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setIndentation(14)
        self.setRootIsDecorated(True)
        self.setUniformRowHeights(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, QColor(colours.in_use().chosen))
        self.setPalette(palette)
        self.setItemDelegate(WrapDelegate(services, self))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows; where there is none to show the focus, the list itself shows it."""
        super().paintEvent(event)
        if self.hasFocus() and self.currentItem() is None:
            paint_ring_on(self.viewport(), QColor(colours.in_use().focus))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()

    def least_width(self) -> int:
        """Return the width, in pixels, at which no line breaks inside a word; branches two deep, a bar to scroll."""
        rows = [self.topLevelItem(number) for number in range(self.topLevelItemCount())]
        rows += [row.child(number) for row in rows if row is not None for number in range(row.childCount())]
        texts = {(str(row.data(0, TEXT)), bool(row.data(0, STRONG))) for row in rows if row is not None}
        around = 2 * self.indentation() + self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return around + widest_row(texts, self.font())


class Outline(WrapTree):
    """The outline. ``page_wanted`` carries a page's id."""

    page_wanted = Signal(str)

    def __init__(self, bridge: Bridge, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.setObjectName("outline")
        self.setAccessibleName(services.texts.say("ui.outline"))
        self._bridge, self._texts = bridge, services.texts
        self._pages: dict[str, QTreeWidgetItem] = {}
        self._sections: dict[str, QTreeWidgetItem] = {}
        self._quiet = False
        for section in bridge.form.definition.sections:
            top = QTreeWidgetItem(self)
            top.setData(0, TEXT, section.title)
            top.setData(0, STRONG, True)
            top.setData(0, _PAGE, section.pages[0].id)
            self._sections[section.id] = top
            for page in section.pages:
                item = QTreeWidgetItem(top)
                item.setData(0, TEXT, page_name(bridge.form, page.id))
                item.setData(0, _PAGE, page.id)
                self._pages[page.id] = item
        for known in self._pages:
            self._show_page_state(known)
        for name in self._sections:
            self._show(self._sections[name], bridge.state.sections[name], "")
        bridge.changed.connect(self.follow)
        self.currentItemChanged.connect(self._current)

    def follow(self, changes: Changes) -> None:
        """Redraw the pages that a change names, and their sections."""
        sections = set()
        for page in changes.pages:
            self._show_page_state(page)
            sections.add(self._bridge.form.pages[page][0].id)
        for name in sections:
            self._show(self._sections[name], self._bridge.state.sections[name], "")

    def mark_page(self, page: str) -> None:
        """Show which page is open."""
        self._quiet = True
        item = self._pages[page]
        parent = item.parent()
        if parent is not None:
            parent.setExpanded(True)
        self.setCurrentItem(item)
        self.executeDelayedItemsLayout()
        if parent is not None:
            self.scrollToItem(parent)
        self.scrollToItem(item)
        self._quiet = False

    def status_of(self, page: str) -> str:
        """Return the mark a page carries."""
        return str(self._pages[page].data(0, MARK))

    def tip_of(self, page: str) -> str:
        """Return the tooltip of a page."""
        return self._pages[page].toolTip(0)

    def sizeHint(self) -> QSize:
        """Prefer a readable width."""
        return QSize(250, 400)

    def _show_page_state(self, page: str) -> None:
        state = self._bridge.state
        self._show(self._pages[page], state.pages[page], why_left_out(self._bridge.form, state, page, self._texts))

    def _show(self, item: QTreeWidgetItem, progress: Progress, why: str) -> None:
        status = progress.status
        figure = "" if status == "skipped" else f"{progress.percent}%"
        for role, value in ((MARK, status), (FIGURE, figure), (GREY, status == "skipped")):
            if item.data(0, role) != value:
                item.setData(0, role, value)
        words = f"{item.data(0, TEXT)} · {self._texts.say('ui.status.' + status)} {figure}".strip()
        if item.data(0, Qt.ItemDataRole.AccessibleTextRole) != words:
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, words)
        set_item_tip(item, 0, self._texts.show(why) if why else self._texts.say("ui.status." + status))

    def _current(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and not self._quiet:
            self.page_wanted.emit(str(item.data(0, _PAGE)))
