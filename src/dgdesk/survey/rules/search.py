"""Search: finds questions by code in any form or by words; hidden questions too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dgdesk.survey.answers.values import Answers
from dgdesk.survey.definition.form import WITHOUT_ANSWER, Form, in_item
from dgdesk.survey.rules.codes import SearchKey, code_key, without_points
from dgdesk.survey.rules.numbering import item_by_number
from dgdesk.survey.rules.relevance import Hidden, Shown, why_hidden
from dgdesk.survey.rules.search_index import SearchEntry, SearchIndex, searched
from dgdesk.text.digits import to_arabic
from dgdesk.text.normalise import tidy

_LONGEST = 200
_NOT = 99
"""The rank of what does not fit."""
_BEGINNING = 10
"""The rank from which on a code only begins as was typed."""
FIRST_WORD_RANK = 20
"""Hits of smaller ranks were found by their code."""
_TOGETHER = 8
"""The rank of a code that is typed without its points."""
_UNPOINTED = 2
"""Most pieces of a code typed without its points: "p12" for P1.2."""
_PARTS = frozenset({"p", "g"})
"""Letters that only say which part of the form a code is in; people leave them out."""
_SPOKEN = re.compile(r"^ข้อ(?:ที่)? *(?=[\da-z])", re.IGNORECASE)
_COMMA = re.compile(r"(?<=[0-9a-zA-Z\u0e50-\u0e59]) ?, ?(?=[0-9\u0e50-\u0e59])")
_MISTYPED = str.maketrans({**dict.fromkeys("่้๊๋์็"), "ี": "ิ", "ู": "ุ", "ใ": "ไ", "ซ": "ส", "ศ": "ส", "ษ": "ส", "ณ": "น"})
"""Tones, the silencer and the shortener go; vowels of two lengths and letters of one sound become the same."""
_SHORTEST = 4
"""Letters of the shortest text that is also looked for loosely."""
_LONGEST_MISSPELT = 30
_SHORT_LATIN = re.compile(r"[a-z]{1,3}")
_AROUND = 10
"""How much worse it is to be found in what is printed around a place than in its label."""
_CODE_LIKE = re.compile(r"[a-z]{0,2}[0-9 .:/()-]*[0-9][0-9a-z .:/()-]*|[a-z][ .]*")


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A question that was found; ``option`` is set if only one of its options fits. The smallest rank fits best.

    ``any_item``: it stands for the same place in every item of its repeat, since their texts are the same.
    """

    address: str
    option: str | None
    rank: int
    any_item: bool = False


def find(index: SearchIndex, answers: Answers, query: str, most: int = 60) -> tuple[SearchHit, ...]:
    """Return what fits a query, the best first, equal ranks in printed order; nothing for an empty query.

    A number means the item that has it now. Without such an item its repeat is found, where one can be added.
    """
    query = _SPOKEN.sub("", tidy(query[:_LONGEST]))
    query = _COMMA.sub(".", query)
    key = code_key(query) if _CODE_LIKE.fullmatch(to_arabic(query).casefold()) else ()
    words = tuple(filter(None, map(searched, query.split(" "))))
    if not words:
        return ()
    phrase = "".join(words)
    said = _Said(phrase, tuple((word, *index.alike.get(word, ())) for word in words), index.alike.get(phrase, ()))
    hits = [hit for entry in index.entries if (hit := _look(index.form, entry, key, said)) is not None]
    if not hits and not key and len(bare := _bare(phrase)) >= _SHORTEST:  # tones and vowels' lengths are often mistyped
        said = _Said(bare, tuple((_bare(word),) for word in words), (), loose=True)
        hits = [hit for entry in index.entries if (hit := _look(index.form, entry, key, said)) is not None]
        hits = hits or _misspelt(index, bare)
    known = {(hit.address, hit.option) for hit in hits if hit.rank < _BEGINNING}
    named = [place for place in index.exact.get(key, ()) if place not in known] if key else []
    rank = 3
    if key and not named and all(hit.rank >= _TOGETHER for hit in hits):
        codes = index.together.get(without_points(key), ())
        named, rank = list(dict.fromkeys(place for code in codes for place in index.exact[code])), _TOGETHER
    hits = [hit for hit in hits if (hit.address, hit.option) not in named]
    hits += [SearchHit(address, option, rank) for address, option in named]
    meant = index.meant.get(phrase, ())
    hits = [hit for hit in hits if hit.option is not None or hit.address not in meant]
    hits += [SearchHit(address, None, FIRST_WORD_RANK) for address in meant if address in index.form.position]
    order = {address: at for at, address in enumerate(meant)}
    hits.sort(key=lambda hit: order.get(hit.address, len(order)) if hit.rank == FIRST_WORD_RANK else len(order))
    hits.sort(key=lambda hit: hit.rank)
    return _present(index.form, answers, hits, most)


def _misspelt(index: SearchIndex, bare: str) -> list[SearchHit]:
    """Return the places whose label or option has a text with one letter more, less or other than was typed."""
    if not _SHORTEST < len(bare) <= _LONGEST_MISSPELT:
        return []
    nearly = re.compile("|".join(dict.fromkeys(_nearly(bare))))
    hits = []
    for entry in index.entries:
        node = index.form.nodes[entry.position]
        texts = ((None, entry.words), *((option, text) for option, _, text in entry.options))
        option = next((option for option, text in texts if nearly.search(_bare(text))), "")
        if option != "":
            hits.append(SearchHit(node.address, option, _NOT - 1, node.item is not None))
    return hits


