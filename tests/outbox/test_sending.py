"""A province sends its bundle to an office's server, and the office's word comes back."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bundle.support import saved_again
from cli.support import done, run
from dgdesk.draft.drafts import edition_folder, newest_edition
from dgdesk.errors import FileError
from dgdesk.outbox.folder import outbox_of
from dgdesk.system import atomic
from dgdesk.system.profile import Profile
from outbox.conftest import Office
from outbox.tus_server import Said


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


def test_a_bundle_returned_says_why_in_the_list_and_in_the_register(office: Office):
    office.enrol()
    done("send", office.bundle)
    back = office.folder / "back.json"
    done("receipt", "return", office.bundle, back, "--reason", "ขาดหน้า 3", *office.signed)
    (upload,) = office.server.uploads.values()
    upload.receipt = back.read_bytes()
    assert run("outbox", "send").code == 1
    assert "ขาดหน้า 3" in done("outbox", "list").out
    (line, *_) = done("register", office.draft, "--json").json["exports"]
    assert line["receipts"] == [] and [one["reason"] for one in line["returns"]] == ["ขาดหน้า 3"]
    assert "ขาดหน้า 3" in done("register", office.draft).out


def test_arrived_is_not_accepted_by_anything_but_the_offices_signature(office: Office):
    office.enrol()
    done("send", office.bundle)
    (upload,) = office.server.uploads.values()
    other = office.folder / "other.json"
    signer = ("--identity", office.folder / "profile" / "identity")
    done("decrypt", office.bundle, office.folder / "b.zip", "--key", office.folder / "office.key")
    done("receipt", "issue", office.folder / "b.zip", other, "--trust", office.folder / "signer.pem", *signer)
    for content in (
        b"<html>login</html>",
        b"",
        b"x" * (2 << 20),
        b'{"receipt": "{}", "signature": ""}',
        other.read_bytes(),
    ):
        upload.receipt = content
        (entry,) = done("outbox", "send", "--json").json["entries"]
        assert entry["state"] == "arrived", content[:40]
    assert "arrived, no receipt yet" in done("outbox", "list", "--lang", "en").out


def test_the_same_file_is_one_entry_and_one_upload_from_wherever_it_is_sent(office: Office):
    office.enrol()
    copy = office.folder / "stick" / "สำเนา.age"
    copy.parent.mkdir()
    copy.write_bytes(office.bundle.read_bytes())
    done("send", office.bundle)
    again = run("send", copy, "--lang", "en")
    assert again.code == 0 and "is in the outbox already (entry 1)" in again.err
    assert len(office.server.uploads) == 1 and len(done("outbox", "list", "--json").json["entries"]) == 1


def test_after_a_cut_it_goes_on_where_it_was_also_from_another_place(office: Office):
    office.enrol()
    size, cuts = office.bundle.stat().st_size, iter(range(100))

    def cut(method: str, path: str) -> Said | None:
        return Said(0, take=300_000, cut=True) if method == "PATCH" and next(cuts) < 3 else None

    office.server.behave = cut
    done("send", office.bundle)
    assert office.server.complete == [office.bundle.read_bytes()]
    assert office.server.taken <= 1.2 * size and office.server.methods().count("POST") == 1


def test_a_moved_file_goes_on_when_it_is_sent_from_its_new_place(office: Office):
    office.enrol()
    office.server.behave = lambda method, path: Said(500) if method == "PATCH" else None
    with quick_waits():
        assert run("send", office.bundle).code == 1
    moved = office.bundle.rename(office.folder / "moved.zip.age")
    assert "ไม่พบไฟล์" in run("outbox", "send").out
    office.server.behave = lambda method, path: None
    assert run("send", moved).code == 0
    assert len(office.server.uploads) == 1 and office.server.complete == [moved.read_bytes()]


def test_a_file_changed_or_cut_since_is_not_sent(office: Office):
    office.enrol()
    office.server.behave = lambda method, path: Said(403) if method == "PATCH" else None
    assert run("send", office.bundle).code == 1
    office.server.behave = lambda method, path: None
    content = office.bundle.read_bytes()
    for other in (content[:-1], content[:-1] + b"x", b""):
        office.bundle.write_bytes(other)
        assert "ถูกแก้ไข" in run("outbox", "send", 1).out
    assert office.server.complete == []
    office.bundle.write_bytes(content)  # the same again, with another time
    assert run("outbox", "send", 1).code == 0 and office.server.complete == [content]


REFUSALS: dict[str, tuple[str, Said, str]] = {
    "a login is asked for": ("OPTIONS", Said(401, {"WWW-Authenticate": "Basic"}), "name or password"),
    "not allowed": ("POST", Said(403), "does not allow"),
    "a page in place of the server": ("OPTIONS", Said(200, {}, b"<html>welcome</html>"), "sign-in page"),
    "a page for every upload": ("PATCH", Said(200, {}, b"<html>welcome</html>"), "sign-in page"),
    "no such address": ("POST", Said(404, {"Tus-Resumable": "1.0.0"}), "not at the address"),
    "too large": ("POST", Said(413), "larger than"),
    "too large on the way": ("PATCH", Said(413), "larger than"),
    "elsewhere": ("PATCH", Said(307, {"Location": "http://localhost.example/"}), "not signed"),
    "busy": ("PATCH", Said(429, {"Retry-After": "7200"}), "busy"),
    "full": ("PATCH", Said(507), "no space left"),
    "broken": ("HEAD", Said(500), "failed for the moment"),
    "locked": ("PATCH", Said(423, {"Tus-Resumable": "1.0.0"}), "not yet ended"),
    "cut": ("PATCH", Said(0, cut=True), "connection was cut"),
    "ahead": ("PATCH", Said(204, {"Tus-Resumable": "1.0.0", "Upload-Offset": "99999999"}), "more than was sent"),
    "behind": ("PATCH", Said(204, {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}), "less than it said"),
}


@pytest.mark.parametrize(("method", "said", "says"), REFUSALS.values(), ids=REFUSALS)
def test_whatever_the_server_says_one_sentence_is_shown_and_the_entry_waits(
    office: Office, method: str, said: Said, says: str
):
    office.enrol()
    office.server.behave = lambda asked, path: (
        said if asked == method or (method == "HEAD" and asked == "PATCH") else None
    )
    with quick_waits():
        result = run("send", office.bundle, "--lang", "en")
    assert result.code == 1 and says in result.out and result.out.count("\n") == 1, result
    (entry,) = done("outbox", "list", "--json").json["entries"]
    assert entry["state"] == "waiting" and office.server.complete == []
    office.server.behave = lambda method, path: None
    assert done("outbox", "send", 1, "--json").json["entries"][0]["state"] == "arrived"
    assert office.server.complete == [office.bundle.read_bytes()]


def test_no_server_and_one_that_speaks_no_http(office: Office):
    office.enrol()
    with closed_port() as port, quick_waits():
        office.enrol(version=2, url=f"http://127.0.0.1:{port}/files/")
        assert "cannot be reached" in run("send", office.bundle, "--lang", "en").out
    with talking(b"220 smtp.example ESMTP\r\n") as port, quick_waits():
        office.enrol(version=3, url=f"http://127.0.0.1:{port}/files/")
        assert "sign-in page" in run("outbox", "send", 1, "--lang", "en").out


def test_name_and_password_are_sent_and_shown_nowhere(office: Office):
    secret = office.folder / "secret.txt"
    secret.write_text("ลับ123\n", encoding="utf-8")
    secret.chmod(0o600)
    trust = ("--trust", office.folder / "office.pem", "--user", "cm", "--password-file", secret)
    done("outbox", "agency", "import", office.agency(), *trust)
    done("send", office.bundle)
    said = {headers["authorization"] for _, _, headers in office.server.seen}
    assert said == {"Basic " + base64.b64encode("cm:ลับ123".encode()).decode()}
    assert "ลับ123" not in done("outbox", "list", "--json").out + done("outbox", "agency", "show", "--json").out
    (login,) = (office.folder / "profile").rglob("*.login")
    assert login.stat().st_mode & 0o077 == 0


def test_pause_and_drop(office: Office):
    office.enrol()
    office.server.behave = lambda method, path: Said(403) if method == "PATCH" else None
    run("send", office.bundle)
    done("outbox", "pause", 1)
    office.server.behave = lambda method, path: None
    assert done("outbox", "send").out == "ไม่มีรายการส่ง\n"
    done("outbox", "drop", 1)
    assert office.server.uploads == {} and office.bundle.exists()
    assert run("outbox", "pause", 1).refusal(1) and run("outbox", "drop", 1).refusal(1)


def test_what_is_not_to_be_sent_is_refused_before_anything_is_sent(office: Office):
    office.enrol(editions=["th-other"])
    assert "agency.json" in run("send", office.bundle).refusal(1)
    office.enrol(version=2, closes="2020-01-01")
    assert run("send", office.bundle).refusal(1)
    office.enrol(version=3, opens="2099-01-01")
    assert run("send", office.bundle).refusal(1)
    office.enrol(version=4)
    stranger = office.folder / "x.zip.age"
    stranger.write_bytes(office.bundle.read_bytes()[:-1])
    assert run("send", stranger).refusal(1)
    noted = office.folder / "profile" / "outbox" / "exports.json"
    (one,) = json.loads(noted.read_text("utf-8"))["exported"]
    for change, says in (
        ({"recipients": []}, "เข้ารหัส"),
        ({"recipients": ["age1other"]}, "ผู้รับรายอื่น"),
        ({"marked_draft": True}, "ฉบับร่าง"),
    ):
        noted.write_text(json.dumps({"exported": [one | change]}), encoding="utf-8")
        assert says in run("send", office.bundle).refusal(1)
    for damaged in ("", "[]", '{"exported": 5}', "\0"):
        noted.write_text(damaged, encoding="utf-8")
        assert run("send", office.bundle).refusal(1)
    assert office.server.seen == []
    noted.write_text(json.dumps({"exported": [one | {"recipients": []}]}), encoding="utf-8")
    office.enrol(version=5, unencrypted=True)
    done("send", office.bundle)
    assert len(office.server.complete) == 1


def test_an_agency_file_counts_only_with_a_trusted_signature(office: Office):
    good = office.agency().read_bytes()
    target = office.folder / "x.json"
    trust = ("--trust", office.folder / "office.pem")
    assert run("outbox", "agency", "import", office.folder / "agency-1.json").refusal(2)
    for content in (good.replace(b"127.0.0.1", b"127.0.0.9"), good[:-20], b"{}", b"", b"x" * (1 << 20)):
        target.write_bytes(content)
        assert run("outbox", "agency", "import", target, *trust).refusal(1 if b"127.0.0.9" in content else 3)
    target.write_bytes(good)
    assert run("outbox", "agency", "import", target, "--trust", office.folder / "signer.pem").refusal(1)
    for saved in saved_again(good).values():
        target.write_bytes(saved)
        done("outbox", "agency", "import", target, *trust)
    done("outbox", "agency", "import", target, *trust)
    office.enrol(version=7)
    assert run("outbox", "agency", "import", target).refusal(1)  # older; and who signed it is remembered
    for url in ("http://agency.example/", "ftp://a.example/", "https://a:b@c.example/", "https://ก.example/", "x"):
        with pytest.raises(AssertionError):
            office.agency(version=8, url=url)


def test_a_damaged_entry_is_named_and_can_be_taken_out(office: Office):
    office.enrol()
    done("send", office.bundle)
    (path,) = (office.folder / "profile" / "outbox" / "entries").glob("*.json")
    path.write_bytes(b"\0" * 100)
    assert "เสียหาย" in done("outbox", "list").out
    done("outbox", "drop", 1)
    assert done("outbox", "list", "--json").json == {"entries": [], "damaged": []}


@contextmanager
def quick_waits() -> Iterator[None]:
    """Waits between two tries take no time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("threading.Event.wait", lambda self, timeout=None: self.is_set())
        yield


