"""``export``: a signed bundle made of a draft."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dgdesk.bundle.export import ExportReport
from dgdesk.bundle.signing.certificates import read_small
from dgdesk.bundle.signing.identity import KEY_FILE, Identity, create_identity, load_identity, read_card
from dgdesk.cli.clock import require_clock
from dgdesk.cli.context import Context, tell_unreadable
from dgdesk.cli.signers import find_folder, fresh, known
from dgdesk.draft.drafts import Draft, open_draft
from dgdesk.draft.unsent import MOST_LINES, notice_lines, unsent_report, unsent_summary
from dgdesk.errors import FileError, UsageError
from dgdesk.submission.corrections import Correction, Replaced, correction_of, differences, replaced_next
from dgdesk.submission.export import check_exportable, count_errors, export_draft
from dgdesk.submission.since_export import since_values, status_since
from dgdesk.system.atomic import atomic_write
from dgdesk.system.causes import why_not_written
from dgdesk.system.kinds import Kind
from dgdesk.text.dates import day_text, thai_day

if TYPE_CHECKING:
    from dgdesk.draft.history import HistoryLine


def export(arguments: Namespace, context: Context) -> int:
    """Export a signed bundle; the identity is made on first use."""
    with open_draft(arguments.file, clock=context.clock, who=context.who) as draft:
        tell_unreadable(draft, context)
        # Check this first: a refused export makes no identity.
        check_exportable(draft, arguments.bundle, as_draft=arguments.draft)
        recipients = _recipients(arguments.encrypt_to)
        replaced = _replaced(arguments, draft)
        require_clock(context, draft)
        before = status_since(draft.package)
        identity = _identity(arguments, context, draft)
        report = _export(arguments, context, draft, identity, recipients)
        _note(context, draft, report, recipients, as_draft=arguments.draft)
        answers = draft.session.state.facts.answers
        correction = correction_of(replaced, arguments.reason)
        changed = () if replaced is None else differences(draft, replaced, context.catalogue.text)
        if arguments.certificate is not None:
            write_whole(arguments.certificate, identity.certificate_pem, "certificate", replace=arguments.replace)
    if arguments.json:
        context.json(
            {
                "path": str(report.path),
                "digest": report.digest,
                "answers_digest": report.answers_digest,
                "size": report.size,
                "fingerprint": identity.fingerprint,
                "signoff": str(report.signoff),
                "encrypted": bool(recipients),
                "since_last_export": before.state,
                **_correction(correction, changed),
                "unmarked": [
                    {"name": one.values["name"], "code": one.code, "message": context.catalogue.text(one.code)}
                    for one in report.unmarked
                ],
                "unsigned": [
                    {
                        "name": one.values["name"],
                        "code": one.code,
                        "message": context.catalogue.text(one.code, **one.values),
                    }
                    for one in report.unsigned
                ],
                "unsent": unsent_report(draft.session.form, answers, report.unsent, context.catalogue.text),
            }
        )
    else:
        context.say("cli.exported", path=report.path, digest=report.digest)
        context.say("cli.signoff", path=report.signoff)
        if before.last is not None:
            context.say(before.code, **since_values(before))
        if correction is not None:
            _say_correction(correction, changed, context)
        if recipients:
            context.say("sealed.written", count=len(recipients))
        if summary := unsent_summary(report.unsent, context.catalogue.text):
            context.line(summary)
            lines = notice_lines(draft.session.form, answers, report.unsent, context.catalogue.text)
            for line in lines[:MOST_LINES]:
                context.line(f"· {line}")
            if len(lines) > MOST_LINES:
                context.say("cli.unsent_more", count=len(lines) - MOST_LINES)
        for one in report.unmarked:
            reason = context.catalogue.text(one.code)
            context.tell(context.catalogue.text("export.unmarked", name=one.values["name"], reason=reason))
        for one in report.unsigned:
            context.tell(context.catalogue.text(one.code, **one.values))
    return 0


def _export(
    arguments: Namespace, context: Context, draft: Draft, identity: Identity, recipients: tuple[str, ...]
) -> ExportReport:
    if recipients:
        from dgdesk.submission.encrypted import export_encrypted  # most exports encrypt nothing

        return export_encrypted(
            draft,
            arguments.bundle,
            recipients,
            identity=identity,
            claimed_time=context.clock(),
            as_draft=arguments.draft,
            replace=arguments.replace,
            reason=arguments.reason,
            never_sent=arguments.never_sent,
        )
    return export_draft(
        draft,
        arguments.bundle,
        identity=identity,
        claimed_time=context.clock(),
        as_draft=arguments.draft,
        replace=arguments.replace,
        reason=arguments.reason,
        never_sent=arguments.never_sent,
    )


def _replaced(arguments: Namespace, draft: Draft) -> Replaced | None:
    """Return what the export replaces. Raises as `replaced_next` and `correction_of`, before a key is asked for."""
    if arguments.draft and count_errors(draft.session.state_today()):
        return None
    found = replaced_next(draft.package.register(), never_sent=arguments.never_sent)
    correction_of(found, arguments.reason)
    return found


def _correction(correction: Correction | None, changed: Sequence[HistoryLine]) -> dict[str, Any]:
    """Return the keys of JSON that say what was corrected; part of the program's contract."""
    if correction is None:
        return {"revision": 1, "supersedes": None, "reason": None, "changed": []}
    facts = [
        {"where": line.where, "field": line.address, "slot": line.slot or None, "old": line.old, "new": line.new}
        for line in changed
    ]
    return {**correction.record(), "changed": facts}


