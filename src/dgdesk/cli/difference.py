"""``questionnaire diff``: what differs between two editions, as lines, as JSON and as a printed table."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from dgdesk.cli.context import Context
from dgdesk.cli.questionnaire import folder_named
from dgdesk.editions.difference import HEAD, Difference, compare
from dgdesk.editions.workbook.files import read_files
from dgdesk.editions.workbook.tables import Edition
from dgdesk.system.atomic import atomic_write


def diff(arguments: Namespace, context: Context) -> int:
    """Compare two editions, given by their ids or folders; 1 if the new one uses an id for something else."""
    old, new = _edition(arguments.old), _edition(arguments.new)
    found = compare(old.definition, new.definition, old.rubric, new.rubric)
    if arguments.pdf is not None:
        _print(arguments.pdf, found, old, new, context, replace=arguments.replace)
    reused = sum(one.sort == "reused" for one in found)
    if arguments.json:
        editions = {"old": old.definition.edition, "new": new.definition.edition}
        context.json({**editions, "differences": [asdict(one) for one in found]})
        return 1 if reused else 0
    say = context.catalogue.text
    for one in found:
        part, was, now = _words(one, context)
        shown = " → ".join(text for text in (was, now) if text)
        context.line(" | ".join((say(f"difference.sort.{one.sort}"), _place(one, context), part or "-", shown)))
    if not found:
        context.say("cli.difference.none")
    if reused:
        context.say("cli.difference.reused", count=reused)
    if arguments.pdf is not None:
        context.say("cli.difference.printed", path=str(arguments.pdf))
    return 1 if reused else 0


def _edition(named: str) -> Edition:
    return read_files(folder_named(named))


def _place(one: Difference, context: Context) -> str:
    if one.id == HEAD:
        return context.catalogue.text("difference.whole")
    return f"{one.code} ({one.id})" if one.code else one.id


def _words(one: Difference, context: Context) -> tuple[str, str, str]:
    """Return the part and both sides for people: names of parts and yes or no in their language."""
    if one.sort not in ("answer", "reworded") or not one.part:
        return one.part, one.old, one.new
    say = context.catalogue.text
    sides = [say(f"difference.value.{side}") if side in ("yes", "no") else side for side in (one.old, one.new)]
    was, now = sides if one.sort == "answer" else (one.old, one.new)
    return say(f"difference.part.{one.part}"), was, now


def _print(
    target: Path, found: Sequence[Difference], old: Edition, new: Edition, context: Context, *, replace: bool
) -> None:
    from dgdesk.printing.listing import Listing, ListingTexts, print_listing
    from dgdesk.text.breaks import thai_breaker

    say = context.catalogue.text
    between = [say("difference.old", title=_called(old)), say("difference.new", title=_called(new))]
    listing = Listing(
        title=say("difference.title"),
        notes=[*between, say("difference.count", count=len(found))],
        foot=f"{old.definition.edition} – {new.definition.edition}",
        page=lambda number, count: say("difference.page", number=number, count=count),
        widths=(0.12, 0.14, 0.12, 0.31, 0.31),
        heads=[say(f"difference.head.{name}") for name in ("sort", "place", "part", "old", "new")],
        rows=[
            [
                ListingTexts(say(f"difference.sort.{one.sort}"), strong=one.sort == "reused"),
                *(ListingTexts(text) for text in (_place(one, context), *_words(one, context))),
            ]
            for one in found
        ],
    )
    printed = print_listing(listing, context.clock(), thai_breaker())
    atomic_write(target, printed.data, replace=replace, kind="pdf")


def _called(edition: Edition) -> str:
    return f"{edition.definition.title} ({edition.definition.edition})"