@contextmanager
def closed_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@contextmanager
def talking(words: bytes) -> Iterator[int]:
    """Something on a port that says the same to everybody."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        over = []

        def serve() -> None:
            while not over:
                connection, _ = server.accept()
                with connection:
                    connection.sendall(words)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            over.append(True)
            socket.create_connection(server.getsockname()).close()
            thread.join()


def test_an_address_that_comes_with_an_edition_needs_no_import(office: Office):
    folder = shutil.copytree(edition_folder(newest_edition()), office.folder / "edition")
    shutil.copyfile(office.agency(), folder / "agency.json")
    pack = office.folder / "a.dgedition"
    done("edition", "build", folder, pack, "--version", 900, *office.signed)
    assert run("send", office.bundle).refusal(1)
    done("edition", "install", pack, "--trust", office.folder / "office.pem")
    assert [one["id"] for one in done("outbox", "agency", "show", "--json").json["agencies"]] == ["dga"]
    done("send", office.bundle)
    assert office.server.complete == [office.bundle.read_bytes()]


def test_what_a_killed_process_left_as_sending_is_shown_as_waiting(office: Office):
    office.enrol()
    office.server.behave = lambda method, path: Said(403) if method == "PATCH" else None
    run("send", office.bundle)
    (path,) = (office.folder / "profile" / "outbox" / "entries").glob("*.json")
    path.write_text(path.read_text("utf-8").replace('"status":"waiting"', '"status":"sending"'), encoding="utf-8")
    assert done("outbox", "list", "--json").json["entries"][0]["state"] == "waiting"
    office.server.behave = lambda method, path: None
    assert done("outbox", "send", 1, "--json").json["entries"][0]["state"] == "arrived"


def test_two_that_send_at_once_are_one_that_sends(office: Office):
    office.enrol()
    office.server.behave = lambda method, path: Said(403) if method == "PATCH" else None
    run("send", office.bundle)
    with outbox_of(Profile(office.folder / "profile")).held():
        assert run("outbox", "send").refusal(3)
        done("outbox", "pause", 1)  # whoever sends sees it
        assert list((office.folder / "profile" / "outbox" / "entries").glob("*.wish"))


def test_no_space_for_the_outbox_stops_before_a_byte_is_sent(office: Office, monkeypatch: pytest.MonkeyPatch):
    office.enrol()
    real = atomic.atomic_write

    def full(target: Path, *rest: Any, **more: Any) -> None:
        if target.parent.name == "entries" and office.server.seen:
            raise FileError("outbox.not_written")
        real(target, *rest, **more)

    monkeypatch.setattr("dgdesk.outbox.entries.atomic_write", full)
    assert "พื้นที่ว่าง" in run("send", office.bundle).refusal(3)
    assert "PATCH" not in office.server.methods()
    monkeypatch.undo()
    monkeypatch.setenv("DGDESK_HOME", str(office.folder / "profile"))
    done("outbox", "send", 1)
    assert office.server.complete == [office.bundle.read_bytes()]


def corrected(office: Office, name: str, *more: object) -> Path:
    """A correction of the office's bundle, for the same office."""
    done("set", office.draft, "general.first_name", "กาญจนา")
    target = office.folder / name
    sealed = ("--encrypt-to", office.folder / "recipients.txt")
    done("export", office.draft, target, *sealed, "--reason", "แก้ไขข้อ 1.1", *more)
    return target


