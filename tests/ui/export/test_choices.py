"""What the wizard decides without a window: names, the clock, disk space, what is next."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.ui.export.choices import (
    MOST_ON_FAT,
    bundle_path,
    bundle_stem,
    free_path,
    in_groups,
    names_file,
    space_needed,
    space_warnings,
    steps_of_work,
    what_next,
)

HERE = Path("/ที่เก็บ")


@pytest.mark.parametrize(
    ("typed", "plain", "sealed"),
    [
        ("น่าน", "น่าน.zip", "น่าน.zip.age"),
        (" น่าน.zip ", "น่าน.zip", "น่าน.zip.age"),
        ("น่าน.zip.age", "น่าน.zip", "น่าน.zip.age"),
        ("น่าน.ZIP", "น่าน.zip", "น่าน.zip.age"),
        ("v1.2", "v1.2.zip", "v1.2.zip.age"),
        (".zip", ".zip.zip", ".zip.zip.age"),
    ],
)
def test_a_name_gets_the_suffix_of_its_kind(typed: str, plain: str, sealed: str) -> None:
    assert bundle_path(typed, HERE, sealed=False) == HERE / plain
    assert bundle_path(typed, HERE, sealed=True) == HERE / sealed
    assert bundle_path(f"/elsewhere/{typed.strip()}", HERE, sealed=False) == Path("/elsewhere") / plain


@given(st.text("abcน่ .", min_size=1, max_size=12).filter(lambda one: one.strip(" .")), st.booleans())
def test_going_to_and_fro_between_the_kinds_changes_nothing_but_the_suffix(name: str, sealed: bool) -> None:
    once = bundle_path(name, HERE, sealed=sealed)
    other = bundle_path(str(once), HERE, sealed=not sealed)
    assert bundle_path(str(other), HERE, sealed=sealed) == once == bundle_path(str(once), HERE, sealed=sealed)


def test_the_suggested_name_says_whose_it_is_and_what_and_replaces_nothing() -> None:
    assert bundle_stem("เชียงใหม่", "2568") == "เชียงใหม่-2568"
    assert bundle_stem(" เชียงใหม่ ", "ฉบับร่าง") == "เชียงใหม่-ฉบับร่าง" and bundle_stem("น่าน", "") == "น่าน"
    there = {HERE / "น่าน.zip", HERE / "น่าน (2).zip"}
    assert free_path(HERE / "น่าน.zip", there.__contains__) == HERE / "น่าน (3).zip"
    assert free_path(HERE / "น่าน.zip.age", {HERE / "น่าน.zip.age"}.__contains__) == HERE / "น่าน (2).zip.age"
    assert free_path(HERE / "น่าน.zip", lambda path: True) == HERE / "น่าน.zip"


@pytest.mark.parametrize("typed", ["", ".", "..", "/", "ที่เก็บ/", "/ก/..", "ก\0ข"])
def test_what_names_no_file_is_refused(typed: str) -> None:
    assert not names_file(typed) and names_file(f"{typed.replace(chr(0), '')}ก")


def test_a_file_takes_its_room_once_and_once_more_with_marks() -> None:
    plain = Attachment("a" * 64, "ก.pdf", 1000, "application/pdf")
    marked = Attachment("b" * 64, "ข.pdf", 500, "application/pdf", marks=(Mark(1, (Rect(0.1, 0.1, 0.2, 0.2),)),))
    nothing = space_needed({})
    assert space_needed({"x": (plain,), "y": (plain,)}) - nothing == 1000
    assert space_needed({"x": (plain, marked)}) - nothing == 2000


def test_room_and_file_system_are_warned_of() -> None:
    assert space_warnings(100, 100, "ext4") == () == space_warnings(100, -1, "")
    assert space_warnings(100, 99, "NTFS") == ("ui.exporting.little_space",)
    assert space_warnings(MOST_ON_FAT, 1 << 40, "FAT32") == ()
    assert space_warnings(MOST_ON_FAT + 1, 1 << 40, "vfat") == ("ui.exporting.fat",)
    assert space_warnings(MOST_ON_FAT + 1, 1 << 40, "exFAT") == ()


def test_the_steps_are_those_that_there_will_be() -> None:
    assert steps_of_work(marked=False, sealed=False) == ("print", "writing", "reading")
    assert steps_of_work(marked=True, sealed=True) == ("copies", "print", "writing", "reading", "sealing")


def test_what_is_next_names_only_what_there_is() -> None:
    whole = what_next(draft=False, sheet=True, registered=True)
    assert [one.rpartition("_")[2] for one in whole] == ["send", "sheet", "scan", "certificate", "receipt", "keep"]
    unregistered = what_next(draft=False, sheet=True, registered=False)
    assert "ui.exporting.next_scan" not in unregistered and "ui.exporting.next_receipt" not in unregistered
    assert what_next(draft=True, sheet=True, registered=True)[0] == "ui.exporting.next_show"


def test_a_digest_is_read_in_groups_of_eight() -> None:
    assert in_groups("0123456789abcdef") == "01234567 89abcdef"
