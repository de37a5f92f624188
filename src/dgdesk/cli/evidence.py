"""``evidence list``, ``mark``, ``remove`` and ``reuse``: the files that a draft has, and their key passages."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from dgdesk.cli.context import Context
from dgdesk.cli.draft import field_of, mark_from_text, read_object_file, slot_of
from dgdesk.cli.likely import chosen_file, numbered_at, require_slot
from dgdesk.draft.drafts import Draft, open_draft
from dgdesk.draft.library import all_files
from dgdesk.errors import UsageError
from dgdesk.evidence.inspection.outcome import issues_of
from dgdesk.evidence.limits import in_units
from dgdesk.survey.answers.attachments import Attachment, pages_of
from dgdesk.survey.answers.marks import Mark, marks_from_json
from dgdesk.survey.rules.evidence_overview import place_rows
from dgdesk.survey.rules.places import slot_name
from dgdesk.survey.rules.problems import asks_for_evidence
from dgdesk.system.bounds import SHA256

_MOST_LISTED = 50_000


def show(arguments: Namespace, context: Context) -> int:
    """List the files by place, or those of one place."""
    with open_draft(arguments.file, clock=context.clock, who=context.who, read_only=True) as draft:
        session = draft.session
        slots = session.form.slots if arguments.slot is None else slots_inside(draft, arguments.slot)
        evidence = session.state.facts.evidence
        files = [_facts(draft, slot, at, context) for slot in slots for at in range(len(evidence.get(slot, ())))]
        stored = _stored_only(draft) if arguments.stored else []
    if arguments.json:
        report = {"files": files, "size": sum({one["sha256"]: one["size"] for one in files}.values())}
        context.json({**report, "stored": stored} if arguments.stored else report)
        return 0
    place = None
    for one in files:
        if one["slot"] != place:
            place = one["slot"]
            context.line(
                one["where"] if one["asked"] else context.catalogue.text("cli.list_unasked", place=one["where"])
            )
        context.line(f"  {one['number']}. {one['name']} ({in_units(one['size'])})")
        for sentence in _passage(one, context):
            context.line(f"     {sentence}")
    for kept in stored:
        context.say("cli.list_stored", name=kept["name"], size=in_units(kept["size"]))
    different = len({one["sha256"] for one in files})
    context.say("cli.listed" if files else "cli.listed_none", count=len(files), different=different)
    return 0


def _facts(draft: Draft, slot: str, at: int, context: Context) -> dict[str, Any]:
    """Return everything about one file at one place; the keys are part of the program's contract."""
    form, state = draft.session.form, draft.session.state
    one = state.facts.evidence[slot][at]
    return {
        "slot": slot,
        "where": slot_name(form, slot, state.facts.answers).line(),
        "number": at + 1,
        "asked": asks_for_evidence(form, state.facts.answers, state.shown, form.slots[slot]),
        "sha256": one.sha256,
        "name": one.name,
        "size": one.size,
        "media_type": one.media_type,
        "pages": one.pages,
        "passages": one.passages,
        "marks": [mark.as_json() for mark in one.marks],
        "whole": one.whole,
        "marked": one.marked,
        "marked_pages": pages_of(one),
        "inspected": None if one.inspected is None else one.inspected.as_json(),
        "notices": [
            {"code": issue.code, "text": context.catalogue.text(issue.code, **issue.values)} for issue in issues_of(one)
        ],
    }


def _passage(one: dict[str, Any], context: Context) -> Iterable[str]:
    """Yield what is said of the key passage of a file, and what stands against it."""
    say = context.catalogue.text
    if not one["marked"]:
        yield say("cli.list_unmarked")
    if one["whole"]:
        yield say("ui.history.whole")
    if one["pages"]:
        yield say("cli.list_pages", pages=one["pages"])
    if one["passages"]:
        yield say("cli.list_passages", text=one["passages"])
    for number, mark in enumerate(one["marks"], start=1):
        words = " · ".join(text for text in (mark["note"], mark["text"]) if text)
        yield say("cli.list_mark", number=number, page=mark["page"], note=words or "–")
    for notice in one["notices"]:
        yield f"! {notice['text']}"


def _stored_only(draft: Draft) -> list[dict[str, Any]]:
    """Return the files that the draft stores and that are attached nowhere."""
    rows = place_rows(draft.session.form, draft.session.state)
    return [
        {"sha256": one.file.sha256, "name": one.file.name, "size": one.file.size, "media_type": one.file.media_type}
        for one in all_files(rows, draft.package)
        if not one.uses
    ]