def stuck(office: Office) -> None:
    """The bundle waits in the outbox."""
    office.server.behave = lambda method, path: Said(403) if method == "POST" else None
    assert run("send", office.bundle).code == 1
    office.server.behave = lambda method, path: None


@pytest.mark.parametrize("order", ["correction sent first", "both wait"])
def test_a_bundle_whose_correction_is_in_the_outbox_waits_and_says_so(office: Office, order: str):
    office.enrol()
    stuck(office)
    correction = corrected(office, "แก้ไข.zip.age")
    if order == "correction sent first":
        done("send", correction)
    else:
        office.server.behave = lambda method, path: Said(403) if method == "POST" else None
        assert run("send", correction).code == 1
        office.server.behave = lambda method, path: None
        assert run("outbox", "send", 2).code == 0
    refused = run("send", office.bundle, "--lang", "en")
    assert refused.code == 1 and "its correction is in the outbox (entry 2, “แก้ไข.zip.age”)" in refused.out
    assert run("outbox", "send", 1).code == 1
    assert office.server.complete == [correction.read_bytes()]
    assert [one["state"] for one in done("outbox", "list", "--json").json["entries"]] == ["waiting", "arrived"]
    done("outbox", "send", 1, "--superseded")
    assert office.server.complete == [correction.read_bytes(), office.bundle.read_bytes()]


