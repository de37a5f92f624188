"""The journey of an open draft: keeps the primary button, the review page and the checklist at the present step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from dgdesk.draft.file.register import STEP
from dgdesk.errors import DgdeskError
from dgdesk.submission.journey import Act, Place, Step, next_act, tick
from dgdesk.survey.rules.pages import next_page, previous_page

if TYPE_CHECKING:
    from dgdesk.ui.shell.workspace import Workspace

OUTSIDE: frozenset[Act] = frozenset({"export", "print", "scan"})
"""The acts that the main controller performs, with its dialogs."""


class JourneyController(QObject):
    """Follows the draft, the page and the register. ``asked`` carries what the main controller has to do.

    These are the acts of `OUTSIDE`, ``send`` (show what was exported), ``receipt``, and ``draft`` (export as a draft).
    """

    asked = Signal(str)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self.act: Act = "next"
        review, bar = workspace.review_page, workspace.bar
        review.act_wanted.connect(self.go)
        review.draft_wanted.connect(lambda: self.asked.emit("draft"))
        review.checklist.ticked.connect(lambda step, done: self.enter_step(step, done=done))
        review.checklist.helped.connect(self.asked)
        bar.act.connect(self.go)
        workspace.since.read_again.connect(self.follow)

    def follow(self) -> None:
        """Show the present step."""
        workspace = self._workspace
        form, state = workspace.bridge.form, workspace.bridge.state
        behind = previous_page(form, state.shown, workspace.page) is not None
        ahead = next_page(form, state.shown, workspace.page) is not None
        place: Place = "review" if workspace.on_review else "page" if ahead else "last"
        since, found = workspace.since.state, workspace.since.checklist
        self.act = next_act(place, since, found, ready=state.ready)
        words = workspace.services.texts.say(f"ui.act.{self.act}")
        workspace.bar.show_steps(has_back=behind or workspace.on_review, place=place, act=self.act, words=words)
        errors = sum(one.severity == "error" for one in state.problems)
        workspace.bar.show_todo(0 if workspace.on_review else errors)  # there the primary button does it
        workspace.top.show_state(errors, ready=state.ready)
        workspace.review_page.show_act(self.act, words)
        changed = since is None or since.state != "unchanged" or found is None or since.last != found.line
        workspace.review_page.show_checklist(found, changed=changed)

    def go(self) -> None:
        """Do what the primary button says."""
        workspace = self._workspace
        if self.act == "next":
            workspace.go_on()
        elif self.act == "go_on":
            workspace.finding.go_to_first_error()
        elif self.act in OUTSIDE:
            self.asked.emit(self.act)
        else:
            workspace.open_review()

    def enter_step(self, step: Step, *, done: bool) -> None:
        """Enter a step into the register; what cannot be entered is shown as it was."""
        workspace = self._workspace
        found = workspace.since.checklist
        if found is not None and not workspace.bridge.read_only:
            try:
                workspace.bridge.draft.package.register_reply(STEP, tick(found, step, done=done))
            except DgdeskError as error:
                workspace.bar.say_failed(workspace.services.texts.error(error))
        workspace.since.read()
        self.follow()
