"""Drafts: begun with a province, opened with the questionnaire they were begun with."""

from __future__ import annotations

import io
import shutil

import pytest
import yaml

from dgdesk.draft.drafts import editions, load_form, new_draft, open_draft
from dgdesk.draft.file.opening import create_draft_file
from dgdesk.resources import resource
from dgdesk.survey.definition.load import freeze
from dgdesk.text.editions import edition_heads

EDITION = "th-province-2568"
PROVINCE = "general.province"


def folder_of_today():
    return resource(f"questionnaires/{EDITION}")


def change(folder, file, before, after):
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture
def newer(tmp_path, monkeypatch):
    """A later release of the program, with a questionnaire that was mended since; change it as a story needs."""
    folder = tmp_path / "later" / EDITION
    shutil.copytree(folder_of_today(), folder)

    def update(*edits):
        for edit in edits:
            change(folder, *edit)
        monkeypatch.setattr("dgdesk.draft.drafts.edition_folder", lambda edition: folder)
        monkeypatch.setattr("dgdesk.draft.drafts.require_whole", lambda folder: None)  # as for one that ships
        head = edition_heads()[EDITION]._replace(folder=folder)
        monkeypatch.setattr("dgdesk.draft.drafts.edition_versions", lambda: {EDITION: (head,)})

    return update


# -- new -------------------------------------------------------------------------------------------------------------


def test_a_new_draft_has_its_province_edition_and_questionnaire(tmp_path, clock):
    with new_draft(tmp_path / "a.dgdesk", clock=clock, who="สมชาย", respondent="TH-55") as draft:
        assert draft.respondent_name == "น่าน"
        assert draft.path == (tmp_path / "a.dgdesk").resolve()
        assert draft.package.meta == {"edition": EDITION}
        assert draft.package.definition == freeze(load_form().definition)
        assert draft.session.state.facts.answers == {PROVINCE: "TH-55"}
    with open_draft(tmp_path / "a.dgdesk", clock=clock, who="สมชาย") as draft:
        assert draft.respondent_name == "น่าน"


def test_a_draft_may_be_begun_without_a_province(tmp_path, clock):
    with new_draft(tmp_path / "a.dgdesk", clock=clock, who="สมชาย") as draft:
        assert draft.respondent is None and draft.respondent_name == ""
        assert not draft.session.can_undo


def test_an_unknown_province_or_edition_leaves_no_file(tmp_path, clock, refused):
    with refused("value.unknown_option"):
        new_draft(tmp_path / "a.dgdesk", clock=clock, who="-", respondent="TH-10")
    for edition in ("th-province-1999", "../th-province-2568"):
        with refused("draft.unknown_edition"):
            new_draft(tmp_path / "a.dgdesk", clock=clock, who="-", edition=edition)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_overwritten_even_by_a_wrong_province(tmp_path, clock, refused):
    with new_draft(tmp_path / "a.dgdesk", clock=clock, who="-") as draft:
        draft.session.answer("g1", "yes")
    for province in ("TH-55", "TH-10"):
        with refused("package.exists"):
            new_draft(tmp_path / "a.dgdesk", clock=clock, who="-", respondent=province)
    with open_draft(tmp_path / "a.dgdesk", clock=clock, who="-") as draft:
        assert draft.session.state.facts.answers == {"g1": "yes"}


def test_provinces_are_found_by_code_and_official_name():
    form = load_form()
    assert form.find_respondent("TH-50") == form.find_respondent(" เชียงใหม่ ") == "TH-50"
    assert form.find_respondent("Chiang Mai") is None and form.find_respondent("") is None
    options = form.node(PROVINCE).field.options
    assert len(options) == 76
    assert {form.find_respondent(option.label) for option in options} == {option.id for option in options}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ล\u0e4dาปาง", "TH-52"),
        ("ก\u0e4dาแพงเพชร", "TH-62"),
        ("เเพร่", "TH-54"),
        ("ส\u0e34งห์บุรี", "TH-17"),
        ("ร้อยเอ็\u200bด", "TH-45"),
        ("th-52", "TH-52"),
        ("ลำ", None),
    ],
)
def test_a_province_is_found_in_whatever_order_its_name_was_typed(typed, meant):
    assert load_form().find_respondent(typed) == meant


def test_the_editions_are_those_that_ship():
    assert EDITION in editions()
    assert all((resource("questionnaires") / edition / "rubric.yaml").exists() for edition in editions())


# -- an old draft ----------------------------------------------------------------------------------------------------


