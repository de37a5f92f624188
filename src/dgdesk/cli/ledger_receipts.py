"""``receipt issue --ledger``: the office's answers to all that a ledger knows."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Final

from dgdesk.agency.ledger.making import open_ledger
from dgdesk.agency.receipts import Office, Places, issue_receipts, return_file
from dgdesk.cli.clock import require_clock
from dgdesk.cli.context import Context
from dgdesk.cli.export import write_whole
from dgdesk.cli.signers import open_identity
from dgdesk.errors import FileError, UsageError
from dgdesk.outbox.exports import file_digest
from dgdesk.system.causes import why_not_written

_COMMAND: Final = "dgdesk receipt issue"


def issue_of_ledger(arguments: Namespace, context: Context) -> int:
    """Write a receipt for each accepted bundle that has none, or return one; 1 if one could not be written."""
    for name in ("bundle", "receipt", "trust", "replace"):  # the ledger has verdicts; nothing is replaced
        if getattr(arguments, name):
            shown = name if name in ("bundle", "receipt") else f"--{name}"
            raise UsageError("cli.usage_together", command=_COMMAND, name="--ledger", other=shown)
    if (arguments.returned is None) != (arguments.reason is None):
        missing = "--returned" if arguments.returned is None else "--reason"
        raise UsageError("cli.usage_missing", command=_COMMAND, name=missing)
    into: Path | None = arguments.into
    if into is not None and not into.is_dir():
        raise FileError("bundle.no_folder", path=into)
    require_clock(context)
    with open_ledger(arguments.ledger) as ledger:
        identity = open_identity(arguments.identity, arguments.passphrase_file, context)
        office = Office(identity, arguments.office or identity.province)
        places = Places(into, write_receipt)
        if arguments.returned is None:
            found = issue_receipts(ledger, office, places, context.clock)
        else:
            found = return_file(
                ledger, arguments.returned, arguments.reason, office, places, context.clock, file_digest
            )
    failed = [(name, context.catalogue.text(one.code, **one.values)) for name, one in found.failed]
    if arguments.json:
        context.json(
            {
                "issued": found.issued,
                "written": [str(path) for path in found.written],
                "failed": [{"file": name, "reason": why} for name, why in failed],
            }
        )
    else:
        for name, why in failed:
            context.line(f"{name} | {why}")
        counts = {"issued": found.issued, "written": len(found.written), "failed": len(failed)}
        if arguments.returned is None:
            context.say("receipts.done", **counts)
        else:
            context.say("receipts.returned", **counts)
    return 1 if failed else 0


def write_receipt(path: Path, content: bytes) -> None:
    """Write a new file, and the folders above it. Raises FileError as `write_whole`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise why_not_written(error, path.parent, "cli.unwritable") from error
    write_whole(path, content, "receipt")
