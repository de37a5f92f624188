"""The tool bars of the viewer, their style sheet, and the viewer's keys. Tool bars only emit what was pressed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent, QValidator
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QPushButton, QSpinBox, QWidget

from dgdesk.text.digits import to_arabic
from dgdesk.ui.evidence.viewer.page_area import PageArea
from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.layout import FlowLayout
from dgdesk.ui.widgets.plain import set_tip
from dgdesk.ui.widgets.theme import paint_frame, sheet


def make_button(words: str, owner: QWidget, *, hint: str = "", checkable: bool = False) -> QPushButton:
    """Create a button that Enter in an input box does not press."""
    button = QPushButton(words, owner)
    button.setAutoDefault(False)
    button.setCheckable(checkable)
    if hint:
        set_tip(button, hint)
        button.setAccessibleDescription(hint)
    return button


class _PageBox(QSpinBox):
    """The page number box, with a frame that is visible in every theme. Thai digits become Arabic while typed."""

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        return super().validate(to_arabic(text), at)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_frame(self)


class PageTools(QWidget):
    """Page, zoom, rotation, find."""

    page_wanted = Signal(int)

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        say = texts.say
        layout = FlowLayout(self)
        self.previous = make_button(say("ui.viewer.page_previous"), self, hint="Ctrl+PgUp")
        self.box = _PageBox(self)
        self.box.setMinimumHeight(max(30, self.fontMetrics().height() + 8))
        self.box.setKeyboardTracking(False)
        self.box.setAccessibleName(say("ui.viewer.page_box"))
        self.count = WrapLabel(texts, "", "text", self)
        self.count.setWordWrap(False)
        self.next = make_button(say("ui.viewer.page_next"), self, hint="Ctrl+PgDn")
        self.smaller = make_button("−", self, hint=f"{say('ui.viewer.zoom_out')} (Ctrl+−)")
        self.zoom = WrapLabel(texts, "", "text", self)
        self.zoom.setWordWrap(False)
        self.larger = make_button("+", self, hint=f"{say('ui.viewer.zoom_in')} (Ctrl++)")
        self.smaller.setAccessibleName(say("ui.viewer.zoom_out"))
        self.larger.setAccessibleName(say("ui.viewer.zoom_in"))
        self.fit_width = make_button(say("ui.viewer.fit_width"), self, hint="Ctrl+0", checkable=True)
        self.fit_page = make_button(say("ui.viewer.fit_page"), self, hint="Ctrl+9", checkable=True)
        self.rotate = make_button(say("ui.viewer.rotate"), self, hint=say("ui.viewer.rotate_hint"))
        self.find_button = make_button(say("ui.viewer.find"), self, hint="Ctrl+F")
        self.outside = make_button(say("ui.viewer.outside_short"), self, hint=say("ui.viewer.outside"))
        for widget in (
            *(self.previous, self.box, self.count, self.next, self.smaller, self.zoom, self.larger),
            *(self.fit_width, self.fit_page, self.rotate, self.find_button, self.outside),
        ):
            layout.addWidget(widget)
        self.box.valueChanged.connect(lambda value: self.page_wanted.emit(value - 1))
        self.show_page(0, 0)
        self.show_zoom(1.0, "none")

    def steer(self, area: PageArea) -> None:
        """Connect the buttons with the pages and the zoom of an area."""
        self.previous.clicked.connect(lambda: area.go_to(area.page - 1))
        self.next.clicked.connect(lambda: area.go_to(area.page + 1))
        self.page_wanted.connect(area.go_to)
        self.smaller.clicked.connect(lambda: area.zoom_step(False))
        self.larger.clicked.connect(lambda: area.zoom_step(True))
        self.fit_width.clicked.connect(lambda: area.set_fit("width"))
        self.fit_page.clicked.connect(lambda: area.set_fit("page"))

    def show_page(self, page: int, count: int) -> None:
        """Show the current page (0 is the first) and the number of pages."""
        self.box.blockSignals(True)
        self.box.setRange(1, max(count, 1))
        self.box.setValue(page + 1)
        self.box.blockSignals(False)
        self.count.set_text(self._texts.say("ui.viewer.page_count", count=count))
        self.previous.setEnabled(page > 0)
        self.next.setEnabled(page + 1 < count)

    def show_zoom(self, zoom: float, fit: str) -> None:
        """Show the zoom, and what the page is fitted to."""
        self.zoom.set_text(f"{100 * zoom:.0f}%")
        self.zoom.setAccessibleName(f"{self._texts.say('ui.viewer.zoom')} {100 * zoom:.0f}%")
        self.zoom.setFixedWidth(max(self.zoom.sizeHint().width(), self.fontMetrics().horizontalAdvance("400%") + 4))
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.fit_width.setChecked(fit == "width")
        self.fit_page.setChecked(fit == "page")

    def allow(self, *, shown: bool, text: bool, outside: bool) -> None:
        """Enable the tools that make sense for the file."""
        for widget in (self.box, self.smaller, self.larger, self.fit_width, self.fit_page, self.rotate):
            widget.setEnabled(shown)
        self.find_button.setEnabled(shown and text)
        self.outside.setVisible(outside)
        if not shown:
            self.previous.setEnabled(False)
            self.next.setEnabled(False)


class MarkTools(QWidget):
    """The tool of the mouse, and the buttons that add marks."""

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        say = texts.say
        layout = FlowLayout(self)
        self.draw = make_button(say("ui.viewer.tool_draw"), self, checkable=True)
        self.text = make_button(say("ui.viewer.tool_text"), self, checkable=True)
        self.group = QButtonGroup(self)
        for button in (self.draw, self.text):
            self.group.addButton(button)
            button.setAccessibleDescription(say("ui.viewer.tool"))
        self.group.buttonToggled.connect(_lead_tab)
        self.text.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.draw.setChecked(True)
        self.mark = make_button(say("ui.viewer.mark_selection"), self, hint="Ctrl+M")
        self.add = make_button(say("ui.viewer.add"), self, hint="Insert")
        self.undo = make_button(say("ui.undo"), self, hint="Ctrl+Z")
        self.redo = make_button(say("ui.redo"), self, hint="Ctrl+Y")
        for button in (self.draw, self.text, self.mark, self.add, self.undo, self.redo):
            layout.addWidget(button)


def _lead_tab(button: QAbstractButton, on: bool) -> None:
    """Make the checked tool the Tab stop, as Qt does for radio buttons; arrow keys reach the other one."""
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.ClickFocus)


def viewer_sheet() -> str:
    """Return the style sheet in the current theme and text size."""
    # Not bolder: the width of a button is computed for the letters of its unchecked state.
    on = f"background: {colours.in_use().chosen}; border: 2px solid {colours.in_use().primary}; padding: 2px 14px;"
    inner = "QSpinBox QLineEdit { border: none; padding: 0; min-height: 0; }"
    focus = f"QPushButton:checked:focus {{ border-color: {colours.in_use().focus}; }}"
    return f"{sheet()}\n{inner}\nQPushButton:checked {{ {on} }}\n{focus}"


KEYS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("find", ("Ctrl+F",)),
    ("find_next", ("F3", "Ctrl+G")),
    ("find_previous", ("Shift+F3", "Ctrl+Shift+G")),
    ("larger", ("Ctrl++", "Ctrl+=")),
    ("smaller", ("Ctrl+-",)),
    ("fit_width", ("Ctrl+0",)),
    ("fit_page", ("Ctrl+9",)),
    ("real_size", ("Ctrl+1",)),
    ("rotate", ("Ctrl+R",)),
    ("page_next", ("Ctrl+PgDown",)),
    ("page_previous", ("Ctrl+PgUp",)),
    ("file_next", ("Alt+PgDown",)),
    ("file_previous", ("Alt+PgUp",)),
    ("mark", ("Ctrl+M",)),
    ("undo", ("Ctrl+Z",)),
    ("redo", ("Ctrl+Y", "Ctrl+Shift+Z")),
    ("copy", ("Ctrl+C",)),
)
"""Actions and their keys, wherever the focus is in the viewer."""

ON_PAGE: Final[tuple[tuple[str, str], ...]] = (
    ("Insert", "add"),
    ("Space / Shift+Space", "choose"),
    ("← ↑ → ↓ / Ctrl+← ↑ → ↓", "move"),
    ("Shift+← ↑ → ↓", "resize"),
    ("Delete", "remove"),
)
"""Keys, as displayed, and their actions while the page has the focus."""
