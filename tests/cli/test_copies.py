"""Copies and compaction from the command line."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from cli.support import done, refused
from dgdesk.draft.file.opening import open_draft_file
from rows import detached


def test_compact_says_what_it_gave_back(tmp_path):
    draft, source = tmp_path / "a.dgdesk", tmp_path / "order.txt"
    source.write_text(os.urandom(200_000).hex(), encoding="ascii")
    done("new", draft)
    done("attach", draft, "g1/yes", source)
    with open_draft_file(draft, clock=lambda: datetime(2026, 11, 20, tzinfo=UTC), who="a") as package:
        package.apply(detached(package, "g1/yes"), "detach")
    kept = done("compact", draft, "--json").json
    assert (kept["files"], kept["undoable"]) == (0, source.stat().st_size)
    assert "--forget-undo" in done("compact", draft).out
    before = draft.stat().st_size
    given = done("compact", draft, "--forget-undo", "--json").json
    assert (given["files"], given["undoable"], given["before"], given["after"]) == (1, 0, before, draft.stat().st_size)
    assert given["freed"] == before - draft.stat().st_size > 300_000
    assert "--forget-undo" not in done("compact", draft, "--lang", "en").out


def test_compact_of_what_is_no_draft_is_refused(tmp_path):
    refused(3, "compact", tmp_path / "missing.dgdesk", says="was not found")
