"""``new``, ``set``, ``flag`` and ``attach``: a draft filled without a window."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dgdesk.cli.context import Context
from dgdesk.cli.likely import require_slot
from dgdesk.draft.drafts import Draft, load_form, new_draft, open_draft, respondent_code
from dgdesk.draft.history import value_in_words
from dgdesk.draft.unsent import MOST_LINES, notice_lines, unsent_report, why_unsent
from dgdesk.errors import FileError, UsageError
from dgdesk.evidence.inspection.outcome import issues_of
from dgdesk.evidence.limits import AttachmentRequest
from dgdesk.folders.matcher import make_matcher
from dgdesk.folders.matching import slots_by_code
from dgdesk.folders.matching import without_item as slots_without_item
from dgdesk.survey.answers.marks import Mark, Rect, tidy_marks
from dgdesk.survey.answers.values import encode, items_of
from dgdesk.survey.respondents import ISO_3166_2
from dgdesk.survey.rules.codes import fields_by_code, without_item
from dgdesk.survey.rules.flags import flags_report, question_at
from dgdesk.survey.rules.numbering import is_removed, numbered
from dgdesk.survey.rules.places import full_name, problem_name, slot_name
from dgdesk.survey.rules.problems import asks_for_evidence
from dgdesk.system.bounds import exact_number

_LARGEST_JSON = 16 << 20
_OF_A_VALUE = ("phone.", "month_year.")
"""Problems of a value that was read and stored; comparisons with other answers come when all are set."""
_MOST_PLACES = 12
"""Most places that are listed for a code that means several."""


def new(arguments: Namespace, context: Context) -> int:
    """Make a draft."""
    form = load_form(arguments.edition)
    code = respondent_code(form, arguments.respondent) if arguments.respondent is not None else None
    edition = form.definition.edition
    with new_draft(arguments.file, clock=context.clock, who=context.who, edition=edition, respondent=code) as draft:
        if arguments.json:
            whose = draft.respondent
            province = code if whose is not None and whose.scheme == ISO_3166_2 else None
            key = whose.key if whose is not None else None
            context.json({"path": str(draft.path), "edition": edition, "province": province, "respondent": key})
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
        before = frozenset(one.key for one in session.state.unsent)
        if arguments.source is not None:
            changed = sorted(session.answer_all(read_object_file(arguments.source)).answers)
        else:
            changed = _set_one(draft, arguments.field, arguments.value)
        stored = {address: encode(session.state.facts.answers.get(address)) for address in changed}
        answers, text = session.state.facts.answers, context.catalogue.text
        unsent = tuple(one for one in session.state.unsent if one.key not in before or one.address in stored)
        if arguments.json:
            report = unsent_report(session.form, answers, unsent, text)
            context.json({"answers": stored, "percent": session.state.whole.percent, "unsent": report})
        else:
            for address in stored:
                name = full_name(session.form, address, None, session.state.facts.answers).line()
                value = session.state.facts.answers.get(address)
                words = value_in_words(
                    session.form, session.state.facts.answers, session.form.node(address), value, context.catalogue.text
                )
                context.line(f"{name} = {words}" if words else f"{name} =")
            context.say("cli.saved", percent=session.state.whole.percent)
            _tell_doubts(draft, context, changed)
            lines = notice_lines(session.form, answers, unsent, text)
            for line in lines[:MOST_LINES]:
                context.line(line)
            if len(lines) > MOST_LINES:
                context.say("cli.unsent_more", count=len(lines) - MOST_LINES)
    return 0


def _tell_doubts(draft: Draft, context: Context, changed: Sequence[str]) -> None:
    """Print what is doubtful about values that were read and stored."""
    session = draft.session
    for problem in session.state.problems:
        if problem.address in changed and problem.code.startswith(_OF_A_VALUE):
            where = problem_name(session.form, problem.address, None, session.state.facts.answers).line()
            context.tell(f"{where}: {context.catalogue.text(problem.code, **problem.values)}")


def _set_one(draft: Draft, field: str, value: str) -> list[str]:
    session = draft.session
    field = field_of(draft, field)
    at = session.form.position.get(field)
    if at is not None and session.form.nodes[at].kind == "matrix":
        try:
            rows = _read_object(value)
        except ValueError as error:
            raise UsageError("value.wrong_type", field=field) from error
        session.answer_all({f"{field}:{row}": column for row, column in rows.items()})
        return [f"{field}:{row}" for row in rows]
    changes = session.set_answer_from_text(field, value, strict=True) if value else session.answer(field, None)
    return [field, *sorted(changes.answers - {field})]


def flag(arguments: Namespace, context: Context) -> int:
    """Flag one question as not sure, or take its flag away; without a question, list the flags of the draft."""
    given = (arguments.note is not None) + arguments.clear
    if given > (arguments.field is not None):
        raise UsageError("cli.flag_what")
    reads = arguments.field is None
    with open_draft(arguments.file, clock=context.clock, who=context.who, read_only=reads) as draft:
        session = draft.session
        if not reads:
            field = field_of(draft, arguments.field)
            question = question_at(session.form, field) if field in session.form.position else field
            session.flag(question, None if arguments.clear else arguments.note or "")
        found = flags_report(session.form, session.state.facts)
        if arguments.json:
            context.json({"flags": found})
            return 0
        for one in found:
            context.line(f"{one['where']}: {one['note']}" if one["note"] else one["where"])
        context.say("cli.flags", count=len(found))
    return 0


def attach(arguments: Namespace, context: Context) -> int:
    """Attach files to an evidence slot, each in a separate step, and print what is doubtful about them."""
    marks = [mark_from_text(typed) for typed in arguments.mark]
    with open_draft(arguments.file, clock=context.clock, who=context.who) as draft:
        slot = slot_of(draft, arguments.slot)
        done = [_attach_one(draft, slot, source, marks, arguments, context) for source in arguments.evidence]
        unsent = why_unsent(draft.session.form, draft.session.state, slot, context.catalogue.text)
    if arguments.json:
        document = done[0] if len(done) == 1 else {"slot": slot, "attached": done}
        context.json(document | ({"unsent": unsent} if unsent else {}))
    elif unsent:
        context.line(f"  {unsent}")
    return 0


def _attach_one(
    draft: Draft, slot: str, source: Path, marks: list[Mark], arguments: Namespace, context: Context
) -> dict[str, Any]:
    session = draft.session
    require_slot(draft, slot)  # report it before the file is inspected
    request = AttachmentRequest(
        source,
        pages=arguments.pages,
        passages=arguments.passages,
        marks=tuple(marks),
        whole=arguments.whole,
    )
    _, (result,) = session.attach_files(slot, [request])
    for error in result.errors:
        raise error
    attached = session.state.facts.evidence[slot][-1]
    doubts = [(one.code, context.catalogue.text(one.code, **one.values)) for one in issues_of(attached)]
    if not arguments.json:
        where = slot_name(session.form, slot, session.state.facts.answers).line()
        context.say("cli.attached", name=attached.name, slot=where)
        if not attached.marked:
            context.say("cli.attached_unmarked")
        for _, sentence in doubts:
            context.tell(sentence)
    findings = [{"code": code, "text": text} for code, text in doubts]
    return {"slot": slot, **attached.as_json(), **({"findings": findings} if findings else {})}


def mark_from_text(typed: str) -> Mark:
    """Read ``3:0.1,0.2,0.5,0.3``; the rest of the text is the note."""
    where, _, note = typed.strip().partition(" ")
    page, _, corners = where.partition(":")
    try:
        left, top, right, bottom = map(float, corners.split(","))
        return tidy_marks([Mark(int(page), (Rect(left, top, right, bottom),), note)])[0]
    except ValueError as error:
        raise UsageError("marks.not_read", value=typed) from error


def field_of(draft: Draft, typed: str) -> str:
    """Return the field meant by an id or a printed code. Raises UsageError, with the places, if there are several."""
    form, answers = draft.session.form, draft.session.state.facts.answers
    if typed in form.position:
        _refuse_removed(draft, typed, typed)
        return typed
    found = fields_by_code(form, answers, typed, of_options=True)
    if len(found) > 1:
        raise UsageError("cli.several_places", typed=typed, places=_listed(draft, found))
    if not found and (there := without_item(form, answers, typed)):
        raise UsageError("cli.no_item", typed=typed, places=_listed(draft, there))
    return found[0] if found else typed


def slot_of(draft: Draft, typed: str) -> str:
    """Return the slot meant by an id, a field or a printed code; of several the only one that is open.

    Raises UsageError, with the places, if there are several.
    """
    form, state = draft.session.form, draft.session.state
    if typed in form.slots:
        _refuse_removed(draft, typed, form.nodes[form.slots[typed].node].address)
        return typed
    fields = (typed,) if typed in form.position else fields_by_code(form, state.facts.answers, typed)
    own = [slot.id for one in fields for slot in form.node(one).slots]
    matcher = make_matcher(form, state.facts.answers)
    found = tuple(dict.fromkeys((*own, *slots_by_code(matcher, typed))))
    if not found and (there := slots_without_item(matcher, typed)):
        raise UsageError("cli.no_item", typed=typed, places=_listed(draft, there))
    open_now = [one for one in found if asks_for_evidence(form, state.facts.answers, state.shown, form.slots[one])]
    if len(open_now) == 1:
        return open_now[0]
    if len(found) > 1:
        raise UsageError("cli.several_places", typed=typed, places=_listed(draft, found))
    # Of a whole question it is the answer that says whether it asks for evidence; another code means its one place.
    return found[0] if found and not own else typed


def _refuse_removed(draft: Draft, typed: str, address: str) -> None:
    """Refuse a place of an item that is not there: what is put there would lie unseen, and come with a later item.

    Raises UsageError, with the places of the items that are there.
    """
    form, answers = draft.session.form, draft.session.state.facts.answers
    node = numbered(form, answers).node(address)
    if not is_removed(node):
        return
    item = node if node.kind == "item" else form.nodes[node.inside]
    keys = items_of(form.nodes[item.parent], answers.get(form.nodes[item.parent].address))
    there = [typed.replace(f"#{item.item}", f"#{key}") for key in keys]
    raise UsageError("cli.no_item", typed=typed, places=_listed(draft, there) or "-")


def _listed(draft: Draft, places: Sequence[str]) -> str:
    """Return what to type for each place, and its full name; of very many places the first ones."""
    form, answers = draft.session.form, draft.session.state.facts.answers
    lines = []
    for one in places[:_MOST_PLACES]:
        name = slot_name(form, one, answers) if one in form.slots else full_name(form, one, None, answers)
        lines.append(f"{one} ({name.line()})")
    return "; ".join(lines) + (" …" if len(places) > _MOST_PLACES else "")


def read_object_file(path: Path) -> dict[str, Any]:
    """Read a file that holds a JSON object. Raises FileError: it is unreadable, too large, or something else."""
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