def _nearly(text: str) -> Iterator[str]:
    for at in range(1, len(text)):
        before, after = re.escape(text[:at]), re.escape(text[at + 1 :])
        yield f"{before}.{re.escape(text[at:])}"  # one letter was left out
        yield f"{before}.?{after}" if after else f"{before}."  # another one, or one too many


def _present(form: Form, answers: Answers, hits: Iterable[SearchHit], most: int) -> tuple[SearchHit, ...]:
    """Return hits at the items that have the found numbers now, without repetition."""
    found: dict[tuple[str, str | None], SearchHit] = {}
    for hit in hits:
        node = form.node(hit.address)
        address, option = hit.address, hit.option
        if node.item is not None and node.number is not None:
            item = node if node.kind == "item" else form.nodes[node.inside]
            repeat = form.nodes[item.parent].address
            key = item_by_number(form, answers, repeat, node.number)
            address, option = (repeat, None) if key is None else (in_item(node.field.id, key), option)
        found.setdefault((address, option), replace(hit, address=address, option=option))
        if len(found) == most:
            break
    return tuple(found.values())


def why_not_asked(form: Form, answers: Answers, shown: Shown, address: str) -> Hidden | None:
    """Return why a question that was found is not asked now; None if it is asked."""
    return why_hidden(form, answers, shown, form.position[address])


def landing(form: Form, answers: Answers, shown: Shown, address: str) -> str:
    """Return where to go for a person who wants ``address``.

    That is the place itself; for a heading the first place inside it that takes an answer; and for a place that is not
    asked now the question whose answer decides that.
    """
    at = form.position[address]
    for _ in range(len(form.nodes)):  # the deciding question may depend on another answer
        hidden = why_hidden(form, answers, shown, at)
        if hidden is None or not hidden.cause:
            break
        at = form.position[hidden.cause]
    if form.nodes[at].kind in WITHOUT_ANSWER:
        inside = range(at + 1, form.nodes[at].end)
        at = next((one for one in inside if shown[one] and form.nodes[one].kind not in WITHOUT_ANSWER), at)
    return form.nodes[at].address


@dataclass(frozen=True, slots=True)
class _Said:
    """What is looked for: the whole ``phrase``, each of its ``words`` with those of the same meaning, and what means
    the same as the whole. ``loose``: all of it without tones and the like.
    """

    phrase: str
    words: tuple[tuple[str, ...], ...]
    same: tuple[str, ...]
    loose: bool = False


def _look(form: Form, entry: SearchEntry, key: SearchKey, said: _Said) -> SearchHit | None:
    ranks: list[tuple[int, str | None]] = []
    if key:
        ranks.append((_question_rank(entry, key), None))
        ranks += [(_code_rank(code, key) + 1, option) for option, code, _ in entry.options]
    ranks.append((_word_rank(entry.words, said), None))
    ranks += [(_word_rank(text, said) + 1, option) for option, _, text in entry.options]
    ranks.append((_word_rank(entry.around, said) + _AROUND, None))
    rank, option = min(ranks, key=lambda one: one[0])
    node = form.nodes[entry.position]
    return SearchHit(node.address, option, rank, node.item is not None) if rank < _NOT else None


def _question_rank(entry: SearchEntry, key: SearchKey) -> int:
    """Rank a question by its printed code and its id. If a code is printed twice, the id decides which is first."""
    printed, own = _code_rank(entry.code, key), _code_rank(entry.own, key)
    return min(printed + (2 if own >= _BEGINNING else 0), own + 1)


def _code_rank(code: SearchKey, wanted: SearchKey) -> int:
    """Rank how a code fits: exactly, without the letter of its part, without points, or as a beginning."""
    bare = code[1:] if code and code[0].isalpha() else code
    if code and wanted == code:
        return 0
    if not bare:
        return _NOT
    if wanted == bare:
        return 1 if code[0] in _PARTS else 5
    if len(wanted) <= _UNPOINTED and "".join(wanted) in ("".join(code), "".join(bare)):
        return _TOGETHER
    if code[: len(wanted)] == wanted:
        return _BEGINNING
    return 14 if bare[: len(wanted)] == wanted else _NOT


def _word_rank(text: str, said: _Said) -> int:
    text = _bare(text) if said.loose else text
    if said.phrase in text and _SHORT_LATIN.fullmatch(said.phrase):  # "AI" is not in "e-mail"
        alone = re.search(rf"(?<![a-z]){said.phrase}(?![a-z])", text)
        return _NOT if alone is None else FIRST_WORD_RANK if alone.start() == 0 else 22
    if text.startswith(said.phrase):
        return FIRST_WORD_RANK
    if said.phrase in text:
        return 22
    if any(word in text for word in said.same):
        return 24
    return 26 if all(any(one in text for one in word) for word in said.words) else _NOT


def _bare(text: str) -> str:
    """Return a text without tones and the signs that people mistype most."""
    return text.translate(_MISTYPED)
