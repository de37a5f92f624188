"""The dialogs of folders, damage and compaction, each with something in it: for the tests that look at every dialog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from PySide6.QtWidgets import QDialog

from dgdesk.draft.file.model import Spare
from dgdesk.evidence.inspection.issue import FileIssue
from dgdesk.folders.plan import FoundFile, ImportPlan, PlanItem
from dgdesk.ui.evidence.folder_dialog import FolderDialog
from dgdesk.ui.evidence.safe_copies import CompactDialog
from dgdesk.ui.evidence.slot_chooser import SlotChooser
from dgdesk.ui.shell.controller import MainController
from dgdesk.ui.widgets.report_dialog import ReportDialog

_REFUSED = FileIssue("evidence.unreadable", "refuse", {"name": "โปรแกรม.exe"})

_GONE = {"name": "คำสั่งแต่งตั้งคณะกรรมการ.pdf", "place": "G1 จังหวัดของท่านมีการแต่งตั้งคณะกรรมการ › มี"}
_ISSUES = (
    FileIssue("carry.other_respondent", "ask", {"name": "", "there": "ชลบุรี", "here": "น่าน"}),
    *[FileIssue("carry.gone", "ask", _GONE)] * 3,
)


def _folder_in(desk: MainController) -> QDialog:
    assert desk.workspace is not None
    long = PurePosixPath("scan_0001_final_v2_signed_copy_for_dga_2568_scan_0001_final_v2_signed_copy.pdf")
    items = (
        PlanItem(
            FoundFile(PurePosixPath("P1.3 แผนพัฒนา.pdf"), 9_000_000), "matched", "p1.3/yes", ("p1.3/yes",), "แผน.pdf"
        ),
        PlanItem(FoundFile(PurePosixPath("P1.1a2/คำสั่ง.pdf"), 90), "ambiguous", None, ("p1.1a2/1", "p1.1a2/3")),
        PlanItem(FoundFile(long, 90), "unmatched"),
        PlanItem(FoundFile(PurePosixPath("P1.5 มีแล้ว.pdf"), 90), "already", "p1.5/yes", ("p1.5/yes",)),
        PlanItem(FoundFile(PurePosixPath("โปรแกรม.exe"), 0, trouble=_REFUSED), "refused"),
    )
    return FolderDialog(desk.workspace.bridge, desk.services, "หลักฐาน จ.น่าน", ImportPlan(items, _ISSUES), desk.window)


def _place(desk: MainController) -> QDialog:
    from dgdesk.folders.labels import labels_of

    assert desk.workspace is not None
    labels = labels_of(desk.workspace.bridge.form, desk.workspace.bridge.state.facts.answers)
    about = desk.texts.say("ui.folder.place_of", name="คำสั่ง.pdf")
    return SlotChooser(desk.services, labels, about, ("p1.1a2/1",), frozenset({"p1.1a2/1"}), desk.window)


def _damaged(desk: MainController) -> QDialog:
    say = desk.texts.say
    rows = [("คำสั่งแต่งตั้ง.pdf (2 MB)", say("ui.folder.at", place="G1 จังหวัดของท่านมีการแต่งตั้ง"))]
    return ReportDialog(
        desk.services,
        say("ui.care.damaged_title"),
        say("ui.care.damaged", count=1),
        rows,
        (say("ui.care.heal"), say("ui.close")),
        "ui.care.what_damaged",
        desk.window,
        per_row=1,
    )


def _carried_in(desk: MainController) -> QDialog:
    say = desk.texts.say
    buttons = (say("ui.folder.take_back"), say("ui.close"))
    said = say("ui.folder.in_done", attached=3)
    return ReportDialog(
        desk.services, say("ui.folder.in_result"), said, [], buttons, "ui.folder.what_result", desk.window
    )


CARE_DIALOGS: dict[str, Callable[[MainController], QDialog]] = {
    "folder_in": _folder_in,
    "folder_place": _place,
    "damaged": _damaged,
    "carried_in": _carried_in,
    "compact": lambda desk: CompactDialog(Spare(3 << 20, 900 << 20, 4096), desk.texts, desk.window),
}
