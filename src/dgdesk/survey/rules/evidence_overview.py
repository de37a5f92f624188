"""The evidence overview: every evidence slot of the form as a row: what is asked, attached and marked.

Rows hold facts; the front end turns them into text. Filtering, sorting and "next missing" are decided here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from dgdesk.survey.answers.attachments import Attachment, pages_of
from dgdesk.survey.answers.values import Answers
from dgdesk.survey.definition.form import Form, Slot, option_of
from dgdesk.survey.definition.models import EvidenceRequest, Rule
from dgdesk.survey.rules.codes import full_code
from dgdesk.survey.rules.numbering import first_number, is_removed, numbered
from dgdesk.survey.rules.places import option_words
from dgdesk.survey.rules.problems import asks_for_evidence, satisfied
from dgdesk.survey.rules.report import gains
from dgdesk.survey.rules.review import ProblemPlace, place_of
from dgdesk.survey.rules.search import FIRST_WORD_RANK, find
from dgdesk.survey.rules.search_index import SearchIndex
from dgdesk.survey.rules.state import Rules, State
from dgdesk.survey.rules.worth import Exact
from dgdesk.text.collation import list_key
from dgdesk.text.normalise import fold


def question_of(form: Form, at: int) -> str:
    """Return the nearest place above with a printed code; without one, the outermost."""
    address = form.nodes[at].address
    while at >= 0:
        address = form.nodes[at].address
        if form.nodes[at].code is not None:
            break
        at = form.nodes[at].parent
    return address


def label_of(form: Form, slot: Slot) -> str:
    """Return the label of a slot: its row with column group and column, or its option."""
    node = form.nodes[slot.node]
    option = option_words(node, slot.option) if slot.option is not None else ""
    group = next((one.label for one in node.field.groups if one.id == node.group), "") if node.kind == "row" else ""
    if group.startswith("("):
        group = group.partition(" ")[0]  # the table's head has the full text of "(1) …"; its number is enough here
    row = node.label if node.kind == "row" else ""
    return " – ".join(part for part in (row, group, option) if part)


PlaceState = Literal["missing", "damaged", "unmarked", "complete", "by_url", "optional", "not_asked"]
"""``unmarked``: files are attached, and the key passage is marked in none; ``by_url``: complete, a URL does instead."""
STATES: Final[tuple[PlaceState, ...]] = (
    *("missing", "damaged", "unmarked", "complete", "by_url", "optional", "not_asked"),
)
"""In the order in which they want something of the person."""
LEFT: Final[frozenset[PlaceState]] = frozenset({"missing", "damaged", "unmarked"})
"""What the person still has to do; "next missing" leads there."""

SortKey = Literal["code", "question", "asked", "files", "size", "marks", "state", "points"]
SORT_KEYS: Final[tuple[SortKey, ...]] = (*("code", "question", "asked", "files", "size", "marks", "state", "points"),)
EvidenceFilter = Literal["all", "asked", "left", "missing", "damaged", "unmarked", "complete", "optional", "not_asked"]
FILTERS: Final[tuple[EvidenceFilter, ...]] = (
    *("asked", "left", "missing", "damaged", "unmarked", "complete", "optional", "not_asked", "all"),
)
"""``asked`` is every place that is open now; ``left`` what the person still has to do."""

_STATES_OF: Final[Mapping[EvidenceFilter, frozenset[PlaceState]]] = {
    "all": frozenset(STATES),
    "asked": frozenset(STATES) - {"not_asked"},
    "left": LEFT,
    "missing": frozenset({"missing"}),
    "damaged": frozenset({"damaged"}),
    "unmarked": frozenset({"unmarked"}),
    "complete": frozenset({"complete", "by_url"}),
    "optional": frozenset({"optional"}),
    "not_asked": frozenset({"not_asked"}),
}
_ITEM = re.compile(r"#\d+")
_MOST_HITS = 10_000


@dataclass(frozen=True, slots=True)
class FileLine:
    """One attached file; ``damaged``: its content in the draft is damaged."""

    attachment: Attachment
    damaged: bool

    @property
    def sha256(self) -> str:
        """The SHA-256 of its content, in hex."""
        return self.attachment.sha256

    @property
    def name(self) -> str:
        """The name that it had when it was attached."""
        return self.attachment.name

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return self.attachment.size

    @property
    def pages(self) -> str:
        """The pages of its key passage, as written or from its marks."""
        return pages_of(self.attachment)


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One evidence slot.

    ``slot`` is its id, ``address`` the field that asks, ``question`` the address of its question, with that question's
    ``code`` and whole ``title``; ``label`` the text of row or option, ``item`` the present number of a repeat item,
    ``removed`` whether that item is not there any more.
    ``asked`` is the printed text of the request. ``points`` (out of 100) is what a file here would add to the
    defensible score; 0 if it adds nothing. ``place`` is the sort key for printed order.
    """

    slot: str
    address: str
    question: str
    section: str
    code: str
    title: str
    label: str
    item: int | None
    asked: str
    rule: Rule
    files: tuple[FileLine, ...]
    state: PlaceState
    points: Exact
    place: ProblemPlace
    removed: bool = False
    item_first: int = 1
    """The number that the form prints at the first item of the repeat."""

    @property
    def is_open(self) -> bool:
        """Whether the slot is open now: a file is asked for or may be attached."""
        return self.state != "not_asked"

    @property
    def size(self) -> int:
        """The size of its files together, in bytes."""
        return sum(one.size for one in self.files)

    @property
    def marked(self) -> int:
        """How many of its files have their key passage marked."""
        return sum(one.attachment.marked for one in self.files)

    @property
    def unmarked(self) -> tuple[str, ...]:
        """The SHA-256 of its files whose key passage is not marked; empty if it is not open."""
        return tuple(one.sha256 for one in self.files if not one.attachment.marked) if self.is_open else ()


