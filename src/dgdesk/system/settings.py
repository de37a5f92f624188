"""The person's settings on this PC: one small JSON file in the profile folder. Nothing in it belongs to a draft.

The file may be damaged or hostile: each field says how it is read, and a value that is not sound is replaced by the
field's default; unknown names are ignored. The window reads this file before it is shown, so these are dataclasses:
importing pydantic alone would take a third of the window's start.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args, get_type_hints

from dgdesk import __version__
from dgdesk.errors import FileError
from dgdesk.system.atomic import atomic_write
from dgdesk.system.private import make_private_folder

FILE: Final = "settings.json"
_VERSION: Final = "version"
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
_MOST_FOLDERS: Final = 40
_LARGEST: Final = 20_000
_READ_ONLY: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)

_Read = Callable[[object], Any]
"""How a value of the file is read; None where it is not sound."""


def clean_name(value: object) -> str:
    """Return a person's name fit for the journal: one line, printable, not too long."""
    # first the letters: one that goes leaves its spaces behind
    text = "".join(letter for letter in _text(value) or "" if letter.isprintable() or letter.isspace())
    return " ".join(text.split())[:_LONGEST_NAME].strip()


def _text(value: object, longest: int = _LONGEST) -> str | None:
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        return None
    try:
        os.fsencode(value)  # a name that no disk can have would fail at every look
    except UnicodeError:
        return None
    return value


def _short_text(value: object) -> str | None:
    return _text(value, 200)


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(least: int, most: int) -> _Read:
    return lambda value: value if type(value) is int and least <= value <= most else None


def _one_of(known: tuple[object, ...]) -> _Read:
    return lambda value: next((one for one in known if one == value and type(one) is type(value)), None)


def _pair(least: int) -> _Read:
    read = _number(least, _LARGEST)
    return lambda value: (
        tuple(value) if isinstance(value, list) and len(value) == 2 and None not in map(read, value) else None
    )


def _texts(most: int) -> _Read:
    return lambda value: tuple(filter(None, map(_text, value[:most]))) if isinstance(value, list) else None


def _splitters(value: object) -> dict[str, tuple[int, ...]] | None:
    if not isinstance(value, dict):
        return None
    size = _number(0, _LARGEST)
    return {
        name: tuple(size(each) or 0 for each in sizes)
        for name, sizes in list(value.items())[:20]
        if len(name) <= _LONGEST_NAME and isinstance(sizes, list) and 1 < len(sizes) <= 8
    }


def _folders(value: object) -> dict[str, str] | None:
    if not isinstance(value, dict):
        return None
    named = ((name, _text(path)) for name, path in list(value.items())[:_MOST_FOLDERS] if len(name) <= _LONGEST_NAME)
    return {name: path for name, path in named if path}


def _recents(value: object) -> tuple[Recent, ...] | None:
    found: dict[str, Recent] = {}
    for each in value if isinstance(value, list) else ():
        sound = _sound(_RECENT, each) if isinstance(each, dict) else {}
        if sound.get("path"):
            found.setdefault(sound["path"], Recent(**sound))
    return tuple(found.values())[:MOST_RECENT]


def _readers(kind: type[object]) -> dict[str, _Read]:
    """How each field of a dataclass is read, which stands in its annotation."""
    return {name: hint.__metadata__[0] for name, hint in get_type_hints(kind, include_extras=True).items()}


