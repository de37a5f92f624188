"""Gathers the report on PC, draft and logs, and writes it as one small ZIP file for the help desk."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from dgdesk.draft.drafts import Draft
from dgdesk.draft.newest import newest_moment
from dgdesk.errors import FileError
from dgdesk.support.log import CRASHES, FILE, FOLDER, anonymous
from dgdesk.support.report import DraftFacts, Report, draft_report, machine_report, settings_report
from dgdesk.system.atomic import atomic_file
from dgdesk.system.causes import why_not_written
from dgdesk.system.check.clock import CheckResult
from dgdesk.system.check.facts import FolderFacts, MachineFacts, judge
from dgdesk.system.check.gather import LIBRARIES, look_at_machine, look_at_place, temporary_folders, zone_here
from dgdesk.system.profile import Profile
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.system.settings import FILE as SETTINGS
from dgdesk.system.settings import Settings, load_settings

_MOST_LOG: Final = 512 << 10
_TIME: Final = (2000, 1, 1, 0, 0, 0)


def support_files(report: Report, logs: Path, clean: Callable[[str], str]) -> dict[str, str]:
    """Return the parts of the file by name: the report as JSON and the existing logs, each passed through ``clean``.

    A log that cannot be read is left out; of a long log only the end is taken.
    """
    files = {"report.json": json.dumps(_cleaned(report, clean), ensure_ascii=False, indent=1)}
    for path in sorted((*logs.glob(f"{FILE}*"), *logs.glob(CRASHES))):
        with suppress(OSError):
            content = path.read_bytes()[-_MOST_LOG:]
            files[path.name] = clean(content.decode("utf-8", "replace"))
    return files


def write_support(target: Path, files: dict[str, str], *, replace: bool = False) -> None:
    """Write the file; with ``replace`` an older one at ``target`` is replaced once the new one is complete.

    Raises:
        FileError: ``target.exists``, ``support.unwritable``; as `atomic_file`.
    """

    def prove(part: Path) -> None:
        with zipfile.ZipFile(part) as archive:
            if archive.testzip() is not None or set(archive.namelist()) != set(files):
                raise OSError("not what was written")

    try:
        with (
            atomic_file(target, replace=replace, kind="support", prove=prove, explain=_unwritable) as part,
            zipfile.ZipFile(part, "x", zipfile.ZIP_DEFLATED) as archive,
        ):
            for name, text in files.items():
                archive.writestr(zipfile.ZipInfo(name, _TIME), text, zipfile.ZIP_DEFLATED)
    except (ValueError, zipfile.BadZipFile) as error:
        raise _unwritable(error, target) from error


def _unwritable(error: Exception, target: Path) -> FileError:
    if isinstance(error, OSError):
        return why_not_written(error, target, "support.unwritable")
    return FileError("support.unwritable", name=target.name, path=str(target))


def _cleaned(value: object, clean: Callable[[str], str]) -> object:
    """Clean the texts of a report; its numbers are only sizes and counts."""
    match value:
        case dict():
            return {key: _cleaned(one, clean) for key, one in value.items()}
        case list():
            return [_cleaned(one, clean) for one in value]
        case str():
            return clean(value)
    return value


@dataclass(frozen=True, slots=True)
class BrokenDraft:
    """A draft that could not be opened: its path and the code of the error."""

    path: Path
    code: str


def look(
    profile: Profile,
    now: datetime,
    environment: Mapping[str, str],
    draft: Path | None = None,
    *,
    latest: datetime | None = None,
    others: int = 0,
    load: bool = True,
) -> tuple[MachineFacts, tuple[FolderFacts, ...], tuple[CheckResult, ...]]:
    """Gather facts about the machine and the draft's folder, and judge them. ``latest``: the draft's newest time.

    Without ``load`` the libraries are not loaded to see that they are whole, which saves a window memory.
    """
    libraries = LIBRARIES if load else None
    zone = zone_here(now)
    machine = look_at_machine(now, profile.root, latest=latest, others=others, libraries=libraries, zone=zone)
    places = () if draft is None else (look_at_place(draft, environment, temporary_folders()),)
    return machine, places, judge(machine, places)


def gather_support(
    profile: Profile,
    now: datetime,
    environment: Mapping[str, str],
    draft: Draft | None = None,
    names: Iterable[str] = (),
    *,
    broken: BrokenDraft | None = None,
    progress: Progress = NO_PROGRESS,
) -> dict[str, str]:
    """Return the files for the help desk by name; ``names`` of people and places are removed everywhere.

    The whole draft is read and checked, which takes a minute for some gigabytes of evidence. Unreadable parts appear as
    the code of the error; a draft that could not be opened at all is given as ``broken``.

    Raises:
        Cancelled: the person stopped it.
    """
    path = draft.path if draft is not None else broken.path if broken is not None else None
    latest = newest_moment(draft) if draft is not None else None
    machine, places, findings = look(profile, now, environment, path, latest=latest)
    settings = load_settings(profile.root / SETTINGS)
    draft_part: Report | None = None if broken is None else {"unreadable": broken.code}
    if draft is not None:
        draft_part = draft_report(
            DraftFacts(
                draft.package,
                draft.session.form,
                draft.session.state,
                partial(draft.package.check, progress=progress),
            )
        )
    report = {
        **machine_report(machine, places, findings),
        "settings": settings_report(asdict(settings)),
        "draft": draft_part,
    }
    known = [*names, settings.who, *_names_in(draft, path), *_user_names(environment)]
    folders = [profile.root, *_folders(settings, path)]
    return support_files(report, profile.root / FOLDER, lambda text: anonymous(text, known, folders))


def _names_in(draft: Draft | None, path: Path | None) -> list[str]:
    named = [] if path is None else [path.stem]
    if draft is None:
        return named
    respondent = draft.respondent
    return named if respondent is None else [*named, respondent.name, respondent.id]


def _user_names(environment: Mapping[str, str]) -> list[str]:
    return [environment[name] for name in ("USERNAME", "USER", "COMPUTERNAME") if environment.get(name)]


def _folders(settings: Settings, draft: Path | None) -> list[Path]:
    paths = [Path(one.path).parent for one in settings.recents]
    return paths if draft is None else [*paths, draft.parent]
