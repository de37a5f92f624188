"""Identity is not authority: who is known may sign only for whom the receiver's list says."""

from __future__ import annotations

import csv
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from bundle.support import NOW, export, info, payload, sign_again, submission, unpack
from bundle.support import pack as pack_zip
from cli.support import run
from dgdesk.bundle.archive.bag import BAG_INFO
from dgdesk.bundle.report import BundleProblem, Verification
from dgdesk.bundle.respondents import find_respondent, provinces, same_respondent
from dgdesk.bundle.signing.identity import Identity, create_identity
from dgdesk.bundle.signing.trust_files import keep, kept, load_trust
from dgdesk.bundle.signing.trust_list import TrustEntry, TrustList
from dgdesk.bundle.verify import verify_bundle
from dgdesk.draft.drafts import load_form
from dgdesk.errors import DgdeskError
from dgdesk.resources import resource
from dgdesk.survey.definition.load import load_definition
from security.chain_makers import LEAF, ROOT, make_chain, name

PLACE = "general.province"


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    folder = tmp_path_factory.mktemp("id")
    return create_identity(folder, person="สมชาย", province="จังหวัดน่าน", passphrase=None, now=NOW - timedelta(days=1))


def bundle(folder: Path, by: Identity, province: str) -> Path:
    content = submission(province=province, answers={PLACE: province})
    return export(folder / f"{province}.zip", by, payload(**{"submission.json": content.to_bytes()})).path


def codes(found: tuple[BundleProblem, ...]) -> list[str]:
    return [one.code for one in found]


def told(place: Path) -> list[str]:
    """The codes with which a list is refused: of the whole, and of each line."""
    with pytest.raises(DgdeskError) as caught:
        load_trust([place])
    return [caught.value.code, *(code for code, _ in caught.value.details)]


def lists(folder: Path, by: Identity, respondent: str) -> list[Path]:
    """A table and a folder that bind a certificate to a respondent."""
    (folder / "named").mkdir()
    (folder / "named" / f"{respondent}.pem").write_bytes(by.certificate_pem)
    (folder / "signer.pem").write_bytes(by.certificate_pem)
    (folder / "trust.csv").write_text(f"respondent,certificate,note\n{respondent},signer.pem,\n", encoding="utf-8")
    return [folder / "trust.csv", folder / "named"]


@pytest.mark.parametrize("written", ["TH-55", "th-55", "น่าน", "จังหวัดน่าน", "จ.น่าน", "Nan"])
def test_a_signer_holds_for_his_own_province_alone_however_the_list_names_it(
    signer: Identity, tmp_path: Path, written: str
) -> None:
    own, other = bundle(tmp_path, signer, "TH-55"), bundle(tmp_path, signer, "TH-50")
    for place in lists(tmp_path, signer, written):
        trust = load_trust([place])
        found = verify_bundle(own, trusted=trust)
        assert (found.ok, found.warnings) == (True, ()), place
        refused = verify_bundle(other, trusted=trust)
        assert not refused.ok and codes(refused.problems) == ["signature.other_respondent"]
        assert refused.problems[0].values["respondent"] == "TH-50 เชียงใหม่"


def test_a_bare_certificate_holds_and_it_is_said_that_nothing_binds_it(signer: Identity, tmp_path: Path) -> None:
    found = verify_bundle(bundle(tmp_path, signer, "TH-55"), trusted=[signer.certificate_pem])
    assert found.ok and codes(found.warnings) == ["verify.not_bound"]
    other = verify_bundle(bundle(tmp_path, signer, "TH-50"), trusted=[signer.certificate_pem])
    assert other.ok and codes(other.warnings) == ["verify.not_bound", "verify.organisation_differs"]


def test_a_ca_may_be_bound_too_and_what_is_said_of_the_signer_comes_first(tmp_path: Path) -> None:
    made = make_chain([LEAF.but(subject=name("ก", "หน่วยงาน")), ROOT], NOW)
    leaf, root = made.certificates
    by = Identity(leaf, False, made.key)
    nan, other = bundle(tmp_path, by, "TH-55"), bundle(tmp_path, by, "TH-50")
    of_ca = TrustList((TrustEntry(root, "TH-55"),))
    both = TrustList((TrustEntry(root, "TH-55"), TrustEntry(leaf, "TH-50")))
    twice = TrustList((TrustEntry(leaf, "TH-55"), TrustEntry(leaf)))
    for trust, good, bad in ((of_ca, nan, other), (both, other, nan), (twice, nan, other)):
        assert verify_bundle(good, trusted=trust).ok and verify_bundle(good, trusted=trust).warnings == ()
        assert codes(verify_bundle(bad, trusted=trust).problems) == ["signature.other_respondent"]
    for free in ([root.public_bytes(Encoding.PEM)], TrustList((TrustEntry(root), TrustEntry(leaf)))):
        assert codes(verify_bundle(nan, trusted=free).warnings) == ["verify.not_bound"]


