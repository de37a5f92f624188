"""``verify`` and ``collate``: what a receiver does with bundles, one or many."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dgdesk.agency.inbox import Verdict, find_bundles, verify_many
from dgdesk.bundle.report import BundleProblem, SignerFacts, Verification
from dgdesk.bundle.signing.trust_files import load_trust
from dgdesk.bundle.signing.trust_list import TrustList
from dgdesk.bundle.verify import verify_bundle
from dgdesk.cli.context import Context
from dgdesk.errors import UsageError
from dgdesk.text.dates import day_text, time_text
from dgdesk.text.editions import edition_words


def verify(arguments: Namespace, context: Context) -> int:
    """Check bundles; 1 if one fails or its origin is unchecked."""
    named: list[Path] = arguments.bundle
    trusted = read_trust(arguments.trust)
    if len(named) == 1 and not (named[0].is_dir() and arguments.extract is None):
        return _verify_one(named[0], trusted, arguments, context)
    if arguments.extract is not None:
        raise UsageError("receiver.one_only")
    fates = verify_many(find_bundles(named), trusted=trusted, now=context.clock())
    if arguments.json:
        found = [_fate(fate, context) for fate in fates]
        context.json(found)
        return 0 if all(one["ok"] for one in found) else 1
    accepted = total = warned = 0
    context.line(context.catalogue.text("receiver.header"))
    for fate in fates:
        total += 1
        accepted += fate.accepted
        warned += fate.accepted and bool(fate.warnings)
        context.line(" | ".join(_line(fate, context)))
    context.say("receiver.summary", total=total, accepted=accepted, rejected=total - accepted)
    if warned:
        context.say("receiver.warned_of", count=warned)
    return 0 if accepted == total else 1


def collate(arguments: Namespace, context: Context) -> int:
    """Write an Excel workbook or CSV tables; 1 if some were rejected (the tables list them with the reason)."""
    from dgdesk.agency.collate import FILES, file_row  # ``verify`` does without the forms and the tables
    from dgdesk.agency.collate import collate as collate_bundles
    from dgdesk.agency.tables import write_tables
    from dgdesk.draft.drafts import load_forms

    target: Path = arguments.table
    bundles = _bundles(target, arguments.bundle)
    trusted = read_trust(arguments.trust)
    forms = load_forms()

    def word(problem: BundleProblem) -> str:
        return context.catalogue.text(problem.code, **problem.values)

    def edition(named: str) -> str:
        return edition_words(context.catalogue.text, named)

    fates: Sequence[Verdict] = write_tables(
        target,
        lambda tables: collate_bundles(
            bundles, tables, forms=forms, trusted=trusted, word=word, edition=edition, now=context.clock()
        ),
    )
    rejected = sum(not fate.accepted for fate in fates)
    if arguments.json:
        rows = [dict(zip(FILES, file_row(fate, word), strict=True)) for fate in fates]
        context.json({"table": str(target), "bundles": rows})
    else:
        context.say("cli.collated", path=target, accepted=len(fates) - rejected, rejected=rejected)
        if warned := sum(fate.accepted and bool(fate.warnings) for fate in fates):
            context.say("receiver.warned_of", count=warned)
    return 1 if rejected else 0


def read_trust(paths: Sequence[Path]) -> TrustList | None:
    """Read whom to trust; None if nobody was named. Raises as `load_trust`."""
    return load_trust(paths)


def report_lines(found: Verification, context: Context) -> list[str]:
    """Return the report of one bundle, one fact per line: what is wrong, who, with what, when, complete or not."""
    text, language = context.catalogue.text, context.catalogue.language
    lines = [text(problem.code, **problem.values) for problem in found.problems]
    lines += [text("receiver.warning", sentence=text(one.code, **one.values)) for one in found.warnings]
    signer = found.signed_by
    if signer is not None:
        lines.append(text("receiver.said_signer", signer=signer.name, organisation=signer.organisation or "-"))
        start, end = day_text(signer.valid_from, language), day_text(signer.valid_until, language)
        lines.append(text("receiver.said_method", method=signer.method, start=start, end=end, issuer=signer.issuer))
        lines.append(text(f"receiver.said_trust_{signer.trust or 'none'}"))
    if found.claimed_time is not None:
        lines.append(text("receiver.said_time", time=time_text(found.claimed_time, language)))
    if found.complete:
        lines.append(text("receiver.said_complete", files=found.files, size=found.size, evidence=found.evidence))
    else:
        lines.append(text("receiver.said_incomplete"))
    if found.draft:
        lines.append(text("receiver.said_draft"))
    return lines


def _verify_one(path: Path, trusted: TrustList | None, arguments: Namespace, context: Context) -> int:
    unpacked: Path | None = None
    if arguments.extract is None:
        found = verify_bundle(path, trusted=trusted, now=context.clock())
    else:
        from dgdesk.bundle.extract import extract_bundle

        found, unpacked = extract_bundle(path, arguments.extract, trusted=trusted, now=context.clock())
    if arguments.json:
        document = _verdict(found, context)
        if arguments.extract is not None:
            document["extracted"] = str(unpacked) if unpacked else None
        context.json(document)
        return 0 if found.ok else 1
    for line in report_lines(found, context):
        context.line(line)
    code = "cli.verified" if found.ok else "cli.not_verified"
    context.say(code, name=path.name, signer=found.signer or "-", digest=found.digest or "-")
    if found.ok and found.warnings:
        context.say("receiver.warned", count=len(found.warnings))
    if arguments.extract is not None:
        if unpacked:
            context.say("extract.done", path=str(unpacked))
        else:
            context.say("extract.refused")
    return 0 if found.ok else 1


def _bundles(target: Path, named: Sequence[Path]) -> tuple[Path, ...]:
    """Find the bundles; refuse a table that would replace one of them, as when its name was forgotten."""
    is_one = target.exists() and any(one.is_file() and target.samefile(one) for one in named)
    if is_one or target.suffix.lower() == ".zip":
        raise UsageError("cli.table_is_bundle", name=target.name)
    return find_bundles(named)


def _verdict(found: Verification, context: Context) -> dict[str, Any]:
    return {
        "ok": found.ok,
        "digest": found.digest,
        "answers_digest": found.answers_digest,
        "signer": found.signer,
        "fingerprint": found.fingerprint,
        "claimed_time": found.claimed_time,
        "draft": found.draft,
        "province": found.province,
        "edition": found.edition,
        "complete": found.complete,
        "files": found.files,
        "size": found.size,
        "evidence": found.evidence,
        "signed_by": _signer(found.signed_by),
        "problems": [problem_facts(problem, context) for problem in found.problems],
        "warnings": [problem_facts(one, context) for one in found.warnings],
    }


def _signer(facts: SignerFacts | None) -> dict[str, Any] | None:
    if facts is None:
        return None
    days = {"valid_from": facts.valid_from.isoformat(), "valid_until": facts.valid_until.isoformat()}
    return {**asdict(facts), **days}


def problem_facts(problem: BundleProblem, context: Context) -> dict[str, Any]:
    """Return a problem or warning in its JSON form."""
    values = {name: str(value) for name, value in problem.values.items()}
    return {"code": problem.code, "message": context.catalogue.text(problem.code, **problem.values), "values": values}


def _fate(fate: Verdict, context: Context) -> dict[str, Any]:
    found = fate.verdict or Verification(False)
    problems = [problem_facts(problem, context) for problem in fate.problems]
    return {"file": str(fate.path), **_verdict(found, context), "ok": fate.accepted, "problems": problems}


def _line(fate: Verdict, context: Context) -> tuple[str, ...]:
    text = context.catalogue.text
    found = fate.verdict or Verification(False)
    status = "" if found.draft is None else text("receiver.status_draft" if found.draft else "receiver.status_final")
    return (
        text("receiver.row_ok" if fate.accepted else "receiver.row_bad"),
        fate.path.name,
        found.province or "-",
        found.signer or "-",
        found.claimed_time.isoformat() if found.claimed_time else "-",
        status or "-",
        _reason(fate, context),
    )


def _reason(fate: Verdict, context: Context) -> str:
    """Return the first reason of a refusal, else the first warning."""
    text = context.catalogue.text
    for problem in fate.problems[:1]:
        return text(problem.code, **problem.values)
    for one in fate.warnings[:1]:
        return text("receiver.warning", sentence=text(one.code, **one.values))
    return ""