def slots_inside(draft: Draft, typed: str) -> Sequence[str]:
    """Return the slots of a place, a question or a section (``P3``) that was typed. Raises UsageError."""
    form = draft.session.form
    if typed in form.slots:
        return (typed,)
    section = typed.strip().casefold()
    if any(one.id == section for one in form.definition.sections):
        return [slot.id for slot in form.slots.values() if form.nodes[slot.node].section == section]
    at = form.position.get(field_of(draft, typed), -1)
    inside = [slot.id for node in form.nodes[at : form.nodes[at].end] for slot in node.slots] if at >= 0 else []
    return inside or (require_slot(draft, slot_of(draft, typed)),)


def mark(arguments: Namespace, context: Context) -> int:
    """Change the key passage of files: of one at a place, of every file there, or of all in a list."""
    if arguments.source is not None:
        if arguments.slot is not None or _given(arguments):
            raise UsageError("cli.mark_from_alone")
        return _mark_from(arguments, context)
    if arguments.slot is None or not _given(arguments):
        raise UsageError("cli.mark_what")
    marks = [mark_from_text(typed) for typed in arguments.mark]
    added = [mark_from_text(typed) for typed in arguments.add_mark]
    with open_draft(arguments.file, clock=context.clock, who=context.who) as draft:
        session, slot = draft.session, require_slot(draft, slot_of(draft, arguments.slot))
        chosen = _chosen(draft, slot, arguments.name)
        wanted = {one.sha256: _changed(one, marks, added, arguments) for one in chosen}
        session.mark_all((slot, one) for one in wanted.values())
        done = [one for one in session.state.facts.evidence[slot] if one.sha256 in wanted]
        where = slot_name(session.form, slot, session.state.facts.answers).line()
    if arguments.json:
        context.json({"slot": slot, "marked": [one.as_json() for one in done]})
    else:
        _say_marked(context, done, where)
    return 0


def _given(arguments: Namespace) -> bool:
    given = (arguments.pages, arguments.passages, arguments.whole)
    return (
        any(one is not None for one in given)
        or bool(arguments.mark or arguments.add_mark or arguments.remove_mark or arguments.note)
        or bool(arguments.no_marks)
    )


def _chosen(draft: Draft, slot: str, name: str | None) -> Sequence[Attachment]:
    """Return the file that was named, or every file at the slot."""
    there = draft.session.state.facts.evidence.get(slot, ())
    return [chosen_file(draft, slot, name or "")] if name is not None or not there else there


def _changed(one: Attachment, marks: Sequence[Mark], added: Sequence[Mark], arguments: Namespace) -> Attachment:
    """Return a file with the key passage that was asked for; what was not given stays."""
    drawn = _with_marks(one, marks, added, arguments)
    return replace(
        one,
        pages=one.pages if arguments.pages is None else arguments.pages,
        passages=one.passages if arguments.passages is None else arguments.passages,
        marks=one.marks if drawn is None else tuple(drawn),
        whole=one.whole if arguments.whole is None else arguments.whole,
    )


def _with_marks(
    one: Attachment, marks: Sequence[Mark], added: Sequence[Mark], arguments: Namespace
) -> list[Mark] | None:
    """Return the highlights that a file should have; None: as they are. Numbers are those before the change."""
    if not (marks or added or arguments.no_marks or arguments.remove_mark or arguments.note):
        return None
    kept: list[Mark | None] = list(one.marks)

    def refuse() -> UsageError:
        return UsageError("cli.no_such_mark", name=one.name, count=len(one.marks))

    for typed in arguments.note:
        number, _, text = typed.strip().partition(" ")
        at = numbered_at(number, len(one.marks), refuse)
        kept[at] = one.marks[at]._replace(note=text)
    for typed in arguments.remove_mark:
        kept[numbered_at(typed, len(one.marks), refuse)] = None
    left = [] if marks or arguments.no_marks else [mark for mark in kept if mark is not None]
    return [*left, *marks, *added]


