"""Controls the checks of this PC, their notices, and drafts opened from a mail."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from dgdesk.errors import DgdeskError
from dgdesk.system.check.clock import CheckResult
from dgdesk.system.glance import PATIENCE
from dgdesk.ui.form.host import DraftHost, ShowsStrips, TakesFocus
from dgdesk.ui.support import notice
from dgdesk.ui.support.notice import Notice, NoticeAction
from dgdesk.ui.support.temporary_draft import arrive
from dgdesk.ui.widgets.dialogs import ask
from dgdesk.ui.widgets.file_dialogs import first_there
from dgdesk.ui.widgets.latest import LatestWins

if TYPE_CHECKING:
    from dgdesk.support.presence import Presence
    from dgdesk.ui.support.support_dialog import SupportActions

_QUIET = 1_500
"""Milliseconds after a page was shown, which is built first."""
BEFORE_EXPORT = PATIENCE
"""Seconds that an export waits for the check; after that, what the last one found counts."""
COPIED = frozenset(
    f"office.{code}" for code in ("from_temporary", "from_mail", "from_archive", "unwritable", "synced", "small_files")
)
"""What a copy of the draft in another place mends."""
_MOST_PUT_AWAY = 60
_CALLS = 300
"""Milliseconds between two looks whether another window calls this one."""
_ANSWER, _LOOK = 1_000, 20
"""Milliseconds that a called window has to answer, and between two looks whether it has."""


class SupportController(QObject):
    """Checks this PC for one window, automatically after `begin`. ``looked``: `findings` are new."""

    looked = Signal()

    def __init__(self, host: DraftHost, parent: QObject) -> None:
        super().__init__(parent)
        self._host = host
        self._presence: Presence | None = None
        self._begun = False
        self._others = 0
        self._broken_off = ""
        self._after = _QUIET
        self._support: SupportActions | None = None
        self._strip: Notice | None = None
        self.notices: list[Notice] = []
        self.findings: tuple[CheckResult, ...] = ()
        """The results of the last check."""
        self._calls = QTimer(self)
        self._calls.setInterval(_CALLS)
        self._calls.timeout.connect(self._answer_call)
        # a check does not wait for one that hangs on a dead network drive
        self._checker = LatestWins("dgdesk check of this PC", self, may_hang=True)

    def begin(
        self, presence: Presence | None = None, others: int = 0, broken_off: str = "", after: int = _QUIET
    ) -> None:
        """Check whenever another page is shown. ``broken_off``: text code about a last run that crashed, or ""."""
        self._begun, self._presence, self._others, self._broken_off = True, presence, others, broken_off
        self._after = after
        if presence is not None:
            self._calls.start()
        self.follow()

    def follow(self) -> None:
        """Check again, because another page is shown."""
        self.notices = []
        self._strip = None
        self.findings = ()
        if not self._begun:
            return
        if self._broken_off:
            self._tell_broken_off()
        self._checker.soon(self._after, self._begin_look)

    def arrive(self, path: Path) -> bool:
        """Handle a draft in a temporary folder; False: open it as usual."""
        return arrive(self._host, path)

    def check(self) -> None:
        """Show the results of the check."""
        from dgdesk.ui.support.check_dialog import OfficeDialog

        dialog = OfficeDialog(self._host.services, self._whole_look, self._host.window)
        dialog.look()
        dialog.exec()
        dialog.deleteLater()

    def save_support(self) -> None:
        """Make a file for the help desk."""
        from dgdesk.ui.support.support_dialog import SupportActions

        self._support = self._support or SupportActions(self._host, self)
        self._support.begin()

    def export(self, *, as_draft: bool = False) -> None:
        """Export; if the check found problems, ask first. ``as_draft``: see `DraftHost.export_draft`."""
        host = self._host
        if self._begun and host.workspace is not None:
            self._begin_look()
            self._checker.wait(BEFORE_EXPORT)
            if against := notice.against_export(self.findings):
                words = "\n\n".join(notice.lines(one, host.texts)[1] for one in against)
                buttons = (host.texts.say("ui.office.export_anyway"), host.texts.say("ui.stay"))
                if ask(host.texts, words, buttons, host.window, "warning") != 0:
                    return
        host.export_draft(as_draft=as_draft)

    def call_window(self, pid: int) -> bool:
        """Ask the window with a process id to come to the front; return whether it answers within a second."""
        presence = self._presence
        if presence is None or not presence.call(pid):
            return False
        waiting, look = QEventLoop(), QTimer()
        look.timeout.connect(lambda: waiting.quit() if presence.answered(pid) else None)
        look.start(_LOOK)
        QTimer.singleShot(_ANSWER, waiting.quit)
        waiting.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        return not presence.take_back(pid)

    def stop(self) -> None:
        """Stop checking."""
        self._begun = False
        self._calls.stop()
        self._checker.cancel()

    # ----------------------------------------------------------------------------------------------------------------

    def _answer_call(self) -> None:
        """Come to the front if another window asked for this one; a system that refuses flashes the taskbar."""
        if self._presence is not None and self._presence.called():
            window = self._host.window
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
            window.raise_()
            window.activateWindow()

    def _begin_look(self) -> None:
        look = self._make(self._draft_path(), load=False)
        self._checker.request(lambda _: look(), self._take)

    def _whole_look(self) -> Callable[[], tuple[CheckResult, ...]]:
        """The check on request: counts windows again, and without a draft checks the folder for new drafts."""
        if self._presence is not None:
            self._others = self._presence.look().others
        return self._make(self._draft_path() or first_there(()))

    def _make(self, place: Path | None, load: bool = True) -> Callable[[], tuple[CheckResult, ...]]:
        # imports all parts of the support file
        from dgdesk.support.gather import look

        services, latest, others = self._host.services, self._latest(), self._others
        now, environment = services.clock(), dict(os.environ)
        return lambda: look(services.profile, now, environment, place, latest=latest, others=others, load=load)[2]

    def _draft_path(self) -> Path | None:
        return self._host.draft.path if self._host.draft is not None else None

    def _latest(self) -> datetime | None:
        """The newest time in the draft, if it can be read now."""
        from dgdesk.draft.newest import newest_moment

        draft, workspace = self._host.draft, self._host.workspace
        if draft is None or workspace is None or workspace.bridge.jobs.busy:
            return None
        with suppress(DgdeskError):
            return newest_moment(draft)
        return None

    def _take(self, findings: tuple[CheckResult, ...]) -> None:
        host = self._host
        self.findings = findings
        self.looked.emit()
        draft = str(self._draft_path() or "")
        shown = notice.to_show(findings, host.settings.now.put_away, draft)
        if self._strip is not None:
            self._strip.go()
        if not shown:
            return
        say = host.texts.say
        errors = any(one.severity == "error" for one in shown)
        grave = "error" if errors else "warning" if any(one.severity == "warning" for one in shown) else "note"
        details: NoticeAction = (say("ui.office.details"), "Y", self.check)
        if draft and not errors:
            away: NoticeAction = (say("ui.office.never"), "Z", lambda: self._put_away(shown, draft))
        else:
            away = (say("ui.office.hide"), "Z", lambda: None)
        actions: list[NoticeAction] = [details, away]
        workspace = host.workspace
        if workspace is not None and any(one.code in COPIED for one in shown):
            actions.insert(0, (say("ui.office.save_elsewhere"), "X", workspace.save_copy))
        self._strip = self._show(grave, notice.strip_words(shown, host.texts), actions)
        self._put_away(notice.shown_once(shown), draft)

    def _put_away(self, findings: tuple[CheckResult, ...], draft: str) -> None:
        settings = self._host.settings
        keys = tuple(dict.fromkeys((*(notice.quiet_key(one, draft) for one in findings), *settings.now.put_away)))
        settings.change(replace(settings.now, put_away=keys[:_MOST_PUT_AWAY]))

    def _tell_broken_off(self) -> None:
        say = self._host.texts.say
        support: NoticeAction = (say("ui.support.entry"), "K", self.save_support)
        self._show("warning", say(self._broken_off), (support, (say("ui.office.hide"), "Q", self._forget_broken_off)))

    def _forget_broken_off(self) -> None:
        self._broken_off = ""

    def _forget(self, notice: Notice) -> None:
        """Keep no reference to a strip that has removed itself."""
        self.notices = [one for one in self.notices if one is not notice]
        if self._strip is notice:
            self._strip = None
        page = self._host.window.centralWidget()
        if notice.had_focus and isinstance(page, TakesFocus):
            page.enter()  # the next widget in line would be one that nobody asked for

    def _show(self, mark: str, words: str, actions: Sequence[NoticeAction]) -> Notice | None:
        page = self._host.window.centralWidget()
        if not isinstance(page, QWidget) or not isinstance(page, ShowsStrips):
            return None
        notice = Notice(self._host.services, mark, words, actions, page)
        self.notices.append(notice)
        notice.gone.connect(lambda: self._forget(notice))
        page.show_notice(notice)
        return notice
