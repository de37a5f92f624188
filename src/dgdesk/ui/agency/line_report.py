"""The report on one respondent: every bundle that came, what counts, and what a person has to decide."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dgdesk.agency.overview import Overview
from dgdesk.agency.submission_rows import remarks
from dgdesk.agency.verdicts import shown_names
from dgdesk.bundle.chains import Member
from dgdesk.text.dates import iso_time_text
from dgdesk.text.editions import edition_words
from dgdesk.ui.agency.line_rows import RespondentLine, score_words
from dgdesk.ui.agency.report import LIST_MOST, few, problem_lines, report_lines, technical_lines
from dgdesk.ui.widgets.label import Texts

_ROLES = {"current": "status", "fork": "error", "drafts": "warning", "not_yet": "hint"}


def state_words(one: RespondentLine, texts: Texts) -> tuple[str, str]:
    """Return text role and sentence of a respondent's state."""
    return _ROLES[one.line.state], texts.say(f"ui.receiving.said.{one.line.state}")


def line_lines(one: RespondentLine, overview: Overview, texts: Texts) -> tuple[str, ...]:
    """Return the report on a respondent: each bundle with its files, the one that counts first."""
    say, chain = texts.say, one.line.chain
    lines = [say("ui.check.edition", value=edition_words(say, one.line.edition))]
    lines.append(say("ui.receiving.code", code=one.line.respondent))
    if chain is None:
        return tuple(lines)
    shown = shown_names([each.place for each in one.files])
    lines += ["• " + say(problem.code, **problem.values) for problem in remarks(one.line, shown)[:LIST_MOST]]
    order = {"current": 0, "fork": 1, "set_aside": 2, "superseded": 3, "draft": 4}
    members = sorted(chain.members, key=lambda member: (order[member.outcome], -member.fact.revision, member.digest))
    for number, member in enumerate(members[:LIST_MOST], 1):
        lines += ["", *_bundle_lines(number, len(members), member, overview, texts)]
    if len(members) > LIST_MOST:
        lines += ["", say("ui.receiving.more_bundles", count=len(members) - LIST_MOST)]
    return tuple(lines)


def _bundle_lines(number: int, total: int, member: Member, overview: Overview, texts: Texts) -> Iterator[str]:
    say, language = texts.say, texts.catalogue.language
    outcome = say(f"chain.outcome.{member.outcome}")
    yield say("ui.receiving.bundle", number=number, total=total, outcome=outcome)
    files = overview.files_of.get(member.digest, ())
    if files:
        yield say("ui.receiving.files_of", names=few([each.name for each in files]))
    else:
        yield say("ui.receiving.no_file")
    if len(files) > 1:
        yield "• " + say("ui.receiving.copies_said", count=len(files) - 1)
    if any(each.missing for each in files):
        yield "• " + say("ui.receiving.gone")
    bundle = overview.bundle_of(member)
    if bundle is None:
        return
    yield from problem_lines(bundle.verification.warnings, texts)
    yield say("ui.receiving.arrived", time=iso_time_text(bundle.arrived.isoformat(), language))
    if words := score_words(bundle.total, texts.catalogue):
        yield say("ui.receiving.score_said", score=words)
    if member.digest in overview.answered:
        yield say("ui.receiving.answered")
    skipped = {
        say("ui.check.edition", value=edition_words(say, bundle.verification.edition or "")),
        *problem_lines(bundle.verification.warnings, texts),
    }
    yield from (line for line in report_lines(bundle.verification, texts) if line not in skipped)


def line_technical(one: RespondentLine, overview: Overview, texts: Texts) -> tuple[str, ...]:
    """Return the digests of a respondent's bundles."""
    chain = one.line.chain
    lines: list[str] = []
    for member in (chain.members if chain is not None else ())[:LIST_MOST]:
        bundle = overview.bundle_of(member)
        if bundle is not None:
            lines += technical_lines(bundle.verification, texts)
    return tuple(lines)


def line_text(one: RespondentLine, overview: Overview, texts: Texts, against: str, now: datetime) -> str:
    """Return the report on a respondent as text to keep or send."""
    when = iso_time_text(now.isoformat(), texts.catalogue.language)
    lines = [one.line.name, state_words(one, texts)[1], *line_lines(one, overview, texts)]
    lines += [*line_technical(one, overview, texts), against, texts.say("ui.receiving.report_made", time=when)]
    return "\n".join(lines) + "\n"
