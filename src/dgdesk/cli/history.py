"""``undo``, ``redo`` and ``history``: the journal of a draft, read and used without a window."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import Any

from dgdesk.cli.context import Context
from dgdesk.cli.draft import field_of
from dgdesk.draft.drafts import Draft, open_draft
from dgdesk.draft.file.model import ChangeRecord
from dgdesk.draft.history import HistoryStep, action_in_words, differs, steps, targets_of, values_after, values_before
from dgdesk.errors import UsageError
from dgdesk.text.dates import time_text

_SAYS = {"undo": "cli.undo_", "redo": "cli.redo_", "history": "cli.history_"}
"""How the codes of their sentences begin."""
_AT_ONCE = 500
_MOST_LINES = 12
"""Most places of one step that are printed as text; a step of 500 answers is one line of its own for each in JSON."""


def undo(arguments: Namespace, context: Context) -> int:
    """Take back the last changes and say which; 1 if there is nothing to undo."""
    return _move(arguments, context, "undo")


def redo(arguments: Namespace, context: Context) -> int:
    """Do again what was undone last and say what; 1 if there is nothing to redo."""
    return _move(arguments, context, "redo")


def _move(arguments: Namespace, context: Context, which: str) -> int:
    with open_draft(arguments.file, clock=context.clock, who=context.who, read_only=arguments.list) as draft:
        if arguments.list:
            return _print(_stack(draft, which, arguments.steps or _AT_ONCE), draft, arguments, context, which)
        session, done = draft.session, []
        for _ in range(arguments.steps or 1):
            coming = _stack(draft, which, 1)
            if not coming or not (session.undo() if which == "undo" else session.redo()):
                break
            # It was done at the time of the change itself, and changed what the record of now says.
            (now,) = draft.package.history(1)
            done.append(coming[0]._replace(edits=now.edits))
        left = len(_stack(draft, which, 1))
        words = _steps(draft, done, context)
        if arguments.json:
            context.json({which: [_facts(step, context) for step in words], "more": bool(left)})
        else:
            for step in words:
                context.say(_SAYS[which] + "done", **_when(step, context))
                _print_lines(step, context)
            if not done:
                context.say(_SAYS[which] + "nothing")
            elif len(done) < (arguments.steps or 1):
                context.say(_SAYS[which] + "no_more", count=len(done))
    return 0 if done else 1


def _stack(draft: Draft, which: str, limit: int) -> Sequence[ChangeRecord]:
    return draft.package.undo_stack(limit) if which == "undo" else draft.package.redo_stack(limit)


def history(arguments: Namespace, context: Context) -> int:
    """List what was changed, the newest first, of the whole draft or one question; or restore an earlier value."""
    wanted = arguments.restore if arguments.restore is not None else arguments.restore_after
    read_only = wanted is None
    with open_draft(arguments.file, clock=context.clock, who=context.who, read_only=read_only) as draft:
        targets = None if arguments.field is None else _targets(draft, arguments.field)
        if wanted is not None:
            values_of = values_before if arguments.restore is not None else values_after
            return _restore(draft, wanted, targets, values_of, context, as_json=arguments.json)
        found: list[HistoryStep] = []
        before = arguments.before
        while len(found) < arguments.limit:
            records = draft.package.history(min(_AT_ONCE, max(arguments.limit, 20)), before)
            if not records:
                break
            found += _steps(draft, records, context, targets)
            before = records[-1].number
        return _print_steps(found[: arguments.limit], arguments, context, "history")


def _targets(draft: Draft, typed: str) -> frozenset[str]:
    """Return what the history of a question is about. Raises UsageError for one that the form does not have."""
    form = draft.session.form
    address = form.nodes[form.slots[typed].node].address if typed in form.slots else field_of(draft, typed)
    if address not in form.position:
        raise UsageError("field.unknown", field=typed)
    return targets_of(form, address)


def _restore(
    draft: Draft,
    number: int,
    targets: frozenset[str] | None,
    values_of: Callable[[HistoryStep], Any],
    context: Context,
    *,
    as_json: bool,
) -> int:
    records = [one for one in draft.package.history(1, number + 1) if one.number == number]
    words = [step for step in _steps(draft, records, context, targets) if step.lines]
    if not words:
        raise UsageError("cli.no_such_step", number=number)
    values = values_of(words[0])
    if not differs(values, draft.session.stored):
        raise UsageError("ui.history.same")
    draft.session.restore(values)
    made = _steps(draft, draft.package.history(1), context)
    if as_json:
        context.json({"restored": [_facts(step, context) for step in made]})
    else:
        context.say("cli.restored", number=number)
        for step in made:
            _print_lines(step, context)
    return 0


def _steps(
    draft: Draft, records: Sequence[ChangeRecord], context: Context, targets: frozenset[str] | None = None
) -> list[HistoryStep]:
    return steps(draft.session.form, draft.session.state.facts.answers, records, context.catalogue.text, targets)


def _print(records: Sequence[ChangeRecord], draft: Draft, arguments: Namespace, context: Context, which: str) -> int:
    return _print_steps(_steps(draft, records, context), arguments, context, which)


def _print_steps(found: Sequence[HistoryStep], arguments: Namespace, context: Context, which: str) -> int:
    if arguments.json:
        context.json({"steps": [_facts(step, context) for step in found]})
        return 0
    for step in found:
        when = _when(step, context)
        context.line(f"{step.number}. {when['moment']} · {step.who} · {when['action']}")
        _print_lines(step, context)
    if not found:
        context.say(_SAYS[which] + "nothing")
    return 0


def _print_lines(step: HistoryStep, context: Context) -> None:
    empty = context.catalogue.text("ui.history.empty")
    for line in step.lines[:_MOST_LINES]:
        context.line(f"   {line.where}: {line.old or empty} → {line.new or empty}")
    if len(step.lines) > _MOST_LINES:
        context.line("   " + context.catalogue.text("ui.history.more", count=len(step.lines) - _MOST_LINES))


def _when(step: HistoryStep, context: Context) -> dict[str, str]:
    return {
        "moment": time_text(step.at, context.catalogue.language),
        "action": action_in_words(step, context.catalogue.text),
        "who": step.who,
    }


def _facts(step: HistoryStep, context: Context) -> dict[str, Any]:
    """Return one step; the keys are part of the program's contract."""
    return {
        "number": step.number,
        "at": step.at,
        "who": step.who,
        "action": step.action,
        "origin": step.origin,
        "words": action_in_words(step, context.catalogue.text),
        "changes": [
            {"where": line.where, "field": line.address, "slot": line.slot or None, "old": line.old, "new": line.new}
            for line in step.lines
        ],
    }
