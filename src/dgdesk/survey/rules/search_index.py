"""What of a form can be searched: codes, permanent ids, words of labels and of what is printed around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dgdesk.survey.definition.form import Form, Node
from dgdesk.survey.definition.models import Indicator
from dgdesk.survey.definition.texts import note_texts
from dgdesk.survey.rules.codes import SearchKey, code_key, place_codes, slot_codes, without_points
from dgdesk.survey.rules.rubric import External, Rubric
from dgdesk.survey.rules.search_words import NO_WORDS, SearchWords
from dgdesk.text.normalise import fold

_INDICATOR = ("ตัวชี้วัด", "ตัวชี้วัดที่", "ตัวชี้วัดย่อย", "ตัวชี้วัดย่อยที่", "ตัวชี้วัดหลัก", "indicator")


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """A place of the form as it is searched: printed code, permanent id, texts; for options id, code, texts."""

    position: int
    code: SearchKey
    own: SearchKey
    words: str
    options: tuple[tuple[str, SearchKey, str], ...]
    around: str = ""
    """What else is printed there: notes, headings of tables, requests for evidence; headings before it."""


@dataclass(frozen=True)
class SearchIndex:
    """Everything in a form that can be searched."""

    form: Form
    entries: tuple[SearchEntry, ...]
    exact: Mapping[SearchKey, tuple[tuple[str, str | None], ...]]
    """What a whole code means besides: address and option. It has rows, all items, and codes beside evidence."""
    together: Mapping[str, tuple[SearchKey, ...]]
    """Those codes by how they are typed without points."""
    alike: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Words of the same meaning, by each of them."""
    meant: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Places that words mean, whatever is printed there; and those of the indicators, by number and by name."""


def make_index(
    form: Form, words: SearchWords = NO_WORDS, indicators: Mapping[str, tuple[str, ...]] | None = None
) -> SearchIndex:
    """Index a form. Only the first item of a repeat is indexed, since the others have the same texts.

    The index has the form's own numbers of items; `find` knows which items have them now. ``words`` are those of the
    edition, ``indicators`` the questions of each indicator by its number, as `indicator_questions` returns them.
    """
    exact = _exact(form)
    together: dict[str, list[SearchKey]] = {}
    for key in exact:
        together.setdefault(without_points(key), []).append(key)
    alike: dict[str, tuple[str, ...]] = {}
    for group in words.alike:
        folded = tuple(searched(word) for word in group)
        for word in folded:
            alike[word] = tuple(dict.fromkeys((*alike.get(word, ()), *folded)))
    meant: dict[str, dict[str, None]] = {}
    for one in words.places:
        for word in one.words:
            meant.setdefault(searched(word), {}).update(dict.fromkeys(one.at))
    for name, places in _indicator_names(form, indicators or {}):
        meant.setdefault(name, {}).update(dict.fromkeys(places))
    return SearchIndex(
        form,
        tuple(_entries(form)),
        exact,
        {text: tuple(keys) for text, keys in together.items()},
        alike,
        {word: tuple(places) for word, places in meant.items()},
    )


def indicator_questions(rubric: Rubric) -> Mapping[str, tuple[str, ...]]:
    """Return the fields of each indicator and pillar by its number, in the order of the rubric."""
    found: dict[str, tuple[str, ...]] = {}
    for pillar in rubric.pillars:
        for indicator in pillar.indicators:
            found[indicator.id] = tuple(one.field for one in indicator.questions if not isinstance(one, External))
        found[pillar.id] = tuple(field for indicator in pillar.indicators for field in found[indicator.id])
    return found


def _indicator_names(form: Form, questions: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what people type for an indicator: its number after the word for it, and its printed name."""
    for number, places in questions.items():
        for before in _INDICATOR:
            yield searched(f"{before}{number}"), places
    waiting: list[Indicator] = [one for pillar in form.definition.indicators.pillars for one in pillar.indicators]
    for one in waiting:
        waiting += one.indicators
        places = questions.get(one.id) or questions.get(one.id.rpartition(".")[0], ())
        if places:
            yield searched(one.name), places


def _heads(form: Form) -> dict[str, tuple[str, ...]]:
    """Return the headings before the first question of each page: of the section, where it begins, and of the page."""
    heads: dict[str, tuple[str, ...]] = {}
    for section in form.definition.sections:
        for at, page in enumerate(section.pages):
            notes = (text for note in section.notes for text in note_texts(note))
            heads[page.id] = (section.title, *notes, page.title) if at == 0 else (page.title,)
    return heads


def _around(node: Node) -> Iterator[str]:
    """Yield what is printed at a place besides its label and its options."""
    field = node.field
    if node.kind == "row":
        row = node.row
        columns = [one for one in field.columns if one.id in node.options]
        yield from (one.label for one in columns)
        yield from (one.evidence.text for one in columns if one.evidence is not None)
        for cell in row.cells.values() if row is not None else ():
            yield cell.evidence.text if cell.evidence is not None else ""
        for note in row.notes if row is not None else ():
            yield from note_texts(note)
        return
    yield from (field.unit, *field.blanks, *field.headings)
    for note in (*field.notes, *field.notes_after):
        yield from note_texts(note)
    yield field.evidence.text if field.evidence is not None else ""
    for option in field.options:
        yield option.evidence.text if option.evidence is not None else ""
        for note in option.notes:
            yield from note_texts(note)


def _entries(form: Form) -> list[SearchEntry]:
    found = []
    heads = _heads(form)
    for position, node in enumerate(form.nodes):
        if node.kind == "item" or node.item not in (None, "1"):
            continue
        field = node.field
        asked = node.kind in ("single", "multiple")
        options = tuple(
            (option.id, code_key(option.code or ""), searched(f"{option.label} {option.hint}"))
            for option in (field.options if asked else ())
        )
        question = next((group.label for group in field.groups if group.id == node.group), "")
        around = searched(" ".join((*_around(node), *heads.pop(node.page, ()))))
        words = searched(f"{node.label} {field.hint if node.kind != 'row' else question}")
        own = code_key(node.address.partition("#")[0])
        found.append(SearchEntry(position, code_key(node.code or ""), own, words, options, around))
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


def searched(text: str) -> str:
    """Return a text in the form that is compared: "e-mail" is found as "email"."""
    return fold(text).replace("-", "")
