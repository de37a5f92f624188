"""The command line's grammar: every command, its arguments, and the function that runs it."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from dgdesk import __version__
from dgdesk.cli.context import Command
from dgdesk.cli.grammar_editing import add_editing, add_evidence
from dgdesk.cli.grammar_signing import TRUST_HELP, add_ledger, add_signing
from dgdesk.cli.usage import usage_fault
from dgdesk.errors import UsageError


class Parser(ArgumentParser):
    """An argument parser that raises instead of printing usage and exiting, and accepts no abbreviated options."""

    def __init__(self, **settings: Any) -> None:
        # Abbreviated, "--passphrase secret" would mean a file named "secret".
        super().__init__(**{"allow_abbrev": False, **settings})

    def error(self, message: str) -> NoReturn:
        """Raise the error for the catalogue to word."""
        code, values = usage_fault(message)
        raise UsageError(code, command=self.prog, **values)


class _Unbuilt:
    """Accepts the grammar of a command that is not used; building all of it takes longer than a small command."""

    def add_argument(self, *_: Any, **__: Any) -> None:
        """Ignore an argument."""

    set_defaults = add_argument

    def add_parser(self, *_: Any, **__: Any) -> _Unbuilt:
        """Ignore a part of the command."""
        return self

    add_subparsers = add_parser


class _Commands:
    """Builds the grammar of one command only, or of every command."""

    def __init__(self, real: Any, only: str | None) -> None:
        self._real, self._only = real, only

    def wants(self, *names: str) -> bool:
        """Return whether the grammar of one of these commands is asked for; else its module need not be loaded."""
        return self._only is None or self._only in names

    def add_parser(self, name: str, **settings: Any) -> Any:
        """Begin a command's grammar."""
        return self._real.add_parser(name, **settings) if self._only in (None, name) else _Unbuilt()


def parse(arguments: Sequence[str]) -> Namespace:
    """Parse what a person typed; ``run`` of the result names the module and function of the command.

    Raises:
        UsageError: a code of `usage_fault`.
    """
    return make_parser(next(iter(arguments), None)).parse_args(arguments)


