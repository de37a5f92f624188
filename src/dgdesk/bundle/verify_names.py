"""Checks the names in an untrusted zip: one bag of safe names, or why not; ``names`` decides what is safe."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from dgdesk.bundle.names import LONGEST_PATH, find_clash, fold, is_safe_part, is_safe_path
from dgdesk.bundle.report import Problem, printable
from dgdesk.bundle.zipform import Entry
from dgdesk.errors import CheckFailed

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_DRIVE = re.compile(r"[A-Za-z]:")


def explain_name(path: str) -> Problem | None:
    """Return why a bag may not contain ``path``, or None if it may.

    ``verify.name_outside`` (it leads out of the folder), ``verify.name_hidden`` (invisible characters),
    ``verify.name_folder`` (an entry for a folder, not a file), ``verify.name_reserved`` (a device of Windows),
    ``verify.name_long``, or ``verify.bad_name`` (anything else that some system refuses).
    """
    if is_safe_path(path):
        return None
    return Problem(_code(path), {"name": printable(path)})


def one_bag(entries: Sequence[Entry]) -> tuple[str, dict[str, Entry]]:
    """Return the name of the one bag in a zip, and its files by their path inside it.

    Raises:
        CheckFailed: as `explain_name`; ``verify.name_clash``, ``verify.not_one_bag``.
    """
    for entry in entries:
        if refused := explain_name(entry.name):
            raise CheckFailed(refused.code, **refused.values)
    if clash := find_clash(entry.name for entry in entries):
        raise CheckFailed("verify.name_clash", name=printable(clash[0]), other=printable(clash[1]))
    tops = {entry.name.partition("/")[0] for entry in entries}
    if len(tops) != 1:
        raise CheckFailed("verify.not_one_bag")
    return tops.pop(), {entry.name.partition("/")[2]: entry for entry in entries}


def _code(path: str) -> str:
    parts = re.split(r"[/\\]", fold(path))
    if path.startswith(("/", "\\")) or _DRIVE.match(path) or "\\" in path or {"..", "."} & set(parts):
        return "verify.name_outside"
    if any(unicodedata.category(char) in _HIDDEN for char in path):
        return "verify.name_hidden"
    if path.endswith("/"):
        return "verify.name_folder"
    if len(path) > LONGEST_PATH or any(len(part.encode()) > 255 for part in parts):
        return "verify.name_long"
    # A name is reserved if the same name with a letter before it would pass.
    if any(part and not is_safe_part(part) and is_safe_part("x" + part) for part in path.split("/")):
        return "verify.name_reserved"
    return "verify.bad_name"
