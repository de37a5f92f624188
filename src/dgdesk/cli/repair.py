"""``repair``: what can be saved of a damaged draft goes into a new file; the rest is listed."""

from __future__ import annotations

from argparse import Namespace

from dgdesk.cli.context import Context
from dgdesk.draft.drafts import repair_draft


def repair(arguments: Namespace, context: Context) -> int:
    """Write the repaired draft; 1 if something was lost or is doubtful."""
    done = repair_draft(arguments.file, arguments.copy, clock=context.clock, who=context.who)
    sentences = [context.catalogue.text(loss.code, subject=loss.subject, detail=loss.detail) for loss in done.losses]
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