def _sound(readers: Mapping[str, _Read], found: Mapping[str, object]) -> dict[str, Any]:
    """Return the fields for which ``found`` has a sound value."""
    values = {name: read(found.get(name)) for name, read in readers.items()}
    return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Recent:
    """A draft opened before: where it lies, the page it was left at, and what was last known of it.

    ``low``, ``claimed`` and ``high`` are the figures of its score. ``stamp`` identifies the file's state (size and
    time) in which the rest was read, and the program's version; ``changed`` is an ISO time. ``field``, ``slot`` and
    ``number`` say which input of the page had the focus, ``top`` how far below the top of the view it was, and
    ``scrolled`` how far the page was scrolled, in pixels. ``place`` is the page in words, ``edition`` the id of its
    edition and ``closes`` that one's last day (ISO); ``sent`` the file of its last complete export, and ``steps``
    what is left to do after it, by comma.
    """

    path: Annotated[str, _text]
    page: Annotated[str, _short_text] = ""
    field: Annotated[str, _short_text] = ""
    slot: Annotated[str, _short_text] = ""
    number: Annotated[int, _number(-1, 9999)] = -1
    top: Annotated[int, _number(-_LARGEST, _LARGEST)] = 0
    scrolled: Annotated[int, _number(0, 1_000_000)] = 0
    respondent: Annotated[str, _short_text] = ""
    percent: Annotated[int, _number(0, 100)] = -1
    low: Annotated[str, _short_text] = ""
    claimed: Annotated[str, _short_text] = ""
    high: Annotated[str, _short_text] = ""
    changed: Annotated[str, _short_text] = ""
    stamp: Annotated[str, _short_text] = ""
    place: Annotated[str, _short_text] = ""
    edition: Annotated[str, _short_text] = ""
    closes: Annotated[str, _short_text] = ""
    sent: Annotated[str, _short_text] = ""
    steps: Annotated[str, _short_text] = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is remembered. ``open_draft`` was not closed.

    ``window`` is width and height in pixels, (0, 0) for never, ``corner`` where its upper left corner was (below nought
    on a screen at the left of the main one); ``side`` whether the side panel is shown, None while the person has not
    said. ``office_certificates`` are the files with which a receipt was checked last. ``export_folder`` is where the
    last export went, ``export_keys`` the file of the receivers' public keys that was used last.
    """

    who: Annotated[str, clean_name] = ""
    language: Annotated[Language, _one_of(get_args(Language))] = "th"
    theme: Annotated[Theme, _one_of(get_args(Theme))] = "light"
    text_percent: Annotated[int, _one_of(TEXT_SIZES)] = 100
    window: Annotated[tuple[int, int], _pair(1)] = (0, 0)
    corner: Annotated[tuple[int, int] | None, _pair(-_LARGEST)] = None
    maximised: Annotated[bool, _flag] = False
    side: Annotated[bool | None, _flag] = None
    splitters: Annotated[Mapping[str, tuple[int, ...]], _splitters] = field(default_factory=dict)
    recents: Annotated[tuple[Recent, ...], _recents] = ()
    open_draft: Annotated[str, _text] = ""
    put_away: Annotated[tuple[str, ...], _texts(60)] = ()
    """What is not to be told again of a draft's place: a code, a space, the draft's path."""
    backups: Annotated[bool, _flag] = True
    """Whether copies of the draft are made by themselves."""
    backup_folder: Annotated[str, _text] = ""
    """Where; empty: beside the draft."""
    backup_most: Annotated[int, _one_of(BACKUP_COUNTS)] = 10
    backup_days: Annotated[int, _one_of(BACKUP_DAYS)] = 60
    folders: Annotated[Mapping[str, str], _folders] = field(default_factory=dict)
    """Where the file dialogs were used last, by purpose (`dgdesk.ui.widgets.file_dialogs`)."""
    export_folder: Annotated[str, _text] = ""
    export_keys: Annotated[str, _text] = ""
    office_certificates: Annotated[tuple[str, ...], _texts(8)] = ()
    edition: Annotated[str, _short_text] = ""
    """The id of the edition that new surveys are begun with; empty: the newest."""

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


_RECENT: Final = _readers(Recent)
_SETTINGS: Final = _readers(Settings)


class SettingsFile:
    """The settings in their file. ``now`` is what they are; `change` makes them something else.

    ``newer`` is the version of a newer program that wrote the file before: what only that one knows is not kept.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        content = _content(path)
        self.now = read_settings(content)
        self.newer = _newer(content)

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
    """Read settings; what is missing, damaged or unsound is the default. Never raises, and waits for no pipe."""
    return read_settings(_content(path))


def read_settings(content: bytes) -> Settings:
    """Return the settings that bytes hold; see `load_settings`."""
    return Settings(**_sound(_SETTINGS, _object(content)))


def write_settings(settings: Settings) -> bytes:
    """Return the bytes that hold settings, with the version of this program."""
    named = {_VERSION: __version__, **asdict(settings)}
    return json.dumps(named, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def _content(path: Path) -> bytes:
    try:
        with open(os.open(path, _READ_ONLY), "rb") as stream:
            return stream.read(_MOST_BYTES + 1) if stat.S_ISREG(os.fstat(stream.fileno()).st_mode) else b""
    except (OSError, ValueError):
        return b""


def _object(content: bytes) -> dict[str, object]:
    """Return the JSON object that bytes hold; an empty one for anything else."""
    if len(content) > _MOST_BYTES:
        return {}
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _newer(content: bytes) -> str:
    """Return the version that wrote a file if it is newer than this program, else nothing."""
    version = _short_text(_object(content).get(_VERSION)) or ""
    return version if _numbers(version) > _numbers(__version__) else ""


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split(".")[:4]
    return tuple(map(int, parts)) if all(one.isascii() and one.isdigit() and len(one) < 5 for one in parts) else ()


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


def step_text_size(percent: int, steps: int) -> int:
    """Return the text size some steps larger (or smaller), within what there is."""
    at = min(range(len(TEXT_SIZES)), key=lambda number: abs(TEXT_SIZES[number] - percent))
    return TEXT_SIZES[min(max(at + steps, 0), len(TEXT_SIZES) - 1)]
