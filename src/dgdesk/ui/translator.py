"""Window, translator: Qt's own words (menus of text boxes, the file dialog) in Thai; its wheel brings none."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTranslator


class Translator(QTranslator):
    """Translates by the English source text, its mnemonic sign left out."""

    def __init__(self, words: Mapping[str, str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words

    def use(self, words: Mapping[str, str]) -> None:
        """Translate by other words from now on; none: Qt's own English."""
        self._words = words

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        """Return the Thai words, None for those that are not known."""
        bare = source.replace("&", "")
        found = self._words.get(bare)
        if found is None and bare.endswith(":"):
            found = self._words.get(bare[:-1])
            found = f"{found}:" if found is not None else None
        return found

    def isEmpty(self) -> bool:
        """Qt skips empty translators."""
        return False
