"""A child process that does a province's whole work in the window, watched: network, places written to, what is logged.

    python watched_child.py FOLDER

Everything that any library logs, at any level, goes to stderr. An attempt at the network ends the step with an error
and is told. The last line on stdout is JSON: the attempts, and the folders of all files opened for writing.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

SECRET = "ความลับ๗๓๑๙"
"""Stands in answers, notes, names of files, passages: wherever a person may type."""
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=timezone(timedelta(hours=7)))
ROOT = Path(sys.argv[1])
WORK = ROOT / "งาน"
NETWORK = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "poplib.", "imaplib.")
attempts: list[str] = []
written: set[str] = set()


def watch(event: str, given: tuple[object, ...]) -> None:
    """Python's own record of what it is about to do."""
    # pyHanko runs asyncio, which makes itself a pair of sockets without any address: that is no attempt.
    if event.startswith(NETWORK) and event != "socket.__new__":
        attempts.append(f"{event} {given!r}"[:200])
        raise PermissionError("no network here")
    if event == "open" and isinstance(given[0], str | bytes | os.PathLike):
        mode, flags = given[1], given[2]
        changes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if changes or (isinstance(mode, str) and set(mode) & set("wax+")):
            written.add(str(Path(os.fsdecode(given[0])).absolute()))
    if event == "sqlite3.connect" and isinstance(given[0], str):
        written.add(given[0].removeprefix("file://").partition("?")[0])


sys.addaudithook(watch)
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)

from PySide6.QtGui import QColor, QDesktopServices, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QDialog

from dgdesk.bundle.encryption.age_keys import make_key
from dgdesk.bundle.extract import extract_bundle
from dgdesk.bundle.signing.identity import create_identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.draft.drafts import new_draft
from dgdesk.folders.export_folder import export_folder
from dgdesk.submission.encrypted import export_encrypted
from dgdesk.submission.export import export_draft
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.system.profile import Profile
from dgdesk.system.settings import FILE, Settings, SettingsFile
from dgdesk.ui.evidence.slot import EvidenceSlot
from dgdesk.ui.evidence.viewers import open_viewer
from dgdesk.ui.printing.dialog import PrintDialog
from dgdesk.ui.shell.app import furnish, make_app, make_services
from dgdesk.ui.shell.main_window import MainWindow
from dgdesk.ui.widgets.app_theme import apply_theme
from evidence.pages.pdfs import thai_pdf
from ui.filling import fill_all

SLOT = "g1/yes"


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Let the window live until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise SystemExit("waited in vain")
        QApplication.processEvents()
        time.sleep(0.002)


def main() -> None:
    """Fill, attach, paste, look, open outside, print, export, encrypt, verify, unpack, carry out, leave."""
    WORK.mkdir()
    source, draft_file = WORK / f"{SECRET} แผน.pdf", WORK / "น่าน.dgdesk"
    source.write_bytes(thai_pdf([SECRET, "หน้า ๑"]))
    with new_draft(draft_file, clock=lambda: NOW, who=SECRET, respondent="TH-55") as draft:
        fill_all(draft, [source])
        draft.session.answer("general.address", SECRET)
        (file,) = draft.session.state.facts.evidence[SLOT]
        marks = (Mark(1, (Rect(0.1, 0.05, 0.5, 0.15),), SECRET),)
        draft.session.mark(SLOT, file.sha256, passages=SECRET, marks=marks)
    profile = Profile(ROOT / "profile")
    wanted = Settings(who=SECRET)
    settings = SettingsFile(profile.root / FILE)
    settings.change(wanted)
    app = make_app(wanted)
    apply_theme(app, wanted)
    window = MainWindow(wanted)
    desk = furnish(app, window, make_services(lambda: NOW, profile=profile, settings=wanted), settings)
    window.show()
    desk.open(draft_file)
    workspace = desk.workspace
    assert workspace is not None
    bridge = workspace.bridge
    # a picture pasted
    workspace.open_page(bridge.form.node("g1").page)
    workspace.page_view.finish()
    place = workspace.page_view.parts.places[SLOT]
    assert isinstance(place, EvidenceSlot)
    picture = QImage(40, 30, QImage.Format.Format_RGB32)
    picture.fill(QColor("navy"))
    QGuiApplication.clipboard().setImage(picture)
    place.paste()
    until(lambda: not place.attaching.at_work)
    assert len(bridge.state.facts.evidence[SLOT]) == 2
    # looked at, opened outside, printed
    QDesktopServices.openUrl = lambda url: True
    viewer = open_viewer(bridge, workspace.services, SLOT, file.sha256, workspace)
    until(lambda: viewer.area.placed is not None and viewer.area.cache.held > 0)
    viewer.open_outside()
    until(lambda: any((profile.root / "viewing").rglob("*.pdf")))
    viewer.close()
    dialog = PrintDialog(bridge.draft, workspace.services, window)
    dialog.show()
    until(lambda: dialog.printed is not None)
    dialog.done(QDialog.DialogCode.Rejected)
    until(lambda: not dialog.prints.running)
    # handed in
    identity = create_identity(profile.identity, person="สมศรี", province="น่าน", passphrase="x" * 12, now=NOW)
    bundle = WORK / "ส่ง.zip"
    export_draft(bridge.draft, bundle, identity=identity, reason="แก้ไข", claimed_time=NOW, as_draft=True)
    _, recipient = make_key()
    export_encrypted(
        bridge.draft,
        WORK / "ส่ง-เข้ารหัส.zip.age",
        recipients=[recipient],
        identity=identity,
        reason="แก้ไข",
        claimed_time=NOW,
        as_draft=True,
    )
    assert verify_bundle(bundle, trusted=[identity.certificate_pem]).ok
    (WORK / "แตก").mkdir()
    assert extract_bundle(bundle, WORK / "แตก", trusted=[identity.certificate_pem])[1] is not None
    export_folder(bridge.form, bridge.state, bridge.draft.package.read_file, WORK / "หลักฐาน")
    workspace.flush()
    workspace.page_view.parts.drop()
    desk.let_go()
    window.close()
    for _ in range(20):
        QApplication.processEvents()


if __name__ == "__main__":
    main()
    speaking = sorted(
        {"aiohttp", "requests", "urllib3", "http.client", "ssl", "PySide6.QtNetwork"} & sys.modules.keys()
    )
    print(json.dumps({"attempts": attempts, "written": sorted(written), "speaking": speaking}), flush=True)
    sys.stderr.flush()
    os._exit(0)
