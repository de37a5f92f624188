"""The person's settings on this PC: one small JSON file in the profile folder. Nothing in it belongs to a draft.

The file may be damaged or hostile: whatever in it is not sound is replaced by its default, piece by piece.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final, Literal, get_args

from dgdesk.errors import FileError
from dgdesk.system.atomic import atomic_write
from dgdesk.system.private import make_private_folder

FILE: Final = "settings.json"
Language = Literal["th", "en"]
Theme = Literal["light", "dark", "contrast"]
TEXT_SIZES: Final = (100, 110, 125, 150, 175, 200)
"""Percent of the ordinary size."""
BACKUP_COUNTS: Final = (3, 5, 10, 20, 50)
"""How many copies of a draft may be kept."""
BACKUP_DAYS: Final = (7, 30, 60, 180, 365)
"""For how many days; the newest stay longer."""
MOST_RECENT: Final = 8
_MOST_BYTES: Final = 256 << 10
_LONGEST: Final = 4096
_LONGEST_NAME: Final = 120
_LARGEST: Final = 20_000
_MOST_PUT_AWAY: Final = 60
_MOST_CERTIFICATES: Final = 8


@dataclass(frozen=True, slots=True)
class Recent:
    """A draft opened before: where it lies, the page it was left at, and what was last known of it.

    ``stamp`` identifies the file's state (size and time) in which the rest was read; ``changed`` is an ISO time.
    """

    path: str
    page: str = ""
    province: str = ""
    percent: int = -1
    low: str = ""
    high: str = ""
    changed: str = ""
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is remembered. ``open_draft`` was not closed.

    ``window`` is width and height in pixels, (0, 0) for never, ``corner`` where its upper left corner was; ``side``
    whether the side panel is shown, None while the person has not said. ``office_certificates`` are the files with
    which a receipt was checked last. ``export_folder`` is where the last export went, ``export_keys`` the file of the
    receivers' public keys that was used last.
    """

    who: str = ""
    language: Language = "th"
    theme: Theme = "light"
    text_percent: int = 100
    window: tuple[int, int] = (0, 0)
    corner: tuple[int, int] | None = None
    maximised: bool = False
    side: bool | None = None
    splitters: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    recents: tuple[Recent, ...] = ()
    open_draft: str = ""
    put_away: tuple[str, ...] = ()
    """What is not to be told again of a draft's place: a code, a space, the draft's path."""
    backups: bool = True
    """Whether copies of the draft are made by themselves."""
    backup_folder: str = ""
    """Where; empty: beside the draft."""
    backup_most: int = 10
    backup_days: int = 60
    export_folder: str = ""
    export_keys: str = ""
    office_certificates: tuple[str, ...] = ()

    def recent(self, path: str) -> Recent | None:
        """Return what is known of a draft."""
        return next((one for one in self.recents if one.path == path), None)

    def with_recent(self, one: Recent, *, first: bool = True) -> Settings:
        """Return settings that know a draft: at the head of the list, or in its old place."""
        if not first and self.recent(one.path) is not None:
            return replace(self, recents=tuple(one if each.path == one.path else each for each in self.recents))
        rest = tuple(each for each in self.recents if each.path != one.path)
        return replace(self, recents=(one, *rest)[:MOST_RECENT])

    def without_recent(self, path: str) -> Settings:
        """Return settings that have forgotten a draft."""
        return replace(
            self,
            recents=tuple(one for one in self.recents if one.path != path),
            open_draft="" if self.open_draft == path else self.open_draft,
        )


