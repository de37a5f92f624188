"""A receiver's inbox: bundles and addenda told apart, and each addendum tied to the bundle that it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from bundle.support import NOW, PDF, export, info, payload, sha256, submission
from cli.support import run
from dgdesk.agency.inbox import Arrival, check_arrivals, tie, verify_many
from dgdesk.bundle.addendum import Addendum, ScanItem, write_addendum
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.system.progress import Progress


@pytest.fixture
def addendum(bundle: Path, signer: Identity, tmp_path: Path) -> Path:
    return make(tmp_path / "addendum.zip", bundle, signer, signer)


def make(target: Path, of: Path, of_signer: Identity, by: Identity) -> Path:
    found = verify_bundle(of, trusted=[of_signer.certificate_pem])
    scan = ScanItem(file="scans/S0001.pdf", name="ใบลงนาม.pdf", sha256=sha256(PDF), size=len(PDF))
    said = Addendum(
        kind="dgdesk-addendum",
        format=1,
        digest=found.digest or "",
        answers_digest=found.answers_digest or "",
        province="น่าน",
        edition="th-province-2568",
        scans=(scan,),
    )
    write_addendum(target, said, {scan.file: PDF}, info=info(), identity=by, claimed_time=NOW)
    return target


def check(paths: list[Path], *signers: Identity) -> tuple[Arrival, ...]:
    trusted = [one.certificate_pem for one in signers] or None
    return tie(check_arrivals(paths, trusted=trusted), trusted=trusted)


def test_an_addendum_is_tied_to_its_bundle_whichever_comes_first(
    bundle: Path, addendum: Path, signer: Identity
) -> None:
    for paths in ([bundle, addendum], [addendum, bundle]):
        found = {one.path: one for one in check(paths, signer)}
        assert found[bundle].accepted and found[bundle].addendum is None
        assert found[addendum].accepted and found[addendum].belongs_to == bundle
        assert not found[addendum].fate.accepted  # it is never taken for a bundle


def test_an_addendum_alone_or_beside_another_bundle_is_tied_to_nothing(
    addendum: Path, signer: Identity, tmp_path: Path
) -> None:
    content = payload(**{"submission.json": submission(province="ตาก").to_bytes()})
    other = export(tmp_path / "other.zip", signer, content).path
    for paths in ([addendum], [addendum, other]):
        found = check(paths, signer)[0]
        assert found.accepted and found.belongs_to is None


def test_another_signers_addendum_is_refused_beside_the_bundle_even_if_he_is_trusted(
    bundle: Path, signer: Identity, stranger: Identity, tmp_path: Path
) -> None:
    foreign = make(tmp_path / "foreign.zip", bundle, signer, stranger)
    found = check([foreign, bundle], signer, stranger)[0]
    assert not found.accepted and [one.code for one in found.problems] == ["addendum.other_signer"]
    assert check([foreign], signer)[0].problems[0].code == "signature.untrusted"


def test_without_trust_nothing_is_accepted_or_tied(bundle: Path, addendum: Path) -> None:
    found = check([bundle, addendum])
    assert [one.accepted for one in found] == [False, False]
    assert [one.code for one in found[1].problems] == ["verify.origin_unchecked"]
    assert found[1].belongs_to is None


def test_a_broken_bundle_stays_one(bundle: Path, signer: Identity, tmp_path: Path) -> None:
    short, gone = tmp_path / "short.zip", tmp_path / "gone.zip"
    short.write_bytes(bundle.read_bytes()[:-9])
    found = check([short, gone], signer)
    assert [one.addendum for one in found] == [None, None]
    assert [one.problems[0].code for one in found] == ["zip.cut_short", "bundle.missing"]


def test_an_addendum_that_was_changed_is_refused_as_one(addendum: Path, signer: Identity) -> None:
    content = bytearray(addendum.read_bytes())
    content[content.index(b"evidence one")] ^= 1
    addendum.write_bytes(content)
    found = check([addendum], signer)[0]
    assert found.addendum is not None and not found.accepted and found.problems


def test_bytes_are_told_while_a_file_is_read_and_whoever_is_told_can_stop(bundle: Path, signer: Identity) -> None:
    class Stop(Exception):
        pass

    told: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        raise Stop

    trusted = [signer.certificate_pem]
    list(verify_many([bundle], trusted=trusted, progress=Progress(lambda done, total: told.append((done, total)))))
    assert told and told[-1][0] == told[-1][1]
    with pytest.raises(Stop):
        list(verify_many([bundle, bundle], trusted=trusted, progress=Progress(stop)))


def test_an_addendum_given_as_a_bundle_is_named_as_what_it_is(addendum: Path, signer: Identity, tmp_path: Path) -> None:
    (tmp_path / "signer.pem").write_bytes(signer.certificate_pem)
    command = ("verify", addendum, "--trust", tmp_path / "signer.pem")
    found = run(*command, "--json")
    assert found.code == 1 and [one["code"] for one in found.json["problems"]] == ["verify.is_addendum"]
    assert "dgdesk addendum verify" in run(*command).out.splitlines()[0]
