"""The bottom bar: Back and Next, the problems of this page, whether the work is saved."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from dgdesk.submission.journey import Act, Place
from dgdesk.text.dates import thai_time
from dgdesk.ui.widgets.buttons import give_keys, set_lettered_text
from dgdesk.ui.widgets.jobs import JobQueue
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE

_AT_ONCE = 200
"""Milliseconds: a job that ends within them is not shown."""
_STEPS = 1000


class WorkStrip(QWidget):
    """Shows the running job: title, progress, and a button to stop it. Hidden while no job runs."""

    def __init__(self, texts: Texts, jobs: JobQueue, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts, self._jobs = texts, jobs
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, SPACE)
        row.setSpacing(SPACE)
        self.title = WrapLabel(texts, "", "unit", self)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(12)
        self.progress.setMinimumWidth(120)
        self.progress.setAccessibleName(texts.say("ui.working.progress"))
        self.cancel = QPushButton(texts.say("ui.working.cancel"), self)
        give_keys((self.cancel, "W"))
        self.cancel.clicked.connect(self._stop)
        row.addWidget(self.title, 3)
        row.addWidget(self.progress, 2, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.cancel)
        self.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_AT_ONCE)
        self._soon.timeout.connect(self.show)
        jobs.started.connect(self._begin)
        jobs.progressed.connect(self._advance)
        jobs.ended.connect(self._end)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.cancel.isEnabled():
            self._stop()
        else:
            super().keyPressEvent(event)

    def _begin(self, title: str) -> None:
        self.cancel.setEnabled(True)
        self.cancel.setAccessibleDescription(title)
        self.title.set_text(title)
        self.progress.setRange(0, 0)
        self.progress.setAccessibleDescription(title)
        if self.isHidden():
            self._soon.start()

    def _advance(self, done: object, total: object) -> None:
        assert isinstance(done, int) and isinstance(total, int)
        if not total:
            return
        self.progress.setRange(0, _STEPS)
        self.progress.setValue(_STEPS * done // total)
        if self.cancel.isEnabled():
            self.title.set_text(self._texts.say("ui.working.far", title=self._jobs.title, percent=100 * done // total))

    def _end(self) -> None:
        self._soon.stop()
        self.hide()

    def _stop(self) -> None:
        self.cancel.setEnabled(False)
        self.title.set_text(self._texts.say("ui.working.stopping", title=self._jobs.title))
        self._jobs.cancel()


class BottomBar(QFrame):
    """The bottom bar. Its signals are emitted on a click.

    ``act`` is the primary button, ``outbox`` the one that shows what waits to be sent, ``todo`` the one that leads to
    the next thing to do on any page, ``review`` the one that leads back to the review page after it has led here.
    """

    back = Signal()
    next = Signal()
    act = Signal()
    todo = Signal()
    review = Signal()
    outbox = Signal()

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bottombar")
        self.setStyleSheet(sheet())
        self._texts = texts
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(3 * SPACE // 2, SPACE, 3 * SPACE // 2, SPACE)
        self._column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        self.back_button = QPushButton(texts.say("ui.back"), self)
        self.next_button = QPushButton(texts.say("ui.next"), self)
        give_keys((self.back_button, "B"), (self.next_button, "N"))
        self.act_button = QPushButton("", self)
        self.act_button.setObjectName("primary")
        self.todo_button = QPushButton("", self)
        self.todo_button.setObjectName("todo")
        self.review_button = QPushButton(texts.say("ui.back_to_review"), self)
        give_keys((self.review_button, "R"))
        self.review_button.hide()
        self.status = WrapLabel(texts, "", "status", self)
        self.status.setAccessibleName(texts.say("ui.save_status"))
        self.since = WrapLabel(texts, "", "since", self)
        self.since.setAccessibleDescription(texts.say("ui.since"))
        self.outbox_button = QPushButton("", self)
        self.outbox_button.hide()
        self.outbox_button.clicked.connect(self.outbox)
        self.back_button.clicked.connect(self.back)
        self.next_button.clicked.connect(self.next)
        self.act_button.clicked.connect(self.act)
        self.todo_button.clicked.connect(self.todo)
        self.review_button.clicked.connect(self.review)
        row.addWidget(self.back_button)
        row.addWidget(self.status, 1)
        row.addWidget(self.outbox_button)
        row.addWidget(self.since)
        for button in (self.review_button, self.todo_button, self.next_button, self.act_button):
            row.addWidget(button)
        self._row = row
        self._column.addLayout(row)
        self.strip: WorkStrip | None = None

    def show_work(self, jobs: JobQueue) -> None:
        """Show running jobs above the buttons."""
        self.strip = WorkStrip(self._texts, jobs, self)
        self._column.insertWidget(0, self.strip)

    def show_above(self, strip: QWidget) -> None:
        """Show a strip above the buttons and below the running job."""
        self._column.insertWidget(self._column.count() - 1, strip)

    def show_steps(self, *, has_back: bool, place: Place, act: Act, words: str) -> None:
        """Show where Back and Next lead, and what the primary button does (``words``).

        While it only leads on, it is the button "Next" itself; otherwise "Next" stays beside it.
        """
        self.back_button.setEnabled(has_back)
        leads_on = act in ("next", "review")
        self.act_button.setVisible(not leads_on and not (act == "done" and place == "review"))
        set_lettered_text(self.act_button, words, "G")
        self.next_button.setVisible(place != "review")
        set_lettered_text(self.next_button, self._texts.say("ui.act.next" if place == "page" else "ui.act.review"), "N")
        name = "primary" if leads_on else ""
        if self.next_button.objectName() != name:
            self.next_button.setObjectName(name)
            self.next_button.style().polish(self.next_button)

    def show_todo(self, count: int) -> None:
        """Show how much is left to do on all pages; the button is hidden if nothing is."""
        set_lettered_text(self.todo_button, self._texts.say("ui.todo_next", count=count), "P")
        self.todo_button.setVisible(bool(count))

    def offer_review(self, offered: bool) -> None:
        """Show or hide the button that leads back to the review page."""
        self.review_button.setVisible(offered)

    def show_outbox(self, count: int) -> None:
        """Show how many bundles wait to be sent; the button is hidden if none does."""
        set_lettered_text(self.outbox_button, self._texts.say("ui.outbox.waiting", count=count), "W")
        self.outbox_button.setVisible(bool(count))
        self._place_since()

    def say_since(self, words: str) -> None:
        """Show whether the draft has changed since it was exported."""
        self.since.set_text(words)
        self._place_since()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_since()

    def _place_since(self) -> None:
        """Put it into the row if it fits on one line, else on a line of its own: the page needs the height."""
        buttons = (self.outbox_button, self.review_button, self.todo_button, self.next_button, self.act_button)
        others = (self.back_button, self.status, *(one for one in buttons if not one.isHidden()))
        rest = sum(one.sizeHint().width() + self._row.spacing() for one in others)
        wide = self.since.fontMetrics().horizontalAdvance(self.since.plain_text()) + 2
        margins = self._column.contentsMargins()
        beside = wide + rest <= self.width() - margins.left() - margins.right()
        self.since.setMinimumWidth(wide if beside else 0)
        if beside and self._row.indexOf(self.since) < 0:
            self._column.removeWidget(self.since)
            self._row.insertWidget(3, self.since)
        elif not beside and self._row.indexOf(self.since) >= 0:
            self._row.removeWidget(self.since)
            self._column.insertWidget(self._column.count() - 1, self.since)

    def say_nothing_waits(self) -> None:
        """Show that everything is saved, after a draft was opened."""
        self._say("status", self._texts.say("ui.all_saved"))

    def say_pending(self) -> None:
        """Show that typed text is waiting to be saved."""
        self._say("status", self._texts.say("ui.saving"))

    def say_saved(self, at: datetime) -> None:
        """Show that everything is saved, and when."""
        self._say("status", self._texts.say("ui.saved", time=f"{thai_time(at):%H:%M}"))

    def say_failed(self, why: str) -> None:
        """Show that something is not saved, and why."""
        self._say("statusfailed", why)

    def say_read_only(self) -> None:
        """Show that the draft is read-only."""
        self._say("hint", self._texts.say("ui.read_only_short"))

    def _say(self, role: str, words: str) -> None:
        self.status.set_role(role)
        self.status.set_text(words)
