"""Where Thai lines may break: words found by nlpo3, corrected by the rules of the script and the survey's own terms.

Qt breaks Thai only with libthai, which Windows does not have; so displayed text gets U+200B
between its words (`breakable`) and copied text loses it (`plain`). Never put it into text that is edited or stored.

nlpo3 1.4 ships no dictionary; ``resources/i18n/words.txt`` is ours (``build/words.py`` makes it). ICU is as good, but
adds 15 MB to the setup, nlpo3 with the dictionary 1.1 MB. What was measured: a missing dictionary makes nlpo3
panic, so the file is opened first; its ``safe`` mode repeats and loses parts of longer text, so it is not used; time
grows with the square of a run without spaces, so long runs are cut into portions.

What the program and the questionnaires say never changes, so it is cut beforehand: ``resources/i18n/cuts.txt``
(``build/cuts.py`` makes it) has their runs of Thai letters. The dictionary is only needed for what a person typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Final, Protocol

from dgdesk.resources import resource
from dgdesk.text.clusters import LEADING, MARKS, NEVER_FIRST, THAI_RUN, ZERO_WIDTH_SPACE, tears

_PORTION: Final = 1000  # characters of Thai without a space given to nlpo3 at once; about 6 ms at worst
_REMEMBERED: Final = 4096  # texts cached; enough for a whole form, some megabytes
_OPENING: Final = "([{<«“‘\"'@#+-_=~฿$"
_CLOSING: Final = ")]}>»”’\"'.,;:!?…%/-_=~*@"
# A web address is not broken before the next space, in any script.
_TOKEN: Final = re.compile(
    r"(?P<space>\s+)|(?P<address>(?:https?://|www\.)\S+|[A-Za-z0-9._%+-]+@[^\s@()<>]+)"
    r"|(?P<thai>[\u0e01-\u0e3a\u0e40-\u0e4e]+)|(?P<other>(?:(?!https?://|www\.)[^\s\u0e01-\u0e3a\u0e40-\u0e4e])+)"
)
_ABBREVIATION: Final = re.compile("[ก-ฮ]{1,5}")
_BOUND: Final = f"(?<![{LEADING}])(?:%s)(?![{NEVER_FIRST}])"
_LOADING: Final = Lock()


class WordBreaker(Protocol):
    """Cuts text into words."""

    def segments(self, text: str) -> tuple[str, ...]:
        """``text`` in parts between which a line may break; joined they are ``text``. White space is separate."""
        ...


class DictionaryBreaker:
    """Breaks between the words of a dictionary, keeping ``terms`` whole.

    A term may have ``|`` where it may be broken ("ภาค|รัฐบาล"); of two that match, the longer counts. ``cuts`` is a
    file of runs of Thai letters with ``|`` between their words, as this breaker would find them; others are found
    all the same. Creating a breaker is cheap; the first call with Thai text that is not there loads the dictionary
    (30 MB in memory, 0.05 s), once for the process. Calls may come from any thread.
    """

    def __init__(self, dictionary: Path, terms: Iterable[str] = (), cuts: Path | None = None) -> None:
        self._dictionary = dictionary
        self._cuts = cuts
        self._terms = {term.replace("|", ""): tuple(term.split("|")) for term in terms if term}
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._cut)

    def segments(self, text: str) -> tuple[str, ...]:
        """See `WordBreaker.segments`. Results are cached, since windows, pages and prints ask for the same texts.

        Raises:
            OSError: the dictionary cannot be read.
        """
        return self._remembered(text) if len(text) <= _PORTION else self._cut(text)

    def _cut(self, text: str) -> tuple[str, ...]:
        parts: list[str] = []
        for match in _TOKEN.finditer(text):
            parts += self._words(match.group()) if match.lastgroup == "thai" else [match.group()]
        return tuple(_glued(parts))

    def _words(self, run: str) -> Iterable[str]:
        """The words of a run of Thai letters."""
        known = self._known_runs.get(run)
        return self.words_of(run) if known is None else known.split("|")

    @cached_property
    def _known_runs(self) -> dict[str, str]:
        if self._cuts is None:
            return {}
        cut = self._cuts.read_text(encoding="utf-8")
        return dict(zip(cut.replace("|", "").split("\n"), cut.split("\n"), strict=True))  # remarks are no runs

    def words_of(self, run: str) -> Iterator[str]:
        """The words of a run of Thai letters by the terms and the dictionary, whatever is cut beforehand."""
        if _ABBREVIATION.fullmatch(run):  # อปท, สพร: no dictionary knows them all
            yield run
            return
        done = 0
        for match in self._term_pattern.finditer(run):
            yield from self._unknown(run[done : match.start()])
            yield from self._terms[match.group()]
            done = match.end()
        yield from self._unknown(run[done:])

    def _unknown(self, run: str) -> Iterator[str]:
        """The words of ``run`` by the dictionary only."""
        segment = self._segmenter
        while len(run) > _PORTION:
            words = segment(run[:_PORTION])
            words = words[:-2] or words  # the end of the portion may have cut the last words
            yield from words
            run = run[sum(map(len, words)) :]
        if run:
            yield from segment(run)

    @cached_property
    def _term_pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._terms, key=lambda term: (-len(term), term))
        return re.compile(_BOUND % "|".join(map(re.escape, longest_first)) if longest_first else "(?!)")

    @cached_property
    def _segmenter(self) -> _Segmenter:
        return _Segmenter(self._dictionary)


class _Segmenter:
    """nlpo3 with one dictionary. nlpo3 has its dictionaries by name for the whole process, hence the lock."""

    def __init__(self, dictionary: Path) -> None:
        with dictionary.open("rb"):
            pass
        from nlpo3 import load_dict, segment

        self._name = str(dictionary.resolve())
        self._segment = segment
        with _LOADING:
            load_dict(self._name, self._name)  # returns False if it is loaded already, which is fine

    def __call__(self, run: str) -> list[str]:
        words = self._segment(run, self._name)
        return words if "".join(words) == run else [run]


@cache
def thai_breaker() -> DictionaryBreaker:
    """The program's word breaker, with the dictionary and the terms that ship with it."""
    return DictionaryBreaker(
        resource("i18n/words.txt"), read_terms(resource("i18n/terms.txt")), resource("i18n/cuts.txt")
    )


