"""The attached files of a slot, as rows: a part of a long list at a time, so that thousands of files stay quick.

A row takes some milliseconds to be built, and each widget on a page makes every change of the page slower. So at most
`ROWS` rows are there, built a few in a turn of the event loop; a change builds and lays out no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from dgdesk.survey.answers.attachments import Attachment
from dgdesk.ui.evidence.file_row import FileRow
from dgdesk.ui.form.context import FILES_SHOWN, PageContext
from dgdesk.ui.widgets.buttons import PageButton
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import FlowLayout, column, show_if
from dgdesk.ui.widgets.theme_file import SPACE

ROWS: Final = FILES_SHOWN
"""Most rows that are there at once."""
_AT_ONCE: Final = 5
"""Rows that are built before anything else happens; most slots have no more files."""
_A_TURN: Final = 2


class FileList(QWidget):
    """The rows of a slot. ``remove_asked`` is that of the rows."""

    remove_asked = Signal(object)

    def __init__(self, parts: PageContext, slot: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._parts, self._slot = parts, slot
        self._files: tuple[Attachment, ...] = ()
        self._known: frozenset[str] = frozenset()
        self._first = 0
        self.rows: dict[str, FileRow] = {}
        """The rows that are built, by SHA-256, in the order of the list."""
        self._held: list[FileRow] = []
        self._showing = self._stale = False
        self._layout: QVBoxLayout = column(self, SPACE // 2)
        self._turner: _Turner | None = None
        self._steps = QTimer(self)
        self._steps.setInterval(0)
        self._steps.timeout.connect(lambda: self._build(_A_TURN))

    def show_files(self, files: Sequence[Attachment]) -> None:
        """Show the files of the slot; if new ones came, the part of the list with the first of them."""
        before, self._known = self._known, frozenset(one.sha256 for one in files)
        self._files = tuple(files)
        if before:
            new = next((at for at, one in enumerate(files) if one.sha256 not in before), self._first)
            self._first = new // ROWS * ROWS
        self._show()

    def show_facts(self) -> None:
        """Show again what depends on other places and on the draft."""
        for row in self.rows.values():
            row.show_facts()

    def row_of(self, sha256: str) -> FileRow:
        """Return the row of a file, after turning to its part of the list."""
        at = next(at for at, one in enumerate(self._files) if one.sha256 == sha256)
        if not self._first <= at < self._first + ROWS:
            self._first = at // ROWS * ROWS
            self._show()
        while sha256 not in self.rows:
            self._build(_AT_ONCE)
        return self.rows[sha256]

    def turn(self, by: int) -> None:
        """Show the next part of the list, or one before; nothing happens at its ends."""
        first = self._first + by * ROWS
        if 0 <= first < len(self._files) and self._parts.flush():
            self._first = first
            self._show()

    def _show(self) -> None:
        # A row with the focus is saved when it is hidden, which asks for the list to be shown again.
        self._stale = True
        if self._showing:
            return
        self._showing = True
        try:
            while self._stale:
                self._stale = False
                self._show_part()
        finally:
            self._showing = False

    def _show_part(self) -> None:
        count = len(self._files)
        self._first = min(self._first, max(0, (count - 1) // ROWS * ROWS))
        part = {one.sha256: one for one in self._files[self._first : self._first + ROWS]}
        for sha256 in [sha256 for sha256 in self.rows if sha256 not in part]:
            self._put_away(sha256)
        for sha256, row in self.rows.items():
            row.show_attachment(part[sha256])
        self._let_go()
        self._build(max(0, _AT_ONCE - len(self.rows)) or _A_TURN)
        if self._turner is None and count > ROWS:
            self._turner = _Turner(self._parts, self)
            self._layout.addWidget(self._turner)
        if self._turner is not None:
            self._turner.show_part(self._first, count)
        show_if(self, bool(count))
        for row in self.rows.values():
            show_if(row, True)

    def _build(self, most: int) -> None:
        """Build so many rows that are still missing, and the others in the next turns."""
        part = self._files[self._first : self._first + ROWS]
        if len(self.rows) < len(part):
            for at, one in enumerate(part):
                if one.sha256 not in self.rows and most > 0:
                    most -= 1
                    self._add(at, one)
            order = [one.sha256 for one in part]
            self.rows = dict(sorted(self.rows.items(), key=lambda row: order.index(row[0])))
        if len(self.rows) == len(part):
            self._steps.stop()
        elif not self._steps.isActive():
            self._steps.start()

    def _add(self, at: int, one: Attachment) -> None:
        row = next((held for held in self._held if held.sha256 == one.sha256), None)
        if row is None:
            row = FileRow(self._parts, self._slot, one, self)
            row.remove_asked.connect(self.remove_asked)
        else:
            self._held.remove(row)
        # Of those before it in the part some may not be built yet.
        ahead = {before.sha256 for before in self._files[self._first : self._first + at]}
        self._layout.insertWidget(sum(sha256 in ahead for sha256 in self.rows), row)
        self.rows[one.sha256] = row
        show_if(row, True)

    def _put_away(self, sha256: str) -> None:
        """Take a row out of the list; one with text that is not saved yet is kept out of sight."""
        row = self.rows.pop(sha256)
        self._layout.removeWidget(row)
        row.setVisible(False)
        self._held.append(row)

    def _let_go(self) -> None:
        """Remove the rows that are not shown, except those with text that can still be saved."""
        for row in [row for row in self._held if not (row.has_unsaved and row.sha256 in self._known)]:
            self._held.remove(row)
            row.leave()
            row.deleteLater()


class _Turner(QWidget):
    """Says which files of a long list are shown, and turns to others."""

    def __init__(self, parts: PageContext, owner: FileList) -> None:
        super().__init__(owner)
        self._texts = parts.texts
        self._words = WrapLabel(parts.texts, "", "hint", self)
        layout = column(self, SPACE // 2)
        layout.addWidget(self._words)
        buttons = QWidget(self)
        row = FlowLayout(buttons)
        self.back, self.on = (self._button(parts.texts.say(code)) for code in ("ui.files.back", "ui.files.on"))
        self.back.clicked.connect(lambda: owner.turn(-1))
        self.on.clicked.connect(lambda: owner.turn(1))
        row.addWidget(self.back)
        row.addWidget(self.on)
        layout.addWidget(buttons)

    def show_part(self, first: int, count: int) -> None:
        """Show the words for ``ROWS`` files from ``first`` (0 is the first) of ``count``."""
        last = min(first + ROWS, count)
        self._words.set_text(self._texts.say("ui.files.shown", first=first + 1, last=last, count=count))
        held = self.back if self.back.hasFocus() else self.on if self.on.hasFocus() else None
        self.back.setEnabled(first > 0)
        self.on.setEnabled(last < count)
        if held is not None and not held.isEnabled():
            (self.on if held is self.back else self.back).setFocus(Qt.FocusReason.OtherFocusReason)
        show_if(self, count > ROWS)

    def _button(self, words: str) -> PageButton:
        button = PageButton(words, self)
        button.setObjectName("small")
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return button
