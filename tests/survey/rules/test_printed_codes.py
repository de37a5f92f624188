"""Every code that the form prints finds its place, however it is typed: in search, for `set` and beside evidence."""

from __future__ import annotations

from functools import cache
from pathlib import PurePosixPath

import pytest

from dgdesk.draft.drafts import load_form
from dgdesk.folders.matcher import make_matcher
from dgdesk.folders.matching import match_path, slots_by_code
from dgdesk.survey.definition.form import WITHOUT_ANSWER
from dgdesk.survey.rules.codes import fields_by_code, full_code
from dgdesk.survey.rules.search import find
from dgdesk.survey.rules.search_index import make_index
from scenario import every_item

FORM = cache(load_form)
INDEX = cache(lambda: make_index(FORM()))
MATCHER = cache(lambda: make_matcher(FORM(), every_item(FORM())))
THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


@cache
def printed() -> dict[str, set[tuple[str, str | None]]]:
    """The places of every printed code, read from the form's data: questions, and options with a code of their own."""
    found: dict[str, set[tuple[str, str | None]]] = {}
    for node in FORM().nodes:
        if node.code is not None and any(map(str.isdigit, node.code)):
            found.setdefault(full_code(FORM(), node.address), set()).add((node.address, None))
        for option in node.field.options if node.kind in ("single", "multiple") else ():
            if option.code is not None and any(map(str.isdigit, option.code)):
                found.setdefault(option.code, set()).add((node.address, option.id))
    return found


def as_typed(code: str) -> tuple[str, ...]:
    return code, code.lower(), code.replace(".", ". "), code.translate(THAI), code.replace(".", "").replace(" ", "")


def test_the_form_prints_as_many_codes_as_ever() -> None:
    assert len(printed()) > 190
    assert {
        "A.2.1.1",
        "A2.1.3.1",
        "P1.3.3",
        "P4.2.2.2",
        "P4.3.1",
        "P4.4.3",
        "P5.2.1.1a",
        "P5.3.1.6",
    } <= printed().keys()


@pytest.mark.parametrize("way", range(5))
def test_search_finds_every_printed_code(way: int) -> None:
    lost = []
    for code, places in printed().items():
        hits = [(hit.address, hit.option) for hit in find(INDEX(), every_item(FORM()), as_typed(code)[way], most=500)]
        first = {(address.partition("#")[0], option) for address, option in hits[: len(places) + 8]}
        lost += [(code, place) for place in places if (place[0].partition("#")[0], place[1]) not in first]
    assert lost == []


@pytest.mark.parametrize("way", range(5))
def test_set_finds_the_place_of_every_printed_code(way: int) -> None:
    lost = []
    for code, places in printed().items():
        found = fields_by_code(FORM(), every_item(FORM()), as_typed(code)[way], of_options=True)
        wanted = {address for address, _ in places if FORM().node(address).kind not in WITHOUT_ANSWER}
        lost += [(code, address) for address in wanted if address not in found]
    assert lost == []


@pytest.mark.parametrize("way", range(5))
def test_attach_finds_the_slots_of_every_printed_code(way: int) -> None:
    lost = []
    for code, places in printed().items():
        found = slots_by_code(MATCHER(), as_typed(code)[way])
        for address, option in places:
            slots = [one.id for one in FORM().node(address).slots if option in (None, one.option)]
            lost += [(code, slot, found) for slot in slots if slot not in found]
    assert lost == []


def test_a_file_named_by_a_printed_code_goes_to_that_place_or_asks() -> None:
    lost = []
    for code, places in printed().items():
        slots = {
            one.id for address, option in places for one in FORM().node(address).slots if option in (None, one.option)
        }
        for typed in (code, code.replace(".", "")) if slots else ():
            found = match_path(MATCHER(), PurePosixPath(f"{typed} แผน.pdf"), frozenset())
            lost += [] if set(found.slots) & slots else [(typed, found)]
    assert lost == []


@pytest.mark.parametrize(
    ("typed", "slot"),
    [
        ("A.2.1.1", "p6.1.a.2.1/1"),
        ("A211", "p6.1.a.2.1/1"),
        ("a 2.1.1", "p6.1.a.2.1/1"),
        ("P1.3.3", "p1.3/yes"),
        ("P133", "p1.3/yes"),
        ("P5.2.1.1a", "p5.2.1.1/yes"),
        ("P2.1.4-4", "p2.1.4b#1"),
        ("P3.1-1 (2)", "p3.1.table:1:measure"),
    ],
)
def test_a_code_beside_a_request_for_evidence_finds_its_own_slot(typed: str, slot: str) -> None:
    found = slots_by_code(MATCHER(), typed)
    assert len(found) == 1 and found[0].startswith(slot.partition("/")[0]), found


def test_a_code_without_points_that_several_places_share_lists_them() -> None:
    both = fields_by_code(FORM(), every_item(FORM()), "P5312", of_options=True)
    assert {"p5.3.software.2", "p5.3.1.2"} <= set(both)


@pytest.mark.parametrize("node", [one for one in FORM().nodes if one.section == "general"], ids=lambda one: one.address)
def test_general_information_has_no_codes_and_is_found_by_its_words(node: object) -> None:
    hits = [hit.address for hit in find(INDEX(), every_item(FORM()), node.label, most=30)]
    assert node.code is None and node.address in hits[:5]


@pytest.mark.parametrize("typed", ["A4", "P99", "ห้อง A211", "2568", ""])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert fields_by_code(FORM(), every_item(FORM()), typed, of_options=True) == () == slots_by_code(MATCHER(), typed)
