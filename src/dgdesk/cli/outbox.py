"""``send`` and ``outbox``: bundles sent to the office, and its replies."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from dgdesk.bundle.exact_json import read_json
from dgdesk.bundle.signing.certificates import read_certificate_file, read_small
from dgdesk.cli.context import Context
from dgdesk.cli.export import write_whole
from dgdesk.cli.signers import from_file, open_identity
from dgdesk.editions import shelf
from dgdesk.errors import CheckFailed, DgdeskError, FileError, UsageError
from dgdesk.outbox.agency import Agency, agencies, import_agency, read_agency_file, write_agency
from dgdesk.outbox.box import add, again, current, store_login, to_send
from dgdesk.outbox.box import drop as drop_entry
from dgdesk.outbox.box import pause as pause_entry
from dgdesk.outbox.entries import OPEN, Entry, LogLine, damaged_entries, entries, read_entry
from dgdesk.outbox.folder import OutboxFolder, outbox_of
from dgdesk.system.bounds import UNFIT
from dgdesk.text.collation import list_key

_SHOWN_EVERY = 1.0
_SAID_BEFORE = ("outbox.added", "outbox.paused", "outbox.superseded")
"""Why an entry waited until a person had it sent: no news while it is sent."""
_ANSWERED = ("arrived", "accepted", "returned")


def send(arguments: Namespace, context: Context) -> int:
    """Put a bundle into the outbox and send it; 0 when it has arrived."""
    folder = outbox_of(context.profile)
    added = add(folder, arguments.bundle, context.clock)
    if added.known and not arguments.json:
        context.tell(context.catalogue.text("outbox.known", number=added.entry.number))
    with folder.held():
        entry = read_entry(folder, added.entry.number)
        left = _send([again(folder, entry) if entry.status in OPEN else entry], arguments, context, folder)
    return _report(left, arguments, context)


def send_waiting(arguments: Namespace, context: Context) -> int:
    """Send what is due, or one entry, and ask for the replies to what has arrived."""
    folder = outbox_of(context.profile)
    with folder.held():
        if arguments.number is not None:
            entry = read_entry(folder, arguments.number)
            chosen: Sequence[Entry] = [again(folder, entry) if entry.status in OPEN else entry]
        else:
            due = {one.number for one in to_send(folder, context.clock())}
            chosen = [one for one in entries(folder) if one.number in due or one.status in _ANSWERED]
        left = _send(chosen, arguments, context, folder)
    return _report(left, arguments, context)


def _send(chosen: Sequence[Entry], arguments: Namespace, context: Context, folder: OutboxFolder) -> list[Entry]:
    """Send each, ask for its reply, and return the entries as they are then."""
    from dgdesk.outbox.rounds import Round
    from dgdesk.outbox.sender import Run

    run = Run(folder, context.clock, _shown(arguments, context), _said(arguments, context))
    left: list[Entry] = []
    with ExitStack() as stack:
        rounds = Round(run, context.who, arguments.limit)
        stack.callback(rounds.close)
        for entry in chosen:
            found = rounds.go(entry, superseded=arguments.superseded)
            if found is not None:
                left.append(found)
    return left


def _shown(arguments: Namespace, context: Context) -> Any:
    """Return what tells a person how far it is, once a second."""
    last = [time.monotonic()]

    def advanced(entry: Entry, done: int) -> None:
        now = time.monotonic()
        if not arguments.json and now - last[0] >= _SHOWN_EVERY and done < entry.size:
            last[0] = now
            mb = 1 << 20
            context.tell(
                context.catalogue.text("outbox.far", name=entry.name, done=done // mb, total=-(-entry.size // mb))
            )

    return advanced


def _said(arguments: Namespace, context: Context) -> Any:
    """Return what tells a person why it waits, each reason once in a row."""
    last = [""]

    def changed(entry: Entry) -> None:
        if entry.status == "sending" and entry.reason is not None and entry.reason.code != last[0]:
            last[0] = entry.reason.code
            if not arguments.json and last[0] not in _SAID_BEFORE:
                context.tell(said(entry.reason, context))

    return changed


def _report(left: Sequence[Entry], arguments: Namespace, context: Context) -> int:
    if arguments.json:
        context.json({"entries": [entry_facts(one, context) for one in left]})
    else:
        for one in left:
            context.line(_line(one, context))
        if not left:
            context.say("outbox.nothing")
    return 0 if all(one.status in ("arrived", "accepted") for one in left) else 1


def listed(arguments: Namespace, context: Context) -> int:
    """List all entries, oldest first."""
    folder = outbox_of(context.profile)
    found, damaged = current(folder), damaged_entries(folder)
    if arguments.json:
        context.json({"entries": [entry_facts(one, context) for one in found], "damaged": list(damaged)})
        return 0
    for one in found:
        context.line(_line(one, context))
    for number in damaged:
        context.say("outbox.entry_damaged", number=number)
    if not found and not damaged:
        context.say("outbox.nothing")
    return 0


def pause(arguments: Namespace, context: Context) -> int:
    """Stop sending an entry until a person sends it again."""
    entry = pause_entry(outbox_of(context.profile), arguments.number, context.clock)
    if arguments.json:
        context.json(entry_facts(entry, context))
    else:
        context.say("outbox.pausing", number=entry.number, name=entry.name)
    return 0


def drop(arguments: Namespace, context: Context) -> int:
    """Take an entry out of the outbox."""
    folder = outbox_of(context.profile)

    def end(entry: Entry) -> None:
        if entry.address and entry.status in OPEN:
            from dgdesk.outbox.rounds import end_at_server

            end_at_server(folder, entry)

    drop_entry(folder, arguments.number, context.clock, end)
    if arguments.json:
        context.json({"number": arguments.number})
    else:
        context.say("outbox.dropped", number=arguments.number)
    return 0


def take_agency(arguments: Namespace, context: Context) -> int:
    """Check an agency.json and remember it, its signer, and the login."""
    if (arguments.user is None) != (arguments.password_file is None):
        raise UsageError("agency.half_login")
    folder = outbox_of(context.profile)
    named = () if arguments.trust is None else read_certificate_file(arguments.trust, signers=True)
    trusted = (*shelf.signers(context.profile), *named)
    if not trusted:
        raise UsageError("agency.no_trust")
    password = None if arguments.password_file is None else from_file(arguments.password_file)
    agency = import_agency(read_agency_file(arguments.file), trusted, folder)
    if named:
        shelf.enrol(context.profile, named)
    if password is not None:
        store_login(folder, agency.id, arguments.user, password)
    if arguments.json:
        context.json(_agency_facts(agency, folder))
    else:
        context.say("agency.taken", office=agency.called(context.catalogue.language), url=agency.url)
        if agency.recipients:
            context.say("agency.recipients", path=folder.recipients_file(agency.id))
    return 0


def show_agencies(arguments: Namespace, context: Context) -> int:
    """List the offices of the address book."""
    folder = outbox_of(context.profile)
    language = context.catalogue.language
    found = sorted(agencies(folder), key=lambda one: list_key(one.called(language)))
    if arguments.json:
        context.json({"agencies": [_agency_facts(one, folder) for one in found]})
        return 0
    for one in found:
        context.say("agency.shown", office=one.called(language), url=one.url)
        if one.recipients:
            context.say("agency.recipients", path=folder.recipients_file(one.id))
    if not found:
        context.say("outbox.no_agency")
    return 0


def sign_agency(arguments: Namespace, context: Context) -> int:
    """Sign an office's address."""
    try:
        agency = Agency.model_validate(read_json(read_small(arguments.source, 256 << 10)))
        _ = agency.offices
    except (DgdeskError, *UNFIT) as error:
        if isinstance(error, FileError) and error.code.startswith("small_file."):
            raise
        raise CheckFailed("agency.bad_source", name=arguments.source.name) from error
    identity = open_identity(arguments.identity, arguments.passphrase_file, context)
    content = write_agency(agency, identity, context.clock())
    write_whole(arguments.agency, content, "agency", replace=arguments.replace)
    if arguments.json:
        context.json({"path": str(arguments.agency), "id": agency.id, "version": agency.version})
    else:
        context.say("agency.signed", path=arguments.agency)
    return 0


