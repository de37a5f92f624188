"""``register``: what was exported from a draft, and the receipts and scans that belong to it."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from dgdesk.bundle.submission import LONGEST_REASON
from dgdesk.cli.context import Context
from dgdesk.draft.file.model import ExportRecord
from dgdesk.draft.file.opening import open_draft_file
from dgdesk.draft.file.register import exports
from dgdesk.errors import UsageError
from dgdesk.submission.corrections import correction_reason, revision_of
from dgdesk.submission.receipts import receipts_for, reply_target, take_out
from dgdesk.submission.returned import returns_for
from dgdesk.submission.scans import scans_for
from dgdesk.system.targets import check_ending
from dgdesk.text.dates import iso_time_text, time_text
from dgdesk.text.shown import plain_name


def register(arguments: Namespace, context: Context) -> int:
    """List the register, the newest export first; or write a stored receipt or scan to a file."""
    if (arguments.save is None) != (arguments.out is None):
        raise UsageError("cli.register_save")
    with open_draft_file(arguments.file, clock=context.clock, who=context.who, read_only=True) as package:
        lines = package.register()
        if arguments.save is not None:
            line = next((one for one in lines if one.number == arguments.save), None)
            if line is None:
                raise UsageError("cli.no_such_line", number=arguments.save)
            check_ending(reply_target(line, arguments.out))
            take_out(package, line, arguments.out)
    if arguments.save is not None:
        if arguments.json:
            context.json({"path": str(arguments.out)})
        else:
            context.say("ui.register.saved", path=arguments.out)
        return 0
    found = [_facts(line, lines) for line in reversed(exports(lines))]
    if arguments.json:
        context.json({"exports": found})
        return 0
    for one in found:
        _say(one, context)
    if not found:
        context.say("cli.register_none")
    return 0


def _facts(line: ExportRecord, lines: tuple[ExportRecord, ...]) -> dict[str, Any]:
    digest = _text(line, "digest")
    return {
        **_line(line),
        "file": _text(line, "file"),
        "digest": digest,
        "answers_digest": _text(line, "answers_digest"),
        "signer": _text(line, "signer"),
        "claimed_time": _text(line, "claimed_time"),
        "draft": line.record.get("draft") is True,
        "revision": revision_of(line),
        "supersedes": _text(line, "supersedes") or None,
        "reason": correction_reason(line) or None,
        "state": line.state,
        "receipts": [
            {**_line(one), "office": _text(one, "office"), "received": _text(one, "received")}
            for one in receipts_for(lines, digest)
        ],
        "returns": [
            {**_line(one), **{key: _text(one, key) for key in ("office", "returned", "reason")}}
            for one in returns_for(lines, digest)
        ],
        "scans": [
            {**_line(one), "name": _text(one, "name"), "code": _text(one, "code"), "sha256": _text(one, "sha256")}
            for one in scans_for(lines, digest)
        ],
    }


def _line(line: ExportRecord) -> dict[str, Any]:
    return {"number": line.number, "at": line.at, "who": line.who}


def _say(one: dict[str, Any], context: Context) -> None:
    say, language = context.catalogue.text, context.catalogue.language
    kind = say("ui.register.draft" if one["draft"] else "ui.register.complete")
    moment = time_text(one["at"], language)
    context.line(f"{one['number']}. {moment} · {one['who']} · {one['file'] or '-'} · {kind}")
    context.line("   " + say("ui.register.digest", digest=one["digest"]).replace("\n", " "))
    if one["revision"] > 1:
        context.line(
            "   "
            + say(
                "ui.register.correction", number=one["revision"], reason=plain_name(one["reason"] or "", LONGEST_REASON)
            )
        )
    for receipt in one["receipts"]:
        received = say("ui.register.received", moment=iso_time_text(receipt["received"], language))
        context.line(f"   {receipt['number']}. {say('ui.register.receipt_of', office=receipt['office'])} · {received}")
    for back in one["returns"]:
        context.line(f"   {back['number']}. " + say("outbox.returned", office=back["office"], reason=back["reason"]))
    for scan in one["scans"]:
        fits = say("ui.register.code_match" if scan["code"] == "match" else "ui.register.code_unreadable")
        context.line(f"   {scan['number']}. {say('ui.register.scan_named', name=scan['name'])} · {fits}")
    if not (one["receipts"] or one["scans"]):
        context.line("   " + say("ui.register.none_back"))


def _text(line: ExportRecord, name: str) -> str:
    value = line.record.get(name)
    return value if isinstance(value, str) else ""
