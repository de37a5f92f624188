"""``backup``: a checked copy of a draft. ``compact``: unused space given back."""

from __future__ import annotations

from argparse import Namespace

from dgdesk.cli.context import Context
from dgdesk.draft.file.opening import open_draft_file


def backup(arguments: Namespace, context: Context) -> int:
    """Write a copy; 1 if the draft itself is damaged (then the copy is too)."""
    with open_draft_file(arguments.file, clock=context.clock, who=context.who, read_only=True) as package:
        damages = package.backup(arguments.copy)
        messages = [
            context.catalogue.text(damage.code, subject=damage.subject, detail=damage.detail) for damage in damages
        ]
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
