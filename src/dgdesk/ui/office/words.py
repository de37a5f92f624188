"""Window, office, words: findings as the window tells them, short in the strip, whole in the dialog. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from dgdesk.support.report import check_sentence
from dgdesk.system.check.facts import CheckResult
from dgdesk.ui.widgets.label import Texts

_ONCE = frozenset({"office.from_internet"})
"""Notes that are told on opening all the same, once for each draft."""
_BEFORE_EXPORT = frozenset({"office.disk_low", "office.clock_before_draft", "office.clock_ahead"})
"""Warnings that an export may come to grief over, beside all errors."""


def to_tell(findings: Sequence[CheckResult], quiet: Sequence[str], draft: str) -> tuple[CheckResult, ...]:
    """Return the findings that are told unasked: errors and warnings, except those put away for this draft."""
    return tuple(
        one for one in findings if (one.severity != "note" or one.code in _ONCE) and quiet_key(one, draft) not in quiet
    )


def told_once(findings: Sequence[CheckResult]) -> tuple[CheckResult, ...]:
    """Return those that are not told a second time."""
    return tuple(one for one in findings if one.code in _ONCE)


def against_export(findings: Sequence[CheckResult]) -> tuple[CheckResult, ...]:
    """Return the findings that a person should know before an export."""
    return tuple(one for one in findings if one.severity == "error" or one.code in _BEFORE_EXPORT)


def quiet_key(finding: CheckResult, draft: str) -> str:
    """Return what the settings remember of a finding that is put away for a draft."""
    return f"{finding.code} {draft}"


def strip_words(findings: Sequence[CheckResult], texts: Texts) -> str:
    """Return the line of the strip: the worst in a few words, and how many more there are."""
    first = title(findings[0], texts)
    more = len(findings) - 1
    return texts.say("ui.office.strip_more", first=first, more=more) if more else first


def title(finding: CheckResult, texts: Texts) -> str:
    """Return a finding in a few words."""
    return texts.say(f"ui.office.short_{finding.code.removeprefix('office.')}", **finding.values)


def lines(finding: CheckResult, texts: Texts) -> tuple[str, str]:
    """Return how grave a finding is and what it is, and below it the whole sentence."""
    head = texts.say(
        "ui.office.head", severity=texts.say(f"ui.office.severity_{finding.severity}"), title=title(finding, texts)
    )
    return head, check_sentence(finding, texts.catalogue)


def as_text(findings: Sequence[CheckResult], texts: Texts, when: str) -> str:
    """Return all of it as plain text, for the clipboard."""
    told = [f"{head}\n{whole}" for head, whole in (lines(one, texts) for one in findings)]
    return "\n\n".join((texts.say("ui.office.copied_head", time=when), *(told or [texts.say("office.all_well")])))
