"""A verdict under another trust list, without the content, is the verdict that a whole check gives under it."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path

import pytest

from bundle.support import NOW, export, pack, payload, sign_again, submission, unpack
from bundle.test_inbox import make
from dgdesk.bundle.addendum import judge_addendum_again, verify_addendum
from dgdesk.bundle.again import judge_again
from dgdesk.bundle.report import Limits
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.trust_list import TrustEntry, TrustList
from dgdesk.bundle.verify import Checked, check_stream, open_bundle

CLOCKS = (None, NOW, NOW - timedelta(days=3), NOW + timedelta(days=4000))


def check(path: Path, trust: TrustList | None, clock: object) -> Checked:
    with open_bundle(path) as stream:
        return check_stream(stream, trust, Limits(), now=clock)  # type: ignore[arg-type]  # one of CLOCKS


def lists(signer: Identity, stranger: Identity) -> list[TrustList | None]:
    mine, other = signer.certificate, stranger.certificate
    return [
        None,
        TrustList(),
        TrustList((TrustEntry(mine),)),
        TrustList((TrustEntry(other),)),
        TrustList((TrustEntry(mine, "TH-55"),)),
        TrustList((TrustEntry(mine, "TH-50"), TrustEntry(other, "TH-55"))),
    ]


@pytest.mark.parametrize("province", ["TH-55", "ตาก"])
@pytest.mark.parametrize("broken", [False, True])
def test_judged_again_is_judged_as_the_first_time(
    signer: Identity, stranger: Identity, tmp_path: Path, province: str, broken: bool
) -> None:
    content = payload(**{"submission.json": submission(province=province).to_bytes()})
    path = export(tmp_path / "b.zip", signer, content).path
    if broken:
        files = unpack(path.read_bytes())
        name = next(one for one in files if one.endswith("E0001.pdf"))
        path.write_bytes(pack(sign_again(files | {name: b"%PDF-1.7 another"}, signer)))
    for one, two in itertools.product(lists(signer, stranger), repeat=2):
        for clock in CLOCKS:
            first, second = check(path, one, NOW), check(path, two, clock)
            assert first.signed is not None and first.submission is not None
            again = judge_again(first.verdict, first.signed, first.submission.respondent_key, two, clock)
            assert again == second.verdict


def test_an_addendum_is_judged_again_as_the_first_time(
    bundle: Path, signer: Identity, stranger: Identity, tmp_path: Path
) -> None:
    for by in (signer, stranger):
        path = make(tmp_path / f"{by.fingerprint[:6]}.zip", bundle, signer, by)
        for one, two in itertools.product(lists(signer, stranger), repeat=2):
            first = verify_addendum(path, trusted=one)
            for beside in (None, check(bundle, two, NOW).verdict):
                assert first.signed is not None and first.digest is not None
                again = judge_addendum_again(first.digest, first.addendum, first.signed, two, beside, NOW)
                assert again == verify_addendum(path, trusted=two, bundle=beside, now=NOW)


def test_without_a_fitting_signature_there_is_nothing_to_judge_again(bundle: Path, signer: Identity) -> None:
    files = unpack(bundle.read_bytes())
    name = next(one for one in files if one.endswith("tagmanifest-sha256.txt"))
    bundle.write_bytes(pack(files | {name: files[name].replace(b"0", b"1", 1)}))
    found = check(bundle, TrustList((TrustEntry(signer.certificate),)), NOW)
    assert found.signed is None and not found.verdict.ok
