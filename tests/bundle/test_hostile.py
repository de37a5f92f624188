"""More than a hundred hostile archives, each refused with its own reason, and nothing of them unpacked."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from bundle.fuzz_verify import attack, attacks, flips
from bundle.hostile import Case, cases
from dgdesk.bundle.extract import extract_bundle
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.text.messages import Catalogue


@pytest.fixture(scope="module")
def archives(good: bytes, signer: Identity, stranger: Identity) -> list[Case]:
    return list(cases(good, signer, stranger))


def test_every_hostile_archive_is_refused_with_its_reason(
    archives: list[Case], signer: Identity, tmp_path: Path, catalogues: list[Catalogue]
) -> None:
    assert len({case.name for case in archives}) == len(archives) >= 100
    assert len({case.codes for case in archives}) >= 40
    wrong = []
    for number, case in enumerate(archives):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(case.content)
        verdict = verify_bundle(path, trusted=[signer.certificate_pem])
        found = tuple(problem.code for problem in verdict.problems)
        if verdict.ok or found != case.codes:
            wrong.append((case.name, found, case.codes))
        for problem in verdict.problems:
            for catalogue in catalogues:
                assert catalogue.text(problem.code, **problem.values)
    assert wrong == []


def test_nothing_of_a_hostile_archive_is_unpacked(archives: list[Case], signer: Identity, tmp_path: Path) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    path = tmp_path / "x.zip"
    for case in archives:
        path.write_bytes(case.content)
        assert extract_bundle(path, inside, trusted=[signer.certificate_pem])[1] is None, case.name
        assert sorted(tmp_path.rglob("*")) == [inside.parent, inside, path], case.name


def test_hundreds_of_changes_of_one_byte_are_all_refused(good: bytes, signer: Identity) -> None:
    """The full run: ``python tests/bundle/fuzz_verify.py --flips 10000``."""
    found = attack(flips(random.Random(2569), good, 300), good, signer, float("inf"))
    assert found["held"] and found["cases"] == 300, json.dumps(found)


def test_a_short_fuzz_finds_no_crash_and_nothing_that_passes(good: bytes, signer: Identity) -> None:
    """The full run: ``python tests/bundle/fuzz_verify.py --seconds 600``."""
    few = zip(range(270), attacks(random.Random(2569), good, signer), strict=False)
    found = attack((case for _, case in few), good, signer, float("inf"))
    assert found["held"] and found["cases"] == 270, json.dumps(found)
