"""Bundle: why a file name in a stranger's zip is refused, for the report; ``names`` decides whether."""

from __future__ import annotations

import re
import unicodedata

from dgdesk.bundle.names import LONGEST_PATH, fold, is_safe_part, is_safe_path
from dgdesk.bundle.report import Problem, printable

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_DRIVE = re.compile(r"[A-Za-z]:")


def explain_name(path: str) -> Problem | None:
    """Return why ``path`` may not stand in a bag, or None when it may.

    ``verify.name_outside`` (it leads out of the folder), ``verify.name_hidden`` (signs nobody sees),
    ``verify.name_folder`` (an entry for a folder, not a file), ``verify.name_reserved`` (a device of Windows),
    ``verify.name_long``, or ``verify.bad_name`` (anything else that some system refuses).
    """
    if is_safe_path(path):
        return None
    return Problem(_code(path), {"name": printable(path)})


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
    # A reserved name is refused for its own sake: with another letter before it, it would pass.
    if any(part and not is_safe_part(part) and is_safe_part("x" + part) for part in path.split("/")):
        return "verify.name_reserved"
    return "verify.bad_name"