def make_parser(first: str | None = None) -> Parser:
    """Return the parser of all commands, or only of the command ``first`` if there is one of that name."""
    common = Parser(add_help=False)
    common.add_argument("--lang", choices=("th", "en"), default="th", help="language of messages")
    reporting = Parser(add_help=False, parents=[common])
    reporting.add_argument("--json", action="store_true", help="print JSON")
    parser = Parser(
        prog="dgdesk",
        description="แบบสำรวจระดับความพร้อมรัฐบาลดิจิทัลของจังหวัด\n"
        "The provincial survey of digital-government readiness, offline.",
        epilog="Without arguments, or with a *.dgdesk file, the window opens.\n"
        "Exit codes: 0 done; 1 what was checked does not hold; 2 wrong use; 3 a file cannot be read or written.",
        formatter_class=RawDescriptionHelpFormatter,
        parents=[common],
    )
    parser.add_argument("--version", action="version", version=f"dgdesk {__version__}")
    real = parser.add_subparsers(dest="command", metavar="command", required=True, parser_class=Parser)
    commands = _Commands(real, first)

    if commands.wants("questionnaire", "edition"):
        from dgdesk.cli.grammar_editions import add_editions, add_questionnaire

        add_questionnaire(commands, common, reporting)
        add_editions(commands, common, reporting)

    one = commands.add_parser("new", help="make a draft", parents=[reporting])
    one.add_argument("file", type=Path)
    one.add_argument("--edition", help="id of the survey; the newest one unasked")
    one.add_argument(
        "--respondent", "--province", dest="respondent", help="who answers: official name or code, such as TH-50"
    )
    one.add_argument("--who", help="name of the person at work")
    one.set_defaults(run="draft:new")

    one = commands.add_parser("set", help="answer a field", parents=[reporting])
    one.add_argument("file", type=Path)
    one.add_argument("field", nargs="?", help="id of the field, or its printed code")
    one.add_argument("value", nargs="?", help="the answer; several options as a,b; '' clears it")
    one.add_argument("--from", dest="source", type=Path, help="JSON file with many answers by id")
    one.set_defaults(run="draft:set_answer")

    one = commands.add_parser("flag", help="flag a question as not sure, or list the flags", parents=[reporting])
    one.add_argument("file", type=Path)
    one.add_argument(
        "field", nargs="?", help="id of the question, or its printed code; without it, all flags are listed"
    )
    one.add_argument("--note", help="the note, such as whom to ask")
    one.add_argument("--clear", action="store_true", help="take the flag away")
    one.set_defaults(run="draft:flag")

    one = commands.add_parser("attach", help="attach evidence", parents=[reporting])
    one.add_argument("file", type=Path)
    one.add_argument("slot", help="id of the place for evidence, such as g1/yes, or a printed code")
    one.add_argument("evidence", type=Path, nargs="+", help="one file or several")
    _take_passage(one)
    one.set_defaults(run="draft:attach")

    one = commands.add_parser(
        "evidence", help="list, mark, remove evidence; all of it out, a folder of it in", parents=[common]
    )
    parts = one.add_subparsers(
        dest="part", metavar="list|mark|remove|reuse|export|import", required=True, parser_class=Parser
    )
    two = parts.add_parser("export", help="write all evidence into a new folder by question", parents=[reporting])
    two.add_argument("file", type=Path)
    two.add_argument("folder", type=Path)
    two.set_defaults(run="folders:carry_out_all")
    two = parts.add_parser("import", help="attach a folder's files by the codes in their names", parents=[reporting])
    two.add_argument("file", type=Path)
    two.add_argument("folder", type=Path)
    two.add_argument("--dry-run", action="store_true", help="only say what would be attached where")
    two.add_argument("--whole", action="store_true", help="say of each file that the whole file is the key passage")
    two.set_defaults(run="folders:carry_in_all")
    add_evidence(parts, reporting)

    one = commands.add_parser("check", help="list problems; 1 when not ready to submit", parents=[reporting])
    one.add_argument("file", type=Path)
    one.set_defaults(run="reports:check")

    one = commands.add_parser("score", help="preview the score (an estimate)", parents=[reporting])
    one.add_argument("file", type=Path)
    one.add_argument("--gains", type=_count, default=10, metavar="N", help="how many things to do next (default 10)")
    one.set_defaults(run="scoring:score")

    one = commands.add_parser("print", help="print the survey as a PDF", parents=[reporting])
    one.add_argument("file", type=Path)
    one.add_argument("--out", type=Path, help="the PDF (default: beside the draft, under its name)")
    one.add_argument("--replace", action="store_true", help="replace an existing PDF")
    one.add_argument(
        "--variant",
        choices=("signing", "final", "draft", "blank", "answers", "compact", "problems"),
        help="signing set, for signature, draft, to fill in by hand, answers only, for the approver, what is missing "
        "(default: final when the form is ready, else draft)",
    )
    one.add_argument("--bundle", type=Path, help="of a signing set: the exported bundle that it must belong to")
    one.add_argument("--section", metavar="ID", help="one section only, such as p3")
    one.add_argument(
        "--digits", choices=("thai", "arabic"), default="arabic", help="all numbers but those of codes and typed text"
    )
    one.add_argument("--large", action="store_true", help="large print")
    one.add_argument("--without-notes", action="store_true", help="leave the remarks of the form out")
    one.add_argument(
        "--skipped",
        choices=("reasons", "leave-out"),
        default="reasons",
        help="parts that need not be filled in: with the reason, or not at all (default: reasons)",
    )
    one.add_argument("--initials", action="store_true", help="a box for initials on every page")
    one.add_argument("--duplex", action="store_true", help="mirrored margins, for printing on both sides")
    one.set_defaults(run="printing:print_survey")

    one = commands.add_parser("signing", help="who signs on paper, and the memo", parents=[reporting])
    one.add_argument("file", type=Path)
    one.add_argument("key", nargs="?", help="which text, such as governor.name; without it, all are listed")
    one.add_argument("text", nargs="?", help="the text; '' leaves it to be written by hand")
    one.add_argument("--suggested", action="store_true", help="bring back what the program suggests for KEY")
    one.add_argument("--from", dest="source", type=Path, help="JSON file with many texts by key")
    one.set_defaults(run="signing:signing")

    one = commands.add_parser("export", help="export a signed bundle", parents=[reporting])
    one.add_argument("file", type=Path)
    one.add_argument("bundle", type=Path)
    one.add_argument("--draft", action="store_true", help="export although it is not ready, marked as a draft")
    one.add_argument("--replace", action="store_true", help="replace an existing bundle")
    one.add_argument("--reason", metavar="TEXT", default="", help="why it is corrected, when it was exported before")
    one.add_argument(
        "--never-sent",
        action="store_true",
        help="the last export never left this office: replace the one before it, if any, instead",
    )
    one.add_argument("--identity", type=Path, help="name or folder of the signing identity (default: the profile's)")
    one.add_argument("--encrypt-to", type=Path, metavar="FILE", help="encrypt for the age public keys in this file")
    one.add_argument("--person", help="name for a new identity, made on first use")
    one.add_argument("--passphrase-file", type=Path, help="file whose first line is the passphrase")
    one.add_argument("--no-passphrase", action="store_true", help="make the new identity without a passphrase")
    one.add_argument("--certificate", type=Path, help="also write the public certificate here")
    one.set_defaults(run="export:export")

    one = commands.add_parser("verify", help="check bundles strictly, and unpack one", parents=[reporting])
    one.add_argument("bundle", type=Path, nargs="+", help="bundles, or folders of bundles")
    one.add_argument("--trust", type=Path, action="append", default=[], metavar="TRUST", help=TRUST_HELP)
    one.add_argument("--extract", type=Path, metavar="DIR", help="unpack the bag into this folder, if all of it holds")
    one.add_argument("--key", type=Path, help="file of the receiver's secret age key, for encrypted bundles")
    one.set_defaults(run="agency:verify")

    one = commands.add_parser("collate", help="put bundles, or what a ledger knows, into tables", parents=[reporting])
    one.add_argument("table", type=Path, help="ends in .xlsx (Excel), .csv, .sqlite or .parquet")
    one.add_argument("bundle", type=Path, nargs="*", help="bundles, or folders of bundles")
    add_ledger(one)
    one.add_argument("--long", action="store_true", help="a row for each answer, not one for each bundle")
    one.add_argument("--since", metavar="DAY", help="only what arrived from this day on, as 2026-11-20; with --ledger")
    one.add_argument("--trust", type=Path, action="append", default=[], metavar="TRUST", help=TRUST_HELP)
    one.add_argument("--key", type=Path, help="file of the receiver's secret age key, for encrypted bundles")
    one.add_argument("--replace", action="store_true", help="replace existing tables")
    one.add_argument(
        "--current",
        dest="all",
        action="store_false",
        default=False,
        help="only the bundle of each respondent that counts (default)",
    )
    one.add_argument(
        "--all",
        action="store_true",
        default=False,
        help="every valid bundle, also replaced ones, copies and drafts",
    )
    one.add_argument(
        "--choose",
        action="append",
        default=[],
        metavar="BUNDLE",
        help="of several submissions of one respondent this one counts: its file's name, or its digest; is kept",
    )
    one.add_argument(
        "--choices", type=Path, metavar="FILE", help="where choices are kept (default: beside the table, .choices.json)"
    )
    one.set_defaults(run="collate:collate")

    add_editing(commands, common, reporting)
    add_signing(commands, common, reporting)
    if commands.wants("send", "outbox"):
        from dgdesk.cli.grammar_outbox import add_outbox

        add_outbox(commands, common, reporting)
    if commands.wants("intake", "ledger"):
        from dgdesk.cli.grammar_agency import add_agency

        add_agency(commands, common, reporting)

    one = commands.add_parser("backup", help="write a checked copy of a draft", parents=[reporting])
    one.add_argument("file", type=Path)
    one.add_argument("copy", type=Path)
    one.set_defaults(run="backups:backup")

    one = commands.add_parser("repair", help="save what can be saved of a damaged draft", parents=[reporting])
    one.add_argument("file", type=Path)
    one.add_argument("copy", type=Path, metavar="newfile")
    one.set_defaults(run="backups:repair")
    one = commands.add_parser("backups", help="list the copies that were made by themselves", parents=[reporting])
    one.add_argument("file", type=Path)
    one.set_defaults(run="backups:backups")

    one = commands.add_parser("restore", help="put a copy in the draft's place; keeps what was", parents=[reporting])
    one.add_argument("file", type=Path)
    one.add_argument("copy", type=Path, help="a name that 'backups' lists, or the path of a copy")
    one.set_defaults(run="backups:restore_copy")

    one = commands.add_parser("compact", help="release the space of removed evidence", parents=[reporting])
    one.add_argument("file", type=Path)
    one.add_argument("--forget-undo", action="store_true", help="also drop what only undo or redo could bring back")
    one.set_defaults(run="backups:compact")

    one = commands.add_parser("office-check", help="does this PC suit the work? 1 when not", parents=[reporting])
    one.add_argument("file", type=Path, nargs="?", help="also look at the place of this draft")
    one.set_defaults(run="support:office_check")

    one = commands.add_parser("support", help="write a file for the help desk, without answers", parents=[reporting])
    one.add_argument("out", type=Path)
    one.add_argument("file", type=Path, nargs="?", help="also tell of this draft, in numbers")
    one.add_argument("--replace", action="store_true", help="replace an existing file for the help desk")
    one.set_defaults(run="support:support")

    one = commands.add_parser("demo", help="do the whole job once, with made-up answers", parents=[reporting])
    one.add_argument("folder", type=Path)
    one.set_defaults(run="demo:demo")
    return parser if real.choices or first is None else make_parser()


def _take_passage(parser: ArgumentParser) -> None:
    """Add the options that mark the key passage of a file."""
    parser.add_argument("--pages", default="", help="pages of the key passage")
    parser.add_argument("--passages", default="", help="the key passage in words")
    parser.add_argument(
        "--mark",
        action="append",
        default=[],
        metavar="PAGE:LEFT,TOP,RIGHT,BOTTOM[ NOTE]",
        help="a rectangle around the key passage, in fractions of the page from its top left; may be repeated",
    )
    parser.add_argument("--whole", action="store_true", help="say that the whole file is the key passage")


def _count(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise ArgumentTypeError(f"not a count: {typed!r}")
    return int(typed)


def command_of(arguments: Namespace) -> Command:
    """Import and return the function that runs a parsed command."""
    module, name = str(arguments.run).split(":")
    command: Command = getattr(import_module(f"dgdesk.cli.{module}"), name)
    return command
