"""``receipt``, ``addendum``, ``decrypt``, ``sealing-key``: what happens to a bundle once it is made."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dgdesk.bundle.addendum import AddendumVerdict, verify_addendum
from dgdesk.bundle.encryption.age_keys import MOST_KEY_FILE, is_locked, read_key_file, write_key
from dgdesk.bundle.encryption.encrypt import decrypt_file
from dgdesk.bundle.receipt import issue_receipt
from dgdesk.bundle.report import BundleProblem
from dgdesk.bundle.signed_text import MOST_BYTES
from dgdesk.bundle.signing.certificates import read_small
from dgdesk.bundle.signing.trust_list import TrustList
from dgdesk.bundle.verify import verify_bundle
from dgdesk.cli.agency import problem_facts, read_trust
from dgdesk.cli.clock import require_clock
from dgdesk.cli.context import Context
from dgdesk.cli.export import write_whole
from dgdesk.cli.signers import known, open_identity
from dgdesk.cli.targets import decrypted, receipt_of
from dgdesk.draft.drafts import open_draft
from dgdesk.draft.file.opening import open_draft_file
from dgdesk.errors import UsageError
from dgdesk.submission.receipts import enter_receipt
from dgdesk.submission.scans import attach_scan, export_addendum


def issue(arguments: Namespace, context: Context) -> int:
    """Verify a bundle and write the office's signed receipt for it, or those of a whole ledger."""
    if arguments.ledger is not None:
        from dgdesk.cli.ledger_receipts import issue_of_ledger

        return issue_of_ledger(arguments, context)
    for name in ("returned", "reason", "into"):
        if getattr(arguments, name) is not None:
            raise UsageError("cli.usage_missing", command="dgdesk receipt issue", name="--ledger")
    if arguments.bundle is None:
        raise UsageError("cli.usage_missing", command="dgdesk receipt issue", name="bundle / --ledger")
    target = receipt_of(arguments)
    require_clock(context)
    now = context.clock()
    verdict = verify_bundle(arguments.bundle, trusted=read_trust(arguments.trust) or TrustList(), now=now)
    identity = open_identity(arguments.identity, arguments.passphrase_file, context)
    office = arguments.office or identity.province
    content = issue_receipt(verdict, identity, office=office, file=arguments.bundle.name, now=now)
    write_whole(target, content, "receipt", replace=arguments.replace)
    if arguments.json:
        warnings = [problem_facts(one, context) for one in verdict.warnings]
        context.json({"path": str(target), "digest": verdict.digest, "office": office, "warnings": warnings})
    else:
        _warn(verdict.warnings, context)
        context.say("receipt.issued", path=target, digest=verdict.digest or "-")
    return 0


def give_back(arguments: Namespace, context: Context) -> int:
    """Write the office's signed reason why a bundle is returned; the file may be anything that came."""
    from dgdesk.bundle.returned import issue_return
    from dgdesk.outbox.exports import file_digest

    target = receipt_of(arguments)
    require_clock(context)
    sha256 = file_digest(arguments.bundle)
    identity = open_identity(arguments.identity, arguments.passphrase_file, context)
    content = issue_return(
        sha256,
        identity,
        reason=arguments.reason,
        office=arguments.office or identity.province,
        file=arguments.bundle.name,
        now=context.clock(),
    )
    write_whole(target, content, "receipt", replace=arguments.replace)
    if arguments.json:
        context.json({"path": str(target), "sha256": sha256})
    else:
        context.say("return.issued", path=target, name=arguments.bundle.name)
    return 0


def enter(arguments: Namespace, context: Context) -> int:
    """Check a receipt and enter it into the draft's register."""
    content = read_small(arguments.receipt, MOST_BYTES)
    trusted = read_trust(arguments.trust) or TrustList()
    with open_draft_file(arguments.file, clock=context.clock, who=context.who) as package:
        entered = enter_receipt(package, content, trusted)
    receipt = entered.receipt
    if arguments.json:
        context.json({**receipt.model_dump(), "new": entered.new})
    else:
        code = "receipt.entered" if entered.new else "receipt.known"
        context.say(code, office=receipt.office, received=receipt.received, digest=receipt.digest)
    return 0


