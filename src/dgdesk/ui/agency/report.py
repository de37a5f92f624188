"""The report on one file of the inbox: verdict and facts in words, and the pane that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from dgdesk.bundle.addendum import AddendumVerdict
from dgdesk.bundle.report import BundleProblem, SignerFacts, Verification, printable
from dgdesk.bundle.respondents import name_of
from dgdesk.bundle.signing.enrolment import groups
from dgdesk.evidence.limits import in_units
from dgdesk.text.dates import day_text, iso_time_text
from dgdesk.text.editions import edition_words
from dgdesk.ui.agency.entries import InboxEntry, VerdictStatus, status_of
from dgdesk.ui.widgets.details import TechnicalDetails
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.theme_file import SPACE

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


def verdict_words(texts: Texts, entry: InboxEntry) -> tuple[str, str]:
    """Return text role and sentence of the verdict on a file."""
    role, code = _VERDICTS[entry.status]
    return _warned(role, texts.say(code), entry.warnings, texts)


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


def entry_lines(entry: InboxEntry, texts: Texts) -> tuple[str, ...]:
    """Return the report on a file of the inbox."""
    say, one = texts.say, entry.arrival
    if one is None:
        return tuple(problem_lines(entry.problems, texts))
    if one.addendum is not None:
        of = printable(one.belongs_to.name) if one.belongs_to is not None else None
        return tuple(_addendum_lines(one.addendum, of, texts))
    if entry.verdict is None:
        return tuple(problem_lines(entry.problems, texts))
    lines = []
    if entry.same:
        lines.append("• " + say("ui.receiving.same", names=", ".join(entry.same)))
    if entry.outcome is not None and (entry.rivals or entry.outcome != "current"):
        lines.append("• " + say(f"chain.outcome.{entry.outcome}"))
    if entry.rivals:
        lines.append("• " + say("ui.receiving.rivals", names=", ".join(entry.rivals)))
    return (*lines, *report_lines(entry.verdict, texts))


def entry_technical(entry: InboxEntry, texts: Texts) -> tuple[str, ...]:
    """Return the technical lines of a file of the inbox."""
    one = entry.arrival
    if one is not None and one.addendum is not None:
        found, say = one.addendum, texts.say
        lines = list(_technical(found.signature.facts, None, None, texts))
        if found.addendum is not None:
            lines.insert(0, say("ui.receiving.names_bundle", digest=eights(found.addendum.digest)))
        if found.digest:
            lines.append(say("ui.receiving.own_digest", digest=eights(found.digest)))
        return tuple(lines)
    return technical_lines(entry.verdict, texts) if entry.verdict is not None else ()


def report_text(entry: InboxEntry, texts: Texts, against: str, now: datetime) -> str:
    """Return the report as text to keep or send: file, trusted certificates, time, verdict and facts."""
    say = texts.say
    lines = [say("ui.receiving.file", name=entry.name), verdict_words(texts, entry)[1]]
    lines += (*entry_lines(entry, texts), *entry_technical(entry, texts))
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


def _addendum_lines(found: AddendumVerdict, of: str | None, texts: Texts) -> Iterator[str]:
    say = texts.say
    yield from problem_lines(found.problems, texts)
    yield from problem_lines(found.warnings, texts)
    yield say("ui.receiving.is_addendum")
    if found.addendum is not None:
        yield say("ui.check.respondent", value=name_of(found.addendum.respondent_key))
        yield say("ui.check.edition", value=edition_words(say, found.addendum.edition))
        if of is not None:
            yield say("ui.receiving.belongs_to", name=of)
        yield say("ui.receiving.scans", names=", ".join(scan.name for scan in found.addendum.scans))
    yield from _signer_lines(found.signature.facts, found.signature.claimed_time, texts)


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


class ReportPane(QScrollArea):
    """Shows the verdict in its colour, and a line for every fact."""

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(texts.say("ui.receiving.details"))
        inner = QWidget(self)
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        layout.setSpacing(SPACE)
        self.name = WrapLabel(texts, "", "question", inner)
        self.verdict = WrapLabel(texts, "", "question", inner)
        self.details = WrapLabel(texts, "", "text", inner)
        self.technical = TechnicalDetails(texts, inner)
        for part in (self.name, self.verdict, self.details, self.technical):
            layout.addWidget(part)
        layout.addStretch(1)
        self.setWidget(inner)

    def show_entries(self, chosen: Sequence[InboxEntry], *, empty: bool) -> None:
        """Show the report on one file, or the number of selected files."""
        say = self._texts.say
        name, role, verdict, lines = "", "hint", "", ""
        if len(chosen) == 1:
            role, verdict = verdict_words(self._texts, chosen[0])
            name, lines = chosen[0].name, "\n".join(entry_lines(chosen[0], self._texts))
        elif chosen:
            verdict = say("ui.receiving.many_chosen", count=len(chosen))
        else:
            verdict = say("ui.receiving.empty" if empty else "ui.receiving.none_chosen")
        self.name.set_text(name)
        self.name.setVisible(bool(name))
        self.verdict.set_role(role)
        self.verdict.set_text(verdict)
        self.details.set_text(lines)
        self.technical.set_text("\n".join(entry_technical(chosen[0], self._texts)) if len(chosen) == 1 else "")
        self.setAccessibleDescription(" ".join(part for part in (name, verdict) if part))
        self.verticalScrollBar().setValue(0)
