"""The third part of the command line's grammar: evidence in a draft, its history, items of repeats, the register."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

RECTANGLE = "PAGE:LEFT,TOP,RIGHT,BOTTOM[ NOTE]"


def add_editing(commands: Any, common: ArgumentParser, reporting: ArgumentParser) -> None:
    """Add the commands of `dgdesk.cli.history`, `dgdesk.cli.items` and `dgdesk.cli.register`."""
    for name, text in (("undo", "take back the last change; 1 if there is none"), ("redo", "do it again")):
        one = commands.add_parser(name, help=text, parents=[reporting])
        one.add_argument("file", type=Path)
        one.add_argument("--steps", type=_number, metavar="N", help="how many changes (default 1)")
        one.add_argument("--list", action="store_true", help=f"only list what {name} would do, the next one first")
        one.set_defaults(run=f"history:{name}")

    one = commands.add_parser("history", help="list what was changed, by whom and when", parents=[reporting])
    one.add_argument("file", type=Path)
    one.add_argument("field", nargs="?", help="only of this question: its id or printed code")
    one.add_argument("--limit", type=_number, default=20, metavar="N", help="how many steps (default 20)")
    one.add_argument("--before", type=_number, metavar="N", help="only steps before this number")
    which = one.add_mutually_exclusive_group() if isinstance(one, ArgumentParser) else one
    which.add_argument("--restore", type=_number, metavar="N", help="put back what was there before step N")
    which.add_argument("--restore-after", type=_number, metavar="N", help="put back what step N made")
    one.set_defaults(run="history:history")

    one = commands.add_parser("item", help="items of a repeat, by their visible numbers", parents=[common])
    parts = one.add_subparsers(dest="part", metavar="add|remove|move", required=True, parser_class=type(common))
    for part, text in (
        ("add", "add an item"),
        ("remove", "remove an item with its answers and evidence"),
        ("move", "move an item to another number"),
    ):
        two = parts.add_parser(part, help=text, parents=[reporting])
        two.add_argument("file", type=Path)
        two.add_argument("field", help="the question with the items: its id or printed code")
        if part != "add":
            two.add_argument("number", help="the item's number as it is shown")
        if part == "move":
            two.add_argument("to", help="the number that it gets")
        two.set_defaults(run=f"items:{part}")

    one = commands.add_parser("external-points", help="points of the assessing body", parents=[reporting])
    one.add_argument("file", type=Path)
    one.add_argument("indicator", nargs="?", help="number of the indicator, such as 1.1")
    one.add_argument("points", nargs="?", help="its points; '' clears them")
    one.set_defaults(run="items:external_points")

    one = commands.add_parser("register", help="list exports with their receipts and scans", parents=[reporting])
    one.add_argument("file", type=Path)
    one.add_argument("--save", type=_number, metavar="N", help="write the receipt or scan of this number to --out")
    one.add_argument("--out", type=Path, metavar="FILE", help="the file for --save")
    one.set_defaults(run="register:register")


def add_evidence(parts: Any, reporting: ArgumentParser) -> None:
    """Add the parts of ``evidence`` that are in `dgdesk.cli.evidence`."""
    place = "id of the place for evidence, such as g1/yes, or a printed code"
    two = parts.add_parser("list", help="list the files by place, with their key passages", parents=[reporting])
    two.add_argument("file", type=Path)
    two.add_argument("slot", nargs="?", help="only this place, question or section")
    two.add_argument("--stored", action="store_true", help="also files that are stored and attached nowhere")
    two.set_defaults(run="evidence:show")
    two = parts.add_parser("mark", help="change the key passage of files that are attached", parents=[reporting])
    two.add_argument("file", type=Path)
    two.add_argument("slot", nargs="?", help=place)
    two.add_argument("name", nargs="?", help="name, number or SHA-256 of one file there (default: every file there)")
    two.add_argument("--pages", help="pages of the key passage; '' clears them")
    two.add_argument("--passages", help="the key passage in words; '' clears them")
    two.add_argument("--mark", action="append", default=[], metavar=RECTANGLE, help="the only highlights; repeatable")
    two.add_argument(
        "--add-mark", action="append", default=[], metavar=RECTANGLE, help="one more highlight; repeatable"
    )
    two.add_argument("--remove-mark", action="append", default=[], metavar="N", help="remove highlight N; repeatable")
    two.add_argument("--no-marks", action="store_true", help="remove all highlights")
    two.add_argument(
        "--note", action="append", default=[], metavar="N TEXT", help="the note of highlight N; repeatable"
    )
    two.add_argument("--whole", dest="whole", action="store_true", default=None, help="the whole file is the passage")
    two.add_argument("--not-whole", dest="whole", action="store_false", default=None, help="it is not the whole file")
    two.add_argument("--from", dest="source", type=Path, metavar="LIST", help="all of a list, as list --json prints it")
    two.set_defaults(run="evidence:mark")
    two = parts.add_parser("remove", help="remove a file from a place; undo brings it back", parents=[reporting])
    two.add_argument("file", type=Path)
    two.add_argument("slot", help=place)
    two.add_argument("name", help="name, number or SHA-256 of the file there")
    two.set_defaults(run="evidence:remove")
    two = parts.add_parser("reuse", help="attach a file that the draft has to a further place", parents=[reporting])
    two.add_argument("file", type=Path)
    two.add_argument("slot", help=place)
    two.add_argument("name", help="name or SHA-256 of a file that the draft stores")
    two.set_defaults(run="evidence:reuse")


def _number(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 13 and int(typed) > 0):
        raise ArgumentTypeError(f"not a count: {typed!r}")
    return int(typed)
