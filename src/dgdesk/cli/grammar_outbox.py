"""The grammar of ``send`` and ``outbox``: bundles sent when there is a connection."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

_RATE = re.compile(r"([1-9][0-9]{0,8})([KkMm]?)")
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20}


def rate(text: str) -> int:
    """Read bytes a second: ``500k``, ``2M``, ``100000``. Raises ArgumentTypeError."""
    found = _RATE.fullmatch(text)
    if found is None:
        raise ArgumentTypeError("a number of bytes a second, such as 500k or 2M")
    return int(found[1]) * _UNITS[found[2].lower()]


def add_outbox(commands: Any, common: ArgumentParser, reporting: ArgumentParser) -> None:
    """Add the commands and their parts; ``common`` and ``reporting`` are the options that every command has."""
    kind = type(common)
    one = commands.add_parser("send", help="send a bundle to the office; 1 until it has arrived", parents=[reporting])
    one.add_argument("bundle", type=Path)
    _limit(one)
    _superseded(one)
    one.set_defaults(run="outbox:send")

    one = commands.add_parser("outbox", help="bundles on their way, and the office's replies", parents=[common])
    parts = one.add_subparsers(dest="part", metavar="list|send|pause|drop|agency", required=True, parser_class=kind)
    two = parts.add_parser("list", help="list what waits, was sent, accepted, returned", parents=[reporting])
    two.set_defaults(run="outbox:listed")
    two = parts.add_parser(
        "send", help="send what waits, and ask for receipts; 1 if something waits", parents=[reporting]
    )
    two.add_argument("number", type=int, nargs="?", help="only this entry, also one that is paused")
    _limit(two)
    _superseded(two)
    two.set_defaults(run="outbox:send_waiting")
    for part, text in (("pause", "stop sending an entry for now"), ("drop", "take an entry out; the file stays")):
        two = parts.add_parser(part, help=text, parents=[reporting])
        two.add_argument("number", type=int, help="as `outbox list` shows it")
        two.set_defaults(run=f"outbox:{part}")

    two = parts.add_parser("agency", help="the office's address, signed by it", parents=[common])
    more = two.add_subparsers(dest="step", metavar="import|show|sign", required=True, parser_class=kind)
    three = more.add_parser("import", help="check an agency.json and remember it", parents=[reporting])
    three.add_argument("file", type=Path)
    three.add_argument("--trust", type=Path, help="certificate of who signed it; it is remembered")
    three.add_argument("--user", help="the name for the office's server, if it asks for one")
    three.add_argument("--password-file", type=Path, help="file whose first line is its password")
    three.set_defaults(run="outbox:take_agency")
    three = more.add_parser("show", help="list the offices that are known", parents=[reporting])
    three.set_defaults(run="outbox:show_agencies")
    three = more.add_parser("sign", help="for an office: sign an address as agency.json", parents=[reporting])
    three.add_argument("source", type=Path, help="the address as JSON (docs/receiving-server.md)")
    three.add_argument("agency", type=Path, help="the file to write")
    three.add_argument("--identity", type=Path, help="name or folder of the signing identity")
    three.add_argument("--passphrase-file", type=Path, help="file whose first line is the passphrase")
    three.add_argument("--replace", action="store_true", help="replace an existing file")
    three.set_defaults(run="outbox:sign_agency")


def _limit(parser: ArgumentParser) -> None:
    parser.add_argument("--limit", type=rate, default=0, metavar="RATE", help="bytes a second at most, such as 500k")


def _superseded(parser: ArgumentParser) -> None:
    parser.add_argument("--superseded", action="store_true", help="also a bundle whose correction is in the outbox")
