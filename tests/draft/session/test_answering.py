"""A person answers, and is told what that changed; what does not fit is refused or kept as typed."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from dgdesk.draft.changes import Changes
from dgdesk.draft.file.model import StateKey
from dgdesk.survey.answers.values import UnreadValue


def addresses(session, positions):
    return {session.form.nodes[at].address for at in positions}


def problems_at(session, address):
    return {problem.code for problem in session.state.problems if problem.address == address}


def answers(session):
    return session.state.facts.answers


# -- one answer, and what it changes ---------------------------------------------------------------------------------


def test_an_answer_names_itself_its_page_and_what_it_opens(desk):
    changes = desk.session.answer("g1", "yes")
    assert changes.answers == {"g1"}
    assert changes.evidence == frozenset()
    assert changes.shown == frozenset()  # nothing lies inside "yes"; "no" was not chosen before either
    assert changes.pages == {"g.page1"}
    assert changes.problems and changes.score
    assert changes.at == datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
    assert changes


def test_a_follow_up_that_opens_or_closes_is_named(desk):
    opened = desk.session.answer("g4", "yes")
    assert addresses(desk.session, opened.shown) == {"g4.1"}
    closed = desk.session.answer("g4", "no")
    assert addresses(desk.session, closed.shown) == {"g4.1"}
    assert closed.pages == {"g.page3"}


def test_a_printed_skip_names_all_it_leaves_out_on_every_page(desk):
    desk.session.answer("g3", "no")
    changes = desk.session.answer("g1", "no")
    assert addresses(desk.session, changes.shown) == {"g1.reason", "g2", "g3", "g3.reason"}
    assert changes.pages == {"g.page1", "g.page2"}
    assert changes.answers == {"g1"}
    assert answers(desk.session)["g3"] == "no"  # left out, not lost


def test_an_answer_without_points_does_not_redraw_the_score(desk):
    changes = desk.session.answer("general.first_name", "สมชาย")
    assert changes.problems and not changes.score
    assert changes.pages == {"general.page1"}


def test_correcting_a_text_leaves_problems_as_they_are(desk):
    desk.session.answer("general.first_name", "สมชาย")
    changes = desk.session.answer("general.first_name", "สมหญิง")
    assert changes and not changes.problems and not changes.score
    assert changes.pages == {"general.page1"}


def test_the_same_answer_again_changes_nothing(desk):
    desk.session.answer("p4.2.2.3", 4.350)
    counter = desk.draft.package.state_counter
    assert desk.session.answer("p4.2.2.3", 4.35) == Changes()
    assert not desk.session.set_answer_from_text("p4.2.2.3", " ๔.๓๕ ")
    assert desk.draft.package.state_counter == counter


def test_none_clears_an_answer_and_clearing_nothing_is_no_change(desk):
    desk.session.answer("g1", "yes")
    assert desk.session.answer("g1", None).answers == {"g1"}
    assert "g1" not in answers(desk.session)
    assert desk.session.answer("g1", None) == Changes()


def test_a_draft_is_taken_up_where_it_was(desk):
    given = {
        "general.province": "TH-55",
        "general.email": "nan@example.go.th",
        "general.mobile": "0812345678",
        "g1": "yes",
        "g4": "yes",
        "g4.1": ["1", "other"],
        "g4.1.1": "บรรทัดแรก\nบรรทัดที่สอง น้ำ",
        "p1.2a:1.1": "exempt",
        "p3.1.table:1:train": "yes",
        "p1.3": "doing",
        "p1.3.2": "2027-03",
        "p4.2.2.2": 87.25,
        "p4.2.2.3": 4.35,
        "p4.1.count": 24,
        "p4.5.1.2": "https://www.example.go.th/น่าน",
        "g3.projects": ["2", "1"],
    }
    desk.session.answer_all(given)
    before = desk.session.state
    assert desk.reopen().state == before
    assert answers(desk.session)["p4.2.2.3"] == Decimal("4.35")
    assert answers(desk.session)["g3.projects"] == ("2", "1")
    assert answers(desk.session)["g4.1.1"] == "บรรทัดแรก\nบรรทัดที่สอง น้ำ"


def test_many_answers_are_one_step(desk):
    changes = desk.session.answer_all({"g1": "yes", "p4.1": "known", "p4.1.count": 12})
    assert changes.answers == {"g1", "p4.1", "p4.1.count"}
    assert changes.pages == {"g.page1", "p4.page1"}
    assert addresses(desk.session, changes.shown) == {"p4.1.count"}
    desk.session.undo()
    assert answers(desk.session) == {}


def test_many_answers_are_all_taken_or_none(desk, refused):
    with refused("number.not_whole") as caught:
        desk.session.answer_all({"g1": "yes", "p4.1.count": 1.5})
    assert caught.value.values["field"] == "p4.1.count"
    assert answers(desk.session) == {} and not desk.session.can_undo


# -- what does not fit -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "value", "code"),
    [
        ("nowhere", "yes", "field.unknown"),
        ("g1/yes", "yes", "field.unknown"),
        ("external:3.3", "1", "field.unknown"),
        ("p1.2", "yes", "value.no_answer_here"),
        ("p1.2a", {"1.1": "yes"}, "value.no_answer_here"),
        ("g3.projects#1", "yes", "value.no_answer_here"),
        ("g1", "perhaps", "value.unknown_option"),
        ("g1", True, "value.wrong_type"),
        ("g1", ["yes"], "value.wrong_type"),
        ("p1.2a:1.1", "perhaps", "value.unknown_option"),
        ("g4.1", "1", "value.wrong_type"),
        ("g4.1", [1], "value.wrong_type"),
        ("g4.1", ["1", "1"], "value.chosen_twice"),
        ("g4.1", ["99"], "value.unknown_option"),
        ("p5.3", ["1", "none"], "value.exclusive"),
        ("g3.projects", ["6"], "value.too_many_items"),
        ("p4.1.count", "many", "number.bad"),
        ("p4.1.count", True, "number.bad"),
        ("p4.1.count", [3], "number.bad"),
        ("p4.1.count", -1, "number.too_small"),
        ("p4.1.count", 10**13, "number.out_of_range"),
        ("p4.1.count", float("inf"), "number.bad"),
        ("p4.1.count", 1.5, "number.not_whole"),
        ("p4.2.2.2", 100.01, "number.out_of_range"),
        ("p4.2.2.3", 4.355, "number.too_precise"),
        ("p1.3.2", "2027-13", "month.number"),
        ("general.email", "nan", "email.no_at"),
        ("general.mobile", "12", "phone.bad"),
        ("p4.5.1.2", "ftp://example.go.th", "url.scheme"),
        ("general.first_name", "ก" * 1001, "value.too_long"),
        ("general.address", "ก" * 20_001, "value.too_long"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_nothing_changes(desk, refused, address, value, code):
    desk.session.answer("g1", "yes")
    before = desk.session.state
    with refused(code) as caught:
        desk.session.answer(address, value)
    assert caught.value.values["field"] == address
    assert desk.session.state is before
    assert desk.reopen().state == before


def test_a_heading_takes_no_typing_either(desk, refused):
    for heading in ("p1.2", "p1.2a", "g3.projects#1"):
        with refused("value.no_answer_here"):
            desk.session.set_answer_from_text(heading, "ข้อความ")
        with refused("value.no_answer_here"):
            desk.session.answer(heading, None)
    assert desk.draft.package.answers() == {}


# -- typing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "typed", "value"),
    [
        ("p4.1.count", "๑๒", Decimal(12)),
        ("p4.2.2.2", "87.25 %", Decimal("87.25")),
        ("p1.3.2", "ตุลาคม 2570", "2027-10"),
        ("p1.3.2", "10/2570", "2027-10"),
        ("general.first_name", "  สม   ชาย ", "สม ชาย"),
        ("g4.1", "other, 1", ("1", "other")),
        ("g4.1", '["2"]', ("2",)),
        ("g1", "yes", "yes"),
    ],
)
def test_typing_is_read_as_a_person_means_it(desk, address, typed, value):
    desk.session.set_answer_from_text(address, typed)
    assert answers(desk.session)[address] == value
    assert answers(desk.reopen())[address] == value


@pytest.mark.parametrize(
    ("address", "typed", "code"),
    [
        ("p4.1.count", "ราว 30", "number.words"),
        ("p4.2.2.2", "101", "number.out_of_range"),
        ("p1.3.2", "เดือนหน้า", "month.bad"),
        ("general.email", "nan@", "email.host"),
        ("p4.5.1.2", "www example", "url.space"),
        ("g1", "อาจจะ", "value.unknown_option"),
        ("g4.1", "1, 1", "value.chosen_twice"),
        ("p5.3", "1, none", "value.exclusive"),
    ],
)
def test_what_cannot_be_read_is_kept_and_read_the_same_way_again(desk, address, typed, code):
    # Open the way to the field, so that its problem shows.
    desk.session.answer_all({"p4.1": "known", "p4.2.2": "yes", "p4.2.2.satisfaction": "percent"})
    desk.session.answer_all({"p1.3": "doing", "p4.5.1": "yes", "g4": "yes"})
    changes = desk.session.set_answer_from_text(address, f"  {typed} ")
    assert changes.answers == {address} and changes.problems
    assert answers(desk.session)[address] == UnreadValue(typed, code)
    assert code in problems_at(desk.session, address)
    assert desk.draft.package.answers()[address] == {"unread": typed}
    session = desk.reopen()
    assert answers(session)[address] == UnreadValue(typed, code)
    assert code in problems_at(session, address)
    assert not session.state.ready


def test_typing_the_same_nonsense_again_is_no_change(desk):
    desk.session.set_answer_from_text("p4.1.count", "ราว 30")
    assert desk.session.set_answer_from_text("p4.1.count", "ราว 30 ") == Changes()


def test_an_unread_text_gives_way_to_a_value_and_undo_brings_it_back(desk):
    desk.session.set_answer_from_text("p4.1.count", "ราว 30")
    desk.session.set_answer_from_text("p4.1.count", "30")
    assert answers(desk.session)["p4.1.count"] == Decimal(30)
    desk.session.undo()
    assert answers(desk.session)["p4.1.count"] == UnreadValue("ราว 30", "number.words")


def test_blank_typing_clears(desk):
    desk.session.answer_all({"general.first_name": "สมชาย", "g4.1": ["1"], "p4.1.count": 3})
    for address in ("general.first_name", "g4.1", "p4.1.count"):
        assert desk.session.set_answer_from_text(address, " \u200b ").answers == {address}
    assert answers(desk.session) == {}


def test_strict_typing_refuses_instead(desk, refused):
    with refused("number.words") as caught:
        desk.session.set_answer_from_text("p4.1.count", "ราว 30", strict=True)
    assert caught.value.values == {"field": "p4.1.count", "value": "ราว 30"}
    assert answers(desk.session) == {}
    desk.session.set_answer_from_text("p4.1.count", "30", strict=True)
    assert answers(desk.session)["p4.1.count"] == Decimal(30)


def test_half_a_character_is_kept_as_a_sign_that_a_file_can_hold(desk):
    desk.session.set_answer_from_text("p4.1.count", "12\ud800")
    desk.session.set_answer_from_text("general.first_name", "สม\ud800ชาย")
    assert answers(desk.session)["p4.1.count"] == UnreadValue("12\ufffd", "number.bad")
    assert answers(desk.reopen()) == {
        "p4.1.count": UnreadValue("12\ufffd", "number.bad"),
        "general.first_name": "สม\ufffdชาย",
    }


# -- choices ---------------------------------------------------------------------------------------------------------


def test_toggling_keeps_the_printed_order(desk):
    for option in ("other", "10", "2"):
        desk.session.toggle("g4.1", option, True)
    assert answers(desk.session)["g4.1"] == ("2", "10", "other")
    assert desk.session.toggle("g4.1", "10", False).answers == {"g4.1"}
    assert answers(desk.session)["g4.1"] == ("2", "other")
    assert desk.session.toggle("g4.1", "10", False) == Changes()
    assert desk.session.toggle("g4.1", "2", True) == Changes()


def test_the_last_option_taken_back_leaves_no_answer(desk):
    desk.session.toggle("g4.1", "1", True)
    desk.session.toggle("g4.1", "1", False)
    assert "g4.1" not in answers(desk.session)


def test_none_of_these_stands_alone(desk):
    desk.session.toggle("p5.3", "1", True)
    desk.session.toggle("p5.3", "4", True)
    desk.session.toggle("p5.3", "none", True)
    assert answers(desk.session)["p5.3"] == ("none",)
    desk.session.toggle("p5.3", "2", True)
    assert answers(desk.session)["p5.3"] == ("2",)
    desk.session.undo()
    assert answers(desk.session)["p5.3"] == ("none",)


@pytest.mark.parametrize(("address", "option"), [("g4.1", "99"), ("g1", "yes"), ("p1.2a:1.1", "yes")])
def test_only_an_option_of_a_multiple_choice_is_toggled(desk, refused, address, option):
    with refused("value.unknown_option"):
        desk.session.toggle(address, option, True)


# -- points from elsewhere -------------------------------------------------------------------------------------------


def test_points_from_elsewhere_are_entered_kept_and_taken_back(desk):
    open_before = desk.session.state.score.total.external
    changes = desk.session.set_external("4.2", Decimal("5.25"))
    assert changes.answers == {"external:4.2"} and changes.score and not changes.problems
    assert desk.session.state.facts.external == {"4.2": Decimal("5.25")}
    assert desk.session.state.score.total.external < open_before
    assert desk.reopen().state.facts.external == {"4.2": Decimal("5.25")}
    assert desk.session.set_external("4.2", Decimal("5.250")) == Changes()
    desk.session.set_external("4.2", None)
    assert desk.session.state.facts.external == {}
    assert desk.session.state.score.total.external == open_before
    assert desk.session.set_external("4.2", None) == Changes()
    desk.session.undo()
    assert desk.session.state.facts.external == {"4.2": Decimal("5.25")}


@pytest.mark.parametrize("points", ["-0.01", "7.51", "NaN", "Infinity", "sNaN"])
def test_points_from_elsewhere_stay_within_the_full_points(desk, refused, points):
    with refused("score.external_range") as caught:
        desk.session.set_external("4.2", Decimal(points))
    assert caught.value.values["full"] == Decimal("7.50")
    assert desk.session.state.facts.external == {}


def test_full_points_that_are_no_round_figure_can_be_entered_as_shown(desk):
    """20/3 points show as 6.67; who has all of them enters 6.67, and gets no more than all of them."""
    desk.session.set_external("3.3", Decimal("6.67"))
    total = desk.session.state.score.total
    assert total.earned <= desk.session.rules.rubric.external_weights["3.3"]
    assert desk.session.state.facts.external == {"3.3": Decimal("6.67")}


def test_an_indicator_of_the_form_takes_no_points_from_elsewhere(desk, refused):
    for indicator in ("1.1", "9.9", ""):
        with refused("score.unknown_external"):
            desk.session.set_external(indicator, Decimal(1))


# -- a day later -----------------------------------------------------------------------------------------------------


def test_the_day_counts_when_the_next_answer_is_given(tmp_path):
    from dgdesk.draft.drafts import new_draft

    now = [datetime(2026, 11, 30, 12, tzinfo=UTC)]
    with new_draft(tmp_path / "a.dgdesk", clock=lambda: now[0], who="-") as draft:
        draft.session.answer_all({"p1.3": "doing", "p1.3.2": "2026-11"})
        assert problems_at(draft.session, "p1.3.2") == set()
        now[0] = datetime(2026, 12, 2, 12, tzinfo=UTC)
        changes = draft.session.answer("general.first_name", "สมชาย")
        assert changes.problems
        assert problems_at(draft.session, "p1.3.2") == {"month_year.past"}


# -- an extension typed with a telephone number ----------------------------------------------------------------------

PHONE, EXTENSION = "general.office_phone", "general.extension"


@pytest.mark.parametrize(
    "typed",
    [
        "0 2123 4567 ต่อ 1234",
        "0 2123 4567 กด 1234",
        "021234567 ext. 1234",
        "0 2123 4567#1234",
        "โทร. ๐ ๒๑๒๓ ๔๕๖๗ ต่อ ๑๒๓๔",
    ],
)
def test_an_extension_goes_to_its_own_field_in_one_change_with_one_undo(desk, typed):
    changes = desk.session.set_answer_from_text(PHONE, typed)
    assert changes.answers == {PHONE, EXTENSION}
    assert (answers(desk.session)[PHONE], answers(desk.session)[EXTENSION]) == ("0 2123 4567", "1234")
    desk.session.undo()
    assert PHONE not in answers(desk.session) and EXTENSION not in answers(desk.session)
    desk.session.redo()
    assert answers(desk.session)[EXTENSION] == "1234"


def test_an_extension_that_is_there_already_is_no_conflict(desk):
    desk.session.answer(EXTENSION, "1234")
    desk.session.set_answer_from_text(PHONE, "0 2123 4567 ต่อ 1234")
    assert (answers(desk.session)[PHONE], answers(desk.session)[EXTENSION]) == ("0 2123 4567", "1234")
    assert problems_at(desk.session, PHONE) == set()


def test_another_extension_is_not_overwritten_and_the_reason_is_said(desk):
    desk.session.answer(EXTENSION, "99")
    desk.session.set_answer_from_text(PHONE, "0 2123 4567 ต่อ 1234")
    assert (answers(desk.session)[PHONE], answers(desk.session)[EXTENSION]) == ("0 2123 4567 ต่อ 1234", "99")
    (problem,) = [one for one in desk.session.state.problems if one.address == PHONE]
    assert (problem.code, problem.severity) == ("phone.extension_taken", "error")
    assert (problem.values["extension"], problem.values["there"]) == ("1234", "99")
    desk.session.set_answer_from_text(PHONE, "0 2123 4567")
    assert problems_at(desk.session, PHONE) == set()


@pytest.mark.parametrize("first", [PHONE, EXTENSION])
def test_answers_of_a_file_move_their_extension_whatever_their_order(desk, first):
    same = {PHONE: "0 2123 4567 ต่อ 12", EXTENSION: "12"}
    desk.session.answer_all({first: same[first], **same})
    assert (answers(desk.session)[PHONE], answers(desk.session)[EXTENSION]) == ("0 2123 4567", "12")
    other = {PHONE: "0 2123 4567 ต่อ 13", EXTENSION: "14"}
    desk.session.answer_all({first: other[first], **other})
    assert (answers(desk.session)[PHONE], answers(desk.session)[EXTENSION]) == ("0 2123 4567 ต่อ 13", "14")
    assert problems_at(desk.session, PHONE) == {"phone.extension_taken"}


def test_several_numbers_and_the_mobile_field_keep_their_extensions(desk):
    desk.session.set_answer_from_text(PHONE, "0 5311 2233 ต่อ 12, 0 5311 2244 ต่อ 15")
    assert answers(desk.session)[PHONE] == "0 5311 2233 ต่อ 12, 0 5311 2244 ต่อ 15"
    desk.session.set_answer_from_text("general.mobile", "08 1234 5678 ต่อ 1")
    assert answers(desk.session)["general.mobile"] == "08 1234 5678 ต่อ 1"
    assert EXTENSION not in answers(desk.session)


def test_a_number_stored_with_its_extension_by_an_older_version_stays_as_it_is(desk):
    desk.session.restore({StateKey("answer", PHONE): "0 2123 4567 ต่อ 12"})
    assert answers(desk.session)[PHONE] == "0 2123 4567 ต่อ 12"
    assert problems_at(desk.session, PHONE) == set()