def entry_facts(entry: Entry, context: Context) -> dict[str, Any]:
    """Return an entry for ``--json``."""
    return {
        "number": entry.number,
        "file": entry.path,
        "size": entry.size,
        "sha256": entry.sha256,
        "digest": entry.digest,
        "agency": entry.agency,
        "state": entry.status,
        "paused": entry.paused,
        "confirmed": entry.size if entry.status not in OPEN else entry.confirmed,
        "address": entry.address or None,
        "reason": None if entry.reason is None else _log_facts(entry.reason, context),
        "returned": entry.said or None,
        "log": [_log_facts(one, context) for one in entry.log],
    }


def _log_facts(line: LogLine, context: Context) -> dict[str, Any]:
    return {"at": line.at, "code": line.code, "message": said(line, context)}


def said(line: LogLine, context: Context) -> str:
    """Return the sentence of a log line; its values come from a file, and may be anything."""
    try:
        return context.catalogue.text(line.code, **line.values)
    except KeyError:
        return line.code


def _line(entry: Entry, context: Context) -> str:
    text = context.catalogue.text
    state = text("outbox.state.paused" if entry.paused and entry.status in OPEN else f"outbox.state.{entry.status}")
    percent = 100 * entry.confirmed // entry.size if entry.status in OPEN else 100
    head = text("outbox.line", number=entry.number, name=entry.name, state=state, percent=percent)
    if entry.status == "returned":
        return f"{head} {text('outbox.reason', reason=entry.said)}"
    if entry.reason is not None and entry.reason.code != "outbox.added":
        return f"{head} {said(entry.reason, context)}"
    return head


def _agency_facts(agency: Agency, folder: OutboxFolder) -> dict[str, Any]:
    return {
        "id": agency.id,
        "version": agency.version,
        "name": {"th": agency.name.th, "en": agency.name.en},
        "url": agency.url,
        "editions": list(agency.editions),
        "opens": agency.opens,
        "closes": agency.closes,
        "recipients": str(folder.recipients_file(agency.id)) if agency.recipients else None,
    }
