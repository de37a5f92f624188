"""Window, register, scans: several scans attached in one job, each by itself; what became of them in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dgdesk.draft.file.store import DraftFile
from dgdesk.errors import DgdeskError
from dgdesk.evidence.documents import Documents
from dgdesk.submission.scans import Scanned, attach_scan
from dgdesk.system.progress import Progress
from dgdesk.ui.register.entries import grouped
from dgdesk.ui.widgets.label import Texts

_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of scans: each with what was kept or why it was not; those left when the person stopped it."""

    told: tuple[tuple[Path, Scanned | DgdeskError], ...]
    left: int = 0

    @property
    def kept(self) -> tuple[Scanned, ...]:
        """Those that are in the register now."""
        return tuple(fate for _, fate in self.told if isinstance(fate, Scanned))

    @property
    def role(self) -> str:
        """How grave it is."""
        if any(isinstance(fate, DgdeskError) for _, fate in self.told):
            return "error"
        return "warning" if self.left or any(fate.code != "match" for fate in self.kept) else "status"


def attach_scans(
    package: DraftFile,
    paths: Sequence[Path],
    chosen: str | None,
    documents: Documents,
    progress: Progress,
) -> Fates:
    """Attach scans one after the other; one that is refused does not keep the others out."""
    told: list[tuple[Path, Scanned | DgdeskError]] = []
    for number, path in enumerate(paths):
        if progress.cancelled:
            break
        progress.report(number, len(paths))
        try:
            told.append((path, attach_scan(package, path, chosen, documents)))
        except DgdeskError as error:
            told.append((path, error))
    return Fates(tuple(told), len(paths) - len(told))


def fate_words(texts: Texts, fates: Fates) -> str:
    """Say what became of each, the refused first."""
    in_order = sorted(fates.told, key=lambda one: isinstance(one[1], Scanned))
    words = [_one(texts, path.name, fate) for path, fate in in_order]
    if len(words) > 1:
        words = [f"• {each}" for each in words]
    if fates.left:
        words.append(texts.say("ui.register.scans_left", count=fates.left))
    return "\n".join(words)


def _one(texts: Texts, name: str, fate: Scanned | DgdeskError) -> str:
    if isinstance(fate, DgdeskError):
        return texts.error(fate)
    if not fate.new:
        return texts.say("ui.register.scan_known", name=texts.cut(name, _LONGEST))
    code = "scan.kept_match" if fate.code == "match" else "scan.kept_unreadable"
    return texts.say(code, name=texts.cut(name, _LONGEST), digest=grouped(fate.digest))
