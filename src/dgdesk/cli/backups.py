"""``backups``: the copies of a draft that the window made by itself. ``restore``: one of them takes its place."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from pathlib import Path

from dgdesk.cli.context import Context
from dgdesk.draft.backups.names import BackupCopy, all_copies
from dgdesk.draft.backups.restore import restore
from dgdesk.draft.file.disk import absolute
from dgdesk.errors import FileError
from dgdesk.evidence.limits import in_units
from dgdesk.system.settings import FILE, load_settings
from dgdesk.text.dates import THAILAND, format_date, format_time


def backups(arguments: Namespace, context: Context) -> int:
    """List the backups, newest first, also of a draft that no longer exists."""
    copies = _copies(arguments.file, context)
    if arguments.json:
        context.json([{"path": str(one.path), "at": one.at, "size": one.size} for one in copies])
        return 0
    for one in copies:
        context.say(
            "backup.line", time=_words(one.at, context.catalogue.language), size=in_units(one.size), path=str(one.path)
        )
    if not copies:
        context.say("backup.none", name=arguments.file.name)
    return 0


def restore_copy(arguments: Namespace, context: Context) -> int:
    """Put a backup in the draft's place, and say where the replaced draft is now."""
    copy = _find(arguments.file, arguments.copy, context)
    kept = restore(copy, arguments.file, clock=context.clock, who=context.who)
    if arguments.json:
        context.json({"path": str(arguments.file), "copy": str(copy), "kept": None if kept is None else str(kept)})
    elif kept is None:
        context.say("backup.restored_new", path=arguments.file)
    else:
        context.say("backup.restored", path=arguments.file, kept=kept)
    return 0


def _copies(draft: Path, context: Context) -> tuple[BackupCopy, ...]:
    chosen = load_settings(context.profile.root / FILE).backup_folder
    return all_copies(absolute(draft), Path(chosen) if chosen else None)


def _find(draft: Path, wanted: Path, context: Context) -> Path:
    """Return the file of a backup: a path as it is, a bare name among the draft's own backups."""
    if wanted.is_file():
        return wanted
    for one in _copies(draft, context):
        if one.path.name == str(wanted):
            return one.path
    raise FileError("backup.no_such_copy", copy=str(wanted), name=draft.name)


def _words(at: datetime, language: str) -> str:
    here = at.astimezone(THAILAND)
    return f"{format_date(here, short=True)} {format_time(here)}" if language == "th" else f"{here:%Y-%m-%d %H:%M}"
