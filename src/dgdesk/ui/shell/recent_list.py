"""The recent drafts on the start page, read in the background so that a slow disk does not block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from dgdesk.draft.recent import read_recent
from dgdesk.submission.journey import with_journey
from dgdesk.system.settings import Recent
from dgdesk.text.dates import iso_time_text
from dgdesk.text.editions import edition_heads, edition_words
from dgdesk.text.score_words import figures_line
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.latest import LatestWins, Task
from dgdesk.ui.widgets.layout import column
from dgdesk.ui.widgets.letters import set_letter
from dgdesk.ui.widgets.plain import set_tip
from dgdesk.ui.widgets.ring import ProgressRing
from dgdesk.ui.widgets.theme import Panel
from dgdesk.ui.widgets.theme_file import SPACE


class RecentRow(Panel):
    """One recent draft. Its signals carry the path."""

    role = "item"

    open_wanted = Signal(str)
    removal_wanted = Signal(str)
    restore_wanted = Signal(str)

    def __init__(self, one: Recent, texts: Texts, parent: QWidget) -> None:
        super().__init__(self.role, parent)
        self._texts = texts
        self.recent = one
        self.missing = False
        self.title = WrapLabel(texts, "", "question", self)
        self.line = WrapLabel(texts, "", "hint", self)
        self.filled = self.make_filled()
        self.open_button = QPushButton(texts.say("ui.open"), self)
        self.open_button.clicked.connect(lambda: self.open_wanted.emit(self.recent.path))
        self.remove_button = QPushButton(texts.say("ui.start.forget"), self)
        self.remove_button.setObjectName("quiet")
        self.remove_button.clicked.connect(lambda: self.removal_wanted.emit(self.recent.path))
        self.restore_button = QPushButton(texts.say("ui.backups.restore_short"), self)
        self.restore_button.setObjectName("quiet")
        self.restore_button.clicked.connect(lambda: self.restore_wanted.emit(self.recent.path))
        self.lay_out()
        self.show_recent(one)

    def make_filled(self) -> QProgressBar | ProgressRing:
        """Return the widget that shows the progress."""
        bar = QProgressBar(self)
        bar.setTextVisible(False)
        bar.setFixedHeight(8)
        return bar

    def lay_out(self) -> None:
        """Put the parts into the row."""
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        row.setSpacing(SPACE)
        words = QVBoxLayout()
        words.setSpacing(SPACE // 2)
        words.addWidget(self.title)
        words.addWidget(self.line)
        words.addSpacing(SPACE // 2)
        words.addWidget(self.filled)
        row.addLayout(words, 1)
        row.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignVCenter)
        quiet = QVBoxLayout()
        quiet.setSpacing(0)
        quiet.addStretch(1)
        quiet.addWidget(self.remove_button)
        quiet.addWidget(self.restore_button)
        quiet.addStretch(1)
        row.addLayout(quiet)

    def show_recent(self, one: Recent | None) -> None:
        """Show the facts known now; None if the file is missing."""
        self.missing = one is None
        self.recent = one or self.recent
        say = self._texts.say
        name = draft_name(self.recent)
        self.title.set_role("question" if one else "hint")
        self.title.set_text(name)
        self.line.set_text(recent_words(self.recent, self._texts) if one else say("ui.start.gone"))
        self.filled.setVisible(one is not None and one.percent >= 0)
        self.filled.setValue(max(self.recent.percent, 0))
        self.filled.setAccessibleName(say("ui.start.percent", percent=max(self.recent.percent, 0)))
        self.open_button.setEnabled(one is not None)
        self.open_button.setAccessibleName(say("ui.start.open_named", name=name))
        self.remove_button.setAccessibleName(say("ui.start.forget_named", name=name))
        self.restore_button.setAccessibleName(say("ui.backups.restore_named", name=name))
        set_tip(self, self._texts.show(self.recent.path))


class RecentList(QWidget):
    """The list. ``open_wanted``, ``removal_wanted`` and ``restore_wanted`` carry a path, ``known`` a new `Recent`."""

    open_wanted = Signal(str)
    removal_wanted = Signal(str)
    restore_wanted = Signal(str)
    known = Signal(object)

    def __init__(
        self,
        recents: Sequence[Recent],
        clock: Callable[[], datetime],
        texts: Texts,
        parent: QWidget,
        first: RecentRow | None = None,
    ) -> None:
        """``first``: a row of its own place, which is not in the list but is kept up to date with it."""
        super().__init__(parent)
        layout = column(self, SPACE)
        self.rows: dict[str, RecentRow] = {}
        listed = [one for one in recents if first is None or one.path != first.recent.path]
        if first is not None:
            self._add(first)
        for number, one in enumerate(listed, start=1):
            row = RecentRow(one, texts, self)
            self._add(row)
            layout.addWidget(row)
            if number < 10:
                set_letter(row.open_button, str(number))
        self._recents, self._clock = {one.path: one for one in recents}, clock
        self.reader = LatestWins("dgdesk recents", self)
        if recents:
            self.reader.soon(0, lambda: self.reader.request(self._read))

    def read_again(self) -> None:
        """Read the drafts again: another window may have changed them."""
        if self._recents and not self.reader.running:
            self.reader.request(self._read)

    def _add(self, row: RecentRow) -> None:
        self.rows[row.recent.path] = row
        row.open_wanted.connect(self.open_wanted)
        row.removal_wanted.connect(self._forget)
        row.restore_wanted.connect(self.restore_wanted)

    def _read(self, task: Task) -> None:
        for one in list(self._recents.values()):
            if task.cancelled:
                return
            try:
                found = read_recent(one, self._clock, with_journey)
            except Exception:  # opening the draft reports the error
                found = one
            task.post(self._show, one.path, found)

    def _show(self, path: str, one: Recent | None) -> None:
        if (row := self.rows.get(path)) is not None:
            row.show_recent(one)
            if one is not None:
                self._recents[path] = one
                self.known.emit(one)

    def _forget(self, path: str) -> None:
        self.rows.pop(path).hide()
        self._recents.pop(path, None)
        self.removal_wanted.emit(path)


def draft_name(one: Recent) -> str:
    """Return a draft's name to show: respondent and file name, or one of them if both are the same."""
    file = Path(one.path).stem
    return f"{one.respondent} – {file}" if one.respondent and one.respondent != file else file


def recent_words(one: Recent, texts: Texts) -> str:
    """Return completeness and score of a draft, and below its last change, as far as they are known."""
    parts, lines = [], []
    if one.edition and len(edition_heads()) > 1:
        parts.append(edition_words(texts.say, one.edition))
    if one.percent >= 0:
        parts.append(texts.say("ui.start.percent", percent=one.percent))
    if one.low and one.claimed and one.high:
        figures = figures_line(texts.say, one.low, one.claimed, one.high)
        lines.append(texts.say("ui.start.score", figures=figures))
    if one.changed:
        lines.append(texts.say("ui.start.changed", time=iso_time_text(one.changed, texts.catalogue.language)))
    return "\n".join(([" · ".join(parts)] if parts else []) + lines) or texts.say("ui.start.not_read")
