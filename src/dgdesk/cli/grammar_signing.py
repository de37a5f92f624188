"""The second part of the command line's grammar: identities, encryption, receipts, addenda."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

TRUST_HELP = "whom to trust: a table (CSV: respondent, certificate, note), a folder of TH-50.pem …, or a certificate"
LEDGER_HELP = "the ledger that `intake` fills: a file, or postgresql://…"


def ledger_name(text: str) -> Path | str:
    """Return the path of a ledger, or the address of one on a server."""
    return text if "://" in text else Path(text)


def add_ledger(parser: ArgumentParser) -> None:
    """Add the argument that names a ledger; without it None."""
    parser.add_argument("--ledger", type=ledger_name, metavar="LEDGER", help=LEDGER_HELP)


_TOKENS = "a key on a USB token or smart card (PKCS#11) cannot be used"
_INSTEAD = "make a local identity by dgdesk identity new, or ask the CA for a .p12 file"


def add_signing(commands: Any, common: ArgumentParser, reporting: ArgumentParser) -> None:
    """Add the commands of `dgdesk.cli.identities` and `dgdesk.cli.receipts` to the subparsers ``commands``."""
    kind = type(common)
    one = commands.add_parser("identity", help="who signs on this PC", parents=[common])
    parts = one.add_subparsers(
        dest="part", metavar="new|import|list|export|passwd|backup|restore", required=True, parser_class=kind
    )

    two = parts.add_parser(
        "new",
        help="make a local identity",
        description=f"Make a local identity, which the agency enrols. Note: {_TOKENS}.",
        parents=[reporting],
    )
    two.add_argument("--person", required=True, help="name of the person who signs")
    two.add_argument("--province", required=True, help="the province the person signs for")
    _name(two, "name of the new identity (default: default, then identity-2)")
    _passphrase(two)
    two.add_argument("--no-passphrase", action="store_true", help="do without a passphrase")
    two.set_defaults(run="identities:new")

    two = parts.add_parser(
        "import",
        help=f"bring a PKCS#12 file (.p12, .pfx) of a CA; {_TOKENS} (docs/signing.md)",
        description=f"Bring a PKCS#12 file (.p12, .pfx) of a CA. Note: {_TOKENS}: {_INSTEAD}.",
        parents=[reporting],
    )
    two.add_argument("file", type=Path)
    _name(two, "name of the new identity")
    _passphrase(two, "file whose first line is the passphrase of the PKCS#12 file")
    two.add_argument("--new-passphrase-file", type=Path, help="lock the key here by another passphrase, from this file")
    two.add_argument("--chain", type=Path, action="append", default=[], help="certificates of CAs that the file lacks")
    two.add_argument("--fingerprint", default="", help="which of several certificates: its fingerprint's first digits")
    two.set_defaults(run="identities:bring")

    two = parts.add_parser("list", help="list identities; 1 when one is damaged or expired", parents=[reporting])
    two.set_defaults(run="identities:show")

    two = parts.add_parser("export", help="write the public certificate for enrolment", parents=[reporting])
    two.add_argument("certificate", type=Path)
    _name(two, "which identity")
    _replace(two)
    two.set_defaults(run="identities:export")

    two = parts.add_parser("passwd", help="change the passphrase of a key", parents=[reporting])
    _name(two, "which identity")
    _passphrase(two)
    two.add_argument("--new-passphrase-file", type=Path, help="file whose first line is the new passphrase")
    two.add_argument("--no-passphrase", action="store_true", help="do without a passphrase from now on")
    two.set_defaults(run="identities:passwd")

    for part, text, run in (
        ("backup", "write one file that holds an identity, its key locked", "backup"),
        ("restore", "bring an identity back from its backup", "restore"),
    ):
        two = parts.add_parser(part, help=text, parents=[reporting])
        two.add_argument("copy", type=Path)
        _name(two, "which identity")
        _passphrase(two)
        if part == "backup":
            _replace(two)
        two.set_defaults(run=f"identities:{run}")

    one = commands.add_parser("receipt", help="acknowledge a bundle, or enter the acknowledgement", parents=[common])
    parts = one.add_subparsers(dest="part", metavar="issue|return|import", required=True, parser_class=kind)
    two = parts.add_parser("issue", help="sign a receipt for a bundle, or for all of a ledger", parents=[reporting])
    two.add_argument("bundle", type=Path, nargs="?")
    two.add_argument("receipt", type=Path, nargs="?", help="default: the bundle's name with .receipt.json after it")
    two.add_argument("--office", help="the receiving office (default: the organisation of the identity)")
    _trust(two)
    _identity(two)
    _replace(two)
    add_ledger(two)
    two.add_argument("--into", type=Path, metavar="DIR", help="of a ledger: write below this folder, not in the inbox")
    two.add_argument("--returned", metavar="BUNDLE", help="of a ledger: return this one, by its digest or its path")
    two.add_argument("--reason", help="why it is returned: what has to be mended, in one paragraph")
    two.set_defaults(run="receipts:issue")
    two = parts.add_parser("return", help="sign why a bundle is not accepted", parents=[reporting])
    two.add_argument("bundle", type=Path, help="the file as it arrived")
    two.add_argument("receipt", type=Path, nargs="?", help="default: the bundle's name with .receipt.json after it")
    two.add_argument("--reason", required=True, help="what has to be mended, in one paragraph")
    two.add_argument("--office", help="the receiving office (default: the organisation of the identity)")
    _identity(two)
    _replace(two)
    two.set_defaults(run="receipts:give_back")
    two = parts.add_parser("import", help="check a receipt and enter it into the draft", parents=[reporting])
    two.add_argument("file", type=Path)
    two.add_argument("receipt", type=Path)
    _trust(two, "the office's certificate, or its CA's")
    two.set_defaults(run="receipts:enter")

    one = commands.add_parser("addendum", help="scans of the signed sheet, sent after the bundle", parents=[common])
    parts = one.add_subparsers(dest="part", metavar="attach|export|verify", required=True, parser_class=kind)
    two = parts.add_parser("attach", help="keep a scan in the draft; its QR code is checked", parents=[reporting])
    two.add_argument("file", type=Path)
    two.add_argument("scan", type=Path, help="PDF, JPEG, PNG or TIFF")
    two.add_argument("--digest", help="of the export it belongs to, if its QR code cannot be read; default: the last")
    two.set_defaults(run="receipts:attach")
    two = parts.add_parser("export", help="write the scans as a signed addendum", parents=[reporting])
    two.add_argument("file", type=Path)
    two.add_argument("addendum", type=Path)
    two.add_argument("--digest", help="of the export whose scans are sent; default: the last that has any")
    _identity(two)
    _replace(two)
    two.set_defaults(run="receipts:addendum")
    two = parts.add_parser("verify", help="check an addendum, and that it belongs to a bundle", parents=[reporting])
    two.add_argument("addendum", type=Path)
    two.add_argument("--bundle", type=Path, help="the bundle it must belong to")
    _trust(two)
    two.set_defaults(run="receipts:check_addendum")

    one = commands.add_parser("decrypt", help="decrypt a bundle (.zip.age)", parents=[reporting])
    one.add_argument("sealed", type=Path)
    one.add_argument("bundle", type=Path, nargs="?", help="default: the name without .age")
    one.add_argument("--key", type=Path, required=True, help="file of the receiver's secret age key")
    _replace(one)
    one.set_defaults(run="receipts:decrypt")

    one = commands.add_parser("sealing-key", help="make a receiver's key for encrypted bundles", parents=[reporting])
    one.add_argument("key", type=Path, help="file for the secret key")
    one.add_argument("--recipients", type=Path, help="also write the public key here, for the provinces")
    one.set_defaults(run="receipts:sealing_key")


def _name(parser: ArgumentParser, text: str) -> None:
    parser.add_argument("--name", help=text)


def _passphrase(parser: ArgumentParser, text: str = "file whose first line is the passphrase") -> None:
    parser.add_argument("--passphrase-file", type=Path, help=f"{text}; only its owner may read it")


def _identity(parser: ArgumentParser) -> None:
    parser.add_argument("--identity", type=Path, help="name or folder of the signing identity")
    _passphrase(parser)


def _trust(parser: ArgumentParser, text: str = TRUST_HELP) -> None:
    parser.add_argument("--trust", type=Path, action="append", default=[], metavar="TRUST", help=text)


def _replace(parser: ArgumentParser) -> None:
    parser.add_argument("--replace", action="store_true", help="replace an existing file")
