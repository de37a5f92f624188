"""What is left out of a bundle is reported: random drafts, and the places where a person meets it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from dgdesk.bundle.signing.identity import Identity
from dgdesk.draft.drafts import open_draft
from dgdesk.printing.document import Printed
from dgdesk.submission.survey_pdf import PrintChoices, print_draft
from submission.random_bundles import NOW, empty_draft, export_random, signer


@dataclass(frozen=True)
class Base:
    """An empty draft, its print, and who signs."""

    empty: Path
    printed: Printed
    identity: Identity


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    folder = tmp_path_factory.mktemp("base")
    empty = empty_draft(folder / "empty.dgdesk")
    with open_draft(empty, clock=lambda: NOW, who="สมชาย") as draft:
        printed = print_draft(draft, PrintChoices(variant="problems"), claimed=NOW)
    return Base(empty, printed, signer(folder / "signer"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(25))
def test_what_a_draft_holds_is_what_its_bundle_holds_and_what_the_report_leaves_out(
    seed: int, base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The print takes most of the time of an export and is the same for every seed here; `dev.py faults` makes it.
    monkeypatch.setattr("dgdesk.submission.survey_pdf.print_draft", lambda *_, **__: base.printed)
    found = export_random(seed, base.empty, tmp_path, base.identity)
    assert found["files"] and found["answers"]
