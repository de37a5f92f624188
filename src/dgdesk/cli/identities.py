"""``identity``: who signs on this PC: created, imported, listed, enrolled, locked with a new passphrase, backed up."""

from __future__ import annotations

import re
from argparse import Namespace
from pathlib import Path
from typing import Any

from dgdesk.bundle.signing.certificates import read_certificate_file, read_small
from dgdesk.bundle.signing.enrolment import fingerprint_qr, groups, validity
from dgdesk.bundle.signing.identity import (
    IdentityCard,
    change_passphrase,
    create_identity,
    load_identity,
    read_card,
    write_identity,
)
from dgdesk.bundle.signing.identity_store import read_backup, write_backup
from dgdesk.bundle.signing.keyfile import Strength, strength
from dgdesk.bundle.signing.pkcs12 import LARGEST, read_pkcs12
from dgdesk.bundle.signing.selection import missing_above
from dgdesk.cli.clock import require_clock
from dgdesk.cli.context import Context
from dgdesk.cli.export import write_whole
from dgdesk.cli.signers import fresh, known, store_of
from dgdesk.errors import UsageError
from dgdesk.system.startup import PASSPHRASE
from dgdesk.text.dates import day_text


def new(arguments: Namespace, context: Context) -> int:
    """Make a local identity, and say how strong its passphrase is."""
    folder, name = _place(arguments.name, context)
    require_clock(context)
    passphrase = None
    if not arguments.no_passphrase:
        passphrase = fresh(arguments.passphrase_file, context) or context.environment.get(PASSPHRASE)
        if passphrase is None:
            raise UsageError("cli.passphrase_needed")
    made = create_identity(
        folder, person=arguments.person, province=arguments.province, passphrase=passphrase, now=context.clock()
    )
    hint = None if passphrase is None else _strength(passphrase, made)
    if arguments.json:
        found = None if hint is None else {"level": hint.level, "reasons": list(hint.reasons)}
        context.json({**_facts(name, made, context), "strength": found})
        return 0
    _say(name, made, context)
    for code in () if hint is None else (hint.code, *hint.reasons):
        context.say(code)
    return 0


def bring(arguments: Namespace, context: Context) -> int:
    """Import a PKCS#12 file; the key is encrypted by the same passphrase unless another is given."""
    folder, name = _place(arguments.name, context)
    require_clock(context)
    content = _read(arguments.file)
    passphrase = known(arguments.passphrase_file, context, "identity.ask_pkcs") or ""
    above = [one for path in arguments.chain for one in read_certificate_file(path)]
    wanted = re.sub(r"[\s:]", "", arguments.fingerprint).lower()
    identity = read_pkcs12(content, passphrase, context.clock(), name=arguments.file.name, above=above, wanted=wanted)
    if arguments.new_passphrase_file is not None:
        passphrase = fresh(arguments.new_passphrase_file, context) or ""
    if not passphrase.strip():
        raise UsageError("identity.empty_passphrase")
    write_identity(folder, identity, passphrase)
    missing = missing_above(identity.certificate, identity.chain)
    if arguments.json:
        context.json({**_facts(name, identity, context), "missing_issuer": missing})
    else:
        _say(name, identity, context)
        if missing is not None:
            context.say("identity.chain_open", issuer=missing)
    return 0


def show(arguments: Namespace, context: Context) -> int:
    """List the identities; 1 if one is damaged or expired."""
    kept = store_of(context).kept()
    sound = True
    found = []
    for one in kept:
        if one.card is None:
            sound = False
            found.append({"name": one.name, "damaged": True})
            if not arguments.json:
                context.say("identity.listed_damaged", name=one.name)
            continue
        sound &= validity(one.card.certificate, context.clock()).status != "expired"
        found.append(_facts(one.name, one.card, context))
        if not arguments.json:
            _say(one.name, one.card, context)
    if arguments.json:
        context.json(found)
    elif not kept:
        context.say("identity.none_listed")
    return 0 if sound else 1