def attach(arguments: Namespace, context: Context) -> int:
    """Store a scan of the signed sheet in the draft's register."""
    with open_draft_file(arguments.file, clock=context.clock, who=context.who) as package:
        kept = attach_scan(package, arguments.scan, arguments.digest)
    if arguments.json:
        context.json({"digest": kept.digest, "code": kept.code, "new": kept.new, "pages": asdict(kept.pages)})
    else:
        code = "scan.kept_match" if kept.code == "match" else "scan.kept_unreadable"
        context.say(code, name=arguments.scan.name, digest=kept.digest)
        for told, values in kept.pages.sentences():
            context.say(told, **values)
    return 0


def addendum(arguments: Namespace, context: Context) -> int:
    """Write the scans as an addendum to the bundle."""
    with open_draft(arguments.file, clock=context.clock, who=context.who, read_only=True) as draft:
        require_clock(context, draft)
        identity = open_identity(arguments.identity, arguments.passphrase_file, context)
        verdict = export_addendum(
            draft,
            arguments.addendum,
            identity=identity,
            claimed_time=context.clock(),
            digest=arguments.digest,
            replace=arguments.replace,
        )
    if arguments.json:
        context.json({"path": str(arguments.addendum), **_verdict(verdict, context)})
    else:
        context.say("addendum.written", path=arguments.addendum, digest=verdict.digest or "-")
    return 0


def check_addendum(arguments: Namespace, context: Context) -> int:
    """Check an addendum, and that it belongs to the bundle; 1 if a check fails."""
    trusted = read_trust(arguments.trust)
    now = context.clock()
    bundle = None if arguments.bundle is None else verify_bundle(arguments.bundle, trusted=trusted, now=now)
    verdict = verify_addendum(arguments.addendum, trusted=trusted, bundle=bundle, now=now)
    if arguments.json:
        context.json(_verdict(verdict, context))
    else:
        for problem in verdict.problems:
            context.line(context.catalogue.text(problem.code, **problem.values))
        _warn(verdict.warnings, context)
        code = "addendum.verified" if verdict.ok else "addendum.not_verified"
        tied = verdict.addendum.digest if verdict.addendum else "-"
        context.say(code, name=arguments.addendum.name, signer=verdict.signature.signer or "-", digest=tied)
        if verdict.ok and bundle is None:
            context.say("addendum.not_compared")
    return 0 if verdict.ok else 1


def decrypt(arguments: Namespace, context: Context) -> int:
    """Decrypt a bundle; it still has to be verified."""
    source: Path = arguments.sealed
    target = decrypted(arguments)
    content = read_small(arguments.key, MOST_KEY_FILE)
    keys = read_key_file(content, known(None, context) if is_locked(content) else None, arguments.key.name)
    done = decrypt_file(source, target, keys, replace=arguments.replace)
    if arguments.json:
        context.json({"path": str(done.path), "sha256": done.sha256, "size": done.size})
    else:
        context.say("sealed.opened", path=done.path)
    return 0


def sealing_key(arguments: Namespace, context: Context) -> int:
    """Make the receiver's key for encrypted bundles; only its owner may read the file with the secret key."""
    target: Path = arguments.key
    recipient = write_key(target, arguments.recipients)
    if arguments.json:
        context.json({"path": str(target), "recipient": recipient})
    else:
        context.say("sealed.key_made", path=target, recipient=recipient)
    return 0


def _verdict(verdict: AddendumVerdict, context: Context) -> dict[str, Any]:
    found = verdict.addendum
    return {
        "ok": verdict.ok,
        "digest": verdict.digest,
        "signer": verdict.signature.signer,
        "claimed_time": verdict.signature.claimed_time,
        "bundle_digest": found.digest if found else None,
        "scans": [scan.name for scan in found.scans] if found else [],
        "problems": [
            {"code": problem.code, "message": context.catalogue.text(problem.code, **problem.values)}
            for problem in verdict.problems
        ],
        "warnings": [problem_facts(one, context) for one in verdict.warnings],
    }


def _warn(warnings: Sequence[BundleProblem], context: Context) -> None:
    text = context.catalogue.text
    for one in warnings:
        context.line(text("receiver.warning", sentence=text(one.code, **one.values)))
