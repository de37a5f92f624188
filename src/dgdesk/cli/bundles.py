"""``export``, ``verify`` and ``collate``: signed bundles made, checked and gathered."""

from __future__ import annotations

import csv
import io
import os
from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from dgdesk.bundle.identity import KEY_FILE, Identity, create_identity, load_identity
from dgdesk.bundle.report import Verification
from dgdesk.bundle.verify import verify_bundle
from dgdesk.cli.context import Context
from dgdesk.drafts import Draft, open_draft
from dgdesk.errors import DgdeskError, FileError, UsageError
from dgdesk.submitting import check_exportable, export_draft

PASSPHRASE = "DGDESK_PASSPHRASE"
_COLUMNS = ("file", "accepted", "province", "edition", "draft", "signer", "claimed_time", "digest", "problems")


def export(arguments: Namespace, context: Context) -> int:
    """Export a signed bundle; the identity is made on first use."""
    with open_draft(arguments.file, clock=context.clock, who=context.who) as draft:
        # First what may refuse it: a refused export makes no identity.
        check_exportable(draft, arguments.bundle, as_draft=arguments.draft)
        identity = _identity(arguments, context, draft)
        report = export_draft(
            draft,
            arguments.bundle,
            identity=identity,
            claimed_time=context.clock(),
            as_draft=arguments.draft,
            replace=arguments.replace,
        )
        if arguments.certificate is not None:
            write_whole(arguments.certificate, identity.certificate_pem)
    if arguments.json:
        context.json(
            {
                "path": str(report.path),
                "digest": report.digest,
                "answers_digest": report.answers_digest,
                "size": report.size,
                "fingerprint": identity.fingerprint,
                "signoff": str(report.signoff),
                "unmarked": [
                    {"name": one.values["name"], "code": one.code, "message": context.catalogue.text(one.code)}
                    for one in report.unmarked
                ],
            }
        )
    else:
        context.say("cli.exported", path=report.path, digest=report.digest)
        context.say("cli.signoff", path=report.signoff)
        for one in report.unmarked:
            reason = context.catalogue.text(one.code)
            context.tell(context.catalogue.text("export.unmarked", name=one.values["name"], reason=reason))
    return 0


def verify(arguments: Namespace, context: Context) -> int:
    """Check one bundle; 1 when it does not hold or its origin is unchecked."""
    verdict = verify_bundle(arguments.bundle, trusted=_trusted(arguments.trust))
    if arguments.json:
        context.json(_verdict(verdict, context))
    else:
        for problem in verdict.problems:
            context.line(context.catalogue.text(problem.code, **problem.values))
        signer = verdict.signer or "-"
        code = "cli.verified" if verdict.ok else "cli.not_verified"
        context.say(code, name=arguments.bundle.name, signer=signer, digest=verdict.digest or "-")
    return 0 if verdict.ok else 1


def collate(arguments: Namespace, context: Context) -> int:
    """Write a CSV table with a line a bundle; 1 when some were rejected (they are in the table with the reason)."""
    _refuse_bundle(arguments.table, arguments.bundle)
    trusted = _trusted(arguments.trust)
    rows = []
    for path in arguments.bundle:
        try:
            verdict = verify_bundle(path, trusted=trusted)
        except DgdeskError as error:
            rows.append({"file": _cell(path.name), "accepted": "no", "problems": context.catalogue.error(error)})
            continue
        rows.append(_row(path, verdict, context))
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, _COLUMNS)
    table.writeheader()
    table.writerows(rows)
    # A byte-order mark, since this is what Excel needs to read Thai in a CSV file.
    write_whole(arguments.table, text.getvalue().encode("utf-8-sig"))
    rejected = sum(row["accepted"] == "no" for row in rows)
    if arguments.json:
        context.json({"table": str(arguments.table), "bundles": rows})
    else:
        context.say("cli.collated", path=arguments.table, accepted=len(rows) - rejected, rejected=rejected)
    return 1 if rejected else 0


def _refuse_bundle(table: Path, bundles: Sequence[Path]) -> None:
    """Refuse a table that would take a bundle's place, as when its name was forgotten."""
    is_one = table.exists() and any(one.exists() and table.samefile(one) for one in bundles)
    if is_one or table.suffix.lower() == ".zip":
        raise UsageError("cli.table_is_bundle", name=table.name)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all.

    Raises:
        FileError: ``cli.unwritable``.
    """
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if part.read_bytes() != content:
            raise FileError("cli.unwritable", name=path.name)
        os.replace(part, path)
    except OSError as error:
        raise FileError("cli.unwritable", name=path.name) from error
    finally:
        with suppress(OSError):
            part.unlink()


def _identity(arguments: Namespace, context: Context, draft: Draft) -> Identity:
    folder = arguments.identity or context.profile.identity
    passphrase = _passphrase(arguments, context)
    if (folder / KEY_FILE).exists():
        return load_identity(folder, passphrase)
    if arguments.person is None:
        raise UsageError("cli.person_needed")
    if passphrase is None and not arguments.no_passphrase:
        raise UsageError("cli.passphrase_needed")
    return create_identity(
        folder, person=arguments.person, province=draft.province or "-", passphrase=passphrase, now=context.clock()
    )


def _passphrase(arguments: Namespace, context: Context) -> str | None:
    """Return the passphrase from a file or the environment; never from the command line, which others can see."""
    if arguments.passphrase_file is None:
        return context.environment.get(PASSPHRASE) or None
    try:
        # Windows editors begin a file with a byte-order mark, which nobody typed.
        with arguments.passphrase_file.open(encoding="utf-8-sig") as stream:
            line: str = stream.readline(4096)
            return line.rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError("cli.unreadable", name=arguments.passphrase_file.name) from error


def _trusted(paths: Sequence[Path]) -> list[bytes] | None:
    trusted = []
    for path in paths:
        try:
            with path.open("rb") as stream:
                trusted.append(stream.read(1 << 20))
        except OSError as error:
            raise FileError("cli.unreadable", name=path.name) from error
    return trusted or None


def _verdict(verdict: Verification, context: Context) -> dict[str, Any]:
    return {
        "ok": verdict.ok,
        "digest": verdict.digest,
        "answers_digest": verdict.answers_digest,
        "signer": verdict.signer,
        "fingerprint": verdict.fingerprint,
        "claimed_time": verdict.claimed_time,
        "draft": verdict.draft,
        "province": verdict.province,
        "problems": [
            {"code": problem.code, "message": context.catalogue.text(problem.code, **problem.values)}
            for problem in verdict.problems
        ],
    }


def _row(path: Path, verdict: Verification, context: Context) -> dict[str, str]:
    return {
        "file": _cell(path.name),
        "accepted": "yes" if verdict.ok else "no",
        "province": _cell(verdict.province),
        "edition": _cell(verdict.edition),
        "draft": "yes" if verdict.draft else "no",
        "signer": _cell(verdict.signer),
        "claimed_time": verdict.claimed_time.isoformat() if verdict.claimed_time else "",
        "digest": verdict.digest or "",
        "problems": "; ".join(context.catalogue.text(problem.code, **problem.values) for problem in verdict.problems),
    }


def _cell(text: str | None) -> str:
    """Keep a stranger's text from being a formula in a spreadsheet."""
    return f"'{text}" if text and text[0] in "=+-@\t\r" else text or ""
