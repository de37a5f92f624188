"""What is wrong or missing: every code reachable, worded in Thai and English, with the field to jump to."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import yaml

from dgdesk.resources import resource
from dgdesk.text.messages import load_catalogue
from scenario import PROOF, UNMARKED, Scenario

ERROR, WARNING = "error", "warning"


def check_total(form: Scenario) -> None:
    form.answer("p4.1", "known").answer("p4.1.count", "1").answer("p4.1.1", "known").answer("p4.1.1.count", "2")


def check_full(form: Scenario) -> None:
    score_of(form, "5", "4")


def score_of(form: Scenario, score: str, full: str) -> Scenario:
    form.answer("p4.2.2", "yes").answer("p4.2.2.satisfaction", "score")
    return form.answer("p4.2.2.3", score).answer("p4.2.2.3.full", full)


def count_services(form: Scenario, count: str) -> Scenario:
    return form.answer("p4.2.1", "known").answer("p4.2.1.count", count)


def name_services(form: Scenario, names: int) -> Scenario:
    items = [str(number) for number in range(1, names + 1)]
    form.answer("p4.2.1.services", items)
    for item in items:
        form.answer(f"p4.2.1.services.name#{item}", f"บริการที่ {item}")
    return form


# How each code comes about: code, severity, the field to jump to, the place for evidence, and the story.
STORIES = {
    "missing.answer": (ERROR, "general.address", None, lambda form: form),
    "missing.choice": (ERROR, "g1", None, lambda form: form),
    "missing.choices": (ERROR, "g4.1", None, lambda form: form.answer("g4", "yes")),
    "missing.row": (ERROR, "p1.2a:1.1", None, lambda form: form),
    "missing.month_year": (ERROR, "p1.4.1", None, lambda form: form.answer("p1.4", "doing")),
    "missing.evidence": (ERROR, "p1.4", "p1.4/yes", lambda form: form.answer("p1.4", "yes")),
    "missing.evidence_or_url": (ERROR, "p2.2.1.1", "p2.2.1.1/yes", lambda form: form.answer("p2.2.1.1", "yes")),
    "evidence.unmarked": (
        ERROR,
        "p1.4",
        "p1.4/yes",
        lambda form: form.answer("p1.4", "yes").attach("p1.4/yes", UNMARKED),
    ),
    "evidence.unmarked_file": (
        WARNING,
        "p1.4",
        "p1.4/yes",
        lambda form: form.answer("p1.4", "yes").attach("p1.4/yes", PROOF, UNMARKED),
    ),
    "month_year.past": (WARNING, "p1.4.1", None, lambda form: form.answer("p1.4", "doing").answer("p1.4.1", "1/2560")),
    "month_year.far": (WARNING, "p1.4.1", None, lambda form: form.answer("p1.4", "doing").answer("p1.4.1", "10/2269")),
    "check.names_missing": (ERROR, "p4.2.1.count", None, lambda form: count_services(form, "3")),
    "check.names_too_few": (WARNING, "p4.2.1.count", None, lambda form: name_services(count_services(form, "3"), 2)),
    "check.names_too_many": (WARNING, "p4.2.1.count", None, lambda form: name_services(count_services(form, "2"), 5)),
    "check.total_unknown": (
        WARNING,
        "p4.1",
        None,
        lambda form: form.answer("p4.1", "unknown").answer("p4.1.1", "known").answer("p4.1.1.count", "5"),
    ),
    "check.site_denied": (WARNING, "p4.5.1", None, lambda form: form.answer("p4.5.1", "no").answer("p2.1.1.1", "yes")),
    "check.site_denied_address": (
        WARNING,
        "p4.5.1",
        None,
        lambda form: (
            form.answer("p4.5.1", "no")
            .answer("p4.6.1", "yes")
            .answer("p4.6.1.channels", "website")
            .answer("p4.6.1.1", "www.example.go.th")
        ),
    ),
    "check.shared_over_open": (
        WARNING,
        "p2.2.1.2c",
        None,
        lambda form: form.answer("p2.2.1.2", "yes").answer("p2.2.1.2b", "3").answer("p2.2.1.2c", "4"),
    ),
    "check.sample_zero": (
        WARNING,
        "p4.2.2.1",
        None,
        lambda form: form.answer("p4.2.2", "yes").answer("p4.2.2.sample", "known").answer("p4.2.2.1", "0"),
    ),
    "check.full_zero": (ERROR, "p4.2.2.3.full", None, lambda form: score_of(form, "4", "0")),
    "check.training_zero": (
        WARNING,
        "p6.2.2.2.times",
        None,
        lambda form: form.answer("p6.2.2.table:2", "yes").answer("p6.2.2.2.times", "0"),
    ),
    "phone.extension_digits": (
        ERROR,
        "general.extension",
        None,
        lambda form: form.answer("general.extension", "คุณสมศรี"),
    ),
    "phone.extension_taken": (
        ERROR,
        "general.office_phone",
        None,
        lambda form: form.answer("general.office_phone", "0 2123 4567 ต่อ 12").answer("general.extension", "13"),
    ),
    "check.digital_over_total": (WARNING, "p4.1.1.count", None, check_total),
    "check.score_over_full": (ERROR, "p4.2.2.3", None, check_full),
    "check.measured_without_training": (
        WARNING,
        "p3.1.table:1:measure",
        None,
        lambda form: form.answer("p3.1.table:1:measure", "yes"),
    ),
    "check.services_without_digital": (WARNING, "p4.2.2", None, lambda form: form.answer("p4.2.2", "yes")),
    "value.unknown_option": (ERROR, "g1", None, lambda form: form.mistype("g1", "maybe")),
    "value.exclusive": (ERROR, "p5.3", None, lambda form: form.mistype("p5.3", "1,none")),
    "value.chosen_twice": (ERROR, "p5.3", None, lambda form: form.mistype("p5.3", "1,1")),
    "value.wrong_type": (ERROR, "p5.3", None, lambda form: form.mistype("p5.3", "[1]")),
    "value.too_many_items": (
        ERROR,
        "g3.projects",
        None,
        lambda form: form.answer("g3", "yes").mistype("g3.projects", "6"),
    ),
    "value.item_twice": (
        ERROR,
        "g3.projects",
        None,
        lambda form: form.answer("g3", "yes").mistype("g3.projects", "1,1"),
    ),
    "value.unknown_item": (
        ERROR,
        "g3.projects",
        None,
        lambda form: form.answer("g3", "yes").mistype("g3.projects", "01"),
    ),
    "value.too_long": (ERROR, "general.first_name", None, lambda form: form.mistype("general.first_name", "ก" * 1001)),
    "number.bad": (ERROR, "p4.1.count", None, lambda form: form.answer("p4.1", "known").mistype("p4.1.count", "หก")),
    "number.too_small": (
        ERROR,
        "p4.1.count",
        None,
        lambda form: form.answer("p4.1", "known").mistype("p4.1.count", "-1"),
    ),
    "number.out_of_range": (
        ERROR,
        "p4.2.2.2",
        None,
        lambda form: form.answer("p4.2.2", "yes").answer("p4.2.2.satisfaction", "percent").mistype("p4.2.2.2", "101"),
    ),
    "number.not_whole": (
        ERROR,
        "p4.1.count",
        None,
        lambda form: form.answer("p4.1", "known").mistype("p4.1.count", "1.5"),
    ),
    "number.too_precise": (
        ERROR,
        "p4.2.2.2",
        None,
        lambda form: (
            form.answer("p4.2.2", "yes").answer("p4.2.2.satisfaction", "percent").mistype("p4.2.2.2", "87.123")
        ),
    ),
    "month.era": (ERROR, "p1.4.1", None, lambda form: form.answer("p1.4", "doing").mistype("p1.4.1", "ต.ค. พ.ศ. 2025")),
    "missing.details": (WARNING, "g4.1.2", None, lambda form: form.answer("g4", "yes").answer("g4.1", ["2"])),
    "month.bad": (ERROR, "p1.4.1", None, lambda form: form.answer("p1.4", "doing").mistype("p1.4.1", "ปีหน้า")),
    "month.day": (ERROR, "p1.4.1", None, lambda form: form.answer("p1.4", "doing").mistype("p1.4.1", "31/9/2568")),
    "url.slashes": (
        ERROR,
        "p2.1.1.2",
        None,
        lambda form: form.answer("p2.1.1.1", "yes").mistype("p2.1.1.2", "https:/example.go.th"),
    ),
    "month.number": (ERROR, "p1.4.1", None, lambda form: form.answer("p1.4", "doing").mistype("p1.4.1", "13/2568")),
    "month.no_year": (ERROR, "p1.4.1", None, lambda form: form.answer("p1.4", "doing").mistype("p1.4.1", "มีนาคม")),
    "month.no_month": (ERROR, "p1.4.1", None, lambda form: form.answer("p1.4", "doing").mistype("p1.4.1", "2568")),
    "month.year": (ERROR, "p1.4.1", None, lambda form: form.answer("p1.4", "doing").mistype("p1.4.1", "มีนาคม 256")),
    "number.commas": (
        ERROR,
        "p4.1.count",
        None,
        lambda form: form.answer("p4.1", "known").mistype("p4.1.count", "1,23"),
    ),
    "url.bad": (ERROR, "p2.1.1.2", None, lambda form: form.answer("p2.1.1.1", "yes").mistype("p2.1.1.2", "a.go.th:0")),
    "value.piled_marks": (
        ERROR,
        "general.first_name",
        None,
        lambda form: form.mistype("general.first_name", "ก" + "\u0e48" * 31),
    ),
    "url.space": (ERROR, "p2.1.1.2", None, lambda form: form.answer("p2.1.1.1", "yes").mistype("p2.1.1.2", "a b.th")),
    "url.scheme": (
        ERROR,
        "p2.1.1.2",
        None,
        lambda form: form.answer("p2.1.1.1", "yes").mistype("p2.1.1.2", "ftp://example.go.th"),
    ),
    "url.host": (ERROR, "p2.1.1.2", None, lambda form: form.answer("p2.1.1.1", "yes").mistype("p2.1.1.2", "ไม่มี")),
    "email.bad": (ERROR, "general.email", None, lambda form: form.mistype("general.email", "name..x@example.go.th")),
    "email.no_at": (ERROR, "general.email", None, lambda form: form.mistype("general.email", "name(at)example")),
    "phone.mobile_digits": (ERROR, "general.mobile", None, lambda form: form.mistype("general.mobile", "08 1234 567")),
    "phone.land_line": (WARNING, "general.mobile", None, lambda form: form.answer("general.mobile", "0 2123 4567")),
    "url.one_only": (
        ERROR,
        "p2.1.1.2",
        None,
        lambda form: form.answer("p2.1.1.1", "yes").mistype("p2.1.1.2", "www.a.go.th, www.b.go.th"),
    ),
    "phone.bad": (ERROR, "general.mobile", None, lambda form: form.mistype("general.mobile", "12")),
    "phone.extension": (
        ERROR,
        "general.office_phone",
        None,
        lambda form: form.mistype("general.office_phone", "02-123-4567 ต่อ"),
    ),
}


MISTYPED = {
    "number.words": ("p4.1.count", "12 %"),
    "url.together": ("p2.1.1.2", "www.a.go.thและwww.b.go.th"),
    "url.email": ("p2.1.1.2", "name@example.go.th"),
    "url.user": ("p2.1.1.2", "https://name:word@example.go.th"),
    "url.characters": ("p2.1.1.2", "a<b>.th"),
    "email.host": ("general.email", "name@example"),
    "email.words": ("general.email", "สมชาย name@example.go.th"),
    "email.together": ("general.email", "a@example.go.thb@example.go.th"),
    "phone.together": ("general.office_phone", "0531122330531122344"),
    "phone.range": ("general.office_phone", "0 5311 2234-3"),
    "phone.fax": ("general.office_phone", "โทรสาร 0 5311 2233"),
    "phone.words": ("general.office_phone", "ไม่มี"),
    "phone.land_digits": ("general.office_phone", "0531122334"),
    "phone.zero": ("general.office_phone", "5311 2233"),
}


def mistyped(address: str, typed: str) -> Callable[[Scenario], object]:
    """A story in which one box is typed wrongly and shown."""
    asked = {"p4.1.count": ("p4.1", "known"), "p2.1.1.2": ("p2.1.1.1", "yes")}
    return lambda form: (form.answer(*asked[address]) if address in asked else form).mistype(address, typed)


STORIES |= {code: (ERROR, address, None, mistyped(address, typed)) for code, (address, typed) in MISTYPED.items()}


@pytest.mark.parametrize("code", STORIES)
def test_every_problem_can_come_about_and_says_where(scenario: Scenario, code: str) -> None:
    severity, address, slot, story = STORIES[code]
    story(scenario)
    found = [one for one in scenario.state.problems if (one.code, one.address, one.slot) == (code, address, slot)]
    assert [one.severity for one in found] == [severity]
    assert scenario.shows(address)
    assert re.search("[ก-๛]", load_catalogue("th").text(code, **found[0].values))
    assert re.search("[A-Za-z]{3}", load_catalogue("en").text(code, **found[0].values))


def test_every_message_of_the_catalogue_that_a_filled_form_can_raise_has_its_story() -> None:
    """Codes that no field's story reaches are those of the program's own steps, listed here one by one."""
    with (resource("i18n") / "problems.yaml").open(encoding="utf-8") as stream:
        codes = set(yaml.load(stream, Loader=yaml.CBaseLoader))
    prefixes = (
        "missing.",
        "evidence.",
        "month_year.",
        "check.",
        "value.",
        "number.",
        "month.",
        "url.",
        "email.",
        "phone.",
    )
    elsewhere = {
        "value.unread",
        "value.no_answer_here",
        "value.no_items_here",
        "evidence.unknown_slot",
        "evidence.unreadable_here",  # tests/security
        "evidence.already_there",
        "evidence.not_there",
        "evidence.empty",
        "evidence.unreadable",
    }
    assert {code for code in codes if code.startswith(prefixes)} - elsewhere == set(STORIES)


def test_every_check_of_the_edition_is_one_of_the_stories(scenario: Scenario) -> None:
    checks = scenario.form.definition.checks
    assert {check.code for check in checks} == {code for code in STORIES if code.startswith("check.")}
    for check in checks:
        severity = STORIES[check.code][0]
        assert check.severity == severity


def test_errors_block_ready_and_warnings_do_not(filled: Scenario) -> None:
    assert filled.state.problems == ()
    assert filled.state.ready
    filled.attach("p1.4/yes", PROOF, UNMARKED)
    assert filled.codes() == {"evidence.unmarked_file"}
    assert filled.state.ready
    filled.attach("p1.4/yes", UNMARKED)
    assert filled.codes() == {"evidence.unmarked"}
    assert not filled.state.ready
    filled.detach("p1.4/yes")
    assert filled.codes() == {"missing.evidence"}
    assert not filled.state.ready


def test_what_is_hidden_has_no_problems(scenario: Scenario) -> None:
    scenario.answer("p4.1", "known").mistype("p4.1.count", "หก")
    assert scenario.problems("p4.1.count") == [(ERROR, "number.bad")]
    assert scenario.answer("p4.1", "unknown").problems("p4.1.count") == []


def test_a_check_against_a_hidden_answer_is_silent(scenario: Scenario) -> None:
    check_full(scenario)
    assert "check.score_over_full" in scenario.codes()
    scenario.answer("p4.2.2.satisfaction", "unknown")
    assert "check.score_over_full" not in scenario.codes()


def test_a_check_of_a_hidden_answer_is_silent(scenario: Scenario) -> None:
    check_total(scenario)
    assert scenario.codes() >= {"check.digital_over_total"}
    scenario.answer("p4.1.1", "unknown")
    assert scenario.shows("p4.1.count")
    assert "check.digital_over_total" not in scenario.codes()


def test_problems_stand_in_printed_order(scenario: Scenario) -> None:
    problems = [one for one in scenario.state.problems if not one.code.startswith("check.")]
    positions = [scenario.form.position[one.address] for one in problems]
    assert positions == sorted(positions)
    assert problems[0].address == "general.province"


def test_items_of_an_optional_repeat_must_be_whole_once_something_is_in_them(scenario: Scenario) -> None:
    scenario.answer("p4.2.1", "known").answer("p4.2.1.count", "3")
    assert scenario.problems("p4.2.1.services.name#1") == []
    scenario.answer("p4.2.1.services.url#1", "service.example.go.th")
    assert scenario.problems("p4.2.1.services.name#1") == [(ERROR, "missing.answer")]
    scenario.answer("p4.2.1.services.name#1", "ขออนุญาต")
    assert scenario.problems("p4.2.1.services.name#1") == []
    scenario.answer("p4.2.1.services", ["1", "2"])
    assert scenario.problems("p4.2.1.services.name#2") == [], "an empty second item asks nothing"


def test_items_of_a_required_repeat_must_be_whole(scenario: Scenario) -> None:
    scenario.answer("g3", "yes").answer("g3.projects", ["1", "2"]).answer("g3.projects.name#2", "ระบบน้ำ")
    assert scenario.problems("g3.projects.name#1") == [(ERROR, "missing.answer")]
    assert scenario.problems("g3.projects.result#2") == [(ERROR, "missing.answer")]
    assert scenario.problems("g3.projects#2") == [(ERROR, "missing.evidence")]
    scenario.answer("g3.projects", ["2"])
    assert scenario.problems("g3.projects.name#1") == []


def test_open_data_sets_ask_for_the_evidence_of_each_use(scenario: Scenario) -> None:
    scenario.answer("p2.3.1.3", "yes").answer("p2.3.1.3.sets.use#1", ["analysis", "service"])
    slots = [one.slot for one in scenario.state.problems if one.address == "p2.3.1.3.sets.use#1"]
    assert slots == ["p2.3.1.3.sets.use#1/analysis", "p2.3.1.3.sets.use#1/service"]
    assert scenario.problems("p2.3.1.3.sets.use.analysis#1") == [(ERROR, "missing.answer")]
    assert scenario.problems("p2.3.1.3.sets.use.policy#1") == []
