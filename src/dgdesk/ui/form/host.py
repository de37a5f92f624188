"""What the parts of the window may ask of what surrounds them: the workspace of a draft, and the main controller."""

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
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.services import Services


class PageHost(Protocol):
    """The workspace of an open draft, as the features in it see it."""

    @property
    def bridge(self) -> Bridge:
        """The bridge to the session."""

    @property
    def services(self) -> Services:
        """What every part of the window is given."""

    @property
    def page_view(self) -> PageView:
        """The page that is shown."""

    @property
    def bar(self) -> BottomBar:
        """The bar below the page."""

    @property
    def page(self) -> str:
        """The id of the page that is shown."""

    def flush(self) -> bool:
        """Write everything typed. False: something could not be saved."""

    def go_to(self, address: str, slot: str = "") -> None:
        """Lead the person to a field or an evidence slot."""

    def window(self) -> QWidget:
        """The window that the workspace lies in."""


class DraftHost(Protocol):
    """The main controller, as the features around it see it."""

    @property
    def window(self) -> QMainWindow:
        """The main window."""

    @property
    def services(self) -> Services:
        """What every part of the window is given."""

    @property
    def texts(self) -> Texts:
        """The texts, in the language of now."""

    @property
    def settings(self) -> SettingsFile:
        """The person's settings."""

    @property
    def draft(self) -> Draft | None:
        """The draft that is open."""

    @property
    def workspace(self) -> PageHost | None:
        """The workspace of the draft that is open."""

    def open(self, path: Path) -> None:
        """Open a draft; where it may only be read, say why and offer that."""

    def open_to_read(self, path: Path) -> None:
        """Open a draft that is not to be changed where it lies."""

    def may_close(self) -> bool:
        """Whether nothing is lost by closing what is open; saves what waits."""

    def let_go(self, *, closed: bool = False) -> None:
        """Close the draft's file."""

    def show_start(self) -> None:
        """Show the start page."""

    def show_blank(self) -> None:
        """Show an empty window, while a draft is being replaced."""

    def ask_name(self) -> bool:
        """Make sure that the person at work has a name; False if they would rather not go on."""

    def export_draft(self) -> None:
        """Open the export wizard."""


class ControllerHost(DraftHost, Protocol):
    """The main controller, as its own dialogs and the appearance see it."""

    @property
    def form(self) -> Form:
        """The form of new drafts."""

    @property
    def actions(self) -> dict[str, QAction]:
        """The actions of the menus, by name."""

    def apply(self, wanted: Settings) -> None:
        """Apply other settings: they show at once, whatever is open."""

    def take_name(self, typed: str) -> bool:
        """Take the name of the person at work, for every later change; False if it is none."""

    def speak(self, texts: Texts) -> None:
        """Use other texts, as in another language."""

    def rebuild(self) -> None:
        """Build the window's content again, at the same place."""


@runtime_checkable
class ShowsStrips(Protocol):
    """Content of the main window above which a strip can be shown."""

    def show_above(self, strip: QWidget) -> None:
        """Show a strip above everything."""
