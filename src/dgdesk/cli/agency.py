"""``verify``: what a receiver does with bundles, one or many."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from dgdesk.agency.check import check_files
from dgdesk.agency.inbox import Verdict, as_addendum, may_be_addendum
from dgdesk.agency.scan import look_at, scan
from dgdesk.agency.verdicts import FileResult, InboxResult, SameRespondent, shown_names
from dgdesk.bundle.report import BundleProblem, SignerFacts, Verification
from dgdesk.bundle.respondents import province_of
from dgdesk.bundle.respondents import shown as respondent_words
from dgdesk.bundle.signing.certificates import read_small
from dgdesk.bundle.signing.trust_files import load_trust
from dgdesk.bundle.signing.trust_list import TrustList
from dgdesk.bundle.verify import verify_bundle
from dgdesk.cli.context import Context
from dgdesk.errors import UsageError
from dgdesk.system.scratch import temporary
from dgdesk.text.dates import day_text, iso_time_text, time_text


def verify(arguments: Namespace, context: Context) -> int:
    """Check bundles; 1 if one fails or its origin is unchecked."""
    named: list[Path] = arguments.bundle
    trusted = read_trust(arguments.trust)
    if len(named) == 1 and not (named[0].is_dir() and arguments.extract is None):
        keys = read_keys(arguments, context)
        if not keys or look_at(named[0]).kind != "encrypted":
            return _verify_one(named[0], named[0], trusted, arguments, context)
        with temporary() as scratch:
            from dgdesk.bundle.encryption.encrypt import decrypt_file

            plain = decrypt_file(named[0], scratch.path / "plain.zip", keys).path
            return _verify_one(plain, named[0], trusted, arguments, context)
    if arguments.extract is not None:
        raise UsageError("receiver.one_only")
    found = check_files(scan(named), trusted=trusted, keys=read_keys(arguments, context), now=context.clock())
    if arguments.json:
        context.json([_file(one, context) for one in found.files])
        return 0 if found.holds else 1
    shown = shown_names([one.path for one in found.files])
    context.line(context.catalogue.text("receiver.header"))
    for one in found.files:
        context.line(" | ".join(_line(one, shown, context)))
    say_totals(found, shown, context)
    return 0 if found.holds else 1


def say_totals(found: InboxResult, shown: Mapping[Path, str], context: Context, *, several: bool = True) -> None:
    """Print how many files have each verdict, which are there twice, and which respondents have several bundles."""
    text = context.catalogue.text
    parts = "; ".join(text(f"receiver.count.{verdict}", count=count) for verdict, count in found.totals.items())
    context.say("receiver.totals", total=len(found.files), parts=parts)
    for one in found.files:
        if one.verdict == "copy":
            context.say("receiver.copy", name=shown[one.path], first=shown[one.same_as[0]])
    told: set[object] = set()
    for one in found.files:
        bundle = one.verification
        whose = (bundle.edition, bundle.respondent) if bundle is not None else None
        if several and one.same_respondent and bundle is not None and whose not in told:
            told.add(whose)
            mine = (SameRespondent(one.path, bundle.claimed_time), *one.same_respondent)
            names = ", ".join(f"{shown[each.path]} ({_claimed(each.claimed_time, context)})" for each in mine)
            context.say("receiver.several", respondent=respondent_words(bundle.respondent or "-"), names=names)
    if warned := sum(one.accepted and bool(one.warnings) for one in found.files):
        context.say("receiver.warned_of", count=warned)


def _claimed(moment: datetime | None, context: Context) -> str:
    return iso_time_text(moment.isoformat(), context.catalogue.language) if moment is not None else "-"


def read_keys(arguments: Namespace, context: Context) -> tuple[str, ...]:
    """Read the agency's secret key that ``--key`` names. Raises as `read_key_file`."""
    if arguments.key is None:
        return ()
    from dgdesk.bundle.encryption.age_keys import MOST_KEY_FILE, is_locked, read_key_file
    from dgdesk.cli.signers import known  # imported only here: it brings what signs

    content = read_small(arguments.key, MOST_KEY_FILE)
    return tuple(read_key_file(content, known(None, context) if is_locked(content) else None))


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
    if found.supersedes:
        lines.append(text("receiver.said_correction", number=found.revision, digest=found.supersedes))
        lines.append(text("correction.why", reason=found.reason))
    if found.unsent_files or found.unsent_answers:
        lines.append(text("receiver.said_unsent", files=found.unsent_files, answers=found.unsent_answers))
    return lines


