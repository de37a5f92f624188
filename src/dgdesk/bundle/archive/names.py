"""File names in a bag: which are safe on Windows, Linux and macOS alike, and one bag in a zip, or why not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from dgdesk.bundle.archive.zip_write import ZipEntry
from dgdesk.bundle.report import BundleProblem, printable
from dgdesk.errors import CheckFailed

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
    return len(path) <= LONGEST_PATH and all(map(_is_safe_known, path.split("/")))


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


_is_safe_known = lru_cache(maxsize=1_000)(is_safe_part)
"""For parts no longer than a path may be: all files of a bag share their folders, and many bags their files."""


def fold(text: str) -> str:
    """Return the form in which equal names count as one: NFKD, casefolded, NFKD again."""
    if text.isascii():
        return text.lower()  # the same, quicker
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())


def find_clash(paths: Iterable[str]) -> tuple[str, str] | None:
    """Return two paths that would collide on some system, or None.

    They collide if they are equal once folded, if a folder is spelled in two ways, or if one path is a file where the
    other needs a folder.
    """
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    passed: set[str] = set()  # folders in this spelling; no file has their name, or the search would have ended
    for path in paths:
        folded = fold(path)
        if folded in files or folded in folders:
            return files.get(folded) or folders[folded], path
        files[folded] = path
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder in passed:
                continue
            folded = fold(folder)
            if folded in files or folders.setdefault(folded, folder) != folder:
                return files.get(folded) or folders[folded], path
            passed.add(folder)
    return None


_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_DRIVE = re.compile(r"[A-Za-z]:")


def explain_name(path: str) -> BundleProblem | None:
    """Return why a bag may not contain ``path``, or None if it may.

    ``verify.name_outside`` (it leads out of the folder), ``verify.name_hidden`` (invisible characters),
    ``verify.name_folder`` (an entry for a folder, not a file), ``verify.name_reserved`` (a device of Windows),
    ``verify.name_long``, or ``verify.bad_name`` (anything else that some system refuses).
    """
    if is_safe_path(path):
        return None
    return BundleProblem(_code(path), {"name": printable(path)})


def one_bag(entries: Sequence[ZipEntry]) -> tuple[str, dict[str, ZipEntry]]:
    """Return the name of the one bag in a zip, and its files by their path inside it.

    Raises:
        CheckFailed: as `explain_name`; ``verify.name_clash``, ``verify.no_root``, ``verify.not_one_bag``.
    """
    for entry in entries:
        if refused := explain_name(entry.name):
            raise CheckFailed(refused.code, **refused.values)
    if clash := find_clash(entry.name for entry in entries):
        raise CheckFailed("verify.name_clash", name=printable(clash[0]), other=printable(clash[1]))
    tops = {entry.name.partition("/")[0] for entry in entries}
    if "bagit.txt" in tops:
        raise CheckFailed("verify.no_root")
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
