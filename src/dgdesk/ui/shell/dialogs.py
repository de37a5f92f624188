"""The dialogs that the menus open. Heavy ones are imported when they are needed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog

from dgdesk.draft.drafts import PROVINCE, SUFFIX
from dgdesk.ui.form.host import ControllerHost

if TYPE_CHECKING:
    from dgdesk.ui.agency.entries import Inbox


class DialogActions:
    """The dialogs of one window."""

    def __init__(self, host: ControllerHost) -> None:
        self._host = host
        self._inbox: Inbox | None = None

    def choose_new_place(self, province: str) -> Path | None:
        """Let the person say where a new draft is to lie; None if they leave it."""
        texts = self._host.texts
        name, _ = QFileDialog.getSaveFileName(
            self._host.window,
            texts.say("ui.choose_new_place"),
            str(Path.home() / f"{province}{SUFFIX}"),
            texts.say("ui.draft_files"),
        )
        return Path(name if name.endswith(SUFFIX) else name + SUFFIX) if name else None

    def choose_draft(self) -> Path | None:
        """Let the person choose a draft; None if they leave it."""
        texts = self._host.texts
        name, _ = QFileDialog.getOpenFileName(
            self._host.window, texts.say("ui.choose_draft"), "", texts.say("ui.draft_files")
        )
        return Path(name) if name else None

    def export(self) -> None:
        """Export the draft as a signed bundle."""
        # the signing libraries take a third of a second to import: not before somebody signs
        from dgdesk.ui.export.choices import Remembered
        from dgdesk.ui.export.wizard import ExportWizard

        host, now = self._host, self._host.settings.now
        workspace = host.workspace
        if workspace is None or not workspace.flush():
            return
        remembered = Remembered(now.export_folder, now.export_keys)
        wizard = ExportWizard(workspace.bridge, host.services, remembered, host.window)
        wizard.wanted.connect(host.window.activateWindow)  # not every window system hands the focus back by itself
        wizard.wanted.connect(workspace.go_to)
        _show(wizard)
        chosen = wizard.remembered
        host.settings.change(replace(host.settings.now, export_folder=chosen.folder, export_keys=chosen.recipients))
        workspace.bridge.registered.emit()

    def print_survey(self) -> None:
        """Print the draft, or save it as a PDF."""
        # brings ReportLab and the words by which lines are broken
        from dgdesk.ui.printing.dialog import PrintDialog

        host = self._host
        if host.workspace is not None and host.draft is not None and host.workspace.flush():
            _show(PrintDialog(host.draft, host.services, host.window))

    def show_indicators(self) -> None:
        """Show the form's table of indicators."""
        from dgdesk.ui.shell.indicator_table import IndicatorDialog

        host = self._host
        form = host.draft.session.form if host.draft is not None else host.form
        _show(IndicatorDialog(form.definition.indicators, host.texts, host.window))

    def show_register(self) -> None:
        """Show what was exported and what came back of it."""
        # brings the signing libraries
        from dgdesk.ui.register.dialog import RegisterDialog

        host = self._host
        if host.workspace is not None and host.workspace.flush():
            _show(RegisterDialog(host.workspace.bridge, host.services, host.settings, host.window))

    def check_bundle(self) -> None:
        """Check a bundle that somebody sent."""
        # brings the signing libraries
        from dgdesk.ui.shell.bundle_dialog import CheckDialog

        host = self._host
        provinces = {option.id: option.label for option in host.form.node(PROVINCE).field.options}
        _show(CheckDialog(provinces, host.texts, host.window, host.services.clock))

    def receive(self) -> None:
        """Check many bundles, and make something of them, as the agency does that gets them."""
        # brings the signing libraries
        from dgdesk.ui.agency.entries import Inbox
        from dgdesk.ui.agency.trust import remembered
        from dgdesk.ui.agency.window import AgencyWindow

        host = self._host
        # closing the window loses nothing that took long to check
        self._inbox = self._inbox or Inbox(remembered(host.services.profile.trusted))
        provinces = {option.id: option.label for option in host.form.node(PROVINCE).field.options}
        _show(AgencyWindow(provinces, host.services, host.window, self._inbox))

    def show_identities(self) -> None:
        """Show who can sign on this PC."""
        # brings the signing libraries
        from dgdesk.ui.identities.dialog import IdentitiesDialog

        host = self._host
        provinces = [option.label for option in host.form.node(PROVINCE).field.options]
        _show(IdentitiesDialog(host.services, provinces, host.window))

    def show_settings(self) -> None:
        """Let the person change the settings."""
        from dgdesk.ui.shell.settings_dialog import SettingsDialog

        host = self._host
        dialog = SettingsDialog(replace(host.settings.now, who=host.services.who), host.texts, host.window)
        if dialog.exec():
            host.apply(dialog.wanted())
        dialog.deleteLater()

    def show_help(self) -> None:
        """Open the guide beside the window."""
        from dgdesk.ui.shell.help_window import HelpWindow

        for old in self._host.window.findChildren(HelpWindow):
            old.close()
        HelpWindow(self._host.texts, self._host.window).show()

    def show_shortcuts(self) -> None:
        """Show the keys."""
        from dgdesk.ui.shell.help_window import ShortcutsDialog

        host = self._host
        _show(ShortcutsDialog(list(host.actions.values()), host.texts, host.window))

    def ask_name(self) -> bool:
        """Make sure that the person at work has a name; False if they would rather not go on."""
        host = self._host
        if host.services.who:
            return True
        from dgdesk.ui.shell.settings_dialog import NameDialog

        dialog = NameDialog(host.texts, host.window)
        dialog.exec()
        dialog.deleteLater()
        return host.take_name(dialog.box.text()) if dialog.result() else False

    def ask_name_beside(self) -> None:
        """Ask for the name when a draft was opened from outside; until it is given, the system's name stands."""
        from dgdesk.ui.shell.settings_dialog import NameDialog

        host = self._host
        if not host.services.who and host.workspace is not None:
            dialog = NameDialog(host.texts, host.window)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.accepted.connect(lambda: host.take_name(dialog.box.text()))
            dialog.open()


def _show(dialog: QDialog) -> None:
    dialog.exec()
    dialog.deleteLater()
