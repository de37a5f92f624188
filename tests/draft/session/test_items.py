"""Items of repeats: added, moved, removed with everything in them, in one step to undo."""

from __future__ import annotations

from dgdesk.draft.changes import Changes

PROJECTS = "g3.projects"


def items(session):
    return session.state.facts.answers.get(PROJECTS)


def test_a_repeat_begins_with_one_item_and_grows_to_its_printed_number(desk, refused):
    assert items(desk.session) is None
    desk.session.answer_all({"g1": "yes", "g3": "yes"})
    changes = desk.session.add_item(PROJECTS)
    assert items(desk.session) == ("1", "2")
    opened = {desk.session.form.nodes[at].address for at in changes.shown}
    assert opened == {"g3.projects#2", "g3.projects.name#2", "g3.projects.result#2"}
    for _ in range(3):
        desk.session.add_item(PROJECTS)
    assert items(desk.session) == ("1", "2", "3", "4", "5")
    with refused("value.too_many_items"):
        desk.session.add_item(PROJECTS)


def test_a_removed_item_takes_its_answers_and_evidence_along_in_one_step(desk):
    desk.session.answer_all(
        {"g3": "yes", PROJECTS: ["1", "2"], "g3.projects.name#1": "หนึ่ง", "g3.projects.name#2": "สอง"}
    )
    desk.session.answer("g3.projects.result#2", "ผล")
    desk.session.attach("g3.projects#2", desk.file())
    desk.session.attach("g3.projects#1", desk.file("อื่น.pdf", b"%PDF-other"))
    before = desk.session.state
    changes = desk.session.remove_item(PROJECTS, "2")
    assert changes.answers == {PROJECTS, "g3.projects.name#2", "g3.projects.result#2"}
    assert changes.evidence == {"g3.projects#2"}
    assert items(desk.session) == ("1",)
    assert desk.session.state.facts.answers["g3.projects.name#1"] == "หนึ่ง"
    assert set(desk.session.state.facts.evidence) == {"g3.projects#1"}
    desk.reopen().undo()
    assert desk.session.state == before
    desk.session.redo()
    assert items(desk.session) == ("1",)
    assert set(desk.session.state.facts.evidence) == {"g3.projects#1"}


def test_a_place_set_free_is_used_again_and_is_empty(desk):
    desk.session.answer_all({"g3": "yes", PROJECTS: ["1", "2", "3"], "g3.projects.name#2": "สอง"})
    desk.session.remove_item(PROJECTS, "2")
    desk.session.add_item(PROJECTS)
    assert items(desk.session) == ("1", "3", "2")
    assert "g3.projects.name#2" not in desk.session.state.facts.answers


def test_the_only_item_is_emptied_and_shows_again(desk):
    desk.session.answer_all({"g1": "yes", "g3": "yes", "g3.projects.name#1": "หนึ่ง"})
    changes = desk.session.remove_item(PROJECTS, "1")
    assert changes.answers == {"g3.projects.name#1"}
    assert items(desk.session) is None
    assert desk.session.state.shown[desk.session.form.position["g3.projects.name#1"]]


def test_items_move_and_stay_moved(desk):
    desk.session.answer_all({"g3": "yes", PROJECTS: ["1", "2", "3"]})
    assert desk.session.move_item(PROJECTS, "3", 0).answers == {PROJECTS}
    assert items(desk.session) == ("3", "1", "2")
    desk.session.move_item(PROJECTS, "3", 9)
    assert items(desk.reopen()) == ("1", "2", "3")
    assert desk.session.move_item(PROJECTS, "3", 2) == Changes()
    desk.session.undo()
    assert items(desk.session) == ("3", "1", "2")


def test_what_has_no_items_or_not_this_one_says_so(desk, refused):
    with refused("value.no_items_here"):
        desk.session.add_item("g1")
    with refused("value.no_items_here"):
        desk.session.remove_item("g4.1", "1")
    with refused("field.unknown"):
        desk.session.move_item("nowhere", "1", 0)
    with refused("value.unknown_option"):
        desk.session.remove_item(PROJECTS, "2")
    with refused("value.unknown_option"):
        desk.session.move_item(PROJECTS, "2", 0)
    assert not desk.session.can_undo