def test_an_old_draft_opens_as_it_was_asked(tmp_path, clock, newer):
    with new_draft(tmp_path / "old.dgdesk", clock=clock, who="-") as draft:
        draft.session.answer_all({"g4": "no", "g1": "yes"})
        before, digest = draft.session.state, draft.package.definition_sha256
    newer(("g.yaml", "label: ไม่เคย", "label: ไม่เคยเลย"), ("general.yaml", "label: ที่ตั้งหน่วยงาน", "label: ที่อยู่"))
    with open_draft(tmp_path / "old.dgdesk", clock=clock, who="-") as draft:
        assert draft.session.state == before
        assert draft.package.definition_sha256 == digest
        assert draft.session.form.node("g4").field.options[0].label == "ไม่เคย"
        assert draft.session.form.node("general.address").label == "ที่ตั้งหน่วยงาน"
        draft.session.answer("general.address", "น่าน")
    with new_draft(tmp_path / "new.dgdesk", clock=clock, who="-") as draft:
        assert draft.session.form.node("g4").field.options[0].label == "ไม่เคยเลย"
        assert draft.package.definition_sha256 != digest


def test_a_field_asked_only_then_keeps_its_answer(tmp_path, clock, newer):
    with new_draft(tmp_path / "old.dgdesk", clock=clock, who="-") as draft:
        draft.session.answer("general.extension", "41")
    newer(("general.yaml", '          - {id: general.extension, kind: text, label: เบอร์ต่อ, required: "false"}\n', ""))
    assert "general.extension" not in load_form().position
    with open_draft(tmp_path / "old.dgdesk", clock=clock, who="-") as draft:
        assert draft.session.state.facts.answers == {"general.extension": "41"}


def test_a_rubric_that_asks_for_more_than_the_old_form_is_told_in_words(tmp_path, clock, newer, refused):
    with new_draft(tmp_path / "old.dgdesk", clock=clock, who="-") as draft:
        draft.session.answer("g1", "yes")
    rubric = yaml.safe_load((folder_of_today() / "rubric.yaml").read_text(encoding="utf-8"))
    field = rubric["pillars"][0]["indicators"][0]["questions"][0]["field"]
    newer(("rubric.yaml", f"field: {field}", "field: p1.99"))
    with refused("draft.other_rubric") as caught:
        open_draft(tmp_path / "old.dgdesk", clock=clock, who="-")
    assert caught.value.exit_code == 3
    # And nobody holds the file now.
    with refused("draft.other_rubric"):
        open_draft(tmp_path / "old.dgdesk", clock=clock, who="-")


def test_a_draft_of_an_edition_that_is_not_here_is_refused_and_let_go(tmp_path, clock, refused):
    foreign = load_form().definition.model_copy(update={"edition": "th-province-2599"})
    path = tmp_path / "a.dgdesk"
    create_draft_file(path, definition=freeze(foreign), meta={}, clock=clock, who="-").close()
    for _ in range(2):
        with refused("draft.unknown_edition") as caught:
            open_draft(path, clock=clock, who="-")
        assert caught.value.values == {"edition": "th-province-2599"}


def test_a_draft_whose_questionnaire_is_none_is_refused_and_let_go(tmp_path, clock, refused):
    path = tmp_path / "a.dgdesk"
    create_draft_file(path, definition=b'{"edition": "x"}', meta={}, clock=clock, who="-").close()
    for _ in range(2):
        with refused("definition.frozen_invalid"):
            open_draft(path, clock=clock, who="-")


def test_answers_from_another_world_do_not_stop_the_draft(desk):
    """What some other program or a later one wrote: unknown fields stay untouched, wrong shapes are shown as unread."""
    from dgdesk.draft.file.model import Edit

    stored = desk.draft.package.add_file(io.BytesIO(b"later")).sha256
    desk.draft.package.apply(
        [
            Edit("answer", "p99.later", None, {"deep": [1, None]}),
            Edit("answer", "p4.1.count", None, {"deep": 1}),
            Edit("answer", "g4.1", None, "1"),
            Edit("answer", "external:4.2", None, "many"),
            Edit("answer", "external:9.9", None, "3"),
            Edit("attachment", "p99.later/yes", None, {"sha256": stored, "later": 1}, stored),
        ],
        "other",
    )
    session = desk.reopen()
    assert set(session.state.facts.answers) == {"p4.1.count", "g4.1"}
    assert session.state.facts.external.keys() <= {"9.9"}
    session.answer_all({"p4.1.count": 3, "g4.1": ["1"]})
    assert desk.reopen().state.facts.answers["g4.1"] == ("1",)
    assert desk.draft.package.answers()["p99.later"] == {"deep": [1, None]}
    for _ in range(2):
        session = desk.session
        session.undo()
    assert desk.draft.package.answers() == {}
