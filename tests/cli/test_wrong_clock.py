"""A clock that cannot be right is told before anything dated is made, by the same test as office-check."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from cli.support import done, run
from dgdesk.cli import main as commands
from dgdesk.cli.context import Context
from dgdesk.system.profile import own_profile

LONG_AGO = datetime(2000, 1, 1, 0, 6, tzinfo=UTC)
FAR_AHEAD = datetime(2040, 5, 4, tzinfo=UTC)


@pytest.fixture
def clock_says(monkeypatch):
    """Let every command begin with this time."""
    made = Context.__new__

    def say(moment):
        def begin(kind, *arguments, **values):
            return made(kind, *arguments, **{**values, "clock": lambda: moment})

        monkeypatch.setattr(Context, "__new__", begin)

    assert commands.Context is Context
    return say


def dated(draft, folder):
    """Each command that makes something dated, and what it would write."""
    identity = own_profile().root / "identities" / "new"
    return {
        "identity new": (
            ("identity", "new", "--name", "new", "--person", "ส", "--province", "น่าน", "--no-passphrase"),
            identity,
        ),
        "export": (
            ("export", draft, folder / "a.zip", "--draft", "--person", "ส", "--no-passphrase"),
            folder / "a.zip",
        ),
    }


@pytest.mark.parametrize("command", ["identity new", "export"])
@pytest.mark.parametrize("moment", [LONG_AGO, datetime(2019, 6, 1, tzinfo=UTC), datetime(2025, 9, 1, tzinfo=UTC)])
def test_nothing_is_made_under_a_clock_that_cannot_be_right(draft, tmp_path, clock_says, command, moment):
    arguments, target = dated(draft, tmp_path)[command]
    clock_says(moment)
    said = run(*arguments, "--lang", "en")
    assert said.code == 1 and "which cannot be" in said.err and "before you go on" in said.err
    assert not target.exists() and not own_profile().identity.exists()
    checked = run("office-check", "--lang", "en")
    assert "which cannot be" in checked.out + checked.err


@pytest.mark.parametrize("moment", [FAR_AHEAD, datetime(2029, 3, 1, tzinfo=UTC)])
def test_an_export_far_ahead_of_the_draft_says_so_and_goes_on(draft, tmp_path, clock_says, moment):
    arguments, target = dated(draft, tmp_path)["export"]
    clock_says(moment)
    said = run(*arguments, "--lang", "en")
    assert said.code == 0 and "more than two years before" in said.err and target.exists()


def test_an_export_before_the_last_one_is_told(draft, tmp_path, clock_says):
    """The draft was not changed meanwhile, but its register knows the later time."""
    arguments, target = dated(draft, tmp_path)["export"]
    clock_says(datetime(2027, 1, 5, 9, tzinfo=UTC))  # the identity is made
    done("export", draft, tmp_path / "first.zip", *arguments[3:])
    clock_says(datetime(2027, 2, 2, 9, tzinfo=UTC))
    done("export", draft, tmp_path / "second.zip", *arguments[3:])
    clock_says(datetime(2027, 2, 1, 9, tzinfo=UTC))
    said = run(*arguments, "--lang", "en")
    assert said.code == 0 and "exported on 2 Feb 2027" in said.err and target.exists()
    checked = run("office-check", draft, "--lang", "en")
    assert "exported on 2 Feb 2027" in checked.out + checked.err


def test_the_first_identity_of_a_pc_decades_ahead_is_told(tmp_path, clock_says):
    """Nothing else is known here than how old the program would be."""
    clock_says(datetime(2071, 5, 4, tzinfo=UTC))
    said = run(
        "identity", "new", "--name", "new", "--person", "ส", "--province", "น่าน", "--no-passphrase", "--lang", "en"
    )
    assert said.code == 0 and "far in the future" in said.err


def test_a_clock_behind_the_draft_is_told(draft, tmp_path, clock_says):
    arguments, target = dated(draft, tmp_path)["export"]
    clock_says(datetime(2025, 11, 1, tzinfo=UTC))
    said = run(*arguments, "--lang", "en")
    assert said.code == 0 and "gone backwards" in said.err and target.exists()


def test_an_identity_far_ahead_of_everything_here_is_told(tmp_path, clock_says):
    """Without a draft the files of earlier runs say what time it may be."""
    root = own_profile().root
    root.mkdir(parents=True, exist_ok=True)
    (root / "settings.json").touch()
    os.utime(root / "settings.json", (1_760_000_000, 1_760_000_000))
    clock_says(FAR_AHEAD)
    said = run(
        "identity", "new", "--name", "new", "--person", "ส", "--province", "น่าน", "--no-passphrase", "--lang", "en"
    )
    assert said.code == 0 and "far in the future" in said.err


def test_a_right_clock_says_nothing(draft, tmp_path):
    arguments, target = dated(draft, tmp_path)["export"]
    done(*arguments)
    assert target.exists()
