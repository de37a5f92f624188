"""Bad definitions die here: each refusal with a small broken one."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.lint import DefinitionFlaw, lint
from dgdesk.text.messages import load_catalogue
from survey.definition.tiny import definition, text, yes_no

FILE = {"text": "(แนบหลักฐาน)"}
SKIP_BACK = {"skip": {"to": "q1", "text": "(ข้ามไปข้อ 1)"}}
MATRIX: dict[str, Any] = {
    "id": "m",
    "kind": "matrix",
    "label": "ตาราง",
    "columns": [{"id": "no", "label": "ไม่มี"}, {"id": "yes", "label": "มี"}],
    "rows": [{"id": "1", "label": "แถวแรก"}],
}
REPEAT: dict[str, Any] = {"id": "r", "kind": "repeat", "label": "รายการ", "max_items": "3", "fields": [text("r.name")]}


def chosen(field: str, option: str = "yes") -> dict[str, Any]:
    return {"chosen": [field, option]}


def check(**changes: Any) -> dict[str, Any]:
    return {"code": "check.x", "kind": "needs", "left": "q1", "right": "q2", "severity": "warning", **changes}


SOUND = [
    (yes_no("q1", yes={"evidence": FILE}), text("q2", when=chosen("q1"))),
    (MATRIX, REPEAT),
    (yes_no("q1", no={"skip": {"to": "q3", "text": "(ข้ามไปข้อ 3)"}}), text("q2"), text("q3")),
    (yes_no("q1", yes={"fields": [text("q1.a")]}), text("q2", when={"not_": chosen("q1")})),
]

# What is broken, and the flaw that says so.
DOUBLE_HEADING = DefinitionFlaw("lint.part_does_not_fit", "q1", "heading")
BROKEN: list[tuple[str, tuple[dict[str, Any], ...], DefinitionFlaw]] = [
    ("field twice", (text("q1"), yes_no("q1")), DefinitionFlaw("lint.duplicate_id", "q1", "2")),
    (
        "field twice, one of them deep inside",
        (text("q1"), yes_no("q2", yes={"fields": [text("q1")]})),
        DefinitionFlaw("lint.duplicate_id", "q1", "2"),
    ),
    ("a heading over the first question", (text("q1", heading="[1.1]"),), DOUBLE_HEADING),
    ("field named as its page", (text("s.page1"),), DefinitionFlaw("lint.duplicate_id", "s.page1", "2")),
    ("option twice", (yes_no("q1", yes={"id": "no"}),), DefinitionFlaw("lint.duplicate_id", "q1: no", "2")),
    (
        "row twice",
        ({**MATRIX, "rows": [{"id": "1", "label": "ก"}, {"id": "1", "label": "ข"}]},),
        DefinitionFlaw("lint.duplicate_id", "m: 1", "2"),
    ),
    (
        "column twice",
        ({**MATRIX, "columns": [{"id": "yes", "label": "มี"}, {"id": "yes", "label": "มี"}]},),
        DefinitionFlaw("lint.duplicate_id", "m: None.yes", "2"),
    ),
    (
        "one cell under two groups",
        (
            {
                **MATRIX,
                "groups": [{"id": "a", "label": "(1)"}, {"id": "b", "label": "(2)"}],
                "columns": [{"id": "yes", "label": "มี", "group": "a"}, {"id": "yes", "label": "มี", "group": "b"}],
                "rows": [{"id": "1", "label": "แถวแรก", "cells": {"yes": {"fields": [text("m.more")]}}}],
            },
        ),
        DefinitionFlaw("lint.duplicate_id", "m.more", "2"),
    ),
    ("single without options", ({"id": "q1", "kind": "single"},), DefinitionFlaw("lint.missing_part", "q1", "options")),
    (
        "multiple without options",
        ({"id": "q1", "kind": "multiple"},),
        DefinitionFlaw("lint.missing_part", "q1", "options"),
    ),
    ("matrix without rows", ({**MATRIX, "rows": []},), DefinitionFlaw("lint.missing_part", "m", "rows")),
    ("matrix without columns", ({**MATRIX, "columns": []},), DefinitionFlaw("lint.missing_part", "m", "columns")),
    (
        "repeat without a maximum",
        ({**REPEAT, "max_items": None},),
        DefinitionFlaw("lint.missing_part", "r", "max_items"),
    ),
    ("repeat without fields", ({**REPEAT, "fields": []},), DefinitionFlaw("lint.missing_part", "r", "fields")),
    (
        "options of a text",
        (text("q1", options=[{"id": "a", "label": "ก"}]),),
        DefinitionFlaw("lint.part_does_not_fit", "q1", "text: options"),
    ),
    (
        "evidence of a text",
        (text("q1", evidence=FILE),),
        DefinitionFlaw("lint.part_does_not_fit", "q1", "text: evidence"),
    ),
    (
        "fields of a text",
        (text("q1", fields=[text("q2")]),),
        DefinitionFlaw("lint.part_does_not_fit", "q1", "text: fields"),
    ),
    (
        "rows of a choice",
        (yes_no("q1", rows=MATRIX["rows"]),),
        DefinitionFlaw("lint.part_does_not_fit", "q1", "single: rows"),
    ),
    (
        "a maximum of a group",
        ({"id": "q1", "kind": "group", "max_items": "2"},),
        DefinitionFlaw("lint.part_does_not_fit", "q1", "group: max_items"),
    ),
    (
        "a repeat in a repeat",
        ({**REPEAT, "fields": [{**REPEAT, "id": "r.inner", "fields": [text("r.inner.name")]}]},),
        DefinitionFlaw("lint.repeat_in_repeat", "r", ""),
    ),
    (
        "a repeat under an option in a repeat",
        (
            {
                **REPEAT,
                "fields": [yes_no("r.q", yes={"fields": [{**REPEAT, "id": "r.in", "fields": [text("r.in.n")]}]})],
            },
        ),
        DefinitionFlaw("lint.repeat_in_repeat", "r", ""),
    ),
    (
        "a skip to nowhere",
        (yes_no("q1", no={"skip": {"to": "q9", "text": "(ข้ามไป)"}}),),
        DefinitionFlaw("lint.unknown_target", "q1", "q9"),
    ),
    ("a condition on nothing", (text("q1", when=chosen("q9")),), DefinitionFlaw("lint.unknown_target", "q1", "q9")),
    (
        "a condition on no such option",
        (yes_no("q1"), text("q2", when=chosen("q1", "maybe"))),
        DefinitionFlaw("lint.unknown_target", "q2", "q1/maybe"),
    ),
    (
        "a condition deep inside",
        (yes_no("q1"), text("q2", when={"all": [chosen("q1"), {"any": [{"not_": chosen("q9")}]}]})),
        DefinitionFlaw("lint.unknown_target", "q2", "q9"),
    ),
    (
        "a column of no group",
        ({**MATRIX, "groups": [{"id": "a", "label": "(1)"}]},),
        DefinitionFlaw("lint.unknown_target", "m", "column no: group None"),
    ),
    (
        "a cell of no column",
        ({**MATRIX, "rows": [{"id": "1", "label": "แถวแรก", "cells": {"maybe": {}}}]},),
        DefinitionFlaw("lint.unknown_target", "m", "row 1: column maybe"),
    ),
    (
        "evidence or a URL, without a URL",
        (yes_no("q1", yes={"evidence": {**FILE, "rule": "or_url"}}),),
        DefinitionFlaw("lint.missing_part", "q1", "url"),
    ),
    (
        "a URL that is no URL",
        (yes_no("q1", yes={"evidence": {**FILE, "rule": "or_url", "url": "q2"}}), text("q2")),
        DefinitionFlaw("lint.unknown_target", "q1", "q2"),
    ),
    ("itself as a condition", (yes_no("q1", when=chosen("q1")),), DefinitionFlaw("lint.cycle", "q1", "q1")),
    (
        "a circle of two conditions",
        (yes_no("q1", when=chosen("q2")), yes_no("q2", when=chosen("q1"))),
        DefinitionFlaw("lint.cycle", "q1", "q2"),
    ),
    (
        "a condition on what lies inside",
        (yes_no("q1", yes={"fields": [yes_no("q2")]}, when=chosen("q2")),),
        DefinitionFlaw("lint.cycle", "q1", "q2"),
    ),
    ("a skip backwards", (text("q1"), yes_no("q2", no=SKIP_BACK)), DefinitionFlaw("lint.cycle", "q2", "q1")),
    ("a skip to itself", (yes_no("q1", no=SKIP_BACK),), DefinitionFlaw("lint.cycle", "q1", "q1")),
    (
        "a skip into its own follow-ups",
        (yes_no("q1", no={"fields": [text("q1.a")], "skip": {"to": "q1.a", "text": "(ข้ามไป)"}}),),
        DefinitionFlaw("lint.cycle", "q1", "q1.a"),
    ),
    (
        "a condition that its own skip excludes",
        (
            yes_no("q1", no={"skip": {"to": "q3", "text": "(ข้ามไปข้อ 3)"}}),
            text("q2", when=chosen("q1", "no")),
            text("q3"),
        ),
        DefinitionFlaw("lint.unreachable", "q2", ""),
    ),
    (
        "a condition that contradicts itself",
        (yes_no("q1"), text("q2", when={"all": [chosen("q1"), chosen("q1", "no")]})),
        DefinitionFlaw("lint.unreachable", "q2", ""),
    ),
    (
        "a follow-up that the parent's option excludes",
        (yes_no("q1"), yes_no("q2", yes={"fields": [text("q2.a", when=chosen("q1"))]}, when=chosen("q1", "no"))),
        DefinitionFlaw("lint.unreachable", "q2.a", ""),
    ),
    (
        "a tone before its vowel",
        (text("q1", label="น\u0e49\u0e34ว"),),
        DefinitionFlaw("lint.broken_thai", "น\u0e49\u0e34ว", "mark.order น\u0e49\u0e34ว"),
    ),
]


@pytest.mark.parametrize("number", range(len(SOUND)))
def test_a_sound_definition_has_no_flaw(number: int) -> None:
    assert lint(definition(*SOUND[number])) == ()


@pytest.mark.parametrize(("name", "fields", "flaw"), BROKEN, ids=[name for name, _, _ in BROKEN])
def test_a_broken_definition_is_refused(name: str, fields: tuple[dict[str, Any], ...], flaw: DefinitionFlaw) -> None:
    assert flaw in lint(definition(*fields))


@pytest.mark.parametrize(
    ("broken", "target"),
    [
        (check(left="q9"), "q9"),
        (check(right="q9"), "q9"),
        (check(left_option="maybe"), "q1/maybe"),
        (check(right_option="maybe"), "q2/maybe"),
    ],
)
def test_a_check_of_nothing_is_refused(broken: dict[str, Any], target: str) -> None:
    assert lint(definition(yes_no("q1"), yes_no("q2"), checks=(broken,))) == (
        DefinitionFlaw("lint.unknown_target", "check.x", target),
    )


@pytest.mark.parametrize("kind", ["named", "all_named", "counted", "at_most"])
def test_a_check_that_counts_wants_a_number_and_the_items_of_a_repeat(kind: str) -> None:
    number, other = {"id": "n", "kind": "number"}, {"id": "n2", "kind": "number"}
    right = "n2" if kind == "at_most" else "r"
    wrong = "r" if kind == "at_most" else "n2"
    fields = (number, other, REPEAT)
    assert lint(definition(*fields, checks=(check(kind=kind, left="n", right=right, left_option=None),))) == ()
    assert lint(definition(*fields, checks=(check(kind=kind, left="n", right=wrong, left_option=None),))) == (
        DefinitionFlaw("lint.part_does_not_fit", "check.x", wrong),
    )


def test_a_number_that_must_be_above_zero_has_no_other_side() -> None:
    alone = {"code": "check.x", "kind": "positive", "left": "n", "severity": "warning"}
    assert lint(definition({"id": "n", "kind": "number"}, checks=(alone,))) == ()
    assert lint(definition(text("n"), checks=(alone,))) == (DefinitionFlaw("lint.part_does_not_fit", "check.x", "n"),)


def test_the_field_for_an_extension_is_a_text_beside_the_telephone() -> None:
    phone = {"id": "q1", "kind": "phone", "extension": "q2"}
    assert lint(definition(phone, text("q2"))) == ()
    for fields in ((phone,), (phone, yes_no("q2")), (phone, yes_no("q3", yes={"fields": [text("q2")]}))):
        assert DefinitionFlaw("lint.unknown_target", "q1", "q2") in lint(definition(*fields))
    assert DefinitionFlaw("lint.part_does_not_fit", "q1", "text: extension") in lint(
        definition(text("q1", extension="q2"), text("q2"))
    )


@pytest.mark.parametrize(
    "text_",
    ["\u0e48ที", "นํ้า", "เเผน", "ก\uf70aา", "คำ \u0e49าง", "ก  ข", "ก\u00a0ข", "ก\u200bข"],
    ids=["no base", "split am", "split ae", "private use", "torn", "two spaces", "odd space", "invisible"],
)
def test_broken_thai_is_refused_wherever_it_stands(text_: str) -> None:
    places: list[dict[str, Any]] = [
        text("q1", label=text_),
        text("q1", hint=text_),
        text("q1", unit=text_),
        text("q1", blanks=[text_]),
        text("q1", notes=[{"label": "หมายเหตุ", "items": [{"text": text_}]}]),
        text("q1", notes_after=[{"text": text_}]),
        yes_no("q1", yes={"label": text_}),
        yes_no("q1", yes={"evidence": {"text": text_}}),
        yes_no("q1", no={"skip": {"to": "q2", "text": text_}}),
        {**MATRIX, "headings": [text_]},
        {**MATRIX, "rows": [{"id": "1", "label": text_}]},
        {**REPEAT, "evidence": {"text": text_}},
    ]
    for field in places:
        codes = {flaw.code for flaw in lint(definition(field, text("q2")))}
        assert codes == {"lint.broken_thai"}, field


def test_a_section_needs_a_title() -> None:
    assert DefinitionFlaw("lint.missing_part", "s", "title") in lint(definition(text("q1"), title=""))


SHORTS = [("", "lint.missing_part"), ("ก" * 29, "lint.long_short"), ("หน้า ่ที่", "lint.broken_thai")]


@pytest.mark.parametrize(("short", "code"), SHORTS)
def test_a_short_name_is_there_short_and_sound(short: str, code: str) -> None:
    assert {flaw.code for flaw in lint(definition(text("q1"), short=short))} == {code}


def test_two_pages_of_a_section_do_not_have_the_same_short_name(form: Form) -> None:
    first, second = form.definition.sections[2].pages[:2]
    twice = second.model_copy(update={"short": first.short})
    section = form.definition.sections[2].model_copy(update={"pages": (first, twice)})
    alone = {"sections": (section,), "checks": (), "respondent": None, "contact": None}
    broken = form.definition.model_copy(update=alone)
    assert {flaw.code for flaw in lint(broken)} == {"lint.double_short"}


def test_the_real_edition_is_clean(form: Form) -> None:
    assert lint(form.definition) == ()


def test_every_flaw_is_worded_in_thai_and_in_english() -> None:
    thai, english = load_catalogue("th"), load_catalogue("en")
    codes = {flaw.code for _, _, flaw in BROKEN} | {code for _, code in SHORTS} | {"lint.double_short"}
    assert codes == {code for code in thai.messages if code.startswith("lint.")} - {"lint.rubric", "lint.search"}
    for code in codes:
        assert re.search("[ก-๛]", thai.text(code, item="q1", detail="x"))
        assert "q1" in english.text(code, item="q1", detail="x")


@pytest.mark.parametrize(
    ("field", "detail"),
    [
        (yes_no("q1", no={"negative": "true"}, yes={"negative": "true"}), "negative twice"),
        (yes_no("q1", no={"negative": "true", "evidence": FILE}), "negative: no"),
        ({**yes_no("q1", no={"negative": "true"}), "kind": "multiple"}, "negative: no"),
        (
            {**MATRIX, "id": "q1", "columns": [{"id": "no", "label": "ไม่มี", "negative": "true", "evidence": FILE}]},
            "negative: no",
        ),
        (
            {
                **MATRIX,
                "id": "q1",
                "columns": [{"id": "no", "label": "ไม่มี", "negative": "true"}],
                "rows": [{"id": "1", "label": "แถวแรก", "cells": {"no": {"fields": [text("q1.why")]}}}],
            },
            "negative: 1: no",
        ),
    ],
)
def test_no_is_said_once_alone_and_without_proof(field: dict[str, Any], detail: str) -> None:
    assert DefinitionFlaw("lint.part_does_not_fit", "q1", detail) in lint(definition(field))
    sound = {**yes_no("q1", no={"negative": "true", "exclusive": "true"}), "kind": "multiple"}
    assert lint(definition(sound)) == ()
