"""The rows of the register: each export with its receipts and scans, and their texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dgdesk.bundle.encryption.encrypt import SUFFIX
from dgdesk.bundle.signing.enrolment import groups
from dgdesk.bundle.submission import LONGEST_REASON
from dgdesk.draft.file.model import ExportRecord
from dgdesk.draft.file.register import KIND, SCAN, exports
from dgdesk.evidence.limits import in_units
from dgdesk.submission.corrections import correction_reason, revision_of
from dgdesk.submission.receipts import receipts_for
from dgdesk.submission.returned import return_reason
from dgdesk.submission.scans import scans_for
from dgdesk.text.dates import iso_time_text, time_text
from dgdesk.ui.widgets.label import Texts

RECEIPT_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class ExportEntry:
    """An export with its receipts and scans, oldest first."""

    line: ExportRecord
    receipts: tuple[ExportRecord, ...]
    scans: tuple[ExportRecord, ...]
    returned: str = ""
    """Why the office has returned it; empty if it has not, or has accepted it since."""

    @property
    def digest(self) -> str:
        """The bundle's digest, hex."""
        return text_of(self.line, "digest")

    @property
    def signer(self) -> str:
        """The fingerprint of the certificate that signed it, hex; empty where the line has none."""
        return text_of(self.line, "signer")

    @property
    def file(self) -> str:
        """The name of the bundle's file."""
        return text_of(self.line, "file") or "-"

    @property
    def is_draft(self) -> bool:
        """Whether the bundle is marked as a draft because the form was not ready."""
        return self.line.record.get("draft") is True

    @property
    def sealed(self) -> bool:
        """Whether it was encrypted for the agency."""
        return self.file.casefold().endswith(SUFFIX)


def entries(lines: Sequence[ExportRecord]) -> tuple[ExportEntry, ...]:
    """Return the exports of a register, newest first."""
    found = []
    for line in reversed(exports(tuple(lines))):
        digest = text_of(line, "digest")
        found.append(
            ExportEntry(line, receipts_for(lines, digest), scans_for(lines, digest), return_reason(lines, digest))
        )
    return tuple(found)


def text_of(line: ExportRecord, name: str) -> str:
    """Return a text field of a register line; empty if it is missing or not a text."""
    value = line.record.get(name)
    return value if isinstance(value, str) else ""


def grouped(digest: str) -> str:
    """Return a digest in groups of eight, which can be read out and wrapped."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def sort_files(paths: Iterable[Path]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Split files into receipts and scans by their suffix; what is not a receipt is taken for a scan."""
    given = tuple(dict.fromkeys(paths))
    receipts = tuple(path for path in given if path.suffix.lower() == RECEIPT_SUFFIX)
    return receipts, tuple(path for path in given if path not in receipts)


Names = Mapping[str, str]
"""Returns the name for a fingerprint, if this PC knows it."""
_LONGEST = 120


def export_row(texts: Texts, entry: ExportEntry, names: Names) -> list[str]:
    """Return the lines of an export's row: time and file, kind and signer, receipts and scans."""
    say = texts.say
    at = time_text(entry.line.at, texts.catalogue.language)
    facts = [_kind(texts, entry)]
    if entry.sealed:
        facts.append(say("ui.register.sealed"))
    facts.append(say("ui.register.by", name=_signer(texts, entry, names)))
    head = f"{at} · {texts.cut(entry.file, _LONGEST)}"
    head = say("ui.register.draft_first", words=head) if entry.is_draft else head
    return [head, " · ".join(facts), *_correction(texts, entry), _back(texts, entry)]


def _correction(texts: Texts, entry: ExportEntry) -> tuple[str, ...]:
    """Return which revision a correction is, and why; nothing for what replaced nothing."""
    if (number := revision_of(entry.line)) == 1:
        return ()
    return (
        texts.say(
            "ui.register.correction", number=number, reason=texts.cut(correction_reason(entry.line), LONGEST_REASON)
        ),
    )