def test_the_province_named_must_be_the_one_answered(signer: Identity, tmp_path: Path) -> None:
    content = submission(province="TH-55", answers={PLACE: "TH-50"})
    path = export_changed(tmp_path, signer, content.to_bytes())
    assert codes(verify_bundle(path, trusted=[signer.certificate_pem]).problems) == ["verify.respondent_differs"]


def export_changed(folder: Path, by: Identity, content: bytes) -> Path:
    """A bundle whose signer put another submission in."""
    files = unpack(bundle(folder, by, "TH-55").read_bytes())
    bag = next(iter(files)).partition("/")[0]
    files[f"{bag}/data/submission.json"] = content
    size = sum(len(one) for path, one in files.items() if path.startswith(f"{bag}/data/"))
    count = sum(path.startswith(f"{bag}/data/") for path in files)
    files[f"{bag}/{BAG_INFO}"] = info().text(size, count)
    path = folder / "changed.zip"
    path.write_bytes(pack_zip(dict(sorted(sign_again(files, by).items()))))
    return path


@pytest.mark.parametrize("label", ["dgdesk-status", "DGDESK-STATUS", "Dgdesk-status"])
def test_the_status_counts_in_any_case(signer: Identity, tmp_path: Path, label: str) -> None:
    files = unpack(bundle(tmp_path, signer, "TH-55").read_bytes())
    bag = next(iter(files)).partition("/")[0]
    at = f"{bag}/{BAG_INFO}"
    files[at] += f"{label}: DRAFT\n".encode()
    path = tmp_path / "x.zip"
    path.write_bytes(pack_zip(dict(sorted(sign_again(files, signer).items()))))
    found = verify_bundle(path, trusted=[signer.certificate_pem])
    assert found.ok and found.draft is True
    files[at] = files[at].replace(b"Payload-Oxum", b"payload-OXUM") + b"Dgdesk-Status: DRAFT\n"
    path.write_bytes(pack_zip(dict(sorted(sign_again(files, signer).items()))))
    assert codes(verify_bundle(path, trusted=[signer.certificate_pem]).problems) == ["verify.bag_info"]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOW + timedelta(hours=1), []),
        (NOW - timedelta(minutes=9), []),
        (NOW - timedelta(minutes=11), ["verify.claimed_ahead"]),
        (NOW - timedelta(days=800), ["verify.claimed_ahead"]),
        (NOW + timedelta(days=729), []),
        (NOW + timedelta(days=740), ["verify.claimed_behind"]),
        (NOW + timedelta(days=3000), ["verify.certificate_ended"]),
    ],
)
def test_what_the_receivers_clock_says_is_told(
    signer: Identity, tmp_path: Path, now: object, expected: list[str]
) -> None:
    path = bundle(tmp_path, signer, "TH-55")
    trust = TrustList((TrustEntry(signer.certificate, "TH-55"),))
    found: Verification = verify_bundle(path, trusted=trust, now=now)  # type: ignore[arg-type]  # parametrised
    assert found.ok and codes(found.warnings) == expected


def test_there_are_76_provinces_and_bangkok_called_as_in_the_survey() -> None:
    assert len(provinces()) == 77 and provinces()["TH-10"] == ("กรุงเทพมหานคร", "Bangkok")
    options = load_form().node(PLACE).field.options
    assert {one.id: one.label for one in options}.items() <= {code: th for code, (th, _) in provinces().items()}.items()
    assert load_definition(resource("questionnaires/th-province-2568"))
    for code, (thai, english) in provinces().items():
        for written in (code, thai, f"จังหวัด{thai}", f"จังหวัด {thai}", english, english.upper(), f"{english} Province"):
            assert find_respondent(written) == code, written


@pytest.mark.parametrize(
    ("written", "code"), [("กทม.", "TH-10"), ("ลําปาง", "TH-52"), (" เชียง ใหม่ ", "TH-50"), ("TH-๕๐", "TH-50")]
)
def test_names_are_read_as_people_write_them(written: str, code: str) -> None:
    assert find_respondent(written) == code


@pytest.mark.parametrize(
    "written", ["", "P", "TH-99", "TH-5", "TH-501", "*", "เชียง", "จังหวัด", "TH-50,TH-51", "น่าน" * 99]
)
def test_what_is_no_province_is_none(written: str) -> None:
    assert find_respondent(written) is None and same_respondent(written, written)
    assert not same_respondent(written, "TH-50")


