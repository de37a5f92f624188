"""``backup``, ``compact``, ``backups``, ``restore``, ``repair``: copies of a draft, and repair."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from pathlib import Path

from dgdesk.cli.context import Context
from dgdesk.draft.backups.names import BackupCopy, all_copies
from dgdesk.draft.backups.restore import restore
from dgdesk.draft.drafts import named_damage, named_losses, repair_draft
from dgdesk.draft.file.disk import absolute
from dgdesk.draft.file.opening import open_draft_file
from dgdesk.errors import FileError
from dgdesk.evidence.limits import in_units
from dgdesk.system.settings import FILE, load_settings
from dgdesk.text.dates import format_date, format_time, thai_time


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
    here = thai_time(at)
    return f"{format_date(here, short=True)} {format_time(here)}" if language == "th" else f"{here:%Y-%m-%d %H:%M}"


def backup(arguments: Namespace, context: Context) -> int:
    """Write a copy; 1 if the draft itself is damaged (then the copy is too)."""
    with open_draft_file(arguments.file, clock=context.clock, who=context.who, read_only=True) as package:
        damages = package.backup(arguments.copy)
        messages = [one.sentence(context.catalogue.text) for one in named_damage(damages, package)]
        if arguments.json:
            context.json({"path": str(arguments.copy), "damages": messages})
        else:
            for message in messages:
                context.line(message)
            context.say("cli.backed_up", path=arguments.copy)
    return 1 if damages else 0


def compact(arguments: Namespace, context: Context) -> int:
    """Remove evidence that nothing needs, and shrink the draft."""
    with open_draft_file(arguments.file, clock=context.clock, who=context.who) as package:
        done = package.compact(keep_undo=not arguments.forget_undo)
        kept = package.spare().undoable
        if arguments.json:
            context.json(
                {
                    "path": str(arguments.file),
                    "files": done.files,
                    "before": done.before,
                    "after": done.after,
                    "freed": done.freed,
                    "undoable": kept,
                }
            )
        else:
            context.say(
                "cli.compacted",
                path=arguments.file,
                files=done.files,
                before=done.before,
                after=done.after,
                freed=done.freed,
            )
            if kept:
                context.say("cli.compact_kept", undoable=kept)
    return 0


def repair(arguments: Namespace, context: Context) -> int:
    """Write the repaired draft; 1 if something was lost or is doubtful."""
    done = repair_draft(arguments.file, arguments.copy, clock=context.clock, who=context.who)
    named = named_losses(done, clock=context.clock, who=context.who)
    sentences = [one.sentence(context.catalogue.text) for one in named]
    if arguments.json:
        context.json(
            {
                "path": str(done.path),
                "answers": done.answers,
                "changes": done.changes,
                "files": done.files,
                "losses": [
                    {"code": loss.code, "subject": loss.subject, "text": sentence}
                    for loss, sentence in zip(done.losses, sentences, strict=True)
                ],
            }
        )
    else:
        for sentence in sentences:
            context.line(sentence)
        if not sentences:
            context.say("repair.all_saved")
        context.say("repair.done", path=done.path, answers=done.answers, changes=done.changes, files=done.files)
    return 1 if done.losses else 0
