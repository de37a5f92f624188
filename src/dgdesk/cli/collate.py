"""``collate``: bundles, or what a ledger knows of them, as tables."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from dgdesk.agency.choices import read_choices, write_choices
from dgdesk.agency.collate import Collated, collate_bundles
from dgdesk.agency.file_rows import FILES, facts_of, file_row
from dgdesk.agency.scan import scan
from dgdesk.agency.submission_rows import outcome_of
from dgdesk.agency.submissions import SubmissionLine, submissions
from dgdesk.agency.tables.writing import left_over, tables_there, write_tables
from dgdesk.agency.verdicts import InboxResult, shown_names
from dgdesk.bundle.chains import Choice
from dgdesk.bundle.report import BundleProblem
from dgdesk.cli.agency import read_keys, read_trust, say_totals
from dgdesk.cli.context import Context
from dgdesk.cli.submissions import choose_heads, say_submissions, submission_facts
from dgdesk.cli.targets import choices_of
from dgdesk.draft.drafts import load_forms
from dgdesk.errors import UsageError
from dgdesk.text.dates import BUDDHIST_ERA, THAILAND
from dgdesk.text.digits import to_arabic
from dgdesk.text.editions import edition_words

_COMMAND: Final = "dgdesk collate"
_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)


def collate(arguments: Namespace, context: Context) -> int:
    """Write the tables; 1 if some files were refused or not checked, or a person has to choose (the tables say why)."""
    if arguments.ledger is None:
        if not arguments.bundle:
            raise UsageError("cli.usage_missing", command=_COMMAND, name="bundle / --ledger")
        if arguments.since is not None:  # only a ledger knows when a bundle arrived
            raise UsageError("cli.usage_missing", command=_COMMAND, name="--ledger")
        return _of_bundles(arguments, context)
    for name in ("bundle", "trust", "key", "choices"):  # a ledger has its own
        if getattr(arguments, name):
            shown = name if name == "bundle" else f"--{name}"
            raise UsageError("cli.usage_together", command=_COMMAND, name="--ledger", other=shown)
    return _of_ledger(arguments, context)


def first_moment(day: str) -> datetime:
    """Return the moment at which a day begins in Thailand: 2026-11-20, or 2569-11-20 of the Buddhist era.

    Raises:
        UsageError: ``collate.bad_day``.
    """
    found = _DAY.fullmatch(to_arabic(day).strip())
    try:
        year, month, number = map(int, found.groups()) if found else (0, 0, 0)
        return datetime(year - BUDDHIST_ERA if year > 2400 else year, month, number, tzinfo=THAILAND)
    except ValueError as error:
        raise UsageError("collate.bad_day", typed=day) from error


def _of_bundles(arguments: Namespace, context: Context) -> int:
    target: Path = arguments.table
    files = scan(arguments.bundle)
    trusted, keys = read_trust(arguments.trust), read_keys(arguments, context)
    forms = load_forms()
    kept = choices_of(arguments)
    choices = read_choices(kept)

    def decide(checked: InboxResult) -> tuple[Choice, ...]:
        shown = shown_names([one.path for one in files])
        chosen = choose_heads(submissions(checked.files, choices), choices, arguments.choose, shown)
        write_choices(kept, chosen)
        return chosen

    before = tables_there(target)
    found: Collated = write_tables(
        target,
        lambda tables: collate_bundles(
            files,
            tables,
            forms=forms,
            trusted=trusted,
            word=_word(context),
            keys=keys,
            edition=_edition(context),
            now=context.clock(),
            choices=choices,
            decide=decide if arguments.choose else None,
            every=arguments.all,
            long=arguments.long,
        ),
        replace=arguments.replace,
    )
    shown = shown_names([one.path for one in found.files])
    if arguments.json:
        outcomes = outcome_of(found.submissions)
        rows = [
            dict(zip(FILES, file_row(facts_of(one, shown, outcomes), _word(context)), strict=True))
            for one in found.files
        ]
        bundles = [row for row, one in zip(rows, found.files, strict=True) if one.found.kind in ("bundle", "encrypted")]
        context.json(_facts(target, found, shown, context, files=rows, bundles=bundles))
    else:
        context.say("cli.collated", path=target, total=len(found.files), **found.sums)
        say_totals(found, shown, context, several=False)
        say_submissions(found.submissions, shown, context)
        _say_form(target, found, before, context)
    return 0 if found.holds else 1


def _of_ledger(arguments: Namespace, context: Context) -> int:
    from dgdesk.agency.collate_ledger import ShownNames, collate_ledger, ledger_facts
    from dgdesk.agency.ledger.making import open_ledger
    from dgdesk.agency.ledger.reading import choices, choose

    target: Path = arguments.table
    since = first_moment(arguments.since) if arguments.since is not None else None
    forms = load_forms()
    shown, before = ShownNames(), tables_there(target)
    with open_ledger(arguments.ledger) as ledger:
        if arguments.choose:
            chosen = choices(ledger)
            lines = ledger_facts(ledger, chosen).lines
            for one in choose_heads(lines, chosen, arguments.choose, shown):
                if one not in chosen:
                    choose(ledger, one, context.clock())
        found = write_tables(
            target,
            lambda tables: collate_ledger(
                ledger,
                tables,
                forms=forms,
                word=_word(context),
                edition=_edition(context),
                since=since,
                every=arguments.all,
                long=arguments.long,
            ),
            replace=arguments.replace,
        )
    if arguments.json:
        context.json(_facts(target, found, shown, context, waiting=found.waiting))
    else:
        total = sum(found.totals.values()) + found.waiting
        context.say("cli.collated", path=target, total=total, **found.sums)
        say_submissions(found.submissions, shown, context)
        if found.waiting:
            context.say("collate.waiting", count=found.waiting)
        _say_form(target, found, before, context)
    return 0 if found.holds else 1


def _facts(target: Path, found: Any, shown: Mapping[Path, str], context: Context, **more: object) -> dict[str, object]:
    """Return what both sources report as JSON, part of the program's contract."""
    lines: Sequence[SubmissionLine] = found.submissions
    return {
        "table": str(target),
        "totals": found.totals,
        "sums": found.sums,
        **more,
        "submissions": submission_facts(lines, shown, context),
        "long_texts": found.long_texts,
        "further_sheets": list(found.further),
    }


def _say_form(target: Path, found: Any, before: Mapping[Path, object], context: Context) -> None:
    """Say what a person has to know of the files that were written."""
    if found.long_texts:
        context.say("cli.collated_long", count=found.long_texts)
    if found.further:
        context.say("cli.collated_further", names=", ".join(found.further))
    if target.suffix.lower() == ".csv":
        context.say("cli.collated_csv")
    if old := left_over(before):
        context.say("cli.collated_old", names=", ".join(path.name for path in old))


def _word(context: Context) -> Callable[[BundleProblem], str]:
    return lambda problem: context.catalogue.text(problem.code, **problem.values)


def _edition(context: Context) -> Callable[[str], str]:
    return lambda named: edition_words(context.catalogue.text, named)
