"""Whom the agency trusts has changed: everything is judged again from what the ledger keeps, and no file is read."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from agency.intake.test_taking_in import lists
from agency.world import NOW, bundle_of, dump, fill, taken, trust, verdicts
from dgdesk.agency.intake.trusting import trust_digest
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.agency.ledger.reading import submission_lines
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.trust_list import TrustEntry, TrustList


@pytest.mark.slow
@pytest.mark.parametrize("before", range(5))
@pytest.mark.parametrize("after", range(5))
def test_judged_again_is_judged_as_if_the_list_had_always_been_so(
    before: int, after: int, tmp_path: Path, signer: Identity, stranger: Identity, full: Path
) -> None:
    first, second = lists(signer, stranger)[before], lists(signer, stranger)[after]
    inbox = tmp_path / "inbox"
    shutil.copytree(full, inbox, symlinks=True)
    with open_ledger(tmp_path / "fresh.ledger", make=True) as ledger:
        taken(ledger, inbox, second)
        fresh = dump(ledger, "verdicts")
    with open_ledger(tmp_path / "x.ledger", make=True) as ledger:
        taken(ledger, inbox, first)
        shutil.rmtree(inbox)
        inbox.mkdir()
        report = taken(ledger, inbox, second)
        assert (report.again.looked_at > 0) == (before != after) and report.judged == 0
        found = dump(ledger, "verdicts")
    for row in found["files"]:
        row["state"] = "judged"
    assert found == fresh


def test_on_a_server_too(named: str, signer: Identity, stranger: Identity, full: Path) -> None:
    with open_ledger(named, make=True) as ledger:
        taken(ledger, full, trust(signer))
        assert verdicts(ledger)["0.zip"] == "accepted" and verdicts(ledger)["by a stranger.zip"] == "refused"
        assert verdicts(ledger)["addendum.zip"] == "addendum"
        lines = {one.respondent: one.state for one in submission_lines(ledger)}
        report = taken(ledger, full, trust(stranger), NOW + timedelta(hours=1))
        assert report.again.changed == 9 and report.judged == 0
        assert verdicts(ledger)["0.zip"] == "refused" and verdicts(ledger)["by a stranger.zip"] == "accepted"
        assert verdicts(ledger)["addendum.zip"] == "refused"
        again = taken(ledger, full, trust(stranger), NOW + timedelta(hours=2))
        assert again.again.looked_at == 0
        taken(ledger, full, trust(signer))
        assert {one.respondent: one.state for one in submission_lines(ledger)} == lines


def test_a_list_in_another_order_is_the_same_list(signer: Identity, stranger: Identity) -> None:
    one, two = TrustEntry(signer.certificate, "TH-50"), TrustEntry(stranger.certificate)
    assert trust_digest(TrustList((one, two))) == trust_digest(TrustList((two, one, two)))
    others = {trust_digest(TrustList(some)) for some in ((one,), (two,), (), (TrustEntry(signer.certificate),))}
    assert len(others | {trust_digest(None), trust_digest(TrustList((one, two)))}) == 6


def test_an_addendum_that_came_first_is_compared_when_its_bundle_comes(
    named: str, signer: Identity, stranger: Identity, full: Path, tmp_path: Path
) -> None:
    trusted = trust(signer, stranger)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name in ("addendum.zip", "addendum of another.zip"):
        shutil.copy(full / name, inbox)
    with open_ledger(named, make=True) as ledger:
        taken(ledger, inbox, trusted)
        assert set(verdicts(ledger).values()) == {"addendum"}  # nothing to compare them with
        for name in ("2.zip", "3.zip"):
            shutil.copy(full / name, inbox)
        taken(ledger, inbox, trusted)
        assert verdicts(ledger) == {
            "2.zip": "accepted",
            "3.zip": "accepted",
            "addendum.zip": "addendum",
            "addendum of another.zip": "refused",
        }


def test_another_signature_of_the_same_signer_is_read_again(named: str, signer: Identity, tmp_path: Path) -> None:
    """One signer, one content, two signatures: what the ledger keeps of one says nothing of the other."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name in ("one.zip", "two.zip"):
        bundle_of(inbox / name, signer)
    with open_ledger(named, make=True) as ledger:
        taken(ledger, inbox, trust(signer))
        assert len(dump(ledger)["bundles"]) == 1
        report = taken(ledger, inbox, trust((signer, "TH-50")))
        assert report.judged == 1 and set(verdicts(ledger).values()) == {"refused"}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, signer: Identity, stranger: Identity) -> Path:
    return fill(tmp_path_factory.mktemp("full") / "inbox", signer, stranger)
