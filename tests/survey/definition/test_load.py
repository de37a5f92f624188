"""Reading the data files: what they may say, and how a broken one is refused, with the file and the place."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.errors import FileError
from dgdesk.resources import resource
from dgdesk.survey.definition.build import build_form
from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.lint import lint
from dgdesk.survey.definition.load import FROZEN_FILE, digest, freeze, frozen_file, load_definition, thaw
from dgdesk.survey.definition.models import Definition, Field
from dgdesk.text.messages import load_catalogue
from scenario import EDITION
from survey.definition.tiny import definition, text, write_edition, yes_no

CATALOGUE = load_catalogue("en")
WHOSE = {"respondent": {"field": "q1", "scheme": "iso3166-2", "list": "provinces"}}
"""Who answers: the questions may refer to the list that is named here."""


def refusal(folder: Path) -> tuple[str, str]:
    """Return the code with which an edition is refused, and its sentence."""
    with pytest.raises(FileError) as refused:
        load_definition(folder)
    return refused.value.code, CATALOGUE.error(refused.value)


def only_field(folder: Path, **item: Any) -> Field:
    return load_definition(write_edition(folder, item)).sections[0].pages[0].items[0]


# What the files may say


def test_a_small_edition_is_read(tmp_path: Path) -> None:
    read = load_definition(write_edition(tmp_path / "tiny"))
    assert (read.edition, read.title) == ("tiny", "แบบสำรวจ")
    assert [field.id for field in read.fields()] == ["q1"]
    assert lint(read) == ()


def test_scalars_stay_what_was_written(tmp_path: Path) -> None:
    """``no``, ``yes`` and ``1.10`` are texts here, whatever YAML makes of them elsewhere."""
    written = "id: s\ntitle: ส่วนที่ 1\npages:\n- id: s.page1\n  items:\n  - id: q1\n    kind: single\n    code: 1.10\n"
    written += "    options:\n    - {id: no, label: no}\n    - {id: yes, label: 2025-10-01}\n"
    field = load_definition(write_edition(tmp_path / "tiny", s=written)).sections[0].pages[0].items[0]
    assert field.code == "1.10"
    assert [(option.id, option.label) for option in field.options] == [("no", "no"), ("yes", "2025-10-01")]


def test_texts_stand_once_and_are_referred_to(tmp_path: Path) -> None:
    field = only_field(tmp_path / "tiny", **yes_no("q1", yes={"evidence": "@ev"}, notes=["@ev", {"text": "@ev"}]))
    request = field.options[1].evidence
    assert request is not None
    assert (request.text, request.rule) == ("(แนบหลักฐาน)", "required")
    assert [note.text for note in field.notes] == ["(แนบหลักฐาน)"] * 2


def test_templates_are_filled_with_the_id_of_their_user(tmp_path: Path) -> None:
    field = only_field(tmp_path / "tiny", use="name", id="q7", label="ชื่อของเรา")
    assert (field.id, field.kind, field.label) == ("q7", "text", "ชื่อของเรา")
    assert field.notes[0].text == "ของ q7"


def test_options_may_come_from_the_list_of_provinces(tmp_path: Path) -> None:
    item = {"id": "q1", "kind": "single", "options_from": "provinces"}
    field = load_definition(write_edition(tmp_path / "tiny", item, head=WHOSE)).sections[0].pages[0].items[0]
    assert [(option.id, option.label) for option in field.options] == [("TH-50", "เชียงใหม่")]


def test_not_is_a_word_of_the_conditions(tmp_path: Path) -> None:
    item = {"id": "q1", "kind": "group", "fields": [yes_no("q2"), text("q3", when={"not": {"chosen": ["q2", "yes"]}})]}
    form = build_form(load_definition(write_edition(tmp_path / "tiny", item)))
    assert form.node("q3").when is not None
    assert lint(form.definition) == ()


def test_the_province_is_chosen_from_76_by_official_name(form: Form) -> None:
    options = form.node("general.province").field.options
    assert len(options) == 76
    assert all(option.id.startswith("TH-") for option in options)
    assert next(option.label for option in options if option.id == "TH-55") == "น่าน"


# Refusals


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    code, sentence = refusal(tmp_path / "nowhere")
    assert code == "definition.unreadable"
    assert "edition.yaml" in sentence


@pytest.mark.parametrize("file", ["edition", "common", "indicators", "provinces", "s"])
@pytest.mark.parametrize(
    "content",
    ["", "[1, 2", "a: b: c", "- only\n- a list", "only a text", "{}", "a: \x07"],
    ids=["empty", "cut", "colons", "list", "text", "nothing in it", "control"],
)
def test_a_file_that_says_something_else_is_refused_by_name(tmp_path: Path, file: str, content: str) -> None:
    folder = write_edition(tmp_path / "tiny", head=WHOSE, **{file: content})
    if (file, content) == ("common", "{}"):
        assert load_definition(folder).edition == "tiny", "a form may do without shared texts"
        return
    code, sentence = refusal(folder)
    assert code in ("definition.unreadable", "definition.invalid")
    # An invalid section is named by its id, which is the name of its file.
    assert f"{file}.yaml" in sentence or (code == "definition.invalid" and "tiny" in sentence)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    folder = write_edition(tmp_path / "tiny")
    (folder / "s.yaml").write_bytes(b"title: \xff\xfe")
    code, sentence = refusal(folder)
    assert code == "definition.unreadable"
    assert "s.yaml" in sentence


def test_a_section_whose_file_is_missing(tmp_path: Path) -> None:
    folder = write_edition(tmp_path / "tiny")
    (folder / "s.yaml").unlink()
    assert refusal(folder)[0] == "definition.unreadable"


@pytest.mark.parametrize(
    ("item", "code", "said"),
    [
        (text("q1", label="@nowhere"), "definition.unknown_text", ("s.yaml", "@nowhere")),
        (yes_no("q1", yes={"evidence": "@nowhere"}), "definition.unknown_text", ("s.yaml", "@nowhere")),
        ({"use": "nowhere", "id": "q1"}, "definition.unknown_template", ("s.yaml", "nowhere")),
        (
            {"id": "q1", "kind": "single", "options_from": "nowhere"},
            "definition.invalid",
            ("tiny", "q1", "options_from"),
        ),
        ({"id": "q1", "kind": "colour"}, "definition.invalid", ("tiny", "q1", "kind")),
        ({"id": "Q 1", "kind": "text"}, "definition.invalid", ("tiny", "Q 1", "pattern")),
        (text("q1", color="red"), "definition.invalid", ("tiny", "q1", "color", "extra")),
        (text("q1", min="low"), "definition.invalid", ("tiny", "q1", "min")),
        ({"id": "q1", "label": "ไม่มีชนิด"}, "definition.invalid", ("tiny", "q1", "kind", "missing")),
        (yes_no("q1", yes={"skip": {"to": "q2"}}), "definition.invalid", ("tiny", "yes", "skip", "text")),
        (text("q1", when={"chosen": ["q1"]}), "definition.invalid", ("tiny", "q1", "chosen")),
        (
            {"id": "r", "kind": "repeat", "max_items": "1000000000", "fields": [text("r.a")]},
            "definition.invalid",
            ("tiny", "r", "max_items"),
        ),
        (
            {"id": "r", "kind": "repeat", "max_items": "-1", "fields": [text("r.a")]},
            "definition.invalid",
            ("max_items",),
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_item_that_is_wrong_is_refused_with_its_place(
    tmp_path: Path, item: dict[str, Any], code: str, said: tuple[str, ...]
) -> None:
    refused, sentence = refusal(write_edition(tmp_path / "tiny", item))
    assert refused == code
    for part in said:
        assert part in sentence


def test_the_real_files_are_refused_when_one_line_breaks(tmp_path: Path) -> None:
    folder = tmp_path / "th-province-2568"
    shutil.copytree(resource(EDITION), folder)
    path = folder / "p4.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("kind: percent", "kind: per cent"), encoding="utf-8")
    code, sentence = refusal(folder)
    assert code == "definition.invalid"
    assert "p4.2.2.2" in sentence


# Frozen definitions


@pytest.mark.parametrize(
    "common",
    [
        "templates: {t: only a text}",
        "templates: [t]",
        "texts: none",
        "templates: {t: {use: t}}",
        "templates: {t: &a {id: x, notes: [*a]}}",
        "templates:\n  a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"  {to}: &{to} [{', '.join([f'*{of}'] * 10)}]\n" for of, to in zip("abcdefg", "bcdefgh", strict=True)
        )
        + "  t: {notes: *h}",
    ],
    ids=["text", "list", "no texts", "circle", "yaml's circle", "a thousand million"],
)
def test_templates_that_are_none_or_have_no_end_are_refused(tmp_path: Path, common: str) -> None:
    folder = write_edition(tmp_path / "tiny", {"use": "t", "id": "q1"})
    (folder / "common.yaml").write_text(common, encoding="utf-8")
    assert refusal(folder)[0].startswith("definition.")


@pytest.mark.parametrize("item", [{"use": ["t"], "id": "q1"}, {"use": "t", "id": ["q1"]}], ids=str)
def test_a_template_is_used_by_a_name(tmp_path: Path, item: dict[str, Any]) -> None:
    folder = write_edition(tmp_path / "tiny", item)
    (folder / "common.yaml").write_text("templates: {t: {kind: text, label: '{id}'}}", encoding="utf-8")
    assert refusal(folder)[0] in ("definition.invalid", "definition.unknown_template")


def test_the_real_form_survives_freezing(form: Form) -> None:
    frozen = freeze(form.definition)
    thawed = thaw(frozen)
    assert thawed == form.definition
    assert freeze(thawed) == frozen
    assert build_form(thawed).nodes == form.nodes


def test_the_shipped_form_is_read_as_its_files_say() -> None:
    """If this fails, a file was changed: run build/compiled.py."""
    folder = resource(EDITION)
    assert (folder / FROZEN_FILE).read_bytes() == frozen_file(folder)
    assert load_definition(folder, shipped=True) == load_definition(folder)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"{}\n{}", b"[]\n{}", b'{"edition.yaml": 1}\n{}', b'{"nowhere.yaml": "0"}\n{}'),
        *(b'{"edition.yaml": "SAME"}\n', b'{"edition.yaml": "SAME"}\n{}', b"null\nnull", b"\xff\n\xff"),
    ],
)
def test_a_frozen_form_that_was_not_made_of_the_files_is_not_used(tmp_path: Path, content: bytes) -> None:
    folder = write_edition(tmp_path / "tiny")
    same = digest((folder / "edition.yaml").read_bytes())
    (folder / FROZEN_FILE).write_bytes(content.replace(b"SAME", same.encode()))
    assert freeze(load_definition(folder, shipped=True)) == freeze(load_definition(folder))


def test_a_changed_file_counts_at_once(tmp_path: Path) -> None:
    folder = write_edition(tmp_path / "tiny")
    (folder / FROZEN_FILE).write_bytes(frozen_file(folder))
    before = load_definition(folder, shipped=True)
    written = (folder / "edition.yaml").read_text(encoding="utf-8")
    (folder / "edition.yaml").write_text(written.replace(before.title, "ชื่อใหม่"), encoding="utf-8")
    assert load_definition(folder, shipped=True).title == "ชื่อใหม่" != before.title


def test_a_frozen_form_that_names_no_file_is_not_used(tmp_path: Path) -> None:
    folder = write_edition(tmp_path / "tiny")
    other = load_definition(write_edition(tmp_path / "other", {"kind": "text", "id": "another", "label": "x"}))
    (folder / FROZEN_FILE).write_bytes(b"{}\n" + freeze(other))
    assert load_definition(folder, shipped=True) == load_definition(folder) != other


def test_a_frozen_form_in_a_strangers_edition_is_not_read(tmp_path: Path) -> None:
    """The digests in it prove nothing: whoever made the files could write anything there."""
    folder = write_edition(tmp_path / "tiny")
    other = write_edition(tmp_path / "other", {"kind": "text", "id": "another", "label": "x"})
    head = frozen_file(folder).partition(b"\n")[0]
    (folder / FROZEN_FILE).write_bytes(head + b"\n" + freeze(load_definition(other)))
    assert load_definition(folder, shipped=True) == load_definition(other) != load_definition(folder)


def test_loading_twice_gives_the_same_digest(form: Form) -> None:
    again = load_definition(resource(EDITION))
    assert digest(freeze(again)) == digest(freeze(form.definition))


def test_the_frozen_form_of_a_definition_does_not_change() -> None:
    """Packages carry these bytes and name them by their digest."""
    small = definition(
        yes_no("q1", yes={"evidence": {"text": "(แนบหลักฐาน)"}}),
        text("q2", when={"not_": {"chosen": ["q1", "no"]}}),
        {"id": "q3", "kind": "percent", "label": "ร้อยละ", "max": "99.5"},
        short="",
    )
    assert digest(freeze(small)) == "2322485146a1003064df8200e1f92b65b96ba1afd06eb496773df2cf1fd7d689"


@pytest.mark.parametrize(
    "frozen",
    [b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"edition": 3}', b"[" * 100_000, b'{"sections":' * 50_000],
    ids=["nothing", "empty", "list", "null", "bytes", "type", "deep list", "deep object"],
)
def test_bytes_that_are_no_definition_are_refused(frozen: bytes) -> None:
    with pytest.raises(FileError) as refused:
        thaw(frozen)
    assert refused.value.code == "definition.frozen_invalid"
    assert "backup" in CATALOGUE.error(refused.value)


@given(st.data())
def test_a_damaged_definition_is_refused_or_is_another_definition(data: st.DataObject) -> None:
    frozen = bytearray(freeze(definition(yes_no("q1"), text("q2", when={"chosen": ["q1", "yes"]}))))
    frozen[data.draw(st.integers(0, len(frozen) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert isinstance(thaw(bytes(frozen)), Definition)
    except FileError as refused:
        assert refused.code == "definition.frozen_invalid"


def test_a_field_walks_its_inner_fields_in_printed_order(form: Form) -> None:
    walked = [field.id for field in form.node("g3").field.walk()]
    assert walked == ["g3", "g3.reason", "g3.projects", "g3.projects.name", "g3.projects.result"]
