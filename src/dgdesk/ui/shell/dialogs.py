"""Opens the dialogs of the menus. Dialogs with slow imports are imported when they are opened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog

from dgdesk.draft.drafts import SUFFIX
from dgdesk.text.shown import plain_name
from dgdesk.ui.form.host import ControllerHost
from dgdesk.ui.outbox.watcher import OutboxWatcher
from dgdesk.ui.widgets.dialogs import ask
from dgdesk.ui.widgets.file_dialogs import choose_file
from dgdesk.ui.widgets.saving import choose_target

if TYPE_CHECKING:
    from dgdesk.ui.agency.reception import Reception


class Host(ControllerHost, Protocol):
    """The main controller, with the outbox of this person."""

    outbox: OutboxWatcher


class DialogActions:
    """Opens dialogs over the main window."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._reception: Reception | None = None

    def choose_new_place(self, respondent: str) -> Path | None:
        """Ask for the file of a new draft; None if the user cancels."""
        texts = self._host.texts
        chosen = choose_target(
            texts,
            self._host.window,
            "draft",
            texts.say("ui.choose_new_place"),
            f"{respondent}{SUFFIX}",
            texts.say("ui.draft_files"),
            "draft",
            new=True,
        )
        return None if chosen is None else chosen.path

    def choose_draft(self) -> Path | None:
        """Ask for a draft to open; None if the user cancels."""
        texts = self._host.texts
        return choose_file(self._host.window, "draft", texts.say("ui.choose_draft"), texts.say("ui.draft_files"))

    def export(self, *, as_draft: bool = False) -> None:
        """Export the draft as a signed bundle; ``as_draft``: a form that is not ready goes out as a draft."""
        # the signing libraries take a third of a second to import
        from dgdesk.ui.export.choices import Remembered
        from dgdesk.ui.export.wizard import ExportWizard

        host, now = self._host, self._host.settings.now
        workspace = host.workspace
        if workspace is None or not workspace.flush():
            return
        remembered = Remembered(now.export_folder, now.export_keys)
        wizard = ExportWizard(workspace.bridge, host.services, remembered, host.window)
        wizard.wanted.connect(host.window.activateWindow)  # not every window system gives the focus back
        wizard.wanted.connect(workspace.go_to)
        wizard.ready_page.as_draft.setChecked(as_draft)
        led: list[str] = []
        wizard.register_wanted.connect(lambda: led.append("register"))
        wizard.signing_wanted.connect(lambda: led.append("signing"))
        wizard.send_wanted.connect(lambda digest, name: led.extend(("send", digest, name)))
        _show(wizard)
        chosen = wizard.remembered
        host.settings.change(replace(host.settings.now, export_folder=chosen.folder, export_keys=chosen.recipients))
        workspace.bridge.registered.emit()
        if "register" in led:
            self.show_register()
        elif "signing" in led:
            host.print_signing_set()
        elif "send" in led:
            self.send(*led[-2:])

    def show_indicators(self) -> None:
        """Show the form's table of indicators."""
        from dgdesk.ui.shell.indicator_table import IndicatorDialog

        host = self._host
        form = host.draft.session.form if host.draft is not None else host.form
        _show(IndicatorDialog(form.definition.indicators, host.texts, host.window))

    def show_register(self) -> None:
        """Show the register of exports, receipts and scans."""
        # imports the signing libraries
        from dgdesk.ui.register.dialog import RegisterDialog

        host = self._host
        if host.workspace is not None and host.workspace.flush():
            dialog = RegisterDialog(host.workspace.bridge, host.services, host.settings, host.window)
            dialog.wanted.connect(host.window.activateWindow)
            dialog.wanted.connect(host.workspace.go_to)
            _show(dialog)

    def show_outbox(self) -> None:
        """Show what waits to be sent, was sent, accepted or returned."""
        # imports pydantic and the signing libraries
        from dgdesk.ui.outbox.dialog import OutboxDialog

        host = self._host
        _show(OutboxDialog(host.outbox, host.services, host.window))

    def send(self, digest: str, name: str) -> None:
        """Send an export to the office by the network, if its address is known; else say how to send the file."""
        outbox, texts = self._host.outbox, self._host.texts
        bundle = outbox.export_of(digest)
        if bundle is None:
            known = outbox.has_agency()
            words = texts.say("ui.outbox.by_file", name=plain_name(name)) if known else texts.say("outbox.no_agency")
            buttons = (texts.say("ui.outbox.register"), texts.say("ui.close"))
            if ask(texts, words, buttons, self._host.window, "information", default=1) == 0:
                self.show_register()
            return
        outbox.add(bundle)
        self.show_outbox()

    def check_bundle(self, bundle: Path | None = None) -> None:
        """Verify one bundle, which the user chooses unless it is given."""
        # imports the signing libraries
        from dgdesk.ui.shell.bundle_dialog import CheckDialog

        host = self._host
        dialog = CheckDialog(host.texts, host.window, host.services.clock)
        if bundle is not None:
            dialog.bundle.setText(str(bundle))
            QTimer.singleShot(0, dialog, dialog.check)
        _show(dialog)

    def receive(self) -> None:
        """Open the agency's window, which verifies, decrypts and collates bundles."""
        # imports the signing libraries and the database's
        from dgdesk.ui.agency.reception import own_reception
        from dgdesk.ui.agency.window import AgencyWindow

        host = self._host
        if self._reception is None:
            self._reception = own_reception(host.services.profile, host.texts.catalogue, host.services.clock)
        self._reception.catalogue = host.texts.catalogue  # the language may be another one by now
        self._reception.was_read = False  # others may have worked with the ledger
        _show(AgencyWindow(host.services, host.window, self._reception))

    def show_identities(self) -> None:
        """Show the identities on this PC."""
        # imports the signing libraries
        from dgdesk.ui.identities.dialog import IdentitiesDialog

        host = self._host
        form = host.draft.session.form if host.draft is not None else host.form
        _show(IdentitiesDialog(host.services, tuple(form.respondents.values()), host.window))

    def show_settings(self) -> None:
        """Show the settings."""
        from dgdesk.ui.shell.settings_dialog import SettingsDialog

        host = self._host
        dialog = SettingsDialog(replace(host.settings.now, who=host.services.who), host.texts, host.window)
        if dialog.exec():
            host.apply(dialog.wanted())
        dialog.deleteLater()

    def show_help(self) -> None:
        """Open the guide in its own window."""
        from dgdesk.ui.shell.help_window import HelpWindow

        for old in self._host.window.findChildren(HelpWindow):
            old.close()
        HelpWindow(self._host.texts, self._host.window).show()

    def show_shortcuts(self) -> None:
        """Show the keyboard shortcuts."""
        from dgdesk.ui.shell.help_window import ShortcutsDialog

        host = self._host
        _show(ShortcutsDialog(list(host.actions.values()), host.texts, host.window))

    def ask_name(self) -> bool:
        """Ask for the user's name if it is unknown; False if the user cancels."""
        host = self._host
        if host.services.who:
            return True
        from dgdesk.ui.shell.settings_dialog import NameDialog

        dialog = NameDialog(host.texts, host.window)
        dialog.exec()
        dialog.deleteLater()
        return host.take_name(dialog.box.text()) if dialog.result() else False

    def ask_name_later(self) -> None:
        """Ask for the name without blocking, after the system opened a draft; until then the login name is used."""
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
