"""The report on one file of the inbox: verdict and facts in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from dgdesk.agency.overview import FileLine, Overview
from dgdesk.bundle.chains import Member
from dgdesk.bundle.report import BundleProblem, SignerFacts, Verification, printable
from dgdesk.bundle.respondents import name_of
from dgdesk.bundle.signing.enrolment import groups
from dgdesk.evidence.limits import in_units
from dgdesk.text.dates import day_text, iso_time_text
from dgdesk.text.editions import edition_words
from dgdesk.ui.agency.statuses import VerdictStatus, file_status, status_of
from dgdesk.ui.widgets.label import Texts

LIST_MOST = 30
"""Problems that are listed one by one."""
_VERDICTS: Mapping[VerdictStatus, tuple[str, str]] = {
    "verified": ("status", "ui.check.ok"),
    "draft": ("warning", "ui.check.ok_draft"),
    "unchecked_draft": ("warning", "ui.check.no_origin_draft"),
    "unchecked": ("warning", "ui.check.no_origin"),
    "stranger": ("error", "ui.check.other_signer"),
    "refused": ("error", "ui.check.bad"),
    "unread": ("error", "ui.receiving.unread"),
    "tied": ("status", "ui.receiving.tied"),
    "untied": ("warning", "ui.receiving.untied"),
    "waiting": ("hint", "ui.receiving.waiting"),
    "encrypted": ("warning", "ui.receiving.unchecked_file"),
    "packed": ("warning", "ui.receiving.unchecked_file"),
    "arriving": ("warning", "ui.receiving.unchecked_file"),
    "link": ("warning", "ui.receiving.unchecked_file"),
    "receipt": ("hint", "ui.receiving.other_file"),
    "foreign": ("hint", "ui.receiving.other_file"),
}


def verdict_of(found: Verification, texts: Texts) -> tuple[str, str]:
    """Return text role and sentence of the verdict on a bundle."""
    role, code = _VERDICTS[status_of(found)]
    return _warned(role, texts.say(code), found.warnings if found.ok else (), texts)


def verdict_words(texts: Texts, one: FileLine) -> tuple[str, str]:
    """Return text role and sentence of the verdict on a file."""
    role, code = _VERDICTS[file_status(one)]
    return _warned(role, texts.say(code), one.warnings, texts)


def _warned(role: str, words: str, warnings: tuple[BundleProblem, ...], texts: Texts) -> tuple[str, str]:
    if not warnings:
        return role, words
    return "warning" if role == "status" else role, f"{words} {texts.say('receiver.warned', count=len(warnings))}"


def report_lines(found: Verification, texts: Texts) -> tuple[str, ...]:
    """Return the report on a bundle, one fact a line, problems first."""
    say = texts.say
    lines = [*problem_lines(found.problems, texts), *problem_lines(found.warnings, texts)]
    whose = name_of(found.respondent, found.respondent_name) if found.respondent else None
    _add(lines, texts, "ui.check.respondent", whose)
    _add(lines, texts, "ui.check.edition", edition_words(texts.say, found.edition or ""))
    if found.draft is not None:
        lines.append(say("ui.check.status_draft" if found.draft else "ui.check.status_final"))
    if found.complete:
        size = in_units(found.size or 0)
        lines.append(say("ui.check.complete", files=found.files, size=size, evidence=found.evidence))
    elif found.complete is None:
        lines.append(say("ui.check.complete_unknown"))
    else:
        lines.append(say("ui.check.incomplete"))
    if found.unsent_files or found.unsent_answers:
        lines.append(say("receiver.said_unsent", files=found.unsent_files, answers=found.unsent_answers))
    if found.supersedes:
        lines.append(say("receiver.said_correction", number=found.revision, digest=found.supersedes[:16] + "…"))
        lines.append(say("correction.why", reason=found.reason))
    lines += _signer_lines(found.signed_by, found.claimed_time, texts)
    return tuple(lines)


def technical_lines(found: Verification, texts: Texts) -> tuple[str, ...]:
    """Return the digests of a bundle and the signer's certificate: what is compared, but not read."""
    return tuple(_technical(found.signed_by, found.digest, found.answers_digest, texts))


def _technical(facts: SignerFacts | None, digest: str | None, answers: str | None, texts: Texts) -> Iterator[str]:
    say = texts.say
    if facts is not None:
        kind = "ui.check.by_local" if facts.self_signed else "ui.check.by_authority"
        start, end = (day_text(day, texts.catalogue.language) for day in (facts.valid_from, facts.valid_until))
        yield say(kind, method=facts.method, issuer=facts.issuer, start=start, end=end)
        yield say("ui.check.fingerprint", value=groups(facts.fingerprint))
    if digest:
        yield say("ui.check.digest", value=eights(digest))
    if answers:
        yield say("ui.check.answers_digest", value=eights(answers))


