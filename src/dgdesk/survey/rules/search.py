"""Search: finds questions by code in any form or by words; hidden questions too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dgdesk.survey.answers.values import Answers
from dgdesk.survey.definition.form import WITHOUT_ANSWER, Form, in_item
from dgdesk.survey.rules.codes import SearchKey, code_key, place_codes, slot_codes, without_points
from dgdesk.survey.rules.numbering import item_by_number
from dgdesk.survey.rules.relevance import Hidden, Shown, why_hidden
from dgdesk.text.digits import to_arabic
from dgdesk.text.normalise import fold, tidy

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
_CODE_LIKE = re.compile(r"[a-z]{0,2}[0-9 .:/()-]*[0-9][0-9a-z .:/()-]*|[a-z][ .]*")


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """A place of the form as it is searched: printed code, permanent id, texts; for options id, code, texts."""

    position: int
    code: SearchKey
    own: SearchKey
    words: str
    options: tuple[tuple[str, SearchKey, str], ...]


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A question that was found; ``option`` is set if only one of its options fits. The smallest rank fits best.

    ``any_item``: it stands for the same place in every item of its repeat, since their texts are the same.
    """

    address: str
    option: str | None
    rank: int
    any_item: bool = False


@dataclass(frozen=True)
class SearchIndex:
    """Everything in a form that can be searched."""

    form: Form
    entries: tuple[SearchEntry, ...]
    exact: Mapping[SearchKey, tuple[tuple[str, str | None], ...]]
    """What a whole code means besides: address and option. It has rows, all items, and codes beside evidence."""
    together: Mapping[str, tuple[SearchKey, ...]]
    """Those codes by how they are typed without points."""


def make_index(form: Form) -> SearchIndex:
    """Index a form. Only the first item of a repeat is indexed, since the others have the same texts.

    The index has the form's own numbers of items; `find` knows which items have them now.
    """
    exact = _exact(form)
    together: dict[str, list[SearchKey]] = {}
    for key in exact:
        together.setdefault(without_points(key), []).append(key)
    return SearchIndex(form, tuple(_entries(form)), exact, {text: tuple(keys) for text, keys in together.items()})


def find(index: SearchIndex, answers: Answers, query: str, most: int = 60) -> tuple[SearchHit, ...]:
    """Return what fits a query, the best first, equal ranks in printed order; nothing for an empty query.

    A number means the item that has it now. Without such an item its repeat is found, where one can be added.
    """
    query = _SPOKEN.sub("", tidy(query[:_LONGEST]))
    key = code_key(query) if _CODE_LIKE.fullmatch(to_arabic(query).casefold()) else ()
    words = tuple(filter(None, map(_searched, query.split(" "))))
    if not words:
        return ()
    phrase = "".join(words)
    hits = [hit for entry in index.entries if (hit := _look(index.form, entry, key, phrase, words)) is not None]
    known = {(hit.address, hit.option) for hit in hits if hit.rank < _BEGINNING}
    named = [place for place in index.exact.get(key, ()) if place not in known] if key else []
    rank = 3
    if key and not named and all(hit.rank >= _TOGETHER for hit in hits):
        codes = index.together.get(without_points(key), ())
        named, rank = list(dict.fromkeys(place for code in codes for place in index.exact[code])), _TOGETHER
    hits = [hit for hit in hits if (hit.address, hit.option) not in named]
    hits += [SearchHit(address, option, rank) for address, option in named]
    hits.sort(key=lambda hit: hit.rank)
    return _present(index.form, answers, hits, most)


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


def _entries(form: Form) -> list[SearchEntry]:
    found = []
    for position, node in enumerate(form.nodes):
        if node.kind == "item" or node.item not in (None, "1"):
            continue
        field = node.field
        asked = node.kind in ("single", "multiple")
        options = tuple(
            (option.id, code_key(option.code or ""), _searched(f"{option.label} {option.hint}"))
            for option in (field.options if asked else ())
        )
        question = next((group.label for group in field.groups if group.id == node.group), "")
        words = _searched(f"{node.label} {field.hint if node.kind != 'row' else question}")
        own = code_key(node.address.partition("#")[0])
        found.append(SearchEntry(position, code_key(node.code or ""), own, words, options))
    return found


def _exact(form: Form) -> dict[SearchKey, tuple[tuple[str, str | None], ...]]:
    found: dict[SearchKey, dict[tuple[str, str | None], None]] = {}
    for node in form.nodes:
        codes = tuple(place_codes(form, node))
        for key in codes:
            found.setdefault(key, {}).setdefault((node.address, None))
        for option in node.options if node.kind in ("single", "multiple") else ():
            for key in codes:
                found.setdefault((*key, *code_key(option)), {}).setdefault((node.address, option))
        for model in node.field.options if node.kind in ("single", "multiple") else ():
            if model.code is not None:
                found.setdefault(code_key(model.code), {}).setdefault((node.address, model.id))
    for code, suffix, slot in slot_codes(form):
        place = form.slots[slot]
        node = form.nodes[place.node]
        if place.option is not None and node.kind != "row":
            found.setdefault((*code, *suffix), {}).setdefault((node.address, place.option))
    return {key: tuple(places) for key, places in found.items()}


def _searched(text: str) -> str:
    """Return a text in the form that is compared: "e-mail" is found as "email"."""
    return fold(text).replace("-", "")


def _look(form: Form, entry: SearchEntry, key: SearchKey, phrase: str, words: tuple[str, ...]) -> SearchHit | None:
    ranks: list[tuple[int, str | None]] = []
    if key:
        ranks.append((_question_rank(entry, key), None))
        ranks += [(_code_rank(code, key) + 1, option) for option, code, _ in entry.options]
    ranks.append((_word_rank(entry.words, phrase, words), None))
    ranks += [(_word_rank(text, phrase, words) + 1, option) for option, _, text in entry.options]
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


def _word_rank(text: str, phrase: str, words: tuple[str, ...]) -> int:
    if text.startswith(phrase):
        return FIRST_WORD_RANK
    if phrase in text:
        return 22
    return 24 if all(word in text for word in words) else _NOT
