"""Changes: turns the journal's edits into facts, and two states into what views must redraw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from dgdesk.draft.file.model import ChangeRecord, Edit
from dgdesk.draft.signatories import SIGNING, signing_from
from dgdesk.draft.slots import SlotRows
from dgdesk.survey.answers.reading import decode_all
from dgdesk.survey.answers.values import Json, as_decimal
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.state import Facts, State
from dgdesk.system.bounds import fits_number

EXTERNAL = "external:"
"""Points of external indicators are stored among the answers, under this prefix and the indicator's id."""
FLAG = "flag:"
"""So are the flags of questions, under this prefix and the address; the value is the note, which may be empty.

A program that knows no flags keeps them: it takes them for an answer of a question that its form does not have.
"""


@dataclass(frozen=True, slots=True)
class Changes:
    """What an action changed. Each view redraws its own part; empty sets mean nothing to redraw.

    ``answers`` are addresses (``external:`` and the indicator for points entered), ``evidence`` slots, ``shown``
    positions of nodes that appeared or disappeared, ``pages`` pages whose content or completeness changed, ``flags``
    the addresses of questions that got a flag, lost it, or have another note; ``problems`` says that problems changed,
    or what is kept and not sent. ``at`` is the time of saving; None if there was nothing to save: nothing changed, or
    only the day.
    """

    answers: frozenset[str] = frozenset()
    evidence: frozenset[str] = frozenset()
    shown: frozenset[int] = frozenset()
    pages: frozenset[str] = frozenset()
    problems: bool = False
    score: bool = False
    at: datetime | None = None
    flags: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.at is not None


def facts_from(form: Form, answers: Mapping[str, Json], rows: Mapping[str, SlotRows]) -> Facts:
    """Return the facts that a draft stores: its answers, and what each slot has."""
    known = {slot: there for slot, there in rows.items() if slot in form.slots}
    return Facts(
        decode_all(form, answers),
        {slot: there.files for slot, there in known.items() if there.files},
        _external(answers),
        frozenset(slot for slot, there in known.items() if there.unreadable),
        _flags(form, answers),
        signing_from(answers),
    )


def _external(stored: Mapping[str, Json]) -> dict[str, Decimal]:
    found = {}
    for address, value in stored.items():
        if address.startswith(EXTERNAL) and value is not None:
            try:
                points = as_decimal(value)
            except ValueError:
                continue
            if fits_number(points):
                found[address.removeprefix(EXTERNAL)] = points
    return found


def _flags(form: Form, stored: Mapping[str, Json]) -> dict[str, str]:
    """Return the notes of flags; what cannot be read as one is left alone."""
    return {
        address.removeprefix(FLAG): note
        for address, note in stored.items()
        if address.startswith(FLAG) and isinstance(note, str) and address.removeprefix(FLAG) in form.position
    }


def with_edits(form: Form, facts: Facts, edits: Iterable[Edit], rows: Mapping[str, SlotRows]) -> Facts:
    """Return the facts after edits; ``rows`` is what the edited slots have after them."""
    answers, evidence, external = dict(facts.answers), dict(facts.evidence), dict(facts.external)
    unreadable, flags, signing = set(facts.unreadable), dict(facts.flags), dict(facts.signing)
    for slot, there in rows.items():
        if slot in form.slots:
            evidence.pop(slot, None)
            unreadable.discard(slot)
            if there.files:
                evidence[slot] = there.files
            if there.unreadable:
                unreadable.add(slot)
    for edit in edits:
        if edit.kind == "attachment":
            continue
        if edit.target.startswith(EXTERNAL):
            external.pop(edit.target.removeprefix(EXTERNAL), None)
            external.update(_external({edit.target: edit.new}))
        elif edit.target.startswith(FLAG):
            flags.pop(edit.target.removeprefix(FLAG), None)
            flags.update(_flags(form, {edit.target: edit.new}))
        elif edit.target.startswith(SIGNING):
            signing.pop(edit.target.removeprefix(SIGNING), None)
            signing.update(signing_from({edit.target: edit.new}))
        else:
            answers.pop(edit.target, None)
            answers.update(decode_all(form, {edit.target: edit.new}))
    return Facts(answers, evidence, external, frozenset(unreadable), flags, signing)


def changes_between(form: Form, before: State, after: State, record: ChangeRecord | None = None) -> Changes:
    """Return what differs between the states before and after a record of the journal, or between two days."""
    edits = record.edits if record is not None else ()
    shown = frozenset(at for at, (then, now) in enumerate(zip(before.shown, after.shown, strict=True)) if then != now)
    targets = {edit.target for edit in edits if edit.kind == "answer"}
    flags = frozenset(target.removeprefix(FLAG) for target in targets if target.startswith(FLAG))
    answers = frozenset(target for target in targets if not target.startswith((FLAG, SIGNING)))
    evidence = frozenset(edit.target for edit in edits if edit.kind == "attachment")
    touched = {form.nodes[at].page for at in shown}
    touched |= {form.node(address).page for address in answers | flags if address in form.position}
    touched |= {form.nodes[form.slots[slot].node].page for slot in evidence if slot in form.slots}
    touched |= {page for page in after.pages if after.pages[page] != before.pages[page]}
    return Changes(
        answers,
        evidence,
        shown,
        frozenset(touched),
        before.problems != after.problems or before.unsent != after.unsent,
        before.score != after.score,
        record.at if record is not None else None,
        flags,
    )


def merged(some: Iterable[Changes]) -> Changes:
    """Return what several actions changed together; the time of saving is that of the last."""
    whole = Changes()
    for one in some:
        whole = Changes(
            whole.answers | one.answers,
            whole.evidence | one.evidence,
            whole.shown | one.shown,
            whole.pages | one.pages,
            whole.problems or one.problems,
            whole.score or one.score,
            one.at or whole.at,
            whole.flags | one.flags,
        )
    return whole
