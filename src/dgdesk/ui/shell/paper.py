"""What the window prints on paper: the survey, and the signing set, with the step that it needs first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from dgdesk.errors import DgdeskError
from dgdesk.text.shown import plain_name
from dgdesk.ui.form.host import DraftHost
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.dialogs import ask

if TYPE_CHECKING:
    from dgdesk.ui.printing.dialog import MissingStep, PrintDialog


class Host(DraftHost, Protocol):
    """The main controller, as what prints sees it."""

    workspace: Workspace | None

    def help_on(self, act: str) -> None:
        """Perform a step of the journey that needs a dialog."""


class PaperActions:
    """Opens the dialogs that print; the printing code is imported when the first of them is opened."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def print_survey(self) -> None:
        """Print the draft, or save it as a PDF."""
        # imports fontTools, HarfBuzz and the dictionary for line breaks
        from dgdesk.ui.printing.dialog import PrintDialog

        host = self._host
        if host.workspace is not None and host.draft is not None and host.workspace.flush():
            self._show(PrintDialog(host.draft, host.services, host.window, bridge=host.workspace.bridge))

    def print_signing_set(self) -> None:
        """Print what is signed on paper; first ask who signs, unless that is known.

        What was changed since its export, or was never exported, is not printed: a message offers the missing step.
        """
        from dgdesk.submission.signing_step import require_exported
        from dgdesk.ui.printing.dialog import PrintDialog
        from dgdesk.ui.printing.signing_dialog import ask_signatories

        host = self._host
        workspace, draft = host.workspace, host.draft
        if workspace is None or draft is None or not workspace.flush():
            return
        workspace.bridge.jobs.wait()
        try:
            require_exported(draft)
        except DgdeskError as error:
            self._offer_step(error)
            return
        known = draft.session.state.facts.signing or draft.package.read_only
        if not (known or ask_signatories(workspace.bridge, host.texts, host.window)):
            return
        dialog = PrintDialog(draft, host.services, host.window, variant="signing", bridge=workspace.bridge)
        self._show(dialog)

    def _show(self, dialog: PrintDialog) -> None:
        """Show a print dialog; tick the step that is done, and begin the one that was asked for."""
        dialog.exec()
        workspace = self._host.workspace
        if dialog.set_on_paper and workspace is not None:
            workspace.journey.enter_step("print", done=True)
        wanted = dialog.wanted
        dialog.deleteLater()
        self._begin(wanted)

    def _offer_step(self, error: DgdeskError) -> None:
        """Say why there is no signing set; offer the missing step, and the sheet of an earlier export."""
        from dgdesk.ui.printing.dialog import missing_step

        host, workspace = self._host, self._host.workspace
        found = workspace.since.checklist if workspace is not None else None
        step = missing_step(error.code)
        offers = [*([] if step is None else [step]), *([] if found is None else ["sheet_only"])]
        words = [host.texts.say(f"ui.signing.{one}") for one in offers]
        buttons = (*words, host.texts.say("ui.cancel"))
        chosen = ask(host.texts, host.texts.error(error), buttons, host.window, "warning")
        if chosen >= len(offers):
            return
        if offers[chosen] == "sheet_only" and found is not None:
            self._print_sheet(found.file)
        else:
            self._begin(step)

    def _begin(self, step: MissingStep | None) -> None:
        workspace = self._host.workspace
        if step == "export_now":
            self._host.help_on("export")
        elif step == "go_on" and workspace is not None:
            workspace.open_review()

    def _print_sheet(self, file: str) -> None:
        """Print the sheet of an exported file; if it is no longer beside the bundle, a message says so."""
        from dgdesk.submission.names import signoff_path
        from dgdesk.ui.export.done_page import print_sheet

        host, workspace = self._host, self._host.workspace
        if workspace is None:
            return
        bundle = Path(host.settings.now.export_folder or workspace.bridge.draft.path.parent, plain_name(file))
        if print_sheet(signoff_path(bundle), host.texts, host.window):
            workspace.journey.enter_step("print", done=True)
