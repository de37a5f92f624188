"""The questionnaire's data against the facts of its source text, item by item: words, codes, marks, requests, skips.

``facts.json`` was drawn from the source by ``make_facts.py``, which knows nothing of the data. Where the two differ,
the difference stands here with its reason. One that is no more must go from here too: every entry is proved needed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from dgdesk.resources import resource
from dgdesk.survey.definition.build import build_form
from dgdesk.survey.definition.load import load_definition
from dgdesk.survey.definition.models import Definition
from survey_source.reading import Piece, Sort, read
from survey_source.reconcile import Difference, Line, holds, lay, misspelt
from survey_source.skeleton import digest, skeleton

FACTS: dict[str, Any] = json.loads(Path(__file__).with_name("facts.json").read_text(encoding="utf-8"))
LINES = [Line.of(fact) for fact in FACTS["lines"]]
CHANNELS = ("website", "email", "line", "social", "other")
_TABLE = "p3.1.table"

DIFFERENCES = (
    Difference(
        "moved", (6,), ("general.title",), "the legend is printed before the first section's title; here inside"
    ),
    Difference(
        "again",
        (77,),
        ("indicator.4.head1", "indicator.4.head2"),
        "the head of indicator 4's table, on its second page",
    ),
    Difference("again", (405, 406), ("p1.2.note2",), "link annotations of the page, drawn out under it"),
    Difference(
        "moved",
        (531, 532, 533, 534),
        tuple(f"p2.1.2.table:1.{part}" for part in ("note1.label", "note1", "note2.label", "note2")),
        'printed inside the cell "มี", after its label; a cell has no notes, so they stand under the row',
    ),
    Difference(
        "again",
        (1014, 1016, 1017, 1018, 1020, 1021, 1023, 1024, 1026, 1027, 1029, 1030, 1032, 1033, 1035, 1036),
        (
            f"{_TABLE}.label",
            f"{_TABLE}.group.train",
            f"{_TABLE}.group.measure",
            *(
                f"{_TABLE}.column.{group}:{part}"
                for group in ("train", "measure")
                for part in ("no.label", "yes.label", "yes.evidence")
            ),
        ),
        "the head of P3.1's table, on its second page",
    ),
    Difference("again", (1158,), ("p4.3.means/policy.label",), "a link annotation of the page"),
    Difference("again", (1159,), ("p4.3.means/policy.label",), "the same one, of the link's second line"),
    Difference("again", (1160,), ("p4.3.means/policy.label",), "a link annotation of the page"),
    Difference(
        "moved",
        (1220, 1221),
        ("p4.6.heading2",),
        "the second head of P4.6's table is printed beside the first, whose second line comes after the channels",
    ),
    Difference(
        "moved",
        (1223, 1224, 1225),
        ("p4.6.1.channels.label",),
        "the head over P4.6's channels is their label, shown where they are asked",
    ),
    Difference(
        "moved",
        (1227, 1228, 1229, 1231, 1232, 1234),
        tuple(f"p4.6.1.channels/{channel}.label" for channel in CHANNELS),
        "the heads of P4.6's columns are the labels of its options",
    ),
    *(
        Difference(
            "moved",
            (line,),
            (f"p5.1.table:{row}.label", f"p5.1.{row}.name.label"),
            "the blank printed in the row's label is asked when the row's \"มี\" is chosen",
        )
        for line, row in ((1425, 13), (1432, 14), (1439, 15), (1446, 16))
    ),
    Difference("moved", (2179,), ("p8.title",), "part 8's heading, torn to between two options of P8.3.1"),
)

# Pieces of the data that the source does not print there, and why; a name ending in * stands for all that begin so.
OWN = {
    "edition.title": "the printed form has no cover",
    "general.province/*": "the printed form has a blank; the program lets choose from the 76",
    "p2.1.4a.code": "printed once, before the option that opens these blanks",
    "p2.1.4b.code": "as P2.1.4a",
    "p2.1.4c.code": "as P2.1.4a",
    **{
        f"p4.6.{row}.channels/{channel}.label": "printed once, as the head of the table's column"
        for row in (2, 3)
        for channel in CHANNELS
    },
    **{f"p4.6.{row}.channels.label": "printed once, over all channels of the table" for row in (2, 3)},
    "p2.3.1.2/none.label": "decision 7 of the survey: none of the three printed channels may be true",
    "p5.3/none.label": "decision 6 of the survey: P5.3 prints no way to say that there is none",
    "p6.2.1.2a.code": "printed once, before the option that opens these standards",
    "p6.2.1.2b.code": "as P6.2.1.2a",
    "p8.3.1.code": "printed once, before the option that opens these topics",
}

# Lines whose vowels and tones differ, and those whose punctuation does.
MARKS = {
    20: "the source lost the tone of คล้อง",
    22: "the source lost the silencer of ไซเบอร์ and the tone of ข้อง",
}
SIGNS = {
    **dict.fromkeys((131, 141, 152, 181), "the dot after G1 to G4 is not part of the code"),
    **dict.fromkeys((138, 149, 150, 164, 658, 680), "a bracket around a blank is not text"),
    616: "the sixth number is printed with a comma",
    1086: "a bracket around the label of the blanks that follow",
    **dict.fromkeys((1146, 1147), "the link is cut at its hyphen, which goes with the second line here"),
    **dict.fromkeys((1619, 2093), "the source lost one bracket of the request"),
}

# Marks of the data that the source does not show: where (a beginning of names), and why.
BOXES_LOST = ("g4.1/", "p1.1a2/", "p4.4.2/", "p4.6.1.channels/", "p4.6.2.channels/", "p4.6.3.channels/", "p8.")
UNPRINTED_MARKS = {
    "general.province/": "a blank on the printed form",
    "p2.1.4a#": "the numbered blanks carry no box",
    "p2.1.4b#": "as P2.1.4a",
    "p2.1.4c#": "as P2.1.4a",
    "p2.3.1.3.sets#": "the rows of the table carry no box",
    "p4.2.1.services#": "the numbered blanks carry no box",
    "p2.3.1.2/none": "the program's own",
    "p5.3/none": "the program's own",
}
# Marks of the source that the data has not.
PRINTED_MARKS: dict[tuple[str, Sort], str] = {
    ("general", "radio"): "the legend shows the sign",
    ("p7", "check"): "a stray box before line 2008, 3.1 of 7.1.10.1",
}
# Blanks that the source draws with spaces, and the one that it draws in excess.
BLANKS_OF_SPACES = ("general.", "g3.projects.")
PRINTED_BLANKS = {"p2": 1}  # a row of underscores after the request at 1.1.3 of P2.3.1.3


@pytest.fixture(scope="module")
def definition() -> Definition:
    return load_definition(resource("questionnaires/th-province-2568"))


@pytest.fixture(scope="module")
def pieces(definition: Definition) -> tuple[Piece, ...]:
    return read(definition)


def is_own(piece: Piece, own: dict[str, str] = OWN) -> bool:
    return piece.where in own or any(name[-1] == "*" and piece.where.startswith(name[:-1]) for name in own)


def by_section(pieces: tuple[Piece, ...], *sorts: Sort) -> dict[str, list[Piece]]:
    found: dict[str, list[Piece]] = {section: [] for section in FACTS["first_lines"]}
    for piece in pieces:
        if piece.sort in sorts and piece.section in found:
            found[piece.section].append(piece)
    return found


# --- The words ----------------------------------------------------------------------------------------------------


def test_source_and_data_hold_the_same_words_in_the_same_order(pieces: tuple[Piece, ...]) -> None:
    assert lay(LINES, pieces, DIFFERENCES, is_own) == []


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: f"line {difference.lines[0]}")
def test_the_words_of_a_listed_line_stand_where_the_list_says(
    difference: Difference, pieces: tuple[Piece, ...]
) -> None:
    assert set(difference.lines) <= {line.number for line in LINES}
    assert holds(difference, LINES, pieces)


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: f"line {difference.lines[0]}")
def test_no_listed_difference_is_stale(difference: Difference, pieces: tuple[Piece, ...]) -> None:
    others = tuple(other for other in DIFFERENCES if other != difference)
    assert lay(LINES, pieces, others, is_own)


@pytest.mark.parametrize("name", OWN)
def test_no_listed_own_text_is_stale(name: str, pieces: tuple[Piece, ...]) -> None:
    others = {other: reason for other, reason in OWN.items() if other != name}
    assert any(is_own(piece, {name: ""}) for piece in pieces)
    assert lay(LINES, pieces, DIFFERENCES, lambda piece: is_own(piece, others))


def test_a_lost_word_an_invented_one_and_a_swap_are_seen(pieces: tuple[Piece, ...]) -> None:
    at = next(at for at, piece in enumerate(pieces) if piece.where == "p6.2.1.2/a.label")
    lost = (*pieces[:at], *pieces[at + 1 :])
    invented = (*pieces[:at], Piece("p6", "p6.invented", "text", "ก"), *pieces[at:])
    swapped = (*pieces[: at - 1], pieces[at], pieces[at - 1], *pieces[at + 1 :])
    for changed in (lost, invented, swapped):
        assert lay(LINES, changed, DIFFERENCES, is_own)


def test_vowels_tones_and_punctuation_are_the_sources_line_by_line(pieces: tuple[Piece, ...]) -> None:
    assert misspelt(LINES, pieces, DIFFERENCES, is_own) == {"marks": set(MARKS), "signs": set(SIGNS)}


def test_a_lost_tone_and_a_lost_bracket_are_seen(pieces: tuple[Piece, ...]) -> None:
    at = next(at for at, piece in enumerate(pieces) if piece.where == "p6.2.2.table:3.label")
    for lost, kind in (("ื", "marks"), ("่", "marks"), (".", "signs")):
        text = pieces[at].text
        assert lost in text
        changed = (*pieces[:at], replace(pieces[at], text=text.replace(lost, "", 1)), *pieces[at + 1 :])
        assert lay(LINES, changed, DIFFERENCES, is_own) == []
        known = set(MARKS if kind == "marks" else SIGNS)
        assert misspelt(LINES, changed, DIFFERENCES, is_own)[kind] > known


# --- Codes --------------------------------------------------------------------------------------------------------


def test_every_printed_code_is_in_the_data_and_no_other_in_the_printed_order(pieces: tuple[Piece, ...]) -> None:
    printed = tuple(piece for piece in pieces if not is_own(piece))
    assert {
        section: [piece.text for piece in codes] for section, codes in by_section(printed, "code").items()
    } == FACTS["codes"]


def test_the_codes_that_the_form_prints_twice_are_the_known_ones(pieces: tuple[Piece, ...]) -> None:
    # Plain numbers (2.1, 3.1 …) name a place in their table or question, not a question of the form.
    codes = [piece.text for piece in pieces if piece.sort == "code" and not is_own(piece)]
    printed = Counter(code for code in codes if not re.match(r"\d+\.1$", code))
    assert {code: count for code, count in printed.items() if count > 1} == dict.fromkeys(
        ("P5.3.1.1", "P5.3.1.2", "P5.3.1.3", "P8.2.1.1", "P8.2.2.1", "P8.3.2"), 2
    )


# --- Marks and blanks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "glyphs"), [("radio", ("U+F081", "U+F099")), ("check", ("U+F0FF", "U+F0A8", "U+F02A"))]
)
def test_every_mark_of_the_source_is_an_option_a_cell_or_an_item(
    sort: Sort, glyphs: tuple[str, ...], pieces: tuple[Piece, ...]
) -> None:
    printed = {section: sum(counts.get(glyph, 0) for glyph in glyphs) for section, counts in FACTS["glyphs"].items()}
    unseen = (*UNPRINTED_MARKS, *(BOXES_LOST if sort == "check" else ()))
    expected = {
        section: sum(not mark.where.startswith(unseen) for mark in marks) + ((section, sort) in PRINTED_MARKS)
        for section, marks in by_section(pieces, sort).items()
    }
    assert printed == expected


def test_the_boxes_lost_in_the_source_are_those_the_survey_counts(pieces: tuple[Piece, ...]) -> None:
    lost = Counter(
        start for piece in pieces for start in BOXES_LOST if piece.sort == "check" and piece.where.startswith(start)
    )
    assert lost == {
        "g4.1/": 11,
        "p1.1a2/": 12,
        "p4.4.2/": 7,
        "p4.6.1.channels/": 5,
        "p4.6.2.channels/": 5,
        "p4.6.3.channels/": 5,
        "p8.": 33,
    }
    # The survey's README counts 78 with the legend's. Then one option here has no box on paper: perhaps P8.3.1, whose
    # line opens a list of its own. The text does not tell.
    assert lost.total() == 78


@pytest.mark.parametrize("name", UNPRINTED_MARKS)
def test_no_listed_mark_is_stale(name: str, pieces: tuple[Piece, ...]) -> None:
    assert any(piece.sort in ("radio", "check") and piece.where.startswith(name) for piece in pieces)


def test_every_blank_of_the_source_is_a_field(pieces: tuple[Piece, ...]) -> None:
    expected = {
        section: sum(not blank.where.startswith(BLANKS_OF_SPACES) for blank in blanks) + PRINTED_BLANKS.get(section, 0)
        for section, blanks in by_section(pieces, "blank").items()
    }
    assert expected == FACTS["blanks"]


# --- Evidence -----------------------------------------------------------------------------------------------------

HEADS = {"p1": 2, "p2": 2, "p3": 2, "p6": 2}  # the heads of P1.2a, P2.4, P3.1 and P6.2.2 ask too, once per column
HEADS_AGAIN = {"p3": 2}  # on the second page of P3.1's table


def test_every_request_for_evidence_is_in_the_data_with_its_wording(pieces: tuple[Piece, ...]) -> None:
    asked = {
        section: Counter(digest(skeleton(piece.text)) for piece in requests)
        for section, requests in by_section(pieces, "evidence").items()
    }
    for section, count in HEADS_AGAIN.items():
        asked[section][digest(skeleton("แนบเอกสารหลักฐาน"))] += count
    assert asked == FACTS["requests"]


def test_the_places_for_evidence_are_the_printed_requests_and_one_more(definition: Definition) -> None:
    form = build_form(definition)
    places = Counter(form.nodes[slot.node].section for slot in form.slots.values())
    printed = {section: sum(requests.values()) for section, requests in FACTS["requests"].items()}
    assert sum(printed.values()) == 230
    expected = {
        section: count - HEADS.get(section, 0) - HEADS_AGAIN.get(section, 0)
        for section, count in printed.items()
        if count
    }
    assert sum(expected.values()) == 220
    expected["p6"] += 1
    assert places == expected
    assert [slot.id for slot in form.slots.values() if slot.rule == "optional"] == ["p6.2.2.table:2/yes"]


# --- Skips, links, limits, units ----------------------------------------------------------------------------------


def test_the_ten_skips_lead_where_they_are_printed_to_lead(definition: Definition, pieces: tuple[Piece, ...]) -> None:
    by_id = {field.id: field for field in definition.fields()}
    targets = {
        f"{field.id}/{option.id}.skip": by_id[option.skip.to].code
        for field in definition.fields()
        for option in field.options
        if option.skip is not None
    }
    assert len(targets) == 10
    found = by_section(pieces, "skip")
    assert {section: [str(targets[skip.where]).lower() for skip in skips] for section, skips in found.items()} == FACTS[
        "skips"
    ]
    assert all(str(targets[skip.where]) in skip.text for skip in chain.from_iterable(found.values()))


def test_every_link_is_in_the_data_letter_by_letter(pieces: tuple[Piece, ...]) -> None:
    again = {line for difference in DIFFERENCES if difference.how == "again" for line in difference.lines}
    printed = [fact.split() for fact in FACTS["links"]]
    links = [link for piece in pieces for link in re.findall(r"https?://[\w./%~-]*[\w/]", piece.text)]
    assert [digest(link) for link in links] == [link for line, link in printed if int(line) not in again]


def test_every_unit_stands_after_its_blank(pieces: tuple[Piece, ...]) -> None:
    assert {
        section: [digest(skeleton(unit.text)) for unit in units]
        for section, units in by_section(pieces, "unit").items()
    } == FACTS["units"]


def test_no_more_items_than_the_form_allows(pieces: tuple[Piece, ...]) -> None:
    named = {
        section: [
            int(limit) for text in texts for limit in re.findall(r"ไม่เกิน (\d+) (?=โครงการ|บริการ|ชุดข้อมูล)", text.text)
        ]
        for section, texts in by_section(pieces, "text").items()
    }
    assert named == FACTS["limits"]
    limits = {limit.where.removesuffix(".limit"): limit.text for limit in pieces if limit.sort == "limit"}
    assert limits == {
        "g3.projects": "5",
        "p2.1.4a": "3",
        "p2.1.4b": "3",
        "p2.1.4c": "3",
        "p2.3.1.3.sets": "5",
        "p4.2.1.services": "5",
        **{f"p7.1.{number}.1": "3" for number in range(1, 13)},
        **{f"p7.1.13.{number}": "3" for number in range(1, 4)},
    }
