"""Takes out of a text what names a person or their folders; a second fence behind the log's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_LONG_NUMBER: Final = re.compile(r"\d(?:[ -]?\d){8,}")  # telephone and citizen numbers
_USER_FOLDER: Final = re.compile(r"((?:[A-Za-z]:)?[\\/](?:Users|home)[\\/])[^\\/\s:\"']+", re.IGNORECASE)
_SHORTEST: Final = 3


def anonymous(text: str, names: Iterable[str], folders: Iterable[Path] = ()) -> str:
    """Return ``text`` without the given names and folders, mail addresses, long numbers and users' folders.

    Names shorter than three characters are not removed: they occur inside ordinary words.
    """
    for folder in sorted(map(str, folders), key=len, reverse=True):
        if len(folder) >= _SHORTEST:
            for form in (folder, folder.replace("\\", "/"), folder.replace("\\", "\\\\")):
                text = text.replace(form, "<folder>")
    text = _USER_FOLDER.sub(r"\1<user>", text)
    for name in sorted((one for one in names if len(one) >= _SHORTEST), key=len, reverse=True):
        text = re.sub(re.escape(name), "<name>", text, flags=re.IGNORECASE)
    text = _MAIL.sub("<mail>", text)
    return _LONG_NUMBER.sub("<number>", text)
