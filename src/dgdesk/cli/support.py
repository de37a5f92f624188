"""``office-check``: does this PC suit the work? ``support``: a file for the help desk."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from pathlib import Path

from dgdesk.cli.context import Context
from dgdesk.draft.drafts import open_draft
from dgdesk.draft.newest import newest_moment
from dgdesk.errors import FileError
from dgdesk.support.gather import BrokenDraft, gather_support, look, write_support
from dgdesk.support.report import check_sentence

_NO_DRAFT = ("package.missing", "package.is_folder", "package.bad_name", "package.folder_missing")
"""Errors that mean there is no draft file: the report says nothing about it."""


def office_check(arguments: Namespace, context: Context) -> int:
    """Print what was found; 1 if something endangers the work."""
    latest = None
    if arguments.file is not None:
        with open_draft(arguments.file, clock=context.clock, who=context.who, read_only=True) as draft:
            latest = newest_moment(draft)
    now = context.clock()
    _, _, findings = look(context.profile, now, context.environment, arguments.file, latest=latest)
    if arguments.json:
        context.json(
            [
                {"code": one.code, "severity": one.severity, "text": check_sentence(one, context.catalogue)}
                for one in findings
            ]
        )
    else:
        for one in findings:
            context.line(f"- {check_sentence(one, context.catalogue)}")
        if not findings:
            context.say("office.all_well")
    return 1 if any(one.severity == "error" for one in findings) else 0


def support(arguments: Namespace, context: Context) -> int:
    """Write the file for the help desk."""
    now = context.clock()
    if arguments.file is None:
        files = gather_support(context.profile, now, context.environment)
    else:
        files = _with_draft(arguments.file, context, now)
    write_support(arguments.out, files, replace=arguments.replace)
    if arguments.json:
        context.json({"path": str(arguments.out), "files": sorted(files)})
    else:
        context.say("support.written", path=arguments.out)
    return 0


def _with_draft(path: Path, context: Context, now: datetime) -> dict[str, str]:
    """Gather the report with a draft's part; if the draft cannot be opened, its part is the code of the error."""
    try:
        with open_draft(path, clock=context.clock, who=context.who, read_only=True) as draft:
            return gather_support(context.profile, now, context.environment, draft)
    except FileError as error:
        if error.code in _NO_DRAFT:
            raise
        context.tell(context.catalogue.error(error))
        return gather_support(context.profile, now, context.environment, broken=BrokenDraft(path, error.code))