class SettingsFile:
    """The settings in their file. ``now`` is what they are; `change` makes them something else."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.now = load_settings(path)

    def change(self, settings: Settings) -> bool:
        """Take other settings and write them. False: they hold only until the program ends."""
        if settings == self.now:
            return True
        self.now = settings
        try:
            save_settings(self._path, settings)
        except FileError:
            return False
        return True


def load_settings(path: Path) -> Settings:
    """Read settings; what is missing, damaged or unsound is the default. Never raises."""
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except (OSError, ValueError):
        return Settings()
    return read_settings(content)


def read_settings(content: bytes) -> Settings:
    """Return the settings that bytes hold; see `load_settings`."""
    if len(content) > _MOST_BYTES:
        return Settings()
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return Settings()
    if not isinstance(found, dict):
        return Settings()
    percent = _number(found.get("text_percent"), 100)
    language, theme = found.get("language"), found.get("theme")
    return Settings(
        who=clean_name(found.get("who")),
        language="en" if language == "en" else "th",
        theme=next((each for each in get_args(Theme) if each == theme), "light"),
        text_percent=percent if percent in TEXT_SIZES else 100,
        window=_pair(found.get("window")),
        corner=_corner(found.get("corner")),
        maximised=found.get("maximised") is True,
        side=found["side"] if isinstance(found.get("side"), bool) else None,
        splitters=_splitters(found.get("splitters")),
        recents=_recents(found.get("recents")),
        open_draft=_text(found.get("open_draft"), _LONGEST),
        put_away=_texts(found.get("put_away"), _MOST_PUT_AWAY),
        backups=found.get("backups") is not False,
        backup_folder=_text(found.get("backup_folder"), _LONGEST),
        backup_most=_one_of(found.get("backup_most"), BACKUP_COUNTS, 10),
        backup_days=_one_of(found.get("backup_days"), BACKUP_DAYS, 60),
        export_folder=_text(found.get("export_folder"), _LONGEST),
        export_keys=_text(found.get("export_keys"), _LONGEST),
        office_certificates=_texts(found.get("office_certificates"), _MOST_CERTIFICATES),
    )


def write_settings(settings: Settings) -> bytes:
    """Return the bytes that hold settings."""
    return json.dumps(asdict(settings), ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def save_settings(path: Path, settings: Settings) -> None:
    """Write settings so that the file is there whole or as it was.

    Raises:
        FileError: ``settings.unwritable``.
    """
    try:
        make_private_folder(path.parent)
        atomic_write(path, write_settings(settings), replace=True, private=True, explain=_unwritable)
    except (OSError, ValueError) as error:
        raise _unwritable(error, path) from error


def _unwritable(error: Exception, path: Path) -> FileError:
    return FileError("settings.unwritable", name=path.name)


def clean_name(value: object) -> str:
    """Return a person's name fit for the journal: one line, printable, not too long."""
    # first the letters: one that goes leaves its spaces behind
    text = "".join(letter for letter in _text(value, _LONGEST) if letter.isprintable() or letter.isspace())
    return " ".join(text.split())[:_LONGEST_NAME].strip()


def step_text_size(percent: int, steps: int) -> int:
    """Return the text size some steps larger (or smaller), within what there is."""
    at = min(range(len(TEXT_SIZES)), key=lambda number: abs(TEXT_SIZES[number] - percent))
    return TEXT_SIZES[min(max(at + steps, 0), len(TEXT_SIZES) - 1)]


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        return ""
    try:
        os.fsencode(value)  # a name that no disk can have would fail at every look
    except UnicodeError:
        return ""
    return value


def _number(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST else default


def _one_of(value: object, known: tuple[int, ...], default: int) -> int:
    number = _number(value, default)
    return number if number in known else default


def _pair(value: object) -> tuple[int, int]:
    if isinstance(value, list) and len(value) == 2:
        width, height = (_number(each, 0) for each in value)
        if width and height:
            return width, height
    return 0, 0


def _corner(value: object) -> tuple[int, int] | None:
    """A screen at the left of the main one has places below nought."""
    if isinstance(value, list) and len(value) == 2:
        x, y = value
        if type(x) is int and type(y) is int and abs(x) <= _LARGEST and abs(y) <= _LARGEST:
            return x, y
    return None


def _splitters(value: object) -> dict[str, tuple[int, ...]]:
    if not isinstance(value, dict):
        return {}
    return {
        name: tuple(_number(each, 0) for each in sizes)
        for name, sizes in list(value.items())[:20]
        if len(name) <= _LONGEST_NAME and isinstance(sizes, list) and 1 < len(sizes) <= 8
    }


def _texts(value: object, most: int) -> tuple[str, ...]:
    given = value[:most] if isinstance(value, list) else ()
    return tuple(text for one in given if (text := _text(one, _LONGEST)))


def _recents(value: object) -> tuple[Recent, ...]:
    found: dict[str, Recent] = {}
    for each in value if isinstance(value, list) else ():
        if isinstance(each, dict) and (path := _text(each.get("path"), _LONGEST)) and path not in found:
            found[path] = _recent(path, each)
    return tuple(found.values())[:MOST_RECENT]


def _recent(path: str, value: Mapping[str, Any]) -> Recent:
    names = [one.name for one in fields(Recent) if one.name not in ("path", "percent")]
    texts = {name: _text(value.get(name), 200) for name in names}
    percent = _number(value.get("percent"), -1)
    return Recent(path, percent=percent if percent <= 100 else -1, **texts)
