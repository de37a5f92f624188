"""A province sends its bundle to an office's server, and the office's word comes back."""

from __future__ import annotations

from cli.support import done, run
from outbox.conftest import Office


def test_a_bundle_arrives_and_is_accepted_only_with_the_offices_receipt(office: Office):
    office.enrol()
    first = done("send", office.bundle, "--json").json["entries"][0]
    assert first["state"] == "arrived" and office.server.complete == [office.bundle.read_bytes()]
    done("decrypt", office.bundle, office.folder / "b.zip", "--key", office.folder / "office.key")
    receipt = office.folder / "r.json"
    trust = ("--trust", office.folder / "signer.pem")
    done("receipt", "issue", office.folder / "b.zip", receipt, *trust, *office.signed)
    (upload,) = office.server.uploads.values()
    upload.receipt = receipt.read_bytes()
    (entry,) = done("outbox", "send", "--json").json["entries"]
    assert entry["state"] == "accepted" and office.server.methods().count("PATCH") == 1
    (line, *_) = done("register", office.draft, "--json").json["exports"]
    assert len(line["receipts"]) == 1
    assert done("outbox", "list", "--lang", "en").out == "1. เชียงใหม่.zip.age: accepted (100%)\n"


def test_without_an_address_the_sentence_says_how_to_send_by_file(office: Office):
    assert "agency.json" in run("send", office.bundle).refusal(1)
