"""What is asked while an identity is imported: which of several signers, and where the CA's own certificates are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from dgdesk.bundle.signing.enrolment import groups
from dgdesk.bundle.signing.selection import SignerChoice
from dgdesk.text.dates import day_text
from dgdesk.ui.widgets.dialogs import MessageDialog
from dgdesk.ui.widgets.file_dialogs import choose_files
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.report_dialog import ReportDialog
from dgdesk.ui.widgets.services import Services


def signers_dialog(services: Services, choices: Sequence[SignerChoice], parent: QWidget | None) -> ReportDialog:
    """Return the dialog that lists the signers in a file; its first button takes the selected one."""
    texts, say = services.texts, services.texts.say
    rows = [
        (
            one.name,
            say("ui.identities.made_by", issuer=one.issuer),
            say("ui.identities.until", last=day_text(one.last, texts.catalogue.language)),
            say("ui.identities.fingerprint_said", groups=groups(one.fingerprint)),
        )
        for one in choices
    ]
    buttons = (say("ui.identities.choose_this"), say("ui.cancel"))
    title, said = say("ui.identities.several_title"), say("ui.identities.several")
    what = "ui.what.identities_several"
    return ReportDialog(services, title, said, rows, buttons, what, parent, per_row=1, mark="")


def ask_which(services: Services, choices: Sequence[SignerChoice], parent: QWidget) -> str:
    """Let the person choose one of several signers in a file; return its fingerprint, empty if none was chosen."""
    dialog = signers_dialog(services, choices, parent)
    dialog.exec()
    pressed, row = dialog.chosen, dialog.row
    dialog.deleteLater()
    return choices[row].fingerprint if pressed == 0 and 0 <= row < len(choices) else ""


def above_dialog(texts: Texts, issuer: str, parent: QWidget | None) -> MessageDialog:
    """Return the dialog that says that the certificate of ``issuer`` is missing: go on, add files, or cancel."""
    codes = ("ui.identities.import_as_is", "ui.identities.add_above", "ui.cancel")
    message = texts.say("ui.identities.above_missing", issuer=issuer)
    return MessageDialog(texts, message, tuple(map(texts.say, codes)), "question", parent)


def ask_above(services: Services, issuer: str, parent: QWidget) -> tuple[Path, ...] | None:
    """Say that the certificate of ``issuer`` is missing; return the CA's files that the person chose to be read too.

    None of them: it is imported as it is. None: it is not imported.
    """
    say, dialog = services.texts.say, above_dialog(services.texts, issuer, parent)
    dialog.exec()
    pressed = dialog.chosen
    dialog.deleteLater()
    if pressed != 1:
        return () if pressed == 0 else None
    return (
        choose_files(parent, "certificate", say("ui.identities.above_title"), say("ui.identities.above_files")) or None
    )
