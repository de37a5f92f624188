"""The outline: sections and pages, how complete each is; a click opens the page."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QTreeWidgetItem, QVBoxLayout, QWidget

from dgdesk.draft.changes import Changes
from dgdesk.survey.rules.pages import Completeness
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.form.outline_delegate import OutlineDelegate
from dgdesk.ui.form.wording import first_code, flags_words, page_name, why_left_out
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.plain import set_item_tip
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme_file import SPACE
from dgdesk.ui.widgets.wrap_delegate import FIGURE, GREY, MARK, STRONG, TEXT, WrapTree

_PAGE = Qt.ItemDataRole.UserRole + 20


class Outline(WrapTree):
    """The outline tree. ``page_wanted`` carries a page id; its last entry is the review page: ``review_wanted``."""

    page_wanted = Signal(str)
    review_wanted = Signal()

    def __init__(self, bridge: Bridge, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.setObjectName("outline")
        self.setAccessibleName(services.texts.say("ui.outline"))
        self._bridge, self._texts = bridge, services.texts
        self._pages: dict[str, QTreeWidgetItem] = {}
        self._sections: dict[str, QTreeWidgetItem] = {}
        self._quiet = False
        self.setItemDelegate(OutlineDelegate(services.icons, self))
        self.setUniformRowHeights(True)
        self.setIndentation(SPACE)
        for section in bridge.form.definition.sections:
            top = QTreeWidgetItem(self)
            top.setData(0, TEXT, section.short or section.title)
            top.setData(0, STRONG, True)
            top.setData(0, _PAGE, section.pages[0].id)
            self._sections[section.id] = top
            for page in section.pages:
                item = QTreeWidgetItem(top)
                item.setData(0, TEXT, page.short or page_name(bridge.form, page.id))
                item.setData(0, FIGURE, first_code(bridge.form, page.id) if page.short else "")
                item.setData(0, _PAGE, page.id)
                self._pages[page.id] = item
        self._review = QTreeWidgetItem(self)
        self._review.setData(0, TEXT, services.texts.say("ui.review_page"))
        self._review.setData(0, STRONG, True)
        self._review.setData(0, Qt.ItemDataRole.AccessibleTextRole, services.texts.say("ui.review_page"))
        for known in self._pages:
            self._show_page_state(known)
        self._titles = {section.id: section.title for section in bridge.form.definition.sections}
        for name in self._sections:
            self._show_section_state(name)
        bridge.changed.connect(self.follow)
        self.currentItemChanged.connect(self._current)

    def follow(self, changes: Changes) -> None:
        """Redraw the pages that a change names, and their sections."""
        sections = set()
        for page in changes.pages:
            self._show_page_state(page)
            sections.add(self._bridge.form.pages[page][0].id)
        for name in sections:
            self._show_section_state(name)

    def mark_page(self, page: str) -> None:
        """Mark the open page."""
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

    def mark_review(self) -> None:
        """Mark the review page."""
        self._quiet = True
        self.setCurrentItem(self._review)
        self._quiet = False

    def status_of(self, page: str) -> str:
        """Return the status of a page."""
        return str(self._pages[page].data(0, MARK))

    def tip_of(self, page: str) -> str:
        """Return the tooltip of a page."""
        return self._pages[page].toolTip(0)

    def sizeHint(self) -> QSize:
        return QSize(220, 400)

    def _show_page_state(self, page: str) -> None:
        form, state = self._bridge.form, self._bridge.state
        why = why_left_out(form, state, page, self._texts)
        flags = flags_words(form, self._texts, state, page) if state.facts.flags else ""
        self._show(self._pages[page], page_name(form, page), state.pages[page], why, flags)

    def _show_section_state(self, name: str) -> None:
        self._show(self._sections[name], self._titles[name], self._bridge.state.sections[name], "")

    def _show(self, item: QTreeWidgetItem, whole: str, progress: Completeness, why: str, flags: str = "") -> None:
        say, status = self._texts.say, progress.status
        for role, value in ((MARK, status), (GREY, status == "skipped")):
            if item.data(0, role) != value:
                item.setData(0, role, value)
        figure = "" if status == "skipped" else f"{progress.percent}%"
        state = f"{say('ui.status.' + status)} {figure}".strip()
        words = f"{item.data(0, FIGURE) or ''} {item.data(0, TEXT)} · {state}".strip()
        if item.data(0, Qt.ItemDataRole.AccessibleTextRole) != words:
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, words)
        lines = (whole, self._texts.show(why) if why else state, self._texts.show(flags))
        set_item_tip(item, 0, "\n".join(line for line in lines if line))

    def _current(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and not self._quiet and item is self._review:
            self.review_wanted.emit()
        elif item is not None and not self._quiet:
            self.page_wanted.emit(str(item.data(0, _PAGE)))


class OutlinePanel(QWidget):
    """The outline with its title and "?" button."""

    def __init__(self, texts: Texts, outline: Outline, parent: QWidget) -> None:
        super().__init__(parent)
        self.outline = outline
        column, head = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head.setContentsMargins(SPACE, SPACE, SPACE, SPACE // 2)
        head.addWidget(WrapLabel(texts, texts.say("ui.outline"), "sidehead", self), 1)
        column.addLayout(head)
        column.addWidget(outline, 1)
