"""``office-check``: does this PC, and the place of a draft, suit the work? ``support``: a file for the help desk."""

from __future__ import annotations

from argparse import Namespace

from dgdesk.cli.context import Context
from dgdesk.drafts import open_draft
from dgdesk.office.words import sentence
from dgdesk.support.gathering import gather_support, look, newest_moment
from dgdesk.support.writing import write_support


def office_check(arguments: Namespace, context: Context) -> int:
    """Tell what was found; 1 when something endangers the work."""
    latest = None
    if arguments.file is not None:
        with open_draft(arguments.file, clock=context.clock, who=context.who, read_only=True) as draft:
            latest = newest_moment(draft)
    now = context.clock()
    _, _, findings = look(context.profile, now, context.environment, arguments.file, latest=latest)
    if arguments.json:
        context.json(
            [{"code": one.code, "severity": one.severity, "text": sentence(one, context.catalogue)} for one in findings]
        )
    else:
        for one in findings:
            context.line(f"- {sentence(one, context.catalogue)}")
        if not findings:
            context.say("office.all_well")
    return 1 if any(one.severity == "error" for one in findings) else 0


def support(arguments: Namespace, context: Context) -> int:
    """Write the file for the help desk."""
    now = context.clock()
    if arguments.file is None:
        files = gather_support(context.profile, now, context.environment)
    else:
        with open_draft(arguments.file, clock=context.clock, who=context.who, read_only=True) as draft:
            files = gather_support(context.profile, now, context.environment, draft)
    write_support(arguments.out, files)
    if arguments.json:
        context.json({"path": str(arguments.out), "files": sorted(files)})
    else:
        context.say("support.written", path=arguments.out)
    return 0
