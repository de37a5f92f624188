"""``questionnaire to-xlsx`` and ``questionnaire from-xlsx``: an edition as one Excel workbook."""

from __future__ import annotations

from argparse import Namespace

from dgdesk.cli.context import Context
from dgdesk.cli.questionnaire import folder_of
from dgdesk.editions.workbook.files import read_files
from dgdesk.editions.workbook.making import make_folder
from dgdesk.editions.workbook.sheets import write_book

_MOST: int = 100
"""Flaws that are named one by one."""


def to_book(arguments: Namespace, context: Context) -> int:
    """Write an edition as a workbook."""
    edition = read_files(folder_of(arguments))
    write_book(edition, arguments.book, context.catalogue.text, replace=arguments.replace)
    if arguments.json:
        context.json({"edition": edition.definition.edition, "path": str(arguments.book)})
    else:
        context.say("cli.workbook.written", name=edition.definition.title, path=str(arguments.book))
    return 0


def from_book(arguments: Namespace, context: Context) -> int:
    """Make a folder of data files from a workbook; 1 and no folder if something in it is wrong."""
    trees, flaws = make_folder(arguments.book, arguments.folder)
    messages = [context.catalogue.text(one.code, **one.values) for one in flaws]
    if arguments.json:
        context.json(
            {
                "edition": trees.head.get("id"),
                "ok": not flaws,
                "path": None if flaws else str(arguments.folder),
                "flaws": [
                    {"cell": one.cell, "code": one.code, "message": message}
                    for one, message in zip(flaws, messages, strict=True)
                ],
            }
        )
    elif flaws:
        for one, message in list(zip(flaws, messages, strict=True))[:_MOST]:
            context.line(f"{one.cell}: {message}")
        context.say("cli.workbook.flaws", count=len(flaws))
    else:
        context.say("cli.workbook.made", name=trees.head["title"], path=str(arguments.folder))
    return 1 if flaws else 0
