"""An exported folder and the items of repeats: what was removed, moved or made anew since is asked about."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dgdesk.draft.drafts import Draft
from dgdesk.folders.export_folder import export_folder
from dgdesk.folders.full_index import FULL_INDEX
from dgdesk.folders.import_folder import plan_folder
from dgdesk.survey.rules.numbering import item_words

REPEAT = "g3.projects"
NAMES = {"1": "ระบบคิว", "2": "แผนที่", "3": "ศูนย์ข้อมูล"}


def fill(draft: Draft, folder: Path) -> None:
    """Three projects, each with a file of its own that says which."""
    draft.session.answer_all({"g3": "yes", REPEAT: list(NAMES)})
    folder.mkdir()
    for key, name in NAMES.items():
        (folder / f"{key}.txt").write_text(name, encoding="utf-8")
        draft.session.answer_all({f"{REPEAT}.name#{key}": name})
        draft.session.attach(f"{REPEAT}#{key}", folder / f"{key}.txt")


def change(draft: Draft, steps: list[tuple[str, int, int]]) -> None:
    """Remove, move and add projects as a person does; a new one gets a name that no other has."""
    session = draft.session
    for number, (what, first, second) in enumerate(steps):
        keys = session.state.facts.answers.get(REPEAT, ("1",))
        assert isinstance(keys, tuple)
        if what == "remove" and len(keys) > 1:
            session.remove_item(REPEAT, keys[first % len(keys)])
        elif what == "move":
            session.move_item(REPEAT, keys[first % len(keys)], second % len(keys))
        elif what == "add" and len(keys) < 5:
            session.add_item(REPEAT)
            (key,) = set(session.state.facts.answers[REPEAT]) - set(keys)
            session.answer_all({f"{REPEAT}.name#{key}": f"โครงการใหม่ {number}"})


@pytest.mark.parametrize("index", ["full", "list only"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["remove", "move", "add"]), st.integers(0, 4), st.integers(0, 4)), max_size=5
    )
)
def test_no_file_goes_to_another_item_than_it_came_from_without_being_asked(
    make_draft, tmp_path_factory: pytest.TempPathFactory, index: str, steps: list[tuple[str, int, int]]
) -> None:
    place = tmp_path_factory.mktemp("ออก")
    draft = make_draft(place.name)
    fill(draft, place / "ต้นทาง")
    export_folder(draft.session.form, draft.session.state, draft.package.read_file, place / "ออก")
    if index == "list only":
        (place / "ออก" / FULL_INDEX).unlink()
    change(draft, steps)
    form, answers = draft.session.form, draft.session.state.facts.answers
    for item in plan_folder(draft.session, place / "ออก").items:
        said = (place / "ออก" / item.found.path).read_text(encoding="utf-8")
        if item.slot is not None:
            assert item_words(form, answers, form.node(item.slot)) == said
        else:
            assert item.status == "ambiguous" and item.candidates