def test_the_correction_of_a_correction_replaces_the_first_one_too(office: Office):
    office.enrol()
    stuck(office)
    corrected(office, "2.zip.age")
    third = corrected(office, "3.zip.age")
    done("send", third)
    assert "“3.zip.age”" in run("send", office.bundle, "--lang", "en").out
    assert office.server.complete == [third.read_bytes()]


def test_what_was_exported_instead_of_a_bundle_never_sent_replaces_it(office: Office):
    office.enrol()
    stuck(office)
    instead = office.folder / "2.zip.age"
    done("set", office.draft, "general.first_name", "กาญจนา")
    done("export", office.draft, instead, "--encrypt-to", office.folder / "recipients.txt", "--never-sent")
    done("send", instead)
    assert "“2.zip.age”" in run("send", office.bundle, "--lang", "en").out


def test_a_correction_taken_out_of_the_outbox_replaces_nothing(office: Office):
    office.enrol()
    stuck(office)
    correction = corrected(office, "2.zip.age")
    done("send", correction)
    assert run("outbox", "send", 1).code == 1
    done("outbox", "drop", 2)
    done("outbox", "send", 1)
    assert office.server.complete == [correction.read_bytes(), office.bundle.read_bytes()]


def test_a_correction_goes_after_what_it_corrects_has_arrived(office: Office):
    office.enrol()
    done("send", office.bundle)
    done("send", corrected(office, "2.zip.age"))
    done("outbox", "send")
    assert [one["state"] for one in done("outbox", "list", "--json").json["entries"]] == ["arrived", "arrived"]
