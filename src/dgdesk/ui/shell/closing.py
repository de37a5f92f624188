"""Closes drafts: input is saved and running work ends before; the file is let go, and a copy that was kept is named."""

from __future__ import annotations

from typing import Protocol

from dgdesk.draft.drafts import Draft
from dgdesk.errors import DgdeskError
from dgdesk.system.settings import Recent
from dgdesk.ui.backups.controller import BackupController
from dgdesk.ui.evidence.viewers import close_viewers
from dgdesk.ui.form.host import DraftHost
from dgdesk.ui.outbox.watcher import OutboxWatcher
from dgdesk.ui.shell.new_survey import NewSurveyEdition
from dgdesk.ui.shell.underneath import UnderneathController
from dgdesk.ui.shell.window_state import WindowMemory
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.dialogs import ask, tell
from dgdesk.ui.widgets.file_dialogs import FilePlaces


class Host(DraftHost, Protocol):
    """The main controller, as far as drafts are closed; what is closed is taken from it."""

    draft: Draft | None
    workspace: Workspace | None
    new_survey: NewSurveyEdition
    places: FilePlaces
    remembering: WindowMemory
    backups: BackupController
    underneath: UnderneathController
    outbox: OutboxWatcher


class DraftCloser:
    """Closes the draft of the window."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def close_draft(self) -> None:
        """Close the draft and show the start page."""
        if self.may_close():
            self.let_go(closed=True)
            self._host.show_start()

    def may_close(self) -> bool:
        """Save pending input and return whether the draft can be closed without loss."""
        self._host.backups.cancel_running()
        return self._host.workspace is None or may_close(self._host.workspace)

    def let_go(self, *, closed: bool = False) -> None:
        """Close the draft file. ``closed``: the user closed it, so the next start does not offer it first."""
        host = self._host
        workspace, host.workspace = host.workspace, None
        host.places.draft = None
        if host.draft is None:
            return
        host.remembering.end(host.draft, workspace, closed=closed)
        if workspace is not None:
            workspace.maintenance.stop()
            close_viewers(workspace.bridge)
            workspace.overview.close()
        host.backups.end()
        host.underneath.end()
        host.outbox.follow(None, None)
        draft, host.draft = host.draft, None
        self._close_file(draft)

    def _close_file(self, draft: Draft) -> None:
        """Close the file. If another program changed it, lead to the copy of the work that was kept."""
        host, texts = self._host, self._host.texts
        try:
            draft.close()
            kept = draft.package.keep_ours()
        except DgdeskError as error:  # the copy of the work beside a draft that was changed
            tell(texts, texts.error(error), host.window, "warning")
            return
        if kept is not None:
            # Whatever was chosen, even nothing: the start page leads to the work that was kept.
            host.settings.change(host.settings.now.with_recent(Recent(str(kept.path))))
            if not host.underneath.said and (changed := draft.package.changed_underneath) is not None:
                tell(texts, texts.error(changed), host.window, "warning")

    def window_closed(self) -> None:
        """End what the window has begun: it was closed."""
        host = self._host
        host.outbox.end()
        host.new_survey.stop()
        if host.draft is None:
            host.remembering.end_without_draft()
        self.let_go()


def may_close(workspace: Workspace) -> bool:
    """Save input, and ask if that fails; ask whether to wait for running jobs. Return whether to close."""
    if not _let_work_end(workspace):
        return False
    if workspace.flush():
        return True
    texts = workspace.services.texts
    buttons = (texts.say("ui.close_anyway"), texts.say("ui.stay"))
    return ask(texts, texts.say("ui.close_unsaved"), buttons, workspace.window(), "warning") == 0


def _let_work_end(workspace: Workspace) -> bool:
    """Ask whether to wait for running jobs or cancel them; False: the user stays."""
    jobs, texts = workspace.bridge.jobs, workspace.services.texts
    if not jobs.busy:
        return True
    workspace.page_view.flush()
    workspace.score.flush()
    chosen = ask(
        texts,
        texts.say("ui.working.closing", title=jobs.title),
        (texts.say("ui.working.wait"), texts.say("ui.working.stop"), texts.say("ui.stay")),
        workspace.window(),
    )
    if chosen == 2:
        return False
    if chosen == 1:
        jobs.cancel_all()
    jobs.wait()
    return True
