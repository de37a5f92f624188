"""What is kept and not sent, in messages: notices for the list of problems, a summary, and the report as plain data.

The sentences are in ``resources/i18n/unsent.yaml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from dgdesk.evidence.limits import in_units
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.answers.values import Answers, encode
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.codes import full_code, nearest_code
from dgdesk.survey.rules.places import full_name, option_words, problem_name, shortened
from dgdesk.survey.rules.problems import Problem
from dgdesk.survey.rules.state import State
from dgdesk.survey.rules.unsent import Decider, Unsent, UnsentGroup, by_decider, why_not_asked_for

_MOST = 3
"""Most names, and most places, in one sentence."""
MOST_LINES = 10
"""Most notices that a command prints; ``check`` lists all."""
_LONGEST = 60

_NOTICES = {
    "needs": "unsent.needs.",
    "skipped": "unsent.skipped.",
    "removed": "unsent.removed.",
    "empty": "unsent.empty.",
}
"""The beginning of the notice's code, which ends with what is kept: ``files``, ``answers`` or ``both``."""

Text = Callable[..., str]
"""Words a message code with its values, as `Catalogue.text` does."""


class UnsentCounts(NamedTuple):
    """How much is kept and not sent: ``files`` at their places, their ``size`` in bytes, and ``answers``."""

    files: int
    size: int
    answers: int

    def __bool__(self) -> bool:
        return bool(self.files or self.answers)


def count_unsent(places: Iterable[Unsent]) -> UnsentCounts:
    """Count what is kept and not sent; a file at two such places counts for each."""
    some = tuple(places)
    return UnsentCounts(
        sum(len(one.files) for one in some),
        sum(one.size for one in some),
        sum(one.value is not None for one in some),
    )


def unsent_summary(places: Iterable[Unsent], text: Text) -> str:
    """Return in one sentence how much is kept and not sent; empty if nothing is."""
    counts = count_unsent(places)
    if not counts:
        return ""
    return text(
        f"unsent.summary.{_what(counts.files, counts.answers)}",
        files=counts.files,
        size=in_units(counts.size),
        answers=counts.answers,
    )


def unsent_notices(form: Form, answers: Answers, places: tuple[Unsent, ...]) -> tuple[Problem, ...]:
    """Return a notice for each answer that keeps something from being sent, at the question of that answer."""
    return tuple(_notice(form, answers, group) for group in by_decider(places))


def notice_lines(form: Form, answers: Answers, places: tuple[Unsent, ...], text: Text) -> tuple[str, ...]:
    """Return the notices in words, each with its question."""
    return tuple(
        f"{problem_name(form, one.address, one.slot, answers).line()}: {text(one.code, **one.values)}"
        for one in unsent_notices(form, answers, places)
    )


def why_unsent(form: Form, state: State, slot: str, text: Text) -> str:
    """Return in one sentence why a file at a slot is not sent now, and which answer it needs; empty if it is sent."""
    found = form.slots.get(slot)
    if found is None:
        return ""
    answers = state.facts.answers
    decider = why_not_asked_for(form, answers, state.shown, found)
    return "" if decider is None else _why(form, answers, decider, text)


def unsent_report(form: Form, answers: Answers, places: tuple[Unsent, ...], text: Text) -> dict[str, Any]:
    """Return everything that is kept and not sent as plain data, for ``--json``: the counts, and each place."""
    counts = count_unsent(places)
    return {
        "files": counts.files,
        "size": counts.size,
        "answers": counts.answers,
        "places": [
            {
                "field": one.address,
                "slot": one.slot,
                "code": nearest_code(form, one.address),
                "where": problem_name(form, one.address, one.slot, answers).line(),
                "answer": None if one.value is None else encode(one.value),
                "files": [{"name": file.name, "sha256": file.sha256, "size": file.size} for file in one.files],
                "unreadable": one.unreadable,
                "why": {
                    "how": one.decider.how,
                    "field": one.decider.address,
                    "option": one.decider.option,
                    "message": _why(form, answers, one.decider, text),
                },
            }
            for one in places
        ],
    }


def _notice(form: Form, answers: Answers, group: UnsentGroup) -> Problem:
    decider, files = group.decider, group.files
    readable = bool(files or group.answers)
    what = _what(len(files), group.answers) if readable else "unreadable"
    values: dict[str, object] = {
        "option": _option(form, decider),
        "places": _places(form, answers, group.places),
        "files": len(files),
        "names": _names(files),
        "answers": group.answers,
    }
    code = f"{_NOTICES[decider.how]}{what}" if readable else "unsent.unreadable"
    return Problem(code, "notice", decider.address, values=values)


def _what(files: int, answers: int) -> str:
    return "both" if files and answers else "files" if files else "answers"


def _why(form: Form, answers: Answers, decider: Decider, text: Text) -> str:
    place = full_name(form, decider.address, None, answers).line()
    return text(f"unsent.why.{decider.how}", place=place, option=_option(form, decider))


def _option(form: Form, decider: Decider) -> str:
    if decider.how in ("removed", "empty"):
        return ""
    return shortened(option_words(form.node(decider.address), decider.option), _LONGEST)


def _names(files: tuple[Attachment, ...]) -> str:
    shown = [f"{shortened(one.name, _LONGEST)} {in_units(one.size)}" for one in files[:_MOST]]
    return ", ".join(shown) + (" …" if len(files) > _MOST else "")


def _places(form: Form, answers: Answers, places: tuple[Unsent, ...]) -> str:
    """Return the codes of places, each once, the first ones of very many; of one place its full name."""
    if len({one.address for one in places}) == 1:
        return problem_name(form, places[0].address, places[0].slot, answers).line(longest=_LONGEST)
    codes: dict[str, None] = {}
    for one in places:
        codes.setdefault(full_code(form, one.address) or full_name(form, one.address, None, answers).line())
        if len(codes) > _MOST:
            return ", ".join(list(codes)[:_MOST]) + " …"
    return ", ".join(codes)