def _mark_from(arguments: Namespace, context: Context) -> int:
    """Set the key passages that a list has, as ``evidence list --json`` prints it; all of it is checked first."""
    given = read_object_file(arguments.source).get("files")
    if not isinstance(given, list) or len(given) > _MOST_LISTED:
        raise UsageError("cli.mark_list")
    with open_draft(arguments.file, clock=context.clock, who=context.who) as draft:
        session = draft.session
        wanted = [_listed(draft, entry) for entry in given]
        session.mark_all(wanted)
        evidence, answers = session.state.facts.evidence, session.state.facts.answers
        done = [(slot, next(now for now in evidence[slot] if now.sha256 == one.sha256)) for slot, one in wanted]
        names = {slot: slot_name(session.form, slot, answers).line() for slot, _ in done}
    if arguments.json:
        context.json({"marked": [{"slot": slot, **one.as_json()} for slot, one in done]})
    else:
        for slot, one in done:
            _say_marked(context, [one], names[slot])
    return 0


def _listed(draft: Draft, entry: Any) -> tuple[str, Attachment]:
    """Return the slot and the file of one entry of a list, with the key passage it says. Raises UsageError."""
    if not isinstance(entry, dict) or not isinstance(slot := entry.get("slot"), str):
        raise UsageError("cli.mark_list")
    slot, sha256 = require_slot(draft, slot), entry.get("sha256")
    if not isinstance(sha256, str) or not SHA256.fullmatch(sha256):
        raise UsageError("cli.mark_list")
    one = chosen_file(draft, slot, sha256)
    pages, passages = entry.get("pages", one.pages), entry.get("passages", one.passages)
    whole, stored = entry.get("whole", one.whole), _with_floats(entry.get("marks"))
    marks = one.marks if stored is None else marks_from_json(stored)
    sound = stored is None or (isinstance(stored, list) and len(marks) == len(stored))
    if not (isinstance(pages, str) and isinstance(passages, str) and isinstance(whole, bool) and sound):
        raise UsageError("cli.mark_list")
    return slot, replace(one, pages=pages, passages=passages, marks=marks, whole=whole)


def _with_floats(stored: Any) -> Any:
    """Return marks with fractions as numbers of the machine; answers are read with exact ones."""
    match stored:
        case Decimal():
            return float(stored)
        case list():
            return [_with_floats(one) for one in stored]
        case dict():
            return {key: _with_floats(one) for key, one in stored.items()}
    return stored


def _say_marked(context: Context, done: Iterable[Attachment], where: str) -> None:
    for one in done:
        context.say("cli.marked" if one.marked else "cli.still_unmarked", name=one.name, slot=where)
        for issue in issues_of(one) if one.marks or one.pages else ():
            context.tell(context.catalogue.text(issue.code, **issue.values))


def remove(arguments: Namespace, context: Context) -> int:
    """Remove one file from a place; undo brings it back."""
    with open_draft(arguments.file, clock=context.clock, who=context.who) as draft:
        slot = require_slot(draft, slot_of(draft, arguments.slot))
        one = chosen_file(draft, slot, arguments.name)
        draft.session.detach(slot, one.sha256)
        where = slot_name(draft.session.form, slot, draft.session.state.facts.answers).line()
    if arguments.json:
        context.json({"slot": slot, "removed": one.as_json()})
    else:
        context.say("cli.removed", name=one.name, slot=where)
    return 0


def reuse(arguments: Namespace, context: Context) -> int:
    """Attach a file that the draft stores to a further place, without its key passage."""
    with open_draft(arguments.file, clock=context.clock, who=context.who) as draft:
        session = draft.session
        slot = require_slot(draft, slot_of(draft, arguments.slot))
        kept = all_files(place_rows(session.form, session.state), draft.package)
        found = [one.file for one in kept if arguments.name in (*one.names, one.file.sha256)]
        if len(found) != 1:
            names = [name for one in kept for name in one.names] if not found else [one.sha256 for one in found]
            raise UsageError(
                "cli.several_stored" if found else "cli.not_stored", typed=arguments.name, files=_some(names)
            )
        changes = session.attach_again(slot, found)
        where = slot_name(session.form, slot, session.state.facts.answers).line()
        one = next(one for one in session.state.facts.evidence[slot] if one.sha256 == found[0].sha256)
    if not changes:
        raise UsageError("evidence.already_there", name=one.name)
    if arguments.json:
        context.json({"slot": slot, **one.as_json()})
    else:
        context.say("cli.attached", name=one.name, slot=where)
        context.say("cli.attached_unmarked")
    return 0


def _some(names: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(names[:12])) + (" …" if len(names) > 12 else "")
