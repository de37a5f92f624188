"""Which file names may stand in a bag, so that it unpacks alike on Windows, Linux and macOS."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST_PATH = 200
"""In characters; within Windows' 260 this leaves 60 for the folder into which a bundle is unpacked."""
LONGEST_PART = 255
"""In bytes of UTF-8, the bound of common file systems."""

_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"]
    + [f"{device}{digit}" for device in ("com", "lpt") for digit in "0123456789"]
)
# Windows refuses the first nine. BagIt 1.0 writes "%" as "%25", which sha256sum and bagit.py do not read back.
_FORBIDDEN = frozenset('<>:"|?*\\/%')
# Explorer treats a folder whose name ends in a class ID as an object of that class, and runs its code.
_CLASS = re.compile(r"\.\{[0-9A-Fa-f-]{36}\}$")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def is_safe_path(path: str) -> bool:
    """Return whether ``path`` (forward slashes) is relative, inside its folder, and allowed on every system."""
    return len(path) <= LONGEST_PATH and all(is_safe_part(part) for part in path.split("/"))


def is_safe_part(part: str) -> bool:
    """Return whether ``part`` may name one file or folder."""
    if part in ("", ".", "..") or part != part.strip(" ") or part.endswith("."):
        return False
    if any(char in _FORBIDDEN or unicodedata.category(char) in _INVISIBLE for char in part):
        return False
    if len(part.encode()) > LONGEST_PART:
        return False
    if _CLASS.search(part):
        return False
    # NFKD, since Windows takes COM¹ as COM1, and some tools turn a full-width stop or slash into a plain one.
    folded = fold(part)
    if any(char in _FORBIDDEN for char in folded) or folded in (".", ".."):
        return False
    return folded.split(".")[0].rstrip(" ") not in _RESERVED


def fold(text: str) -> str:
    """Return the form in which equal names count as one: NFKD, casefolded, NFKD again."""
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())


def find_clash(paths: Iterable[str]) -> tuple[str, str] | None:
    """Return two paths that would collide on some system, or None.

    They collide if they are equal once folded, if a folder is spelled in two ways, or if one path is a file where the
    other needs a folder.
    """
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in paths:
        folded = fold(path)
        if folded in files or folded in folders:
            return files.get(folded) or folders[folded], path
        files[folded] = path
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            folded = fold(folder)
            if folded in files or folders.setdefault(folded, folder) != folder:
                return files.get(folded) or folders[folded], path
    return None
