"""A path that is too long is said to be too long, wherever a path is taken: no right is missing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dgdesk.draft.drafts import Draft
from dgdesk.errors import DgdeskError
from dgdesk.folders.export_folder import export_folder
from dgdesk.folders.import_folder import plan_dropped, plan_folder


@pytest.mark.skipif(os.name != "posix", reason="Windows takes such a path with its own sentence")
@pytest.mark.parametrize(
    "taken",
    [
        lambda draft, path: plan_folder(draft.session, path),
        lambda draft, path: draft.session.attach("p1.3/yes", path / "a.pdf"),
        lambda draft, path: export_folder(
            draft.session.form, draft.session.state, draft.package.read_file, path / "ออก"
        ),
    ],
    ids=["import", "attach", "export"],
)
def test_the_length_is_named(draft: Draft, tmp_path: Path, taken: Callable[[Draft, Path], object]) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    draft.session.answer_all({"p1.3": "yes"})
    draft.session.attach("p1.3/yes", tmp_path / "a.txt")
    path = tmp_path.joinpath(*["x" * 240] * 20)
    with pytest.raises(DgdeskError) as refused:
        taken(draft, path)
    assert refused.value.code in ("system.long_name", "package.path_too_long")


@pytest.mark.skipif(os.name != "posix", reason="Windows takes such a path with its own sentence")
def test_the_length_is_named_for_one_of_several_dropped_files(draft: Draft, tmp_path: Path) -> None:
    (tmp_path / "P1.3.txt").write_text("x", encoding="utf-8")
    far = tmp_path.joinpath(*["x" * 240] * 20, "P1.4.txt")
    plan = plan_dropped(draft.session, [tmp_path / "P1.3.txt", far])
    assert [item.found.findings[0].code for item in plan.items if item.status == "refused"] == ["system.long_name"]
