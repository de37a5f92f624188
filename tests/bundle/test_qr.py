"""The sign-off sheet's QR code: its text, and reading it from scans."""

from __future__ import annotations

import io
import re
from itertools import count

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dgdesk.bundle.qr import SignOffCode, compare, from_base32, read_sign_off, to_base32
from dgdesk.errors import DgdeskError
from dgdesk.evidence.pages.scan_code import codes, read_scan

ONE, OTHER, SIGNER = "ab" * 32, "cd" * 32, "12" * 32
SHEET = SignOffCode("TH-55", "th-province-2568", ONE, SIGNER)
SHA = st.binary(min_size=32, max_size=32).map(bytes.hex)
PROVINCE = st.from_regex(r"[A-Z0-9-]{1,64}", fullmatch=True)
EDITION = st.from_regex(r"[a-z0-9-]{1,64}", fullmatch=True)


def page(*texts: str, angle: int = 0, size: int = 6) -> Image.Image:
    """An A4 sheet at 100 dots an inch with codes on it."""
    sheet = Image.new("L", (827, 1169), 255)
    for at, text in enumerate(texts):
        made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
        drawn = _draw(made, size)
        sheet.paste(drawn, (60 + 20 * at, 60 + at * (drawn.height + 40)))
    return sheet.rotate(angle, expand=True, fillcolor=255)


def _draw(made: zxingcpp.Barcode, size: int) -> Image.Image:
    drawn = memoryview(zxingcpp.write_barcode_to_image(made, scale=size))
    return Image.frombytes("L", (drawn.shape[1], drawn.shape[0]), drawn.tobytes())


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


@given(PROVINCE, EDITION, SHA, SHA)
def test_what_is_written_is_read_back(province: str, edition: str, digest: str, fingerprint: str) -> None:
    sheet = SignOffCode(province, edition, digest, fingerprint)
    assert read_sign_off(sheet.text()) == sheet and len(sheet.text().split(":")[3]) == 52
    assert re.fullmatch("[A-Z0-9:-]+", sheet.text()), "the alphanumeric mode of QR codes has no small letters"


def test_a_sheet_of_an_earlier_version_is_read_too():
    old = f"TSB1:TH-55:th-province-2568:{to_base32(ONE)}:{to_base32(SIGNER)}"
    assert read_sign_off(old) == read_sign_off(SHEET.text()) == SHEET
    assert compare([old], ONE, SIGNER) == "match" and compare([old], OTHER, SIGNER) == "other_bundle"


@given(SHA)
def test_base32_has_one_way_to_be_written(digest: str) -> None:
    text = to_base32(digest)
    assert from_base32(text) == digest
    for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567":
        assert from_base32(text[:-1] + last) is None or text[-1] == last or from_base32(text[:-1] + last) != digest


@given(st.text(max_size=200))
def test_no_other_text_is_taken_for_one(text: str) -> None:
    assert read_sign_off(text) is None


def test_what_is_not_of_the_form_is_none() -> None:
    good = SHEET.text()
    for bad in (
        good[1:],
        good + ":x",
        good.lower(),
        good.replace("TSB1", "TSB2"),
        good[:-1],
        good.replace(":TH-55", ":"),
    ):
        assert read_sign_off(bad) is None
    with pytest.raises(ValueError, match="does not fit"):
        SignOffCode("a:b", "c", ONE, SIGNER).text()


def test_a_scan_is_compared_with_the_bundle() -> None:
    other = SignOffCode("TH-55", "th-province-2568", OTHER, SIGNER).text()
    assert compare([], ONE, SIGNER) == compare(["https://example.org"], ONE, SIGNER) == "unreadable"
    assert compare([SHEET.text()], ONE, SIGNER) == compare([other, SHEET.text()], ONE, None) == "match"
    assert compare([other], ONE, SIGNER) == "other_bundle"
    assert compare([SHEET.text()], ONE, OTHER) == "other_signer"


@pytest.mark.parametrize("angle", [0, 90, 180, 7])
@pytest.mark.parametrize(
    ("kind", "media_type", "options"),
    [
        ("PNG", "image/png", {}),
        ("JPEG", "image/jpeg", {"quality": 40}),
        ("TIFF", "image/tiff", {}),
        ("PDF", "application/pdf", {"resolution": 100.0}),
    ],
)
def test_a_code_is_read_from_any_scan(angle: int, kind: str, media_type: str, options: dict[str, object]) -> None:
    assert codes(saved(page(SHEET.text(), angle=angle), kind, **options), media_type) == ((SHEET.text(),), None)


def test_several_pages_are_looked_at() -> None:
    for kind, media_type in (("PDF", "application/pdf"), ("TIFF", "image/tiff")):
        empty, last = Image.new("L", (827, 1169), 255), page(SHEET.text())
        assert codes(saved(empty, kind, save_all=True, append_images=[last]), media_type) == ((SHEET.text(),), None)


@pytest.mark.parametrize(("kind", "media_type"), [("PDF", "application/pdf"), ("TIFF", "image/tiff")])
def test_a_long_scan_is_searched_a_while_at_a_time_and_at_least_a_page(kind: str, media_type: str) -> None:
    first, *more = [page(SHEET.text()) for _ in range(5)]
    scan = saved(first, kind, save_all=True, append_images=more)
    for each_page, visited in ((0.0, [0]), (0.8, [0, 3]), (60.0, [0, 1, 2, 3, 4])):
        now, after, seen, found = count(0.0, each_page), 0, [], 0
        while after is not None:
            seen.append(after)
            texts, after = codes(scan, media_type, after, now.__next__)
            found += len(texts)
        assert (seen, found) == (visited, 5)


@pytest.mark.parametrize("media_type", ["application/pdf", "image/png", "image/jpeg", "image/tiff"])
@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"])
def test_what_cannot_be_opened_has_no_code(media_type: str, content: bytes) -> None:
    assert codes(content, media_type).texts == ()


def test_a_scan_cut_off_has_no_code_and_does_no_harm() -> None:
    whole = saved(page(SHEET.text()), "PNG")
    for part in range(0, len(whole), max(1, len(whole) // 20)):
        assert codes(whole[:part], "image/png").texts in ((), (SHEET.text(),))


def test_only_scans_are_taken(tmp_path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"MZ program")
    (tmp_path / "b.png").write_bytes(saved(page(), "PNG"))
    assert read_scan(tmp_path / "b.png")[1] == "image/png"
    for name, code in (("a.pdf", "scan.wrong_kind"), ("absent", "scan.unreadable")):
        with pytest.raises(DgdeskError) as caught:
            read_scan(tmp_path / name)
        assert caught.value.code == code
