"""The dialogs of editions, and two installed editions, for the tests that look at every dialog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QDialog

from dgdesk.editions import shelf
from dgdesk.system.profile import Profile
from dgdesk.text.editions import use_editions
from dgdesk.ui.editions.dialog import EditionsDialog
from dgdesk.ui.identities.enrol_dialog import in_rows
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.widgets.dialogs import MessageDialog
from editions.making import DEPARTMENTS, agency, copy_of, pack_of

_LONG = "แบบสำรวจระดับความพร้อมรัฐบาลดิจิทัลของส่วนราชการระดับกรม_ฉบับปรับปรุงครั้งที่_2.dgedition"


def install_departments(profile: Profile, scratch: Path) -> None:
    """Install the departments' survey, and another that closed."""
    use_editions(profile.editions)
    signer = agency(scratch / "agency")
    closed = copy_of(
        DEPARTMENTS,
        scratch / "closed",
        edition=("closes: 2027-03-31", "opens: 2026-01-05\ncloses: 2026-03-31"),
    )
    for name in ("edition", "rubric"):
        path = closed / f"{name}.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("th-department-2569", "th-local-2568"), "utf-8")
    for number, folder in enumerate((DEPARTMENTS, closed)):
        shelf.install(pack_of(folder, scratch / f"{number}.dgedition", signer), profile, [signer.certificate])


def _message(code: str, go: str, **values: object) -> Callable[[MainController], QDialog]:
    def make(desk: MainController) -> QDialog:
        say = desk.texts.say
        return MessageDialog(desk.texts, say(code, **values), (say(go), say("ui.cancel")), "warning", desk.window)

    return make


EDITION_DIALOGS: dict[str, Callable[[MainController], QDialog]] = {
    "editions": lambda desk: EditionsDialog(desk.services, desk.editions, desk.window),
    "editions.unknown": _message("edition.refused_unknown", "ui.editions.choose_certificate", name=_LONG),
    "editions.compare": _message(
        "ui.editions.compare", "ui.editions.trust_install", signers=f"วิภา ชัยดี (สพร.)\n{in_rows('0f' * 32)}"
    ),
    "editions.remove": _message("ui.editions.remove_ask", "ui.editions.remove_go", name="ระดับกรม พ.ศ. 2569"),
}
