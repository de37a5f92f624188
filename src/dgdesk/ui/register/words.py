"""Window, register, words: how exports, receipts and scans are told, in rows and in full. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from dgdesk.bundle.signing.enrolment import groups
from dgdesk.draft.file.model import ExportRecord
from dgdesk.evidence.limits import in_units
from dgdesk.text.dates import THAILAND, iso_time_text, time_text
from dgdesk.ui.register.entries import Entry, grouped, text_of
from dgdesk.ui.widgets.label import Texts

Names = Mapping[str, str]
"""Who is meant by a fingerprint, as far as this PC knows."""
_LONGEST = 120


def export_row(texts: Texts, entry: Entry, names: Names) -> list[str]:
    """Return the lines of an export's row: when and which file, what it is and by whom, what came back."""
    say = texts.say
    at = time_text(entry.line.at.astimezone(THAILAND), texts.catalogue.language)
    facts = [_kind(texts, entry)]
    if entry.sealed:
        facts.append(say("ui.register.sealed"))
    facts.append(say("ui.register.by", name=_signer(texts, entry, names)))
    return [f"{at} · {texts.cut(entry.file, _LONGEST)}", " · ".join(facts), _back(texts, entry)]


def receipt_row(texts: Texts, line: ExportRecord) -> list[str]:
    """Return the lines of a receipt's row: which office says that it received, and when."""
    office = texts.cut(text_of(line, "office"), _LONGEST)
    at = iso_time_text(text_of(line, "received"), texts.catalogue.language)
    return [texts.say("ui.register.receipt_of", office=office), texts.say("ui.register.received", moment=at)]


def scan_row(texts: Texts, line: ExportRecord) -> list[str]:
    """Return the lines of a scan's row: its name, and whether its QR code fits."""
    name = texts.cut(text_of(line, "name"), _LONGEST)
    return [texts.say("ui.register.scan_named", name=name), _code(texts, line)]


def export_facts(texts: Texts, entry: Entry, names: Names) -> list[str]:
    """Return all that is known of an export, a line a fact."""
    say, language, line = texts.say, texts.catalogue.language, entry.line
    facts = [
        say("ui.register.file", name=entry.file),
        say("ui.register.exported", moment=time_text(line.at.astimezone(THAILAND), language), who=line.who),
        say("ui.register.kind", kind=_kind(texts, entry)),
        say("ui.register.is_sealed" if entry.sealed else "ui.register.is_open"),
        say("ui.register.digest", digest=grouped(entry.digest)),
        say("ui.register.answers_digest", digest=grouped(text_of(line, "answers_digest")) or "-"),
    ]
    if entry.signer in names:
        facts.append(say("ui.register.signer", name=names[entry.signer]))
    facts.append(say("ui.register.fingerprint", fingerprint=groups(entry.signer) or "-"))
    if claimed := text_of(line, "claimed_time"):
        facts.append(say("ui.register.claimed", moment=iso_time_text(claimed, language)))
    return [*facts, _back(texts, entry)]


def receipt_facts(texts: Texts, line: ExportRecord) -> list[str]:
    """Return all that is known of a receipt."""
    say, language = texts.say, texts.catalogue.language
    return [
        say("ui.register.receipt_of", office=text_of(line, "office")),
        say("ui.register.received", moment=iso_time_text(text_of(line, "received"), language)),
        say("ui.register.digest", digest=grouped(text_of(line, "digest"))),
        say("ui.register.answers_digest", digest=grouped(text_of(line, "answers_digest"))),
        say("ui.register.entered", moment=time_text(line.at.astimezone(THAILAND), language), who=line.who),
        say("ui.register.receipt_proven"),
    ]


def scan_facts(texts: Texts, line: ExportRecord) -> list[str]:
    """Return all that is known of a scan."""
    say, language = texts.say, texts.catalogue.language
    size = line.record.get("size")
    return [
        say("ui.register.file", name=text_of(line, "name")),
        say("ui.register.size", size=in_units(size) if isinstance(size, int) else "-"),
        _code(texts, line),
        say("ui.register.digest", digest=grouped(text_of(line, "digest"))),
        say("ui.register.attached", moment=time_text(line.at.astimezone(THAILAND), language), who=line.who),
    ]


def _back(texts: Texts, entry: Entry) -> str:
    if not (entry.receipts or entry.scans):
        return texts.say("ui.register.none_back")
    return texts.say("ui.register.back", receipts=len(entry.receipts), scans=len(entry.scans))


def _kind(texts: Texts, entry: Entry) -> str:
    return texts.say("ui.register.draft" if entry.is_draft else "ui.register.complete")


def _signer(texts: Texts, entry: Entry, names: Names) -> str:
    if entry.signer in names:
        return names[entry.signer]
    short = entry.signer[:8].upper()
    return texts.say("ui.register.unknown_signer", fingerprint=f"{short[:4]} {short[4:]} …" if short else "-")


def _code(texts: Texts, line: ExportRecord) -> str:
    match = text_of(line, "code") == "match"
    return texts.say("ui.register.code_match" if match else "ui.register.code_unreadable")
