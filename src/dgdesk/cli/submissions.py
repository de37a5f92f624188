"""What ``collate`` says of each respondent, and the choices that a person makes between several submissions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dgdesk.agency.choices import with_choice
from dgdesk.agency.submission_rows import line_words, remarks
from dgdesk.agency.submissions import SubmissionLine, counted
from dgdesk.bundle.chains import Choice, Member, choose
from dgdesk.cli.context import Context
from dgdesk.errors import UsageError
from dgdesk.text.normalise import tidy


def choose_heads(
    lines: Sequence[SubmissionLine], choices: Iterable[Choice], wanted: Sequence[str], shown: Mapping[Path, str]
) -> tuple[Choice, ...]:
    """Return the choices with those that a person names: by file, as the tables call it, or by digest.

    Raises:
        UsageError: ``choices.no_such``: it is none of several submissions of one respondent.
    """
    kept = tuple(choices)
    heads = [
        (line.chain, one, _names(line, one, shown))
        for line in lines
        if line.chain is not None and len(line.chain.heads) > 1
        for one in line.chain.heads
    ]
    for named in wanted:
        exact = [(chain, one) for chain, one, names in heads if named in names]
        alike = [(chain, one) for chain, one, names in heads if tidy(named) in map(tidy, names)]
        chain, chosen = next(iter(exact or alike), (None, None))
        if chain is None or chosen is None:
            raise UsageError("choices.no_such", name=named)
        kept = with_choice(kept, choose(chain, chosen.digest))
    return kept


def _names(line: SubmissionLine, member: Member, shown: Mapping[Path, str]) -> set[str]:
    paths = (line.files or {}).get(member.digest, ())
    return {member.digest, *(shown[path] for path in paths), *(path.name for path in paths), *map(str, paths)}


def say_submissions(lines: Sequence[SubmissionLine], shown: Mapping[Path, str], context: Context) -> None:
    """Print one line for each respondent, and what needs a person."""
    text = context.catalogue.text
    if not lines:
        return
    counts = {str(state): count for state, count in counted(lines).items()}
    context.say("chain.totals", total=len(lines), **counts)
    for line in lines:
        context.line(
            " | ".join((line.respondent, line.name, *line_words(line, shown, text, context.catalogue.language)))
        )
    for line in lines:
        if line.chain is not None and line.state == "fork":
            names = ", ".join(shown[path] for one in line.chain.heads if (path := line.first_of(one)))
            context.say("chain.choose", respondent=line.name, names=names)
        for problem in remarks(line, shown):
            context.line(text(problem.code, **problem.values))


def submission_facts(
    lines: Sequence[SubmissionLine], shown: Mapping[Path, str], context: Context
) -> list[dict[str, Any]]:
    """Return the lines in their JSON form, part of the program's contract."""
    return [_facts(line, shown, context) for line in lines]


def _facts(line: SubmissionLine, shown: Mapping[Path, str], context: Context) -> dict[str, Any]:
    chain, current = line.chain, line.current
    members = chain.members if chain is not None else ()
    return {
        "respondent": line.respondent,
        "name": line.name,
        "edition": line.edition,
        "state": line.state,
        "revision": current.fact.revision if current is not None else None,
        "digest": current.digest if current is not None else None,
        "file": shown[line.file] if line.file is not None else None,
        "reason": (current.fact.reason or None) if current is not None else None,
        "copies": chain.copies if chain is not None else 0,
        "missing": list(chain.gaps) if chain is not None else [],
        "bundles": [
            {
                "digest": one.digest,
                "outcome": one.outcome,
                "revision": one.fact.revision,
                "supersedes": one.fact.supersedes or None,
                "replaced_by": list(one.replaced_by),
                "reason": one.fact.reason or None,
                "flaw": one.flaw,
                "copies": one.copies,
                "files": [shown[path] for path in (line.files or {}).get(one.digest, ())],
            }
            for one in members
        ],
        "remarks": [
            {"code": one.code, "message": context.catalogue.text(one.code, **one.values)}
            for one in remarks(line, shown)
        ],
    }
