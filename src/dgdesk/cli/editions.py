"""``edition``: packs of surveys that were not shipped with the program."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dgdesk.cli.context import Context
from dgdesk.editions import shelf
from dgdesk.editions.contents import EditionFile
from dgdesk.editions.pack import build_pack, check_pack
from dgdesk.text.dates import thai_day
from dgdesk.text.deadlines import period_words

if TYPE_CHECKING:
    from cryptography import x509


def listed(arguments: Namespace, context: Context) -> int:
    """List the editions: the newest version of each, its days, and what is damaged."""
    heads = shelf.listed()
    broken = {head.folder: shelf.damage(head.folder) for head in heads if not head.shipped}
    if arguments.json:
        context.json(
            [
                {
                    "id": head.id,
                    "version": head.version,
                    "shipped": head.shipped,
                    "title": head.title,
                    "year": head.year,
                    "opens": head.opens or None,
                    "closes": head.closes or None,
                    "damaged": list(broken.get(head.folder, ())),
                }
                for head in heads
            ]
        )
        return 0
    for head in heads:
        state = "damaged" if broken.get(head.folder) else "shipped" if head.shipped else "installed"
        context.say(f"cli.edition.{state}", edition=head.id, id=head.id, version=head.version)
        words = period_words(
            context.catalogue.text, head.opens, head.closes, thai_day(context.clock()), context.catalogue.language
        )
        if words:
            context.line(f"  {words}")
    return 0


def verify(arguments: Namespace, context: Context) -> int:
    """Check a pack; 1 if it does not hold or its signer is not known."""
    trust = _certificates(arguments.trust)
    verdict = check_pack(arguments.pack, (*shelf.signers(context.profile), *trust))
    messages = [context.catalogue.text(one.code, **one.values) for one in verdict.problems]
    if arguments.json:
        context.json(
            {
                "ok": verdict.ok,
                "digest": verdict.digest,
                "signer": verdict.signature.signer,
                "fingerprint": verdict.signature.fingerprint,
                "edition": _facts(verdict.edition),
                "problems": [
                    {"code": one.code, "message": message}
                    for one, message in zip(verdict.problems, messages, strict=True)
                ],
            }
        )
    elif verdict.ok and verdict.edition is not None:
        edition = verdict.edition
        signer = verdict.signature.signer or "-"
        context.say("cli.edition.holds", name=edition.name.th, version=edition.version, signer=signer)
    else:
        for message in messages:
            context.line(message)
    return 0 if verdict.ok else 1


def install(arguments: Namespace, context: Context) -> int:
    """Install a pack; ``--trust`` enrols its signer."""
    done = shelf.install(arguments.pack, context.profile, _certificates(arguments.trust))
    if arguments.json:
        context.json({"already": done.already, **(_facts(done.edition) or {})})
    else:
        code = "cli.edition.already" if done.already else "cli.edition.made"
        context.say(code, name=done.edition.name.th, version=done.edition.version)
    return 0


def remove(arguments: Namespace, context: Context) -> int:
    """Remove an installed edition; its drafts stay, and open again when it is installed again."""
    count = shelf.remove(arguments.edition, context.profile)
    if arguments.json:
        context.json({"id": arguments.edition, "removed": count})
    else:
        context.say("cli.edition.removed", id=arguments.edition, count=count)
    return 0


def build(arguments: Namespace, context: Context) -> int:
    """Make a signed pack of a folder of data files."""
    from dgdesk.bundle.signing.identity import load_identity
    from dgdesk.cli.questionnaire import folder_named
    from dgdesk.cli.signers import find_folder, known
    from dgdesk.survey.definition.load import load_definition

    follows = () if arguments.follows is None else (load_definition(folder_named(arguments.follows)),)
    folder = find_folder(arguments.identity, context) or context.profile.identity
    identity = load_identity(folder, known(arguments.passphrase_file, context, ask=True))
    edition = build_pack(
        arguments.folder,
        arguments.pack,
        identity=identity,
        now=context.clock(),
        version=arguments.version,
        earlier=lambda edition: (*shelf.forms_before(edition), *follows),
        replace=arguments.replace,
    )
    if arguments.json:
        context.json({"path": str(arguments.pack), **(_facts(edition) or {})})
    else:
        context.say("cli.edition.built", path=arguments.pack, name=edition.name.th, version=edition.version)
    return 0


def _certificates(path: Path | None) -> tuple[x509.Certificate, ...]:
    from dgdesk.bundle.signing.certificates import read_certificate_file

    return () if path is None else tuple(read_certificate_file(path, signers=True))


def _facts(edition: EditionFile | None) -> dict[str, Any] | None:
    if edition is None:
        return None
    return {
        "id": edition.id,
        "version": edition.version,
        "title": edition.title,
        "year": edition.year,
        "opens": edition.opens,
        "closes": edition.closes,
        "program": edition.program,
    }
