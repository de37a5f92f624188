"""``evidence export`` and ``evidence import``: all evidence written as folders, a folder of files attached."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Any

from dgdesk.cli.context import Context
from dgdesk.draft.drafts import open_draft
from dgdesk.draft.unsent import why_unsent
from dgdesk.evidence.inspection.issue import FileIssue
from dgdesk.folders.export_folder import export_folder
from dgdesk.folders.import_folder import ImportedFolder, import_files, plan_folder
from dgdesk.folders.labels import labels_of
from dgdesk.folders.plan import PlanItem
from dgdesk.system.zone import stamp_like

_MOST_CANDIDATES = 4


def carry_out_all(arguments: Namespace, context: Context) -> int:
    """Write all evidence into a new folder; 1 if some is damaged in the draft and could not be written."""
    with open_draft(arguments.file, clock=context.clock, who=context.who, read_only=True) as draft:
        draft.package.require_sound()
        form, state, stamp = draft.session.form, draft.session.state, stamp_like(draft.package.path)
        result = export_folder(form, state, draft.package.read_file, arguments.folder, stamp=stamp)
    if arguments.json:
        rows = [
            {**asdict(row), "size": int(row.size), "whole": bool(row.path), "whole_file": bool(row.whole_file)}
            for row in result.rows
        ]
        context.json({"path": str(arguments.folder), "files": rows})
    else:
        for row in result.damaged:
            context.say("cli.carried_out_damaged", name=row.name, label=row.label)
        context.say("cli.carried_out", count=result.written, path=str(arguments.folder))
    return 1 if result.damaged else 0


def carry_in_all(arguments: Namespace, context: Context) -> int:
    """Attach a folder's files to the slots that their names say; 1 if some could not be attached."""
    dry = bool(arguments.dry_run)
    with open_draft(arguments.file, clock=context.clock, who=context.who, read_only=dry) as draft:
        session = draft.session
        plan = plan_folder(session, arguments.folder)
        if arguments.whole:
            plan = plan.as_whole()
        labelled = labels_of(session.form, session.state.facts.answers)
        labels = {slot: label.text for slot, label in labelled.items()}
        names = {slot: label.name.line() for slot, label in labelled.items()}
        result = ImportedFolder((), (), ()) if dry else import_files(session, arguments.folder, plan)
        going = dict.fromkeys(item.slot for item in plan.items if item.slot is not None)
        whys = {slot: why_unsent(session.form, session.state, slot, context.catalogue.text) for slot in going}
    failed = {item.found.path: context.catalogue.error(error) for item, error in result.failed}
    late = {item.found.path: FileIssue("carry.changed_late", "ask", {"name": item.name}) for item in result.late}
    notices = [{"code": one.code, "text": context.catalogue.text(one.code, **one.values)} for one in plan.issues]
    files = [_file_facts(item, failed, result, labels, late, context) for item in plan.items]
    for facts in files:
        stays = facts["standing"] in ("matched", "already")
        facts["unsent"] = (whys.get(facts["slot"]) or None) if stays else None
    counts = _counts(files)
    skipped = [
        {"path": str(one.path), "code": one.code, "text": context.catalogue.text(one.code)} for one in plan.skipped
    ]
    if arguments.json:
        told = {"files": files, "notices": notices, "skipped": skipped}
        context.json({"folder": str(arguments.folder), "dry_run": dry, **counts, **told})
    else:
        for notice in notices:
            context.tell(notice["text"])
        for item, facts in zip(plan.items, files, strict=True):
            _say(item, facts, names, context)
        for one in skipped:
            context.say("cli.carry_skipped", path=one["path"], reason=one["text"])
        context.say("cli.carry_preview" if dry else "cli.carried_in", **counts)
        if unsent := sum(facts["unsent"] is not None for facts in files):
            context.say("cli.carry_unsent", count=unsent)
    return 1 if counts["left"] else 0


def _file_facts(
    item: PlanItem,
    failed: dict[Any, str],
    result: ImportedFolder,
    labels: dict[str, str],
    late: Mapping[PurePosixPath, FileIssue],
    context: Context,
) -> dict[str, Any]:
    """Return what is reported of one file; ``standing`` is how it ended, or would end."""
    status: str = item.status
    reasons = [context.catalogue.text(one.code, **one.values) for one in item.found.findings]
    if item.found.path in failed:
        status, reasons = "refused", [failed[item.found.path]]
    elif any(one.found.path == item.found.path for one in result.already):
        status, item = "already", next(one for one in result.already if one.found.path == item.found.path)
    return {
        "path": str(item.found.path),
        "standing": status,
        "slot": item.slot,
        "label": labels.get(item.slot or ""),
        "marked": item.marked,
        "marks": 0 if item.found.path in late else len(item.marks),
        "notices": [
            {"code": one.code, "text": context.catalogue.text(one.code, **one.values)}
            for one in (*item.issues, *([late[item.found.path]] if item.found.path in late else []))
        ],
        "candidates": [{"slot": slot, "label": labels[slot]} for slot in item.candidates],
        "findings": reasons,
        **({"there": item.there} if item.there else {}),
        **({"takes_none": item.code} if item.code else {}),
    }


def _say(item: PlanItem, facts: dict[str, Any], names: dict[str, str], context: Context) -> None:
    _say_place(item, facts, names, context)
    for notice in facts["notices"]:
        context.tell(notice["text"])


def _say_place(item: PlanItem, facts: dict[str, Any], names: dict[str, str], context: Context) -> None:
    path, place = facts["path"], names.get(item.slot or "", "")
    match facts["standing"]:
        case "matched":
            context.say("cli.carry_matched", slot=place, path=path)
            if not facts["marked"]:
                context.say("cli.carry_unmarked")
            if facts["unsent"]:
                context.line(f"  {facts['unsent']}")
            for finding in facts["findings"]:
                context.tell(finding)
        case "already":
            same = facts.get("there", PurePosixPath(path).name) == PurePosixPath(path).name
            code = "cli.carry_already" if same else "cli.carry_already_as"
            context.say(code, slot=place, path=path, name=facts.get("there", ""))
            if facts["unsent"]:
                context.line(f"  {facts['unsent']}")
        case "ambiguous":
            # in the form in which the file may be named
            labels = [candidate["label"] for candidate in facts["candidates"]]
            more = " …" if len(labels) > _MOST_CANDIDATES else ""
            code = "cli.carry_ambiguous" if len(labels) > 1 else "cli.carry_unsure"
            context.say(code, slot=", ".join(labels[:_MOST_CANDIDATES]) + more, path=path)
        case "unmatched":
            context.say("cli.carry_takes_none" if item.code else "cli.carry_unmatched", path=path)
        case _:
            context.say("cli.carry_refused", path=path, reason=" ".join(facts["findings"]))


def _counts(files: list[dict[str, Any]]) -> dict[str, int]:
    statuses = [facts["standing"] for facts in files]
    attached, already = statuses.count("matched"), statuses.count("already")
    return {"attached": attached, "already": already, "left": len(files) - attached - already}
