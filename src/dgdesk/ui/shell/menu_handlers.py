"""What each menu entry does: with the window, or with the draft that is open in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from PySide6.QtWidgets import QWhatsThis

from dgdesk.ui.backups.controller import BackupController
from dgdesk.ui.editions.actions import EditionActions
from dgdesk.ui.form.host import DraftHost
from dgdesk.ui.shell.appearance import Appearance
from dgdesk.ui.shell.dialogs import DialogActions
from dgdesk.ui.shell.menus import MenuHandlers
from dgdesk.ui.shell.opening import DraftOpener
from dgdesk.ui.shell.panel_help import explain_here
from dgdesk.ui.shell.paper import PaperActions
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.support.controller import SupportController


class Host(DraftHost, Protocol):
    """The main controller, as its menus see it."""

    workspace: Workspace | None
    opening: DraftOpener
    dialogs: DialogActions
    paper: PaperActions
    editions: EditionActions
    appearance: Appearance
    office: SupportController
    backups: BackupController

    def close_draft(self) -> None:
        """Close the draft and show the start page."""


ON_DRAFT: Final[Mapping[str, Callable[[Workspace], object]]] = {
    "folder_in": lambda workspace: workspace.maintenance.attach_folder(),
    "folder_out": lambda workspace: workspace.maintenance.save_folders(),
    "copy": lambda workspace: workspace.maintenance.save_copy(),
    "compact": lambda workspace: workspace.maintenance.compact(),
    "damaged": lambda workspace: workspace.maintenance.show_damage(),
    "undo": Workspace.undo,
    "redo": Workspace.redo,
    "find": lambda workspace: workspace.top.finder.begin(),
    "next_problem": lambda workspace: workspace.finding.go_to_problem(),
    "previous_problem": lambda workspace: workspace.finding.go_to_problem(back=True),
    "review": Workspace.open_review,
    "overview": lambda workspace: workspace.overview.show(),
    "next_missing": lambda workspace: workspace.overview.go_to_missing(),
    "previous_missing": lambda workspace: workspace.overview.go_to_missing(back=True),
    "library": lambda workspace: workspace.finding.library(),
    "clear_answer": lambda workspace: workspace.finding.clear(),
    "flag": Workspace.toggle_flag,
    "answer_no": Workspace.answer_no,
    "card_menu": lambda workspace: workspace.finding.card_menu(),
    "history": lambda workspace: workspace.finding.history(),
    "changes": lambda workspace: workspace.finding.changes(),
    "history_here": lambda workspace: workspace.finding.history_here(),
    "previous_page": Workspace.go_back,
    "next_page": Workspace.go_on,
    "side": Workspace.toggle_side,
}
"""Entries that work on the open draft; without one they do nothing."""


def menu_handlers(host: Host) -> MenuHandlers:
    """Return what each entry does, by its name."""
    return {**_of_window(host), **{name: _on_draft(host, act) for name, act in ON_DRAFT.items()}}


def _of_window(host: Host) -> MenuHandlers:
    """Return what the entries do that need no open draft, or have words of their own without one."""
    dialogs, appearance = host.dialogs, host.appearance
    return {
        "start": host.opening.begin_another,
        "open": host.opening.choose_draft,
        "export": lambda: host.office.export(),
        "register": dialogs.show_register,
        "outbox": dialogs.show_outbox,
        "check": lambda: dialogs.check_bundle(),
        "receive": dialogs.receive,
        "identities": dialogs.show_identities,
        "editions": host.editions.show,
        "print": host.paper.print_survey,
        "restore": host.backups.restore_open,
        "close": host.close_draft,
        "quit": host.window.close,
        "indicators": dialogs.show_indicators,
        "larger": lambda: appearance.change_text_size(1),
        "smaller": lambda: appearance.change_text_size(-1),
        "normal": lambda: appearance.change_text_size(0),
        "language": appearance.change_language,
        "settings": dialogs.show_settings,
        "help": dialogs.show_help,
        "office": host.office.check,
        "support": host.office.save_support,
        "shortcuts": dialogs.show_shortcuts,
        "what": lambda: explain_here(host.window, host.texts),
        "point": QWhatsThis.enterWhatsThisMode,
    }


def _on_draft(host: Host, act: Callable[[Workspace], object]) -> Callable[[], None]:
    def do() -> None:
        if host.workspace is not None:
            act(host.workspace)

    return do