def place_rows(form: Form, state: State, damaged: Collection[str] = ()) -> tuple[OverviewRow, ...]:
    """Return a row for every evidence slot of the form, in printed order. ``damaged``: SHA-256 of damaged files.

    Items of repeats that are not there have a row only if files are left there.

    They have no points yet, which take four times as long as everything else; see `with_points`.
    """
    answers = state.facts.answers
    now = numbered(form, answers)
    known: dict[str, tuple[str, str]] = {}
    rows = []
    for slot in form.slots.values():
        node = now.nodes[slot.node]
        if is_removed(node) and slot.id not in state.facts.evidence:
            continue
        question = question_of(form, slot.node)
        if question not in known:
            known[question] = (full_code(form, question), _title(form, question))
        code, title = known[question]
        request = request_of(form, slot)
        rows.append(
            OverviewRow(
                slot=slot.id,
                address=node.address,
                question=question,
                section=node.section,
                code=code,
                title=title,
                label=label_of(form, slot),
                item=node.number,
                item_first=first_number(form, node),
                removed=is_removed(node),
                asked=request.text if request is not None else "",
                rule=slot.rule,
                files=tuple(FileLine(one, one.sha256 in damaged) for one in state.facts.evidence.get(slot.id, ())),
                state=place_state(form, state, slot, damaged),
                points=0,
                place=place_of(form, node.address, slot.id),
            )
        )
    return tuple(rows)


def with_points(rules: Rules, state: State, rows: Iterable[OverviewRow]) -> tuple[OverviewRow, ...]:
    """Return rows with the points that a file at each slot would add."""
    points = {gain.slot: gain.points for gain in gains(rules, state)}
    return tuple(replace(row, points=points[row.slot]) if row.slot in points else row for row in rows)


def request_of(form: Form, slot: Slot) -> EvidenceRequest | None:
    """Return the printed request of a slot: that of the item, of the cell or its column, or of the option."""
    node = form.nodes[slot.node]
    if slot.option is None:
        return node.field.evidence
    if node.kind != "row":
        option = option_of(node, slot.option)
        return option.evidence if option is not None else None
    cell = node.row.cells.get(slot.option) if node.row is not None else None
    if cell is not None and cell.evidence is not None:
        return cell.evidence
    return next((one.evidence for one in node.field.columns if one.id == slot.option), None)


def count_states(rows: Iterable[OverviewRow]) -> Mapping[PlaceState, int]:
    """Count the rows by state; every state has a count."""
    counts: dict[PlaceState, int] = dict.fromkeys(STATES, 0)
    for row in rows:
        counts[row.state] += 1
    return counts


def chosen_rows(
    rows: Iterable[OverviewRow], wanted: EvidenceFilter = "all", section: str = "", found: Collection[str] | None = None
) -> tuple[OverviewRow, ...]:
    """Return the rows that are in one of the ``wanted`` states, in a section (empty: any), and in ``found``.

    ``unmarked`` finds every open row with an unmarked file, also one that is complete by another file or a URL.
    """
    states = _STATES_OF[wanted]
    return tuple(
        row
        for row in rows
        if (row.state in states or (wanted == "unmarked" and row.unmarked))
        and section in ("", row.section)
        and (found is None or row.slot in found)
    )