def file_lines(one: FileLine, overview: Overview, texts: Texts) -> tuple[str, ...]:
    """Return the report on a file."""
    say, found = texts.say, one.verification
    lines = []
    if one.missing:
        lines.append("• " + say("ui.receiving.gone"))
    if one.addendum is not None:
        return (*lines, *_addendum_lines(one, overview, texts))
    if found is None:
        return (*lines, *problem_lines(one.problems, texts))
    member, same, rivals = _kin(one, overview)
    if same:
        lines.append("• " + say("ui.receiving.same", names=few(same)))
    if member is not None and (rivals or member.outcome != "current"):
        lines.append("• " + say(f"chain.outcome.{member.outcome}"))
    if rivals:
        lines.append("• " + say("ui.receiving.rivals", names=few(rivals)))
    return (*lines, *report_lines(found, texts))


def _kin(one: FileLine, overview: Overview) -> tuple[Member | None, list[str], list[str]]:
    """Return what became of a file's bundle, the names of its copies, and those of its respondent's other bundles."""
    line = overview.line_of(one)
    if line is None or line.chain is None or one.bundle is None:
        return None, [], []
    digest = one.bundle.key.digest
    member = next((each for each in line.chain.members if each.digest == digest), None)
    same = [each.name for each in overview.files_of.get(digest, ()) if each is not one]
    rivals = [
        each.name
        for other in line.chain.members
        if other.digest != digest
        for each in overview.files_of.get(other.digest, ())
    ]
    return member, same, rivals


def few(names: Sequence[str]) -> str:
    """Return names in one line; a long list is cut."""
    return ", ".join(names[:LIST_MOST]) + (" …" if len(names) > LIST_MOST else "")


def file_technical(one: FileLine, texts: Texts) -> tuple[str, ...]:
    """Return the technical lines of a file: where it lies, and digests."""
    say = texts.say
    where = say("ui.receiving.lies", path=printable(str(one.place), 1000))
    if one.addendum is not None:
        of, own = one.addendum.addendum.digest, one.addendum.key.digest
        return (
            say("ui.receiving.names_bundle", digest=eights(of)),
            say("ui.receiving.own_digest", digest=eights(own)),
            where,
        )
    found = one.verification
    return (*(technical_lines(found, texts) if found is not None else ()), where)


def report_text(one: FileLine, overview: Overview, texts: Texts, against: str, now: datetime) -> str:
    """Return the report as text to keep or send: file, trusted certificates, time, verdict and facts."""
    say = texts.say
    lines = [say("ui.receiving.file", name=one.name), verdict_words(texts, one)[1]]
    lines += (*file_lines(one, overview, texts), *file_technical(one, texts))
    when = iso_time_text(now.isoformat(), texts.catalogue.language)
    lines += [against, say("ui.receiving.report_made", time=when)]
    return "\n".join(lines) + "\n"


def problem_lines(problems: tuple[BundleProblem, ...], texts: Texts) -> Iterator[str]:
    """Yield problems in words, at most `LIST_MOST`."""
    for problem in problems[:LIST_MOST]:
        yield f"• {texts.say(problem.code, **problem.values)}"
    if len(problems) > LIST_MOST:
        yield texts.say("ui.check.more", count=len(problems) - LIST_MOST)


def eights(digest: str) -> str:
    """Return a digest in groups of eight, which can be read out and wrapped."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _addendum_lines(one: FileLine, overview: Overview, texts: Texts) -> Iterator[str]:
    say = texts.say
    yield from problem_lines(one.problems, texts)
    yield from problem_lines(one.warnings, texts)
    yield say("ui.receiving.is_addendum")
    if one.addendum is None:
        return
    said = one.addendum.addendum
    yield say("ui.check.respondent", value=name_of(said.respondent_key))
    yield say("ui.check.edition", value=edition_words(say, said.edition))
    for of in overview.files_of.get(said.digest, ())[:1]:
        yield say("ui.receiving.belongs_to", name=of.name)
    yield say("ui.receiving.scans", names=", ".join(scan.name for scan in said.scans))
    if one.addendum.signer:
        yield say("ui.receiving.signed_by", name=one.addendum.signer)
    yield from _signer_lines(None, one.addendum.claimed_time, texts)


def _signer_lines(facts: SignerFacts | None, claimed: datetime | None, texts: Texts) -> Iterator[str]:
    say, language = texts.say, texts.catalogue.language
    if facts is not None:
        yield say("receiver.said_signer", signer=facts.name, organisation=facts.organisation or "-")
        yield say(f"receiver.said_trust_{facts.trust or 'none'}")
    if claimed is not None:
        # a hostile year makes the conversion of time zones overflow: then it is shown as signed
        yield say("ui.check.time", value=iso_time_text(claimed.isoformat(), language))


def _add(lines: list[str], texts: Texts, code: str, value: str | None) -> None:
    if value:
        lines.append(texts.say(code, value=value))