TABLE = "respondent,certificate,note\nเชียงใหม่,certs/ก.pem,ลงทะเบียน\nTH-55,ข.crt,\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp874"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_as_excel_writes_it(signer: Identity, tmp_path: Path, encoding: str, separator: str) -> None:
    (tmp_path / "certs").mkdir()
    (tmp_path / "certs" / "ก.pem").write_bytes(signer.certificate_pem)
    (tmp_path / "ข.crt").write_bytes(signer.certificate.public_bytes(Encoding.DER))
    text = TABLE.replace(",", separator).replace("\n", "\r\n")
    table = tmp_path / "t.csv"
    table.write_bytes(text.encode(encoding))
    trust = load_trust([table])
    assert trust is not None and trust.respondents(signer.certificate) == {"TH-50", "TH-55"} and trust.bound
    marked = tmp_path / "marked.csv"
    marked.write_bytes(f"sep={separator}\r\n{text}".encode(encoding))
    assert load_trust([marked]) == trust
    bare = tmp_path / "bare.csv"
    bare.write_bytes(text.partition("\r\n")[2].encode(encoding))
    assert load_trust([bare]) == trust, "without a head"


def test_columns_may_stand_in_another_order(signer: Identity, tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_bytes(signer.certificate_pem)
    (tmp_path / "t.csv").write_text("หมายเหตุ,ใบรับรอง,จังหวัด\n-,a.pem,น่าน\n", encoding="utf-8")
    trust = load_trust([tmp_path / "t.csv"])
    assert trust is not None and trust.respondents(signer.certificate) == {"TH-55"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("ไม่มี,a.pem,", "trust.line_respondent"),
        ("*,a.pem,", "trust.line_respondent"),
        (",a.pem,", "trust.line_cells"),
        ("TH-50", "trust.line_cells"),
        ("TH-50,,x", "trust.line_cells"),
        ("TH-50,a.pem,x,y", "trust.line_cells"),
        ("TH-50,none.pem,", "small_file.missing"),
        ("TH-50,.,", "small_file.not_a_file"),
        ("TH-50,text.pem,", "identity.not_certificate"),
        ("TH-50,half.pem,", "trust.damaged"),
        ("TH-50,empty.pem,", "small_file.empty"),
        (r"TH-50,\\server\share\a.pem,", "trust.line_place"),
        ("TH-50,//server/share/a.pem,", "trust.line_place"),
        ('TH-50,"a.pem,', "trust.line_quotes"),
        ('TH-50,"a.pem"x,', "trust.line_quotes"),
    ],
)
def test_every_bad_line_is_told_and_nothing_of_the_list_is_used(
    signer: Identity, tmp_path: Path, line: str, code: str
) -> None:
    (tmp_path / "a.pem").write_bytes(signer.certificate_pem)
    (tmp_path / "text.pem").write_text("x")
    (tmp_path / "half.pem").write_bytes(signer.certificate_pem[:200])
    (tmp_path / "empty.pem").touch()
    table = tmp_path / "t.csv"
    table.write_text(f"respondent,certificate,note\nTH-55,a.pem,\n\n{line}\n", encoding="utf-8")
    result = run("verify", tmp_path / "none.zip", "--trust", table, "--lang", "en")
    assert result.code == 3 and "ine 4" in result.err
    first, *rest = told(table)
    assert first == "trust.bad_list" and rest[-1] == code
    table.write_text(f"ไม่มี,a.pem\nTH-55,a.pem\n,x\n{line}\n", encoding="utf-8")
    assert told(table)[:3] == ["trust.bad_list", "trust.line_respondent", "trust.line_cells"]


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\x00\x00\x00\x01", b"\xff\xfe\x00\xd8\x00", b"\xdb\xdc\xfc", b"PK\x03\x04\x00"]
)
def test_what_is_no_text_is_no_table(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    assert told(tmp_path / "t.csv")[0] in ("trust.not_text", "trust.bad_list")


def test_a_list_without_lines_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("respondent,certificate,note\n")
    assert told(tmp_path / "t.csv") == ["trust.empty_list"]
    assert told(tmp_path) == ["trust.empty_folder"]


def test_a_folder_tells_every_file_that_it_cannot_place(signer: Identity, tmp_path: Path) -> None:
    for called in ("TH-50.pem", "TH-50-เก่า.pem", "น่าน.cer"):
        (tmp_path / called).write_bytes(signer.certificate_pem)
    (tmp_path / "อ่านฉัน.txt").write_text("x")
    trust = load_trust([tmp_path])
    assert trust is not None and len(trust.entries) == 3
    (tmp_path / "TH-501.pem").write_bytes(signer.certificate_pem)
    (tmp_path / "signer.pem").write_bytes(signer.certificate_pem)
    (tmp_path / "TH-55.crt").write_bytes(signer.certificate_pem[:-40])
    assert told(tmp_path) == ["trust.bad_list", "trust.file_unnamed", "trust.damaged", "trust.file_unnamed"]


def test_a_damaged_certificate_is_named_by_its_file_and_number(signer: Identity, tmp_path: Path) -> None:
    good = signer.certificate_pem
    lines = good.splitlines(keepends=True)
    bad = b"".join([*lines[:2], b"****" + lines[2][4:], *lines[3:]])
    odd = signer.certificate.public_bytes(Encoding.DER).replace(
        bytes.fromhex("a003020102"), bytes.fromhex("a00302010a"), 1
    )
    for content, number in ((good + bad + good, 2), (bad, 1), (good + good[:99], 2), (odd, 1)):
        (tmp_path / "many.pem").write_bytes(content)
        with pytest.raises(DgdeskError) as caught:
            load_trust([tmp_path / "many.pem"])
        assert (caught.value.code, caught.value.values) == ("trust.damaged", {"name": "many.pem", "number": number})
    (tmp_path / "many.pem").write_bytes(good * 501)
    assert told(tmp_path / "many.pem") == ["trust.too_many_in_file"]


def test_the_programs_own_file_keeps_who_may_sign_for_whom_and_others_say_nothing(signer: Identity) -> None:
    trust = TrustList((TrustEntry(signer.certificate, "TH-55"), TrustEntry(signer.certificate)))
    content = keep(trust)
    assert kept(content) == trust and kept(signer.certificate_pem * 2).entries == (TrustEntry(signer.certificate),) * 2
    for damaged in (content[:-5], content.replace(b"TH-55", b"TH-5"), content.replace(b"Respondent: ", b"respondent ")):
        if damaged.count(b"Respondent") == content.count(b"Respondent"):
            with pytest.raises(DgdeskError):
                kept(damaged)


def test_a_file_of_somebody_else_does_not_say_whom_he_may_sign_for(signer: Identity, tmp_path: Path) -> None:
    (tmp_path / "signer.pem").write_bytes(keep(TrustList((TrustEntry(signer.certificate, "TH-50"),))))
    trust = load_trust([tmp_path / "signer.pem"])
    assert trust is not None and not trust.binds


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs here")
def test_pipes_and_devices_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.pem")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    for path in (tmp_path / "a.pem", tmp_path / "zero.csv"):
        assert told(path) == ["small_file.not_a_file"]
    with (tmp_path / "large.pem").open("wb") as stream:
        stream.truncate(1 << 40)
    assert told(tmp_path / "large.pem") == ["identity.not_certificate"]


def test_every_command_refuses_the_other_province_and_warns_of_the_unbound(signer: Identity, tmp_path: Path) -> None:
    path = bundle(tmp_path, signer, "TH-50")
    table, folder = lists(tmp_path, signer, "TH-55")
    bare = tmp_path / "signer.pem"
    start = NOW - timedelta(days=1)
    create_identity(tmp_path / "office", person="ข", province="สพร.", passphrase=None, now=start)
    for place in (table, folder):
        assert run("verify", path, "--trust", place, "--lang", "en").code == 1
        refused = json.loads(run("verify", path, "--trust", place, "--json").out)
        assert [one["code"] for one in refused["problems"]] == ["signature.other_respondent"]
        office = ("--identity", tmp_path / "office")
        assert run("receipt", "issue", path, tmp_path / "r.json", "--trust", place, *office).code == 1
        assert run("collate", tmp_path / "t.csv", path, "--trust", place, "--replace").code == 1
        with (tmp_path / "t.csv").open(encoding="utf-8-sig") as stream:
            assert next(csv.DictReader(stream))["accepted"] == "no"
    warned = run("verify", path, "--trust", bare, "--lang", "en")
    assert warned.code == 0 and "Nothing says that the signer may sign for TH-50" in warned.out
    found = json.loads(run("verify", path, "--trust", bare, "--json").out)
    assert "verify.not_bound" in [one["code"] for one in found["warnings"]] and found["ok"] is True
    assert run("collate", tmp_path / "t.csv", path, "--trust", bare, "--replace").code == 0
    with (tmp_path / "t.csv").open(encoding="utf-8-sig") as stream:
        (row,) = csv.DictReader(stream)
    assert row["accepted"] == "yes" and "TH-50" in row["warnings"]
