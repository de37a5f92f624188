"""Which draft a file is: given once, at random, kept by every copy, and no fact that a person enters."""

from __future__ import annotations

import shutil
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

from dgdesk.draft.file.opening import create_draft_file, new_id, open_draft_file

FIXTURES = Path(__file__).parent / "fixtures"


def counted(number):
    """Randomness that is always the same."""
    return lambda size: bytes([number]) * size


def test_a_new_draft_has_an_id_from_the_randomness_handed_in(clock, tmp_path):
    made = create_draft_file(
        tmp_path / "a.dgdesk", definition=b"{}", meta={"edition": "x"}, clock=clock, who="-", random=counted(7)
    )
    with made:
        assert made.draft_id == new_id(counted(7)) == str(uuid.UUID(made.draft_id))
        assert made.meta == {"edition": "x"}


def test_every_copy_keeps_it_as_it_keeps_the_register(desk, clock, tmp_path):
    package = desk.create()
    mine = package.draft_id
    package.backup(tmp_path / "copy.dgdesk")
    package.close()
    with open_draft_file(tmp_path / "copy.dgdesk", clock=clock, who="-", random=counted(7)) as copy:
        assert copy.draft_id == mine


def test_an_old_draft_gets_one_when_it_is_opened_to_write_and_keeps_it(desk, clock):
    for version in (1, 2):
        shutil.copy(FIXTURES / f"v{version}.dgdesk", desk.path)
        with open_draft_file(desk.path, clock=clock, who="-", read_only=True, random=counted(1)) as reader:
            assert reader.draft_id == ""
        with open_draft_file(desk.path, clock=clock, who="-", random=counted(2)) as writer:
            assert writer.draft_id == new_id(counted(2))
        with open_draft_file(desk.path, clock=clock, who="-", random=counted(3)) as again:
            assert again.draft_id == new_id(counted(2))
            assert again.check() == ()
        desk.path.unlink()


def test_an_id_that_is_none_is_not_handed_on(desk, clock):
    desk.create().close()
    with closing(sqlite3.connect(desk.path)) as database, database:
        database.execute("UPDATE meta SET value = 'mine\nStatus: x' WHERE key = 'draft_id'")
    with open_draft_file(desk.path, clock=clock, who="-") as package:
        assert package.draft_id == ""
