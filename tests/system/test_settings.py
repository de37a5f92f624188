"""Settings: whatever lies in the file, the program starts; what was written comes back."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.errors import FileError
from dgdesk.system.settings import (
    MOST_RECENT,
    TEXT_SIZES,
    Recent,
    Settings,
    SettingsFile,
    clean_name,
    load_settings,
    read_settings,
    save_settings,
    step_text_size,
    write_settings,
)
from dgdesk.text.messages import load_catalogue

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
RECENT = st.builds(
    Recent,
    path=TEXT.filter(bool),
    page=TEXT,
    respondent=TEXT,
    percent=st.integers(-1, 100),
    low=TEXT,
    high=TEXT,
    changed=TEXT,
    stamp=TEXT,
)
SETTINGS = st.builds(
    Settings,
    who=TEXT.map(clean_name),
    language=st.sampled_from(("th", "en")),
    theme=st.sampled_from(("light", "dark", "contrast")),
    text_percent=st.sampled_from(TEXT_SIZES),
    window=st.just((0, 0)) | st.tuples(st.integers(1, 9999), st.integers(1, 9999)),
    maximised=st.booleans(),
    splitters=st.dictionaries(TEXT, st.lists(st.integers(0, 9999), min_size=2, max_size=8).map(tuple), max_size=4),
    recents=st.lists(RECENT, max_size=MOST_RECENT, unique_by=lambda one: one.path).map(tuple),
    open_draft=TEXT,
    folders=st.dictionaries(TEXT, TEXT.filter(bool), max_size=4),
    export_folder=TEXT,
    export_keys=TEXT,
    office_certificates=st.lists(TEXT.filter(bool), max_size=8).map(tuple),
    put_away=st.lists(TEXT.filter(bool), max_size=60).map(tuple),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NAMES = (
    *("who", "language", "theme", "text_percent", "window", "maximised", "splitters", "recents", "open_draft"),
    *("folders", "office_certificates", "put_away"),
)


@given(st.binary(max_size=400))
def test_any_bytes_give_settings(content: bytes) -> None:
    assert isinstance(read_settings(content), Settings)


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_a_hostile_file_gives_settings_that_can_be_written_and_read(found: dict[str, object]) -> None:
    settings = read_settings(json.dumps(found).encode())
    assert settings.language in ("th", "en") and settings.theme in ("light", "dark", "contrast")
    assert settings.text_percent in TEXT_SIZES and len(settings.recents) <= MOST_RECENT
    assert read_settings(write_settings(settings)) == settings


@given(SETTINGS)
def test_what_is_written_comes_back(settings: Settings) -> None:
    assert read_settings(write_settings(settings)) == settings


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b'"x"', b"{", b"[" * 100_000, b"\xff\xfe", b" " * 300_000])
def test_what_is_no_settings_file_gives_the_defaults(content: bytes) -> None:
    assert read_settings(content) == Settings()


def test_one_damaged_piece_leaves_the_others() -> None:
    recents = [{"path": 3}, {"path": "a", "percent": 999}]
    found = {"who": "สมศรี", "theme": "purple", "window": [-3, 10], "recents": recents}
    settings = read_settings(json.dumps(found).encode())
    assert settings == Settings(who="สมศรี", recents=(Recent("a"),))


@pytest.mark.parametrize(
    ("version", "newer"),
    [
        ("0.1.0", ""),
        ("0.0.9", ""),
        ("0.1.1", "0.1.1"),
        ("0.10.0", "0.10.0"),
        ("12.0", "12.0"),
        ("", ""),
        (None, ""),
        (7, ""),
        ("x.y", ""),
        ("9" * 150, ""),
        ("๙.๙", ""),
    ],
)
def test_a_file_of_a_newer_program_is_read_and_its_version_known(tmp_path: Path, version: object, newer: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"version": version, "who": "สมศรี", "of_tomorrow": [1]}), encoding="utf-8")
    settings = SettingsFile(path)
    assert settings.now == Settings(who="สมศรี") and settings.newer == newer
    settings.change(replace(settings.now, theme="dark"))
    assert settings.newer == newer, "it is said until the program ends"
    assert SettingsFile(path).newer == ""


def test_a_missing_file_a_folder_and_a_file_in_the_way(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "no" / "settings.json") == Settings()
    assert load_settings(tmp_path) == Settings()
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileError) as caught:
        save_settings(tmp_path / "file" / "settings.json", Settings())
    assert caught.value.code == "settings.unwritable"
    assert "โปรด" in load_catalogue("th").error(caught.value), "it says what to do"
    kept = SettingsFile(tmp_path / "file" / "settings.json")
    assert not kept.change(Settings(who="สมศรี")) and kept.now.who == "สมศรี"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes in folders")
@pytest.mark.timeout(10)
def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "settings.json")
    assert load_settings(tmp_path / "settings.json") == Settings()


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no device to read for ever")
def test_a_device_in_the_place_of_the_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "settings.json").symlink_to("/dev/zero")
    assert load_settings(tmp_path / "settings.json") == Settings()


def test_a_change_is_on_disk_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "profile" / "settings.json"
    kept = SettingsFile(path)
    assert kept.change(replace(kept.now, theme="dark"))
    assert load_settings(path).theme == "dark"
    assert [each.name for each in path.parent.iterdir()] == ["settings.json"]


def test_the_last_draft_comes_first_and_a_forgotten_one_goes() -> None:
    settings = Settings()
    for number in range(MOST_RECENT + 2):
        settings = settings.with_recent(Recent(f"{number}.dgdesk"))
    assert [one.path for one in settings.recents][:2] == ["9.dgdesk", "8.dgdesk"]
    assert len(settings.recents) == MOST_RECENT
    settings = replace(settings.with_recent(Recent("8.dgdesk", page="g.page2"), first=False), open_draft="8.dgdesk")
    assert [one.path for one in settings.recents][:2] == ["9.dgdesk", "8.dgdesk"]
    known = settings.recent("8.dgdesk")
    assert known is not None and known.page == "g.page2"
    settings = settings.without_recent("8.dgdesk")
    assert settings.recent("8.dgdesk") is None and settings.open_draft == ""


@pytest.mark.parametrize(
    ("typed", "name"), [("  สมศรี \n ใจดี\u200b ", "สมศรี ใจดี"), ("\u202e", ""), (None, ""), ("ก" * 500, "ก" * 120)]
)
def test_a_name_is_made_fit_for_the_journal(typed: object, name: str) -> None:
    assert clean_name(typed) == name


def test_text_grows_and_shrinks_within_its_sizes() -> None:
    assert step_text_size(100, 1) == 110 and step_text_size(100, -1) == 100 and step_text_size(200, 1) == 200