def _verify_one(path: Path, named: Path, trusted: TrustList | None, arguments: Namespace, context: Context) -> int:
    unpacked: Path | None = None
    if arguments.extract is None:
        found = verify_bundle(path, trusted=trusted, now=context.clock())
    else:
        from dgdesk.bundle.extract import extract_bundle

        found, unpacked = extract_bundle(path, arguments.extract, trusted=trusted, now=context.clock())
    fate = Verdict(path, found)
    if may_be_addendum(fate) and as_addendum(path, fate, trusted, context.clock()).addendum is not None:
        found = replace(found, problems=(BundleProblem("verify.is_addendum"),))
    if arguments.json:
        document = _verdict(found, context)
        if arguments.extract is not None:
            document["extracted"] = str(unpacked) if unpacked else None
        context.json(document)
        return 0 if found.ok else 1
    for line in report_lines(found, context):
        context.line(line)
    code = "cli.verified" if found.ok else "cli.not_verified"
    context.say(code, name=named.name, signer=found.signer or "-", digest=found.digest or "-")
    if found.ok and found.warnings:
        context.say("receiver.warned", count=len(found.warnings))
    if arguments.extract is not None:
        if unpacked:
            context.say("extract.done", path=str(unpacked))
        else:
            context.say("extract.refused")
    return 0 if found.ok else 1


def _verdict(found: Verification, context: Context) -> dict[str, Any]:
    return {
        "ok": found.ok,
        "digest": found.digest,
        "answers_digest": found.answers_digest,
        "signer": found.signer,
        "fingerprint": found.fingerprint,
        "claimed_time": found.claimed_time,
        "draft": found.draft,
        "province": province_of(found.respondent) or None,
        "respondent": found.respondent,
        "edition": found.edition,
        "complete": found.complete,
        "files": found.files,
        "size": found.size,
        "evidence": found.evidence,
        "draft_id": found.draft_id or None,
        "revision": found.revision,
        "supersedes": found.supersedes,
        "reason": found.reason or None,
        "unsent_files": found.unsent_files,
        "unsent_answers": found.unsent_answers,
        "signed_by": _signer(found.signed_by),
        "problems": [problem_facts(problem, context) for problem in found.problems],
        "warnings": [problem_facts(one, context) for one in found.warnings],
    }


def _signer(facts: SignerFacts | None) -> dict[str, Any] | None:
    if facts is None:
        return None
    days = {"valid_from": facts.valid_from.isoformat(), "valid_until": facts.valid_until.isoformat()}
    return {**facts._asdict(), **days}


def problem_facts(problem: BundleProblem, context: Context) -> dict[str, Any]:
    """Return a problem or warning in its JSON form."""
    values = {name: str(value) for name, value in problem.values.items()}
    return {"code": problem.code, "message": context.catalogue.text(problem.code, **problem.values), "values": values}


def _file(one: FileResult, context: Context) -> dict[str, Any]:
    found = one.verification or Verification(False)
    return {
        "file": str(one.path),
        **_verdict(found, context),
        "ok": one.accepted,
        "problems": [problem_facts(problem, context) for problem in one.problems],
        "verdict": one.verdict,
        "same_as": [str(path) for path in one.same_as],
        "same_respondent": [
            {"file": str(other.path), "claimed_time": other.claimed_time} for other in one.same_respondent
        ],
    }


def _line(one: FileResult, shown: Mapping[Path, str], context: Context) -> tuple[str, ...]:
    text = context.catalogue.text
    found = one.verification or Verification(False)
    status = "" if found.draft is None else text("receiver.status_draft" if found.draft else "receiver.status_final")
    return (
        text(f"receiver.row.{one.verdict}"),
        shown[one.path],
        found.respondent or "-",
        found.signer or "-",
        _claimed(found.claimed_time, context),
        status or "-",
        _reason(one, context),
    )


def _reason(one: FileResult, context: Context) -> str:
    """Return the first reason of a refusal, else the first warning."""
    text = context.catalogue.text
    for problem in one.problems[:1]:
        return text(problem.code, **problem.values)
    for warning in one.warnings[:1]:
        return text("receiver.warning", sentence=text(warning.code, **warning.values))
    return ""
