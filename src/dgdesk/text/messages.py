"""The message catalogue: every sentence that the program shows to a person, by code, in Thai and English.

The sentences are in ``resources/i18n/*.yaml`` as ``code: {th: ..., en: ...}`` with ``{name}`` for values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

import yaml

from dgdesk.errors import DgdeskError
from dgdesk.resources import resource
from dgdesk.text.dates import worded
from dgdesk.text.editions import edition_words
from dgdesk.text.plurals import of_one
from dgdesk.text.shown import plain_value

Language = Literal["th", "en"]


@dataclass(frozen=True)
class Catalogue:
    """Messages by code, in ``language``."""

    messages: Mapping[str, Mapping[str, str]]
    language: Language = "th"

    def text(self, code: str, /, **values: object) -> str:
        """Return the sentence of ``code`` with ``values`` filled in, made safe to show (`dgdesk.text.shown`).

        The value ``edition`` is an id, and is shown in words; times, days and months are (`dgdesk.text.dates.worded`).

        Raises:
            KeyError: the catalogue has no such code, or a value that the sentence needs is missing.
        """
        shown = {name: plain_value(worded(name, value, self.language)) for name, value in values.items()}
        if "edition" in shown:
            shown["edition"] = edition_words(self.text, str(shown["edition"]))
        sentence = self.messages[code][self.language]
        return (of_one(sentence, shown) if self.language == "en" else sentence).format(**shown)

    def error(self, error: DgdeskError) -> str:
        """Return the sentence of an error."""
        return self.text(error.code, **error.values)

    def details(self, error: DgdeskError) -> tuple[str, ...]:
        """Return the details of an error, one sentence each."""
        return tuple(self.text(code, **values) for code, values in error.details)

    def __contains__(self, code: object) -> bool:
        return code in self.messages


def load_catalogue(language: Language = "th", folder: Path | None = None) -> Catalogue:
    """Return the catalogue that ships with the program, or the one in ``folder``.

    The program's own catalogue is read only once, so a window can change its language at once.

    Raises:
        ValueError: two files define the same code.
    """
    return Catalogue(_shipped() if folder is None else _read_all(folder, {}), language)


class _Shipped(Mapping[str, Mapping[str, str]]):
    """The program's own messages, read on demand: reading all takes longer than most commands, which need few.

    A code is looked up first in the file of its first part (``cli.score`` in ``cli.yaml``), then in the files that
    contain it at the beginning of a line, then in all files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: dict[str, Mapping[str, Mapping[str, str]]] = {}

    @cached_property
    def _all(self) -> Mapping[str, Mapping[str, str]]:
        return _read_all(self._folder, self._parts)

    def __getitem__(self, code: str) -> Mapping[str, str]:
        if "_all" in self.__dict__:
            return self._all[code]
        name = code.partition(".")[0]
        if name not in self._parts:
            path = self._folder / f"{name}.yaml"
            self._parts[name] = _read(path) if name.isidentifier() and path.is_file() else {}
        found = self._parts[name].get(code) or self._beside(name, code)
        return self._all[code] if found is None else found

    def _beside(self, name: str, code: str) -> Mapping[str, str] | None:
        """Look for a code such as ``ui.reason.needs`` in ``ui_*.yaml``; finding bytes is quicker than reading YAML."""
        if not name.isidentifier():
            return None
        wanted = f"\n{code}:".encode()
        for path in sorted(self._folder.glob(f"{name}_*.yaml")):
            if path.stem not in self._parts and wanted not in b"\n" + path.read_bytes():
                continue
            if path.stem not in self._parts:
                self._parts[path.stem] = _read(path)
            if found := self._parts[path.stem].get(code):
                return found
        return None

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


@cache
def _shipped() -> Mapping[str, Mapping[str, str]]:
    return _Shipped(resource("i18n"))


def _read_all(folder: Path, known: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Mapping[str, Mapping[str, str]]:
    """Read every file of a folder; ``known`` has the files already read, by name without ending."""
    messages: dict[str, Mapping[str, str]] = {}
    for path in sorted(folder.glob("*.yaml")):
        part = known[path.stem] if path.stem in known else _read(path)
        if double := messages.keys() & part.keys():
            raise ValueError(f"{path.name}: codes defined twice: {sorted(double)}")
        messages.update(part)
    return messages


def _read(path: Path) -> dict[str, dict[str, str]]:
    """Read the parser's nodes directly, which is faster: a catalogue is only text, and every start waits for it."""
    with path.open(encoding="utf-8") as stream:
        document = yaml.compose(stream, Loader=yaml.CBaseLoader)
    if document is None:
        return {}
    return {
        code.value: {language.value: words.value for language, words in both.value} for code, both in document.value
    }