class PlaceFinder:
    """Finds rows of one form by what a person types. Caches the folded texts, since folding Thai is slow."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._folded: dict[str, str] = {}

    def find(self, rows: Iterable[OverviewRow], answers: Answers, query: str) -> frozenset[str] | None:
        """Return the slots that match a query: a code in any form, words of question, row or request, a file's name.

        None for a query without words. A question found by `search.find` gives all slots of that question, an option
        gives that option's slots.
        """
        words = tuple(filter(None, map(fold, query.split())))
        if not words:
            return None
        hits = find(self._index, answers, query, _MOST_HITS)
        if by_code := [hit for hit in hits if hit.rank < FIRST_WORD_RANK]:
            hits, words = tuple(by_code), (fold(query),)
        found = frozenset((_of_any_item(hit.address) if hit.any_item else hit.address, hit.option) for hit in hits)
        form, as_code = self._index.form, bool(by_code)
        return frozenset(row.slot for row in rows if _is_hit(form, row, found) or self._says(row, words, as_code))

    def _says(self, row: OverviewRow, words: tuple[str, ...], names_only: bool) -> bool:
        parts: list[str] = [one.name for one in row.files]
        if not names_only:
            parts += (row.code, row.title, row.label, row.asked, row.slot)
        text = " ".join(map(self._fold, parts))
        return all(word in text for word in words)

    def _fold(self, text: str) -> str:
        found = self._folded.get(text)
        if found is None:
            found = self._folded[text] = fold(text)
        return found


def sorted_rows(
    rows: Iterable[OverviewRow], key: SortKey = "code", *, descending: bool = False
) -> tuple[OverviewRow, ...]:
    """Return the sorted rows; equal rows stay in printed order in both directions."""
    printed = sorted(rows, key=lambda row: row.place)
    return tuple(sorted(printed, key=_ORDERS[key], reverse=descending))


def next_missing(rows: Sequence[OverviewRow], here: ProblemPlace, *, back: bool = False) -> OverviewRow | None:
    """Return the next slot after ``here`` (or before it) with something `LEFT` to do; the search wraps around.

    ``here`` is a place as `dgdesk.survey.rules.review.place_of` returns it; None if nothing is missing.
    """
    left = [row for row in sorted_rows(rows, descending=back) if row.state in LEFT]
    beyond = (row for row in left if (row.place < here if back else row.place > here))
    return next(beyond, left[0] if left else None)


def next_in_list(rows: Sequence[OverviewRow], at: int) -> int | None:
    """Return the index of the next listed row with something `LEFT` to do; None if there is none."""
    order = [*range(at + 1, len(rows)), *range(min(at + 1, len(rows)))]
    return next((number for number in order if rows[number].state in LEFT), None)


_ORDERS: Final[Mapping[SortKey, Callable[[OverviewRow], Any]]] = {
    "code": lambda row: row.place,
    "question": lambda row: (list_key(row.title), list_key(row.label)),
    "asked": lambda row: list_key(row.asked),
    "files": lambda row: (len(row.files), tuple(list_key(one.name) for one in row.files)),
    "size": lambda row: row.size,
    "marks": lambda row: (row.marked, tuple(list_key(one.pages) for one in row.files)),
    "state": lambda row: STATES.index(row.state),
    "points": lambda row: row.points,
}


def _title(form: Form, question: str) -> str:
    """Return a question's label, or that of the question around it if only its code is printed."""
    at = form.position[question]
    while at >= 0 and not form.nodes[at].label:
        at = form.nodes[at].parent
    return form.nodes[at].label if at >= 0 else ""


def place_state(form: Form, state: State, slot: Slot, damaged: Collection[str] = ()) -> PlaceState:
    """Return the state of one slot. ``damaged``: SHA-256 of damaged files."""
    facts = state.facts
    if not asks_for_evidence(form, facts.answers, state.shown, slot):
        return "not_asked"
    files = facts.evidence.get(slot.id, ())
    if any(one.sha256 in damaged for one in files):
        return "damaged"
    if satisfied(form, slot, facts.answers, facts.evidence):
        return "complete" if any(one.marked for one in files) else "by_url"
    if slot.rule == "optional":
        return "complete" if files else "optional"
    return "unmarked" if files else "missing"


def _of_any_item(address: str) -> str:
    return _ITEM.sub("#", address)


def _is_hit(form: Form, row: OverviewRow, hits: frozenset[tuple[str, str | None]]) -> bool:
    slot = form.slots[row.slot]
    at, option = slot.node, slot.option
    while at >= 0:
        address = form.nodes[at].address
        if not hits.isdisjoint((one, way) for one in (address, _of_any_item(address)) for way in (None, option)):
            return True
        option = form.nodes[at].gate
        at = form.nodes[at].parent
    return False