def _say_correction(correction: Correction, changed: Sequence[HistoryLine], context: Context) -> None:
    text, language = context.catalogue.text, context.catalogue.language
    claimed = correction.replaced.claimed
    day = day_text(thai_day(claimed), language) if claimed is not None else "-"
    context.say("correction.made", number=correction.revision, day=day)
    context.say("correction.why", reason=correction.reason)
    context.say("correction.changed" if changed else "correction.unchanged", count=len(changed))
    empty = text("ui.history.empty")
    for line in changed[:MOST_LINES]:
        context.line(f"· {line.where}: {line.old or empty} → {line.new or empty}")
    if len(changed) > MOST_LINES:
        context.line(text("ui.history.more", count=len(changed) - MOST_LINES))


def _note(context: Context, draft: Draft, report: ExportReport, recipients: tuple[str, ...], *, as_draft: bool) -> None:
    """Let the outbox know the file, where it may be sent at all: its digest costs a second for each GiB."""
    from dgdesk.outbox.folder import outbox_of

    folder = outbox_of(context.profile)
    if recipients or folder.agency_files():
        from dgdesk.outbox.exports import note_export

        note_export(folder, draft, report, recipients, as_draft=as_draft)


def _recipients(path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    from dgdesk.bundle.encryption.age_keys import MOST_KEY_FILE, read_recipient_file  # most exports encrypt nothing

    return read_recipient_file(read_small(path, MOST_KEY_FILE), path.name)


def write_whole(path: Path, content: bytes, kind: Kind, *, replace: bool = False) -> None:
    """Write a file completely or not at all; with ``replace`` in place of one of the same kind.

    Raises:
        FileError: ``target.exists``, ``cli.unwritable``; as `atomic_file`.
    """
    atomic_write(path, content, replace=replace, kind=kind, explain=_unwritable)


def _unwritable(error: OSError, path: Path) -> FileError:
    return why_not_written(error, path, "cli.unwritable")


def _identity(arguments: Namespace, context: Context, draft: Draft) -> Identity:
    folder = find_folder(arguments.identity, context) or context.profile.identity
    if (folder / KEY_FILE).exists():
        ask = read_card(folder).protected
        return load_identity(folder, known(arguments.passphrase_file, context, ask=ask))
    # The environment's passphrase is also used for a new identity, as before there was a command to make one.
    passphrase = None if arguments.no_passphrase else known(arguments.passphrase_file, context, ask=False)
    if arguments.person is None:
        raise UsageError("cli.person_needed")
    if passphrase is None and not arguments.no_passphrase:
        passphrase = fresh(None, context)
        if passphrase is None:
            raise UsageError("cli.passphrase_needed")
    return create_identity(
        folder,
        person=arguments.person,
        province=draft.respondent_name or "-",
        passphrase=passphrase,
        now=context.clock(),
    )
