"""Support, gathering: looks at machine, draft and logs, and makes the file's content. One way for both front ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from dgdesk.drafts import PROVINCE, Draft
from dgdesk.office.facts import Finding, MachineFacts, PlaceFacts
from dgdesk.office.judging import judge
from dgdesk.office.looking import look_at_machine, look_at_place, temporary_folders
from dgdesk.package.model import Cancelled, Progress
from dgdesk.profile import Profile
from dgdesk.settings import FILE as SETTINGS
from dgdesk.settings import Settings, load_settings
from dgdesk.support.anonymous import anonymous
from dgdesk.support.log import FOLDER
from dgdesk.support.report import DraftFacts, draft_report, machine_report, settings_report
from dgdesk.support.writing import support_files


def look(
    profile: Profile,
    now: datetime,
    environment: Mapping[str, str],
    draft: Path | None = None,
    *,
    latest: datetime | None = None,
    others: int = 0,
) -> tuple[MachineFacts, tuple[PlaceFacts, ...], tuple[Finding, ...]]:
    """Look at the machine and the place of a draft, and judge. ``latest``: the newest moment the draft knows of."""
    machine = look_at_machine(now, profile.root, latest=latest, others=others)
    places = () if draft is None else (look_at_place(draft, environment, temporary_folders()),)
    return machine, places, judge(machine, places)


def gather_support(
    profile: Profile,
    now: datetime,
    environment: Mapping[str, str],
    draft: Draft | None = None,
    names: Iterable[str] = (),
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> dict[str, str]:
    """Return the files for the help desk, by name; ``names`` of persons and places are taken out wherever they stand.

    The whole draft is read and checked, which takes a minute for some gigabytes of evidence.

    Raises:
        CancelledError: ``cancelled`` returned true.
        FileError: the draft's package cannot be read at all.
    """
    latest = newest_moment(draft) if draft is not None else None
    machine, places, findings = look(profile, now, environment, None if draft is None else draft.path, latest=latest)
    settings = load_settings(profile.root / SETTINGS)
    report = {
        **machine_report(machine, places, findings),
        "settings": settings_report(asdict(settings)),
        "draft": None
        if draft is None
        else draft_report(
            DraftFacts(
                draft.package,
                draft.session.form,
                draft.session.state,
                draft.package.check(progress=progress, cancelled=cancelled),
            )
        ),
    }
    known = [*names, settings.who, *_names_in(draft), *_user_names(environment)]
    folders = [profile.root, *_folders(settings, draft)]
    return support_files(report, profile.root / FOLDER, lambda text: anonymous(text, known, folders))


def newest_moment(draft: Draft) -> datetime | None:
    """Return the time of the draft's newest journal entry, None for an empty journal."""
    entries = draft.package.history(1)
    return entries[0].at if entries else None


def _names_in(draft: Draft | None) -> list[str]:
    if draft is None:
        return []
    chosen = draft.session.state.facts.answers.get(PROVINCE)
    return [name for name in (draft.province, draft.path.stem, chosen) if isinstance(name, str)]


def _user_names(environment: Mapping[str, str]) -> list[str]:
    return [environment[name] for name in ("USERNAME", "USER", "COMPUTERNAME") if environment.get(name)]


def _folders(settings: Settings, draft: Draft | None) -> list[Path]:
    paths = [Path(one.path).parent for one in settings.recents]
    return paths if draft is None else [*paths, draft.path.parent]
