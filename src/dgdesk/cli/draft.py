"""``new``, ``set`` and ``attach``: a draft filled without a window."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

from dgdesk.cli.context import Context
from dgdesk.draft.drafts import Draft, find_province, load_form, new_draft, open_draft
from dgdesk.errors import FileError, UsageError
from dgdesk.evidence.inspection.outcome import issues_of
from dgdesk.evidence.limits import AttachmentRequest
from dgdesk.survey.answers.marks import Mark, Rect, tidy_marks
from dgdesk.survey.answers.values import encode
from dgdesk.survey.rules.problems import asks_for_evidence
from dgdesk.system.bounds import exact_number

_LARGEST_JSON = 16 << 20


def new(arguments: Namespace, context: Context) -> int:
    """Make a draft."""
    province = None
    if arguments.province is not None:
        province = find_province(load_form(), arguments.province)
        if province is None:
            raise UsageError("draft.unknown_province", province=arguments.province)
    with new_draft(arguments.file, clock=context.clock, who=context.who, province=province) as draft:
        if arguments.json:
            context.json({"path": str(draft.path), "province": province})
        else:
            context.say("cli.made", path=draft.path)
    return 0


def set_answer(arguments: Namespace, context: Context) -> int:
    """Answer one field, or many from a JSON file."""
    given = (arguments.field is not None, arguments.value is not None, arguments.source is not None)
    if given not in ((True, True, False), (False, False, True)):
        raise UsageError("cli.set_what")
    with open_draft(arguments.file, clock=context.clock, who=context.who) as draft:
        session = draft.session
        if arguments.source is not None:
            changed = sorted(session.answer_all(_read_answers(arguments.source)).answers)
        else:
            changed = _set_one(draft, arguments.field, arguments.value)
        stored = {address: encode(session.state.facts.answers.get(address)) for address in changed}
        if arguments.json:
            context.json({"answers": stored, "percent": session.state.whole.percent})
        else:
            for address, value in stored.items():
                context.line(f"{address} = {json.dumps(value, ensure_ascii=False)}")
            context.say("cli.saved", percent=session.state.whole.percent)
    return 0


def _set_one(draft: Draft, field: str, value: str) -> list[str]:
    session = draft.session
    at = session.form.position.get(field)
    if at is not None and session.form.nodes[at].kind == "matrix":
        try:
            rows = _read_object(value)
        except ValueError as error:
            raise UsageError("value.wrong_type", field=field) from error
        session.answer_all({f"{field}:{row}": column for row, column in rows.items()})
        return [f"{field}:{row}" for row in rows]
    if value == "":
        session.answer(field, None)
    else:
        session.set_answer_from_text(field, value, strict=True)
    return [field]


def attach(arguments: Namespace, context: Context) -> int:
    """Attach files to an evidence slot, each in a separate step, and print what is doubtful about them."""
    marks = [_mark(typed) for typed in arguments.mark]
    with open_draft(arguments.file, clock=context.clock, who=context.who) as draft:
        slot = _slot(draft, arguments.slot)
        done = [_attach_one(draft, slot, source, marks, arguments, context) for source in arguments.evidence]
    if arguments.json:
        context.json(done[0] if len(done) == 1 else {"slot": slot, "attached": done})
    return 0


def _attach_one(
    draft: Draft, slot: str, source: Path, marks: list[Mark], arguments: Namespace, context: Context
) -> dict[str, Any]:
    session = draft.session
    if slot not in session.form.slots:  # report it before the file is inspected
        raise UsageError("evidence.unknown_slot", slot=slot)
    looked = session.look(source)
    request = AttachmentRequest(source, looked, pages=arguments.pages, passages=arguments.passages, marks=tuple(marks))
    _, (result,) = session.attach_files(slot, [request])
    for error in result.errors:
        raise error
    attached = session.state.facts.evidence[slot][-1]
    doubts = [(one.code, context.catalogue.text(one.code, **one.values)) for one in issues_of(attached)]
    if not arguments.json:
        context.say("cli.attached", name=attached.name, slot=slot)
        for _, sentence in doubts:
            context.tell(sentence)
    findings = [{"code": code, "text": text} for code, text in doubts]
    return {"slot": slot, **attached.as_json(), **({"findings": findings} if findings else {})}


def _mark(typed: str) -> Mark:
    """Read ``3:0.1,0.2,0.5,0.3``; the rest of the text is the note."""
    where, _, note = typed.strip().partition(" ")
    page, _, corners = where.partition(":")
    try:
        left, top, right, bottom = map(float, corners.split(","))
        return tidy_marks([Mark(int(page), (Rect(left, top, right, bottom),), note)])[0]
    except ValueError as error:
        raise UsageError("marks.not_read", value=typed) from error


def _slot(draft: Draft, name: str) -> str:
    """Return the slot meant by ``name``: an id, or a field with only one open slot."""
    form, state = draft.session.form, draft.session.state
    if name in form.slots or name not in form.position:
        return name
    slots = form.node(name).slots
    open_now = [slot for slot in slots if asks_for_evidence(form, state.facts.answers, state.shown, slot)]
    return open_now[0].id if len(open_now) == 1 else name


def _read_answers(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST_JSON + 1)
    except OSError as error:
        raise FileError("cli.unreadable", name=path.name) from error
    if len(content) > _LARGEST_JSON:
        raise FileError("cli.too_large", name=path.name)
    try:
        # Windows editors begin a file with a byte-order mark.
        return _read_object(content.decode("utf-8-sig"))
    except ValueError as error:
        raise FileError("cli.not_json", name=path.name) from error


def _read_object(text: str) -> dict[str, Any]:
    """Read a JSON object with exact numbers. Raises ValueError for anything else."""
    try:
        read = json.loads(text, parse_float=exact_number)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(read, dict):
        raise ValueError("no object")
    return read
