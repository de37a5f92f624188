"""The message catalogue: every sentence that the program shows to a person, by code, in Thai and English.

The sentences are in ``resources/i18n/*.yaml`` as ``code: {th: ..., en: ...}`` with ``{name}`` for values.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final, Literal

from dgdesk.errors import DgdeskError
from dgdesk.resources import resource
from dgdesk.system.patterns import late
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

    A code is looked up first in the file of its first part (``cli.score`` in ``cli.yaml``), then in the files that were
    read already, then in those that contain it at the beginning of a line, then in all files.
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
        """Look for a code such as ``print.cover`` in files of other names; finding bytes is quicker than reading YAML.

        A code stands in one file only, so it does not matter which file is looked at first.
        """
        for part in self._parts.values():
            if found := part.get(code):
                return found
        wanted = f"\n{code}:".encode()
        # The likely files first: ui.reason.needs stands in ui_finding.yaml.
        for path in sorted(self._folder.glob("*.yaml"), key=lambda one: (not one.name.startswith(f"{name}_"), one)):
            if path.stem not in self._parts and wanted in b"\n" + path.read_bytes():
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


_PLAIN: Final = r'[^"\\\n\x85\u2028\u2029]*'
_QUOTED: Final = rf'("{_PLAIN}(?:\\["\\n]{_PLAIN})*")'
_ENTRY: Final = late(
    r"(?:\#[^\n]*\n|\n)*"  # comments and empty lines
    rf"(?:([\w.]+):(?: {{th: {_QUOTED}, en: {_QUOTED}}}|\n  th: {_QUOTED}\n  en: {_QUOTED})\n|\Z)"
)


def _read(path: Path) -> dict[str, dict[str, str]]:
    """Read one file. Every start of the program waits for it, so what is written in the usual form needs no YAML."""
    content = path.read_text(encoding="utf-8")
    plain = _plain_entries(content)
    return _entries(content) if plain is None else plain


def _plain_entries(content: str) -> dict[str, dict[str, str]] | None:
    """The entries of a file in which each is written on one line or on three, in quotes; None if any is not.

    Quotes with these escapes mean the same in JSON as in YAML. This takes a tenth of the time of a reader of YAML.
    """
    found: dict[str, dict[str, str]] = {}
    at = 0
    while at < len(content):
        entry = _ENTRY.match(content, at)
        if entry is None:
            return None
        code, *quoted = filter(None, entry.groups()) if entry[1] else ("",)
        if code:
            th, en = (json.loads(one) if "\\" in one else one[1:-1] for one in quoted)
            found[code] = {"th": th, "en": en}
        at = entry.end()
    return found


def _entries(content: str) -> dict[str, dict[str, str]]:
    """The entries of any file; the parser's nodes are read directly, which is faster: a catalogue is only text."""
    import yaml  # takes longer than what most commands say

    document = yaml.compose(content, Loader=yaml.CBaseLoader)
    if document is None:
        return {}
    return {
        code.value: {language.value: words.value for language, words in both.value} for code, both in document.value
    }