def receipt_row(texts: Texts, line: ExportRecord) -> list[str]:
    """Return the lines of a receipt's row: the office that received the bundle, and when."""
    office = texts.cut(text_of(line, "office"), _LONGEST)
    at = iso_time_text(text_of(line, "received"), texts.catalogue.language)
    return [texts.say("ui.register.receipt_of", office=office), texts.say("ui.register.received", moment=at)]


def scan_row(texts: Texts, line: ExportRecord) -> list[str]:
    """Return the lines of a scan's row: its name, and whether its QR code matches."""
    name = texts.cut(text_of(line, "name"), _LONGEST)
    return [texts.say("ui.register.scan_named", name=name), _code(texts, line)]


def export_facts(texts: Texts, entry: ExportEntry, names: Names) -> list[str]:
    """Return what a person wants to know of an export, one fact a line; see `technical_facts` for the rest."""
    say, language, line = texts.say, texts.catalogue.language, entry.line
    facts = [
        say("ui.register.file", name=entry.file),
        say("ui.register.exported", moment=time_text(line.at, language), who=line.who),
        say("ui.register.kind", kind=_kind(texts, entry)),
        say("ui.register.is_sealed" if entry.sealed else "ui.register.is_open"),
    ]
    if entry.signer in names:
        facts.append(say("ui.register.signer", name=names[entry.signer]))
    if claimed := text_of(line, "claimed_time"):
        facts.append(say("ui.register.claimed", moment=iso_time_text(claimed, language)))
    return [*facts, *_correction(texts, entry), _back(texts, entry)]


def technical_facts(texts: Texts, line: ExportRecord, entry: ExportEntry) -> list[str]:
    """Return the digests of an export, a receipt or a scan, and the fingerprint of who signed the export."""
    say, kind = texts.say, line.record.get(KIND)
    facts = [say("ui.register.digest", digest=grouped(text_of(line, "digest")))]
    if kind != SCAN:
        facts.append(say("ui.register.answers_digest", digest=grouped(text_of(line, "answers_digest")) or "-"))
    if kind is None:
        facts.append(say("ui.register.fingerprint", fingerprint=groups(entry.signer) or "-"))
    return facts


def receipt_facts(texts: Texts, line: ExportRecord) -> list[str]:
    """Return all facts about a receipt, one a line."""
    say, language = texts.say, texts.catalogue.language
    return [
        say("ui.register.receipt_of", office=text_of(line, "office")),
        say("ui.register.received", moment=iso_time_text(text_of(line, "received"), language)),
        say("ui.register.entered", moment=time_text(line.at, language), who=line.who),
        say("ui.register.receipt_proven"),
    ]


def scan_facts(texts: Texts, line: ExportRecord) -> list[str]:
    """Return all facts about a scan, one a line."""
    say, language = texts.say, texts.catalogue.language
    size = line.record.get("size")
    return [
        say("ui.register.file", name=text_of(line, "name")),
        say("ui.register.size", size=in_units(size) if isinstance(size, int) else "-"),
        _code(texts, line),
        say("ui.register.attached", moment=time_text(line.at, language), who=line.who),
    ]


def _back(texts: Texts, entry: ExportEntry) -> str:
    if entry.returned:
        return texts.say("ui.checklist.returned", reason=texts.cut(entry.returned, 1000))
    if not (entry.receipts or entry.scans):
        return texts.say("ui.register.none_back")
    return texts.say("ui.register.back", receipts=len(entry.receipts), scans=len(entry.scans))


def _kind(texts: Texts, entry: ExportEntry) -> str:
    return texts.say("ui.register.draft" if entry.is_draft else "ui.register.complete")


def _signer(texts: Texts, entry: ExportEntry, names: Names) -> str:
    if entry.signer in names:
        return names[entry.signer]
    short = entry.signer[:8].upper()
    return texts.say("ui.register.unknown_signer", fingerprint=f"{short[:4]} {short[4:]} …" if short else "-")


def _code(texts: Texts, line: ExportRecord) -> str:
    match = text_of(line, "code") == "match"
    return texts.say("ui.register.code_match" if match else "ui.register.code_unreadable")
