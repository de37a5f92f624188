"""What a feature may use of its surroundings: the workspace of a draft, and the main controller."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QWidget

from dgdesk.draft.drafts import Draft
from dgdesk.survey.definition.form import Form
from dgdesk.system.settings import Settings, SettingsFile
from dgdesk.ui.form.bottom_bar import BottomBar
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.form.page_view import PageView
from dgdesk.ui.widgets.echo import Offer
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.services import Services


class PageHost(Protocol):
    """The workspace of an open draft, as its features see it."""

    @property
    def bridge(self) -> Bridge:
        """The bridge to the session."""

    @property
    def services(self) -> Services:
        """The services that every part of the window is given."""

    @property
    def page_view(self) -> PageView:
        """The page view."""

    @property
    def bar(self) -> BottomBar:
        """The bar below the page."""

    @property
    def page(self) -> str:
        """The id of the page shown."""

    def flush(self) -> bool:
        """Write all typed text. Return False if something could not be saved."""

    def go_to(self, address: str, slot: str = "") -> None:
        """Go to a field or an evidence slot."""

    def echo(self, words: str, offer: Offer | None = None) -> None:
        """Say for some seconds what has just been done; ``offer`` is a button beside it."""

    def save_copy(self) -> None:
        """Save a copy of the draft where the user chooses."""

    def window(self) -> QWidget:
        """Return the window of the workspace."""


class DraftHost(Protocol):
    """The main controller, as the features around it see it."""

    @property
    def window(self) -> QMainWindow:
        """The main window."""

    @property
    def services(self) -> Services:
        """The services that every part of the window is given."""

    @property
    def texts(self) -> Texts:
        """The texts in the present language."""

    @property
    def settings(self) -> SettingsFile:
        """The user's settings."""

    @property
    def draft(self) -> Draft | None:
        """The open draft."""

    @property
    def workspace(self) -> PageHost | None:
        """The workspace of the open draft."""

    def open(self, path: Path) -> bool:
        """Open a draft; if it can only be read, say why and offer that. Return whether another window has it open."""

    def open_to_read(self, path: Path) -> None:
        """Open a draft read-only, where it must not be changed in its folder."""

    def may_close(self) -> bool:
        """Save buffered text, and return whether the draft can be closed without loss."""

    def let_go(self, *, closed: bool = False) -> None:
        """Close the draft file."""

    def show_start(self) -> None:
        """Show the start page."""

    def show_blank(self) -> None:
        """Show an empty window while a draft is replaced."""

    def ask_name(self) -> bool:
        """Make sure that the user has entered a name; False if that was cancelled."""

    def export_draft(self, *, as_draft: bool = False) -> None:
        """Open the export wizard; ``as_draft``: a form that is not ready is meant to go out as a draft."""


class ControllerHost(DraftHost, Protocol):
    """The main controller, as its own dialogs and the appearance see it."""

    @property
    def form(self) -> Form:
        """The form of new drafts."""

    @property
    def actions(self) -> dict[str, QAction]:
        """The menu actions by name."""

    def apply(self, wanted: Settings) -> None:
        """Apply changed settings at once, whatever is open."""

    def print_signing_set(self) -> None:
        """Print what is signed on paper after an export."""

    def take_name(self, typed: str) -> bool:
        """Set the name that later changes are recorded with; False if it is not a valid name."""

    def speak(self, texts: Texts) -> None:
        """Use other texts, for example in another language."""

    def rebuild(self) -> None:
        """Build the window's content again, at the same place."""


@runtime_checkable
class TakesFocus(Protocol):
    """Content of the main window that knows where somebody goes on."""

    def enter(self) -> None:
        """Give the focus to the most likely next step."""


@runtime_checkable
class ShowsStrips(Protocol):
    """Content of the main window that can show a notice at its lower edge."""

    def show_notice(self, strip: QWidget) -> None:
        """Show a notice; what is shown stays in its place."""