def read_terms(path: Path) -> tuple[str, ...]:
    """The terms of a file: one per line, ``#`` starts a comment."""
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line)


_ERAS: Final = ("พ.ศ.", "ค.ศ.", "ร.ศ.")
_NO_BREAK: Final = "\u00a0"
_HELD: Final = re.compile(r"\u00a0(?=[ๆฯ])|(?<=[พคร]\.ศ\.)\u00a0(?=\d)|(?<=\d)\u00a0(?=น\.)")
"""The spaces that `breakable` holds, as `held_together` says."""


def held_together(before: str, after: str) -> bool:
    """Whether a line must not end at the white space between two words.

    ๆ repeats the word before it, also where a space stands between the two; a year belongs to its era, น. to its time.
    """
    if after[0] in "ๆฯ" or (after[0].isdecimal() and before.endswith(_ERAS)):
        return True
    return before[-1].isdecimal() and after.startswith("น.")


def breakable(text: str, breaker: WordBreaker) -> str:
    """``text`` for display, with U+200B where a line may break without white space, and U+00A0 where it must not.

    `plain` takes both out again.
    """
    result: list[str] = []
    for part in breaker.segments(plain(text)):
        if result and not part[0].isspace():
            if not result[-1][-1].isspace():
                result.append(ZERO_WIDTH_SPACE)
            elif result[-1] == " " and len(result) > 1 and held_together(result[-2], part):
                result[-1] = _NO_BREAK
        result.append(part)
    return "".join(result)


def plain(text: str) -> str:
    """``text`` without what `breakable` put into it: text that may be copied, searched and stored."""
    text = text.replace(ZERO_WIDTH_SPACE, "")
    return _HELD.sub(" ", text) if _NO_BREAK in text else text


def _glued(parts: Iterable[str]) -> Iterator[str]:
    """``parts`` joined where no line may break."""
    held = ""
    for part in parts:
        if held and not _may_break(held[-1], part[0], len(held) == 1, len(part) == 1):
            held += part
        else:
            if held:
                yield held
            held = part
    if held:
        yield held


@lru_cache(maxsize=_REMEMBERED)  # a text has few different ends of words
def _may_break(before: str, after: str, before_alone: bool, after_alone: bool) -> bool:
    """Whether a line may break between two characters, each of which may be a part alone."""
    if before.isspace() or after.isspace():
        return True  # white space is a part of its own, and the line may break there
    if tears(before + after, 1) or (before == "ฯ" and after == "ล"):  # ฯลฯ
        return False
    if before in _OPENING or after in _CLOSING or before in ".\u200d" or after in MARKS:
        return False
    return not ((before_alone and _is_letter(before)) or (after_alone and _is_letter(after)))


def _is_letter(part: str) -> bool:
    """Whether a part is a single consonant (except ณ): the rest of a word that the dictionary does not know."""
    return part != "ณ" and THAI_RUN.fullmatch(part) is not None
