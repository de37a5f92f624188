"""PC and draft in numbers and codes, for the help desk. No answers and no names."""

from __future__ import annotations

import platform
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib import metadata
from typing import Final

from dgdesk import __version__
from dgdesk.draft.file.model import Damage
from dgdesk.draft.file.store import DraftFile
from dgdesk.errors import FileError
from dgdesk.evidence.inspection.endings import ACCEPTED
from dgdesk.support.log import kind_of
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.state import State
from dgdesk.system.check.clock import CheckResult
from dgdesk.system.check.facts import FolderFacts, MachineFacts
from dgdesk.text.dates import format_date
from dgdesk.text.editions import edition_words
from dgdesk.text.messages import Catalogue, load_catalogue


def check_sentence(finding: CheckResult, catalogue: Catalogue) -> str:
    """Return the sentence; days are Buddhist in Thai, ISO in English."""
    values = {name: _word(value, catalogue.language) for name, value in finding.values.items()}
    return catalogue.text(finding.code, **values)


def _word(value: object, language: str) -> object:
    if isinstance(value, date):
        return format_date(value) if language == "th" else value.isoformat()
    return value


Report = dict[str, object]
_LIBRARIES: Final = (
    "PySide6-Essentials",
    "SQLAlchemy",
    "pydantic",
    "uharfbuzz",
    "pyhanko",
    "cryptography",
    "pypdfium2",
)


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What a report needs of the open draft: its file, form and state, and a function that checks the file."""

    package: DraftFile
    form: Form
    state: State
    check: Callable[[], tuple[Damage, ...]]


def machine_report(machine: MachineFacts, places: Iterable[FolderFacts], findings: Iterable[CheckResult]) -> Report:
    """Return the part about program and machine: versions, kinds of drives, findings by code."""
    return {
        "program": __version__,
        "made": None if machine.made is None else _time(machine.made),
        "now": _time(machine.now),
        "frozen": bool(getattr(sys, "frozen", False)),
        "python": platform.python_version(),
        "system": platform.system(),
        "release": platform.release(),
        "version": platform.version(),
        "machine": platform.machine(),
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "missing": list(machine.missing),
        "profile_writable": machine.profile_writable,
        "places": [_place(place) for place in places],
        "findings": [{"code": one.code, "severity": one.severity} for one in findings],
    }


def draft_report(draft: DraftFacts) -> Report:
    """Return the part about the draft: counts, never content.

    A part that cannot be read appears as the code of its error, so that the others are still reported.
    """
    package, state = draft.package, draft.state
    attachments = [one for many in state.facts.evidence.values() for one in many]
    return {
        "edition": edition_words(load_catalogue().text, draft.form.definition.edition),
        "definition_sha256": _value_or_code(lambda: package.definition_sha256),
        "read_only": package.read_only,
        "journal": _value_or_code(lambda: package.state_counter),
        "bytes": _value_or_code(lambda: package.path.stat().st_size if package.path.is_file() else None),
        "answers": len(state.facts.answers),
        "evidence": {"files": len(attachments), "bytes": sum(one.size for one in attachments)},
        "unreadable": len(state.facts.unreadable),
        "media_types": _counted(_kind(one.media_type) for one in attachments),
        "problems": _counted(one.severity for one in state.problems),
        "exports": _value_or_code(lambda: len(package.register())),
        "damages": _value_or_code(lambda: _counted(one.code for one in draft.check())),
    }


def _value_or_code(part: Callable[[], object]) -> object:
    try:
        return part()
    except OSError as error:
        return {"unreadable": kind_of(error)}
    except FileError as error:
        return {"unreadable": error.code}


def _counted(some: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(some).items()))


def _kind(media_type: str) -> str:
    """Return a media type that this program detects; others may be words of the draft's author."""
    return media_type if media_type in ACCEPTED else "other"


def settings_report(settings: Mapping[str, object]) -> Report:
    """Return the settings that are switches and numbers, without names and paths."""
    return {name: value for name, value in settings.items() if isinstance(value, bool | int) or name in _SAFE_TEXTS}


_SAFE_TEXTS: Final = frozenset({"language", "theme"})


def _place(facts: FolderFacts) -> Report:
    return {
        "kind": facts.volume.kind,
        "filesystem": facts.volume.filesystem,
        "free": facts.volume.free,
        "writable": facts.writable,
        "synced": facts.synced,
        "origin": facts.origin,
        "marked": facts.marked,
        "bytes": facts.size,
        "path_length": len(str(facts.draft or facts.folder)),
    }


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "?"


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
