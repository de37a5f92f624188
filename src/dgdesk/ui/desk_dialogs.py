"""Window, desk dialogs: what the menus open over the window. Heavy ones are imported when they are asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog

from dgdesk.drafts import PROVINCE, SUFFIX

if TYPE_CHECKING:
    from dgdesk.ui.desk import Desk
    from dgdesk.ui.receiving.inbox import Inbox


class DeskDialogs:
    """The dialogs of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._inbox: Inbox | None = None

    def choose_new_place(self, province: str) -> Path | None:
        """Let the person say where a new draft is to lie; None if they leave it."""
        texts = self._desk.texts
        name, _ = QFileDialog.getSaveFileName(
            self._desk.window,
            texts.say("ui.choose_new_place"),
            str(Path.home() / f"{province}{SUFFIX}"),
            texts.say("ui.draft_files"),
        )
        return Path(name if name.endswith(SUFFIX) else name + SUFFIX) if name else None

    def choose_draft(self) -> Path | None:
        """Let the person choose a draft; None if they leave it."""
        texts = self._desk.texts
        name, _ = QFileDialog.getOpenFileName(
            self._desk.window, texts.say("ui.choose_draft"), "", texts.say("ui.draft_files")
        )
        return Path(name) if name else None

    def export(self) -> None:
        """Export the draft as a signed bundle."""
        # the signing libraries take a third of a second to import: not before somebody signs
        from dgdesk.ui.exporting.choices import Remembered
        from dgdesk.ui.exporting.wizard import ExportWizard

        desk, now = self._desk, self._desk.settings.now
        workspace = desk.workspace
        if workspace is None or not workspace.flush():
            return
        remembered = Remembered(now.export_folder, now.export_keys)
        wizard = ExportWizard(workspace.bridge, desk.services, remembered, desk.window)
        wizard.wanted.connect(desk.window.activateWindow)  # not every window system hands the focus back by itself
        wizard.wanted.connect(workspace.go_to)
        _show(wizard)
        chosen = wizard.remembered
        desk.settings.change(replace(desk.settings.now, export_folder=chosen.folder, export_keys=chosen.recipients))
        workspace.bridge.registered.emit()

    def print_survey(self) -> None:
        """Print the draft, or save it as a PDF."""
        # brings ReportLab and the words by which lines are broken
        from dgdesk.ui.printing.dialog import PrintDialog

        desk = self._desk
        if desk.workspace is not None and desk.draft is not None and desk.workspace.flush():
            _show(PrintDialog(desk.draft, desk.services, desk.window))

    def show_indicators(self) -> None:
        """Show the form's table of indicators."""
        from dgdesk.ui.indicator_table import IndicatorDialog

        desk = self._desk
        form = desk.draft.session.form if desk.draft is not None else desk.form
        _show(IndicatorDialog(form.definition.indicators, desk.texts, desk.window))

    def show_register(self) -> None:
        """Show what was exported and what came back of it."""
        # brings the signing libraries
        from dgdesk.ui.register.dialog import RegisterDialog

        desk = self._desk
        if desk.workspace is not None and desk.workspace.flush():
            _show(RegisterDialog(desk.workspace.bridge, desk.services, desk.settings, desk.window))

    def check_bundle(self) -> None:
        """Check a bundle that somebody sent."""
        # brings the signing libraries
        from dgdesk.ui.check_dialog import CheckDialog

        desk = self._desk
        provinces = {option.id: option.label for option in desk.form.node(PROVINCE).field.options}
        _show(CheckDialog(provinces, desk.texts, desk.window, desk.services.clock))

    def receive(self) -> None:
        """Check many bundles, and make something of them, as the agency does that gets them."""
        # brings the signing libraries
        from dgdesk.ui.receiving.inbox import Inbox
        from dgdesk.ui.receiving.trust import remembered
        from dgdesk.ui.receiving.window import ReceivingWindow

        desk = self._desk
        # closing the window loses nothing that took long to check
        self._inbox = self._inbox or Inbox(remembered(desk.services.profile.trusted))
        provinces = {option.id: option.label for option in desk.form.node(PROVINCE).field.options}
        _show(ReceivingWindow(provinces, desk.services, desk.window, self._inbox))

    def show_identities(self) -> None:
        """Show who can sign on this PC."""
        # brings the signing libraries
        from dgdesk.ui.identities.dialog import IdentitiesDialog

        desk = self._desk
        provinces = [option.label for option in desk.form.node(PROVINCE).field.options]
        _show(IdentitiesDialog(desk.services, provinces, desk.window))

    def show_settings(self) -> None:
        """Let the person change the settings."""
        from dgdesk.ui.settings_dialog import SettingsDialog

        desk = self._desk
        dialog = SettingsDialog(replace(desk.settings.now, who=desk.services.who), desk.texts, desk.window)
        if dialog.exec():
            desk.apply(dialog.wanted())
        dialog.deleteLater()

    def show_help(self) -> None:
        """Open the guide beside the window."""
        from dgdesk.ui.help_window import HelpWindow

        for old in self._desk.window.findChildren(HelpWindow):
            old.close()
        HelpWindow(self._desk.texts, self._desk.window).show()

    def show_shortcuts(self) -> None:
        """Show the keys."""
        from dgdesk.ui.help_window import ShortcutsDialog

        desk = self._desk
        _show(ShortcutsDialog(list(desk.actions.values()), desk.texts, desk.window))

    def ask_name(self) -> bool:
        """Make sure that the person at work has a name; False if they would rather not go on."""
        desk = self._desk
        if desk.services.who:
            return True
        from dgdesk.ui.settings_dialog import NameDialog

        dialog = NameDialog(desk.texts, desk.window)
        dialog.exec()
        dialog.deleteLater()
        return desk.take_name(dialog.box.text()) if dialog.result() else False

    def ask_name_beside(self) -> None:
        """Ask for the name when a draft was opened from outside; until it is given, the system's name stands."""
        from dgdesk.ui.settings_dialog import NameDialog

        desk = self._desk
        if not desk.services.who and desk.workspace is not None:
            dialog = NameDialog(desk.texts, desk.window)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.accepted.connect(lambda: desk.take_name(dialog.box.text()))
            dialog.open()


def _show(dialog: QDialog) -> None:
    dialog.exec()
    dialog.deleteLater()
