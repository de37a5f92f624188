"""The message catalogue: every sentence the program says to a person, by code, in Thai and English.

The sentences lie in ``resources/i18n/*.yaml`` as ``code: {th: ..., en: ...}`` with ``{name}`` for values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TextIO

import yaml

from dgdesk.errors import DgdeskError
from dgdesk.resources import resource
from dgdesk.shown import plain_value

Language = Literal["th", "en"]


@dataclass(frozen=True)
class Catalogue:
    """Messages by code; ``language`` is the one spoken first."""

    messages: Mapping[str, Mapping[str, str]]
    language: Language = "th"

    def text(self, code: str, /, **values: object) -> str:
        """Word ``code`` with ``values`` filled in; nothing in them acts on the sentence (`dgdesk.shown`).

        Raises:
            KeyError: the catalogue has no such code, or a value that the sentence names was not given.
        """
        shown = {name: plain_value(value) for name, value in values.items()}
        return self.messages[code][self.language].format(**shown)

    def error(self, error: DgdeskError) -> str:
        """Word an error."""
        return self.text(error.code, **error.values)

    def __contains__(self, code: object) -> bool:
        return code in self.messages


def load_catalogue(language: Language = "th", folder: Path | None = None) -> Catalogue:
    """Return the catalogue that ships with the program, or one that lies in another folder.

    The program's own is read once: a window that changes its language speaks at once.

    Raises:
        ValueError: two files define the same code.
    """
    return Catalogue(_shipped() if folder is None else _read_all(folder), language)


@cache
def _shipped() -> Mapping[str, Mapping[str, str]]:
    return _read_all(resource("i18n"))


def _read_all(folder: Path) -> Mapping[str, Mapping[str, str]]:
    messages: dict[str, Mapping[str, str]] = {}
    for path in sorted(folder.glob("*.yaml")):
        with path.open(encoding="utf-8") as stream:
            part = _read(stream)
        if double := messages.keys() & part.keys():
            raise ValueError(f"{path.name}: codes defined twice: {sorted(double)}")
        messages.update(part)
    return messages


def _read(stream: TextIO) -> dict[str, dict[str, str]]:
    """Take the parser's nodes as they are: all of a catalogue is text, and the program waits for it at every start."""
    document = yaml.compose(stream, Loader=yaml.CBaseLoader)
    if document is None:
        return {}
    return {
        code.value: {language.value: words.value for language, words in both.value} for code, both in document.value
    }
