"""A draft that was exported, and what comes back of it: receipts of an office, scans of the signed sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtWidgets import QApplication

from dgdesk.bundle.export import ExportReport
from dgdesk.bundle.qr import SignOffCode
from dgdesk.bundle.receipt import issue_receipt
from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.draft.drafts import Draft, new_draft
from dgdesk.submission.export import export_draft
from dgdesk.ui.register.dialog import RegisterDialog
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.services import Services
from ui.hands import settle
from ui.modals import until
from ui.whole import broken_texts


@dataclass
class World:
    """The window on a draft for Nan, who signs there, the agency's office, and a stranger."""

    desk: MainController
    workspace: Workspace
    folder: Path
    signer: Identity
    office: Identity
    stranger: Identity

    @property
    def draft(self) -> Draft:
        """The draft that is open."""
        return self.workspace.bridge.draft

    def export(self, name: str = "น่าน.zip", draft: Draft | None = None) -> ExportReport:
        """Export a bundle, as the wizard does."""
        now = self.desk.services.clock()
        target = self.folder / name
        report = export_draft(
            draft or self.draft, target, identity=self.signer, reason="แก้ไข", claimed_time=now, as_draft=True
        )
        self.workspace.bridge.registered.emit()
        return report

    def receipt(self, report: ExportReport, by: Identity | None = None, name: str = "r.receipt.json") -> Path:
        """Write the receipt of an office for an exported bundle."""
        verdict = verify_bundle(report.path, trusted=[self.signer.certificate_pem])
        who, now = by or self.office, self.desk.services.clock()
        content = issue_receipt(verdict, who, office="สำนักงานพัฒนารัฐบาลดิจิทัล", file=report.path.name, now=now)
        (self.folder / name).write_bytes(content)
        return self.folder / name

    def certificate(self, of: Identity | None = None) -> Path:
        """Write an office's certificate."""
        path = self.folder / ("office.pem" if of is None else "other.pem")
        path.write_bytes((of or self.office).certificate_pem)
        return path

    def scan(self, digest: str, name: str = "ใบลงนาม.png", by: Identity | None = None, *, code: bool = True) -> Path:
        """Write a scan of a sheet, with its QR code or without."""
        sheet = Image.new("L", (827, 1169), 255)
        if code:
            text = SignOffCode("TH-55", "th-province-2568", digest, (by or self.signer).fingerprint).text()
            made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
            drawn = memoryview(zxingcpp.write_barcode_to_image(made, scale=6))
            sheet.paste(Image.frombytes("L", (drawn.shape[1], drawn.shape[0]), drawn.tobytes()), (80, 80))
        sheet.save(self.folder / name)
        return self.folder / name

    def register(self) -> RegisterDialog:
        """Open the register."""
        dialog = RegisterDialog(self.workspace.bridge, self.desk.services, self.desk.settings, self.desk.window)
        dialog.show()
        settle(QApplication.instance())
        return dialog

    def rest(self) -> None:
        """Wait until no work has the draft."""
        until(lambda: not self.workspace.bridge.jobs.busy)
        settle(QApplication.instance())

    def foreign(self) -> ExportReport:
        """Export another draft."""
        clock = self.desk.services.clock
        with new_draft(self.folder / "อื่น.dgdesk", clock=clock, who="x", respondent="TH-50") as other:
            return self.export("อื่น.zip", other)


@pytest.fixture
def world(desk: MainController, workspace: Workspace, services: Services, tmp_path: Path) -> Iterator[World]:
    """The province signs with the identity of this PC."""
    folder, start = tmp_path / "ไฟล์", services.clock() - timedelta(days=1)
    folder.mkdir()
    made = {
        name: create_identity(place, person=person, province=province, passphrase=None, now=start)
        for name, place, person, province in (
            ("signer", services.profile.identity, "สมศรี", "น่าน"),
            ("office", tmp_path / "office", "เจ้าหน้าที่", "สพร."),
            ("stranger", tmp_path / "stranger", "ใครก็ได้", "สพร."),
        )
    }
    yield World(desk, workspace, folder, **made)


@pytest.fixture
def register(world: World) -> Iterator[Callable[[], RegisterDialog]]:
    """Opens the register; its texts are whole at the end."""
    opened: list[RegisterDialog] = []

    def open_it() -> RegisterDialog:
        opened.append(world.register())
        return opened[-1]

    yield open_it
    for dialog in opened:
        settle(QApplication.instance())
        assert list(broken_texts(dialog)) == []
        dialog.close()
        dialog.deleteLater()
    settle(QApplication.instance())
