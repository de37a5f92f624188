"""The grammar of ``edition`` and ``questionnaire``: surveys as packs, as data files and as workbooks."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any


def add_editions(commands: Any, common: ArgumentParser, reporting: ArgumentParser) -> None:
    """Add the command and its parts; ``common`` and ``reporting`` are the options that every command has."""
    one = commands.add_parser("edition", help="surveys of other years and bodies, as signed packs", parents=[common])
    parts = one.add_subparsers(
        dest="part", metavar="list|verify|install|remove|build", required=True, parser_class=type(common)
    )

    two = parts.add_parser("list", help="list what is there, with its days", parents=[reporting])
    two.set_defaults(run="editions:listed")

    for part, text in (("verify", "check a pack"), ("install", "check a pack and install it")):
        two = parts.add_parser(part, help=text, parents=[reporting])
        two.add_argument("pack", type=Path)
        about = "certificate of the pack's signer" + ("; it is remembered" if part == "install" else "")
        two.add_argument("--trust", type=Path, help=about)
        two.set_defaults(run=f"editions:{part}")

    two = parts.add_parser("remove", help="remove an installed edition", parents=[reporting])
    two.add_argument("edition", help="its id")
    two.set_defaults(run="editions:remove")

    two = parts.add_parser("build", help="make a signed pack of a folder of data files", parents=[reporting])
    two.add_argument("folder", type=Path)
    two.add_argument("pack", type=Path, help="the file to write, NAME.dgedition")
    two.add_argument("--version", type=int, help="number of this version (default: that in edition.yaml, else 1)")
    two.add_argument("--follows", metavar="OLD", help="id or folder of the survey it follows: ids keep their meaning")
    two.add_argument("--identity", type=Path, help="name or folder of the signing identity")
    two.add_argument("--passphrase-file", type=Path, help="file with the identity's passphrase")
    two.add_argument("--replace", action="store_true", help="write over an existing pack")
    two.set_defaults(run="editions:build")


def add_questionnaire(commands: Any, common: ArgumentParser, reporting: ArgumentParser) -> None:
    """Add the command and its parts; ``common`` and ``reporting`` as above."""
    one = commands.add_parser("questionnaire", help="check, print or write the questionnaire's data", parents=[common])
    parts = one.add_subparsers(
        dest="part", metavar="lint|dump|diff|to-xlsx|from-xlsx", required=True, parser_class=type(common)
    )
    for part, text in (("lint", "refuse a broken questionnaire"), ("dump", "print fields, options, places, texts")):
        two = parts.add_parser(part, help=text, parents=[reporting])
        _add_folder(two)
        two.set_defaults(run=f"questionnaire:{part}")

    two = parts.add_parser("diff", help="compare two surveys", parents=[reporting])
    two.add_argument("old", help="id of the old survey, or the folder with its data files")
    two.add_argument("new", help="id or folder of the new one")
    two.add_argument("--pdf", type=Path, default=None, help="also print the differences as a table: this PDF file")
    two.add_argument("--replace", action="store_true", help="write over an existing PDF file")
    two.set_defaults(run="difference:diff")

    two = parts.add_parser("to-xlsx", help="write the survey as one Excel workbook", parents=[reporting])
    two.add_argument("book", type=Path, help="the workbook to write, NAME.xlsx")
    _add_folder(two)
    two.add_argument("--replace", action="store_true", help="write over an existing workbook")
    two.set_defaults(run="workbook:to_book")

    two = parts.add_parser("from-xlsx", help="make the data files from a workbook", parents=[reporting])
    two.add_argument("book", type=Path, help="the workbook")
    two.add_argument("folder", type=Path, help="the new folder to make")
    two.set_defaults(run="workbook:from_book")


def _add_folder(parser: ArgumentParser) -> None:
    parser.add_argument("--edition", default=None, help="edition (default: the newest)")
    parser.add_argument("--folder", type=Path, default=None, help="read the data files from this folder instead")
