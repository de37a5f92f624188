"""Evidence out as folders and in again: nothing that a draft knows of a file is lost, and what is lost is said."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path, PurePosixPath

import jsonschema
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dgdesk.draft.drafts import Draft, new_draft
from dgdesk.folders.export_folder import export_folder
from dgdesk.folders.full_index import FULL_INDEX, FullIndex, IndexEntry, read_full_index
from dgdesk.folders.import_folder import ImportedFolder, import_files, plan_folder
from dgdesk.folders.index import INDEX
from dgdesk.folders.ordering import in_order
from dgdesk.folders.placing import known_files
from dgdesk.folders.plan import ImportPlan
from dgdesk.survey.answers.attachments import Attachment, Evidence
from dgdesk.survey.answers.marks import Mark, Rect
from folders.conftest import ANSWERS, NOW

MARK = Mark(1, (Rect(0.1, 0.2, 0.5, 0.3), Rect(0.1, 0.4, 0.9, 0.45)), "ดูตรงนี้\nบรรทัดสอง", "ข้อความที่เลือก")


SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "evidence-folder.schema.json").read_text("utf-8"))


def out(draft: Draft, target: Path) -> Path:
    export_folder(draft.session.form, draft.session.state, draft.package.read_file, target)
    return target


def back(draft: Draft, folder: Path) -> tuple[ImportPlan, ImportedFolder]:
    plan = plan_folder(draft.session, folder)
    return plan, import_files(draft.session, folder, plan)


def evidence(draft: Draft) -> Evidence:
    return dict(draft.session.state.facts.evidence)


def codes(plan: ImportPlan) -> list[str]:
    return [one.code for one in plan.issues] + [one.code for item in plan.items for one in item.issues]


def pdf(path: Path, pages: int = 2) -> Path:
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        document.docinfo["/Title"] = path.name
        document.save(path)
    return path


@pytest.fixture
def marked(draft: Draft, tmp_path: Path) -> Draft:
    """A draft with three files at one place in an order that their names do not have, and one file at two places."""
    session = draft.session
    for name in ("ค.pdf", "ก.pdf", "ข.pdf"):
        session.attach("p1.3/yes", pdf(tmp_path / name), marks=[MARK], pages="๑-๒", passages="วรรคแรก")
    session.attach("g1/yes", tmp_path / "ก.pdf", whole=True)
    session.attach("g1/yes", tmp_path / "ค.pdf", marks=[MARK, MARK])
    return draft


def test_a_new_draft_gets_everything_and_in_the_same_order(marked, make_draft, tmp_path):
    folder, other = out(marked, tmp_path / "ออก"), make_draft("อื่น")
    plan, result = back(other, folder)
    assert evidence(other) == evidence(marked)
    assert [one.name for one in evidence(other)["p1.3/yes"]] == ["ค.pdf", "ก.pdf", "ข.pdf"]
    assert codes(plan) == [] and len(result.attached) == 5


@pytest.mark.parametrize("removed", [(0,), (1,), (2,), (0, 2), (1, 0), (0, 1, 2)])
def test_what_was_removed_comes_back_between_its_neighbours(marked, tmp_path, removed):
    folder, before = out(marked, tmp_path / "ออก"), evidence(marked)
    for at in removed:
        marked.session.detach("p1.3/yes", before["p1.3/yes"][at].sha256)
    back(marked, folder)
    assert evidence(marked) == before


def test_the_way_back_can_be_undone_and_done_again(marked, tmp_path):
    folder, before = out(marked, tmp_path / "ออก"), evidence(marked)
    marked.session.detach("p1.3/yes", before["p1.3/yes"][0].sha256)
    without = evidence(marked)
    back(marked, folder)
    steps = 0
    while evidence(marked) != without:
        marked.session.undo()
        steps += 1
    assert steps == 2  # the file, and its place in the order
    for _ in range(steps):
        marked.session.redo()
    assert evidence(marked) == before


def test_files_that_a_person_renamed_or_moved_are_known_by_their_content(marked, make_draft, tmp_path):
    folder = out(marked, tmp_path / "ออก")
    paths = sorted(path for path in folder.rglob("*.pdf") if "P1.3" in str(path))
    paths[0].rename(paths[0].with_name("ชื่อใหม่.pdf"))
    paths[1].rename(folder / paths[1].name)  # out of the folder of its question
    other = make_draft("อื่น")
    plan, _ = back(other, folder)
    assert {one.marks for one in evidence(other)["p1.3/yes"]} == {(MARK,)}
    assert {"ชื่อใหม่.pdf"} < {one.name for one in evidence(other)["p1.3/yes"]}
    assert "carry.gone" not in codes(plan)


def test_a_file_moved_to_another_question_goes_there_and_it_is_said(marked, make_draft, tmp_path):
    folder = out(marked, tmp_path / "ออก")
    path = next(path for path in folder.rglob("*ข.pdf"))
    path.rename(folder / "P1.5 ข.pdf")
    other = make_draft("อื่น")
    plan, _ = back(other, folder)
    (moved,) = evidence(other)["p1.5/yes"]
    assert moved.marks == (MARK,) and moved.name == "P1.5 ข.pdf"
    assert codes(plan) == ["carry.moved"]


def test_two_files_that_changed_their_names_keep_their_own_highlights(marked, make_draft, tmp_path):
    marked.session.mark("p1.3/yes", evidence(marked)["p1.3/yes"][0].sha256, marks=[MARK, MARK, MARK])
    folder = out(marked, tmp_path / "ออก")
    a, b = sorted(path for path in folder.rglob("*.pdf") if "P1.3" in str(path))[:2]
    a.rename(a.with_suffix(".x"))
    b.rename(a)
    a.with_suffix(".x").rename(b)
    other = make_draft("อื่น")
    back(other, folder)
    marks = {one.sha256: one.marks for one in evidence(other)["p1.3/yes"]}
    assert marks == {one.sha256: one.marks for one in evidence(marked)["p1.3/yes"]}


def test_highlights_of_a_changed_file_are_not_taken_and_it_is_said(marked, make_draft, tmp_path):
    folder = out(marked, tmp_path / "ออก")
    pdf(next(path for path in folder.rglob("*ข.pdf")), pages=1)
    other = make_draft("อื่น")
    plan, _ = back(other, folder)
    changed = evidence(other)["p1.3/yes"][2]
    assert (changed.name, changed.marks, changed.pages, changed.passages) == ("ข.pdf", (), "๑-๒", "วรรคแรก")
    assert codes(plan) == ["carry.changed_marks", "marks.typed_missing"]


def test_equal_files_at_several_places_find_their_own_again(marked, make_draft, tmp_path):
    folder = out(marked, tmp_path / "ออก")
    for number, path in enumerate(sorted(folder.rglob("*ก.pdf")), start=1):  # one content, at two places
        path.rename(path.with_name(f"ใหม่ {number}.pdf"))
    other = make_draft("อื่น")
    back(other, folder)
    facts = {slot: [(one.sha256, one.marks, one.whole) for one in there] for slot, there in evidence(other).items()}
    assert facts == {
        slot: [(one.sha256, one.marks, one.whole) for one in there] for slot, there in evidence(marked).items()
    }


def test_ten_thousand_entries_of_one_content_are_matched_at_once():
    entries = tuple(
        IndexEntry(f"{number}.pdf", f"slot {number}", 0, Attachment("0" * 64, "ก.pdf", 1, "application/pdf"))
        for number in range(10_000)
    )
    paths = [PurePosixPath(f"อื่น {number}.pdf") for number in range(10_000)]
    known = known_files(FullIndex("read", entries=entries), [(path, "0" * 64) for path in paths], {})
    assert len(known) == 10_000 and len({one.entry.slot for one in known.values()}) == 10_000


def test_what_is_no_longer_in_the_folder_is_named(marked, make_draft, tmp_path):
    folder = out(marked, tmp_path / "ออก")
    next(path for path in folder.rglob("*ข.pdf")).unlink()
    plan = plan_folder(make_draft("อื่น").session, folder)
    (issue,) = plan.issues
    assert issue.code == "carry.gone" and issue.values["name"] == "ข.pdf"


def test_a_file_that_changes_after_the_preview_comes_without_its_highlights(marked, make_draft, tmp_path):
    folder, other = out(marked, tmp_path / "ออก"), make_draft("อื่น")
    plan = plan_folder(other.session, folder)
    pdf(next(path for path in folder.rglob("*ข.pdf")), pages=3)
    result = import_files(other.session, folder, plan)
    assert [item.name for item in result.late] == ["ข.pdf"]
    assert [len(one.marks) for one in evidence(other)["p1.3/yes"]] == [1, 1, 0]


@given(st.lists(st.integers(0, 30), unique=True, max_size=12), st.sets(st.integers(0, 30)), st.randoms())
def test_what_comes_back_goes_between_its_neighbours_and_what_was_there_keeps_its_order(order, new, chance):
    names = [str(one) for one in order]
    orders = {name: at for at, name in enumerate(names)}
    fresh = [name for name in names if int(name) in new]
    stayed = [name for name in names if int(name) not in new]
    for number in range(chance.randrange(3)):
        stayed.insert(chance.randrange(len(stayed) + 1), f"other {number}")
    made = in_order([*stayed, *fresh], orders, frozenset(fresh))
    assert [name for name in made if name in stayed] == stayed
    assert sorted(made) == sorted([*stayed, *fresh])
    if set(stayed) & set(orders):
        assert [name for name in made if name in orders] == names


def _without(index: dict) -> None:
    del index["files"]


def _mark_outside(index: dict) -> None:
    index["files"][0]["attachment"]["marks"] = [{"page": 1, "rects": [[0, 0, 2, 2]], "note": "", "text": ""}]


def _path_outside(index: dict) -> None:
    index["files"][0]["path"] = "../../ไฟล์.pdf"


def _absolute(index: dict) -> None:
    index["files"][0]["path"] = "/etc/passwd"


def _twice(index: dict) -> None:
    index["files"].append(index["files"][0])


def _newer(index: dict) -> None:
    index["version"] = 2


def _other_edition(index: dict) -> None:
    index["edition"] = "th-province-2567"


def _other_province(index: dict) -> None:
    index["province"] = "TH-50"


def _no_such_place(index: dict) -> None:
    index["files"][0]["slot"] = "p99/yes"


def _reordered(index: dict) -> None:
    random.Random(1).shuffle(index["files"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_without, "carry.index_broken"),
        (_mark_outside, "carry.index_unread"),
        (_path_outside, "carry.index_unread"),
        (_absolute, "carry.index_unread"),
        (_twice, "carry.index_unread"),
        (_newer, "carry.index_newer"),
        (_other_edition, "carry.other_edition"),
        (_other_province, "carry.other_respondent"),
        (_no_such_place, "carry.no_place"),
        (_reordered, ""),
    ],
)
def test_an_index_that_somebody_changed_is_told_once_and_every_file_still_comes_in(
    marked, make_draft, tmp_path, change, said
):
    folder, other = out(marked, tmp_path / "ออก"), make_draft("อื่น")
    index = json.loads((folder / FULL_INDEX).read_text("utf-8"))
    change(index)
    (folder / FULL_INDEX).write_text(json.dumps(index, ensure_ascii=False), "utf-8")
    plan, _ = back(other, folder)
    assert codes(plan) == ([said] if said else [])
    assert sum(map(len, evidence(other).values())) == 5
    if not said:
        assert evidence(other) == evidence(marked)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b'{"format": "dgdesk-evidence-folder"}']
)
def test_a_broken_or_missing_index_leaves_the_list_and_the_names(marked, make_draft, tmp_path, content):
    folder, other = out(marked, tmp_path / "ออก"), make_draft("อื่น")
    (folder / FULL_INDEX).write_bytes(content)
    plan, _ = back(other, folder)
    assert codes(plan) == ["carry.index_broken"]
    assert {one.pages for one in evidence(other)["p1.3/yes"]} == {"๑-๒"}
    (folder / FULL_INDEX).unlink()
    assert codes(plan_folder(make_draft("ที่สาม").session, folder)) == ["carry.index_absent"]
    (folder / INDEX).unlink()
    assert codes(plan_folder(make_draft("ที่สี่").session, folder)) == []  # any folder of files


def test_what_somebody_changed_in_the_list_for_excel_does_not_count_and_is_said(marked, make_draft, tmp_path):
    folder, other = out(marked, tmp_path / "ออก"), make_draft("อื่น")
    text = (folder / INDEX).read_text("utf-8-sig")
    (folder / INDEX).write_text(text.replace("๑-๒", "1-Feb", 1), "utf-8-sig")
    plan, _ = back(other, folder)
    assert codes(plan) == ["carry.list_differs"]
    assert evidence(other) == evidence(marked)


def test_a_file_that_lies_there_with_another_passage_is_left_and_it_is_said(marked, tmp_path):
    folder = out(marked, tmp_path / "ออก")
    sha256 = evidence(marked)["p1.3/yes"][0].sha256
    marked.session.mark("p1.3/yes", sha256, marks=(), pages="9")
    plan, result = back(marked, folder)
    assert codes(plan) == ["carry.differs_here"] and not result.attached
    assert evidence(marked)["p1.3/yes"][0].pages == "9"


def _items(draft: Draft, *keys: str) -> None:
    draft.session.answer_all({"g3": "yes", "g3.projects": list(keys)})


@pytest.mark.parametrize(
    ("there", "here", "slot", "said"),
    [
        (("1", "3"), ("1", "3"), "g3.projects#3", []),
        (("1", "3"), ("1", "2"), "g3.projects#2", []),  # typed anew: the second item is the second item
        (("1", "3"), ("1",), None, ["carry.no_item"]),
        (("1", "3"), ("3", "1"), None, ["carry.item_moved"]),
        (("1", "2"), ("1", "2"), None, ["carry.item_removed"]),  # kept at item 3, which is not there
    ],
)
def test_the_number_of_an_item_that_people_saw_counts_and_is_never_guessed(
    make_draft, tmp_path, there, here, slot, said
):
    one, other = make_draft("หนึ่ง"), make_draft("สอง")
    _items(one, *there)
    _items(other, *(("1", "2", "3") if said == ["carry.item_removed"] else here))
    one.session.attach("g3.projects#3", pdf(tmp_path / "ก.pdf"), marks=[MARK])
    plan, _ = back(other, out(one, tmp_path / "ออก"))
    assert codes(plan) == said
    assert list(evidence(other)) == ([slot] if slot else [])
    if slot:
        assert evidence(other)[slot] == evidence(one)["g3.projects#3"]


NAMES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40).map(lambda text: text + ".pdf")
RECTS = st.tuples(*[st.integers(0, 400)] * 2, *[st.integers(500, 1000)] * 2).map(
    lambda at: Rect(*(one / 1000 for one in at))
)
MARKS = st.builds(Mark, st.integers(1, 2), st.lists(RECTS, min_size=1, max_size=3).map(tuple), st.text(max_size=30))
FILES = st.tuples(
    st.integers(0, 3),
    st.sampled_from(["p1.3/yes", "g1/yes", "p5.3/6", "p1.2a:1.1/exempt"]),
    NAMES,
    st.lists(MARKS, max_size=3),
    st.text(max_size=12),
    st.text(max_size=40),
    st.booleans(),
)


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("sources")
    return [pdf(folder / f"{number}.pdf") for number in range(4)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FILES, min_size=1, max_size=6, unique_by=lambda one: one[:2]), st.sets(st.integers(0, 5)))
def test_whatever_is_attached_comes_back_equal_to_a_new_draft_and_to_the_same_one(
    sources, tmp_path_factory, files, removed
):
    folder = tmp_path_factory.mktemp("trip")
    with (
        new_draft(folder / "a.dgdesk", clock=lambda: NOW, who="ก", respondent="TH-55") as one,
        new_draft(folder / "b.dgdesk", clock=lambda: NOW, who="ก", respondent="TH-55") as other,
    ):
        for draft in (one, other):
            draft.session.answer_all(ANSWERS)
        for source, slot, name, marks, pages, passages, whole in files:
            one.session.attach(
                slot, sources[source], name=name, marks=marks, pages=pages, passages=passages, whole=whole
            )
        before = evidence(one)
        index = out(one, folder / "ออก") / FULL_INDEX
        assert read_full_index(index.read_bytes()).unread == 0
        jsonschema.validate(json.loads(index.read_text("utf-8")), SCHEMA)
        plan, _ = back(other, folder / "ออก")
        assert evidence(other) == before and codes(plan) == []
        everything = [(slot, file.sha256) for slot, there in before.items() for file in there]
        for number in removed:
            if number < len(everything):
                one.session.detach(*everything[number])
        back(one, folder / "ออก")
        assert evidence(one) == before
    shutil.rmtree(folder)
