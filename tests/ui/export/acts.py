"""What a person does in the wizard."""

from __future__ import annotations

from pathlib import Path

from dgdesk.ui.export.wizard import ExportWizard
from ui.hands import click, type_text
from ui.modals import until

PASSPHRASE = "น้ำใจ abc"


def give_reason(wizard: ExportWizard, words: str = "แก้ไขตัวเลข") -> None:
    """Say why the survey is corrected, if it was exported before."""
    page = wizard.ready_page
    if page.corrects and not page.correction.words:
        type_text(page.correction.reason, words)


def sign_with(wizard: ExportWizard, passphrase: str = PASSPHRASE) -> None:
    """From the first page: go on and type the passphrase; the page asks for the place too."""
    give_reason(wizard)
    click(wizard.next)
    type_text(wizard.signer_page.picker.passphrase, passphrase)


def sign_without(wizard: ExportWizard) -> None:
    """From the first page: a new signer without a passphrase."""
    give_reason(wizard)
    click(wizard.next)
    click(wizard.signer_page.picker.new.without)
    click(wizard.next)


def export_to(wizard: ExportWizard, path: Path) -> None:
    """From the page that asks where to: export, and wait until it has ended."""
    assert wizard.stage in ("place", "signer"), wizard.fault.plain_text()
    wizard.place_page.path.setText(str(path))
    click(wizard.next)
    until(lambda: not wizard.busy)