def export(arguments: Namespace, context: Context) -> int:
    """Write the public certificate for enrolment; never the key, and not the chain."""
    card = read_card(_existing(arguments.name, context))
    write_whole(arguments.certificate, card.certificate_pem, "certificate", replace=arguments.replace)
    if arguments.json:
        context.json({"path": str(arguments.certificate), **_facts(arguments.name, card, context)})
    else:
        context.say("identity.exported", path=arguments.certificate, groups=groups(card.fingerprint))
    return 0


def passwd(arguments: Namespace, context: Context) -> int:
    """Change the passphrase of a key."""
    folder = _existing(arguments.name, context)
    old = known(arguments.passphrase_file, context) if read_card(folder).protected else None
    load_identity(folder, old)  # report a wrong one before asking for the new one
    typed = None if arguments.no_passphrase else fresh(arguments.new_passphrase_file, context)
    if typed is None and not arguments.no_passphrase:
        raise UsageError("identity.new_needed")
    changed = change_passphrase(folder, old, typed)
    hint = None if typed is None else _strength(typed, changed)
    if arguments.json:
        context.json({"fingerprint": changed.fingerprint, "protected": changed.protected})
        return 0
    context.say("identity.passphrase_changed")
    for code in () if hint is None else (hint.code, *hint.reasons):
        context.say(code)
    return 0


def backup(arguments: Namespace, context: Context) -> int:
    """Write an identity as one file, its key encrypted."""
    folder = _existing(arguments.name, context)
    passphrase = known(arguments.passphrase_file, context) if read_card(folder).protected else None
    card = write_backup(folder, arguments.copy, passphrase or "", replace=arguments.replace)
    if arguments.json:
        context.json({"path": str(arguments.copy), "fingerprint": card.fingerprint})
    else:
        context.say("identity.backed_up", path=arguments.copy)
    return 0


def restore(arguments: Namespace, context: Context) -> int:
    """Restore an identity from its backup."""
    folder, name = _place(arguments.name, context)
    passphrase = known(arguments.passphrase_file, context) or ""
    identity = read_backup(arguments.copy, passphrase)
    write_identity(folder, identity, passphrase)
    _tell(name, identity, arguments, context)
    return 0


def _strength(passphrase: str, card: IdentityCard) -> Strength:
    return strength(passphrase, known=(card.person, card.province))


def _place(name: str | None, context: Context) -> tuple[Path, str]:
    store = store_of(context)
    name = name or store.free_name()
    return store.folder(name), name


def _existing(name: str | None, context: Context) -> Path:
    folder = store_of(context).choose(name)
    if folder is None:
        raise UsageError("identity.none")
    return folder


def _read(path: Path) -> bytes:
    return read_small(path, LARGEST)


def _facts(name: str | None, card: IdentityCard, context: Context) -> dict[str, Any]:
    state = validity(card.certificate, context.clock())
    return {
        "name": name,
        "person": card.person,
        "province": card.province,
        "protected": card.protected,
        "chain": len(card.chain),
        "fingerprint": card.fingerprint,
        "groups": groups(card.fingerprint),
        "qr": fingerprint_qr(card.fingerprint),
        "validity": state.status,
        "days": state.days,
        "last": state.last.isoformat(),
    }


def _tell(name: str, card: IdentityCard, arguments: Namespace, context: Context) -> None:
    if arguments.json:
        context.json(_facts(name, card, context))
    else:
        _say(name, card, context)


def _say(name: str, card: IdentityCard, context: Context) -> None:
    context.say("identity.listed", name=name, person=card.person, province=card.province)
    context.say("identity.listed_fingerprint", groups=groups(card.fingerprint))
    state = validity(card.certificate, context.clock())
    context.say(state.code, days=state.days, last=day_text(state.last, context.catalogue.language))
