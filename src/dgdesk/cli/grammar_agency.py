"""The grammar of ``intake`` and ``ledger``: what an agency receives, judged once and kept."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from dgdesk.cli.grammar_signing import TRUST_HELP

LEDGER_HELP = "a file, made if it is absent, or postgresql://USER@HOST/DATABASE (the password in ~/.pgpass)"


def add_agency(commands: Any, common: ArgumentParser, reporting: ArgumentParser) -> None:
    """Add the commands and their parts; ``common`` and ``reporting`` are the options that every command has."""
    kind = type(common)
    one = commands.add_parser("intake", help="check what has come, once, and keep it in a ledger", parents=[reporting])
    one.add_argument("inbox", type=Path, nargs="+", help="folders of bundles")
    one.add_argument("--ledger", required=True, metavar="LEDGER", help=LEDGER_HELP)
    one.add_argument("--trust", type=Path, action="append", default=[], metavar="TRUST", help=TRUST_HELP)
    one.add_argument("--key", type=Path, help="file of the receiver's secret age key, for encrypted bundles")
    one.add_argument("--jobs", type=_jobs, default=1, metavar="N", help="processes that check at once (default 1)")
    one.add_argument("--accepted", type=Path, metavar="DIR", help="move what holds into this folder")
    one.add_argument("--rejected", type=Path, metavar="DIR", help="move what was refused into this folder")
    one.add_argument("--watch", action="store_true", help="go on until it is stopped (Ctrl-C)")
    one.add_argument("--audit", action="store_true", help="read everything once more; 1 if something differs")
    one.add_argument(
        "--inbox-name", metavar="NAME", help="of one inbox: the same on machines where its folder is another one"
    )
    one.set_defaults(run="intake:intake")

    one = commands.add_parser("ledger", help="what was received: listed, or joined", parents=[common])
    parts = one.add_subparsers(dest="part", metavar="list|merge", required=True, parser_class=kind)
    two = parts.add_parser("list", help="list the files and the respondents", parents=[reporting])
    two.add_argument("ledger", metavar="LEDGER", help="a file, or postgresql://USER@HOST/DATABASE")
    two.set_defaults(run="ledger:listed")
    two = parts.add_parser("merge", help="add all that other ledgers know", parents=[reporting])
    two.add_argument("ledger", metavar="TARGET", help=LEDGER_HELP)
    two.add_argument("source", nargs="+", metavar="LEDGER", help="they stay as they are")
    two.set_defaults(run="ledger:merge")


def _jobs(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 4):
        raise ArgumentTypeError(f"not a count: {typed!r}")
    return int(typed)
