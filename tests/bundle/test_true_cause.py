"""Whoever refuses a bundle says why truly: what a transfer or another program did is not told as tampering."""

from __future__ import annotations

import base64
import binascii
import io
import quopri
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bundle.support import BAG, pack, unpack
from bundle.test_zip import Sparse
from dgdesk.bundle.archive.plain_causes import FAT32_MOST
from dgdesk.bundle.archive.zip_read import read_directory
from dgdesk.bundle.archive.zip_write import END
from dgdesk.bundle.report import Limits
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.verify import verify_bundle
from dgdesk.errors import CheckFailed

TRANSFERS = {"zip.changed", "zip.cut_short", "zip.lost", "zip.not_zip", "zip.zeros", "zip.empty", "zip.line_ends"}
"""What a file may be told as that a transfer damaged: none of them accuses anybody."""


def anew(good: bytes, method: int = zipfile.ZIP_STORED, prefix: str = "", **more: bytes) -> bytes:
    """The same files packed by another program, with its entries for folders, dates and extra fields."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        folder = zipfile.ZipInfo(f"{BAG}/", (2026, 12, 1, 8, 0, 0))
        folder.external_attr = 0o40755 << 16
        for info, content in [(folder, b""), *((zipfile.ZipInfo(name), one) for name, one in unpack(good).items())]:
            info.date_time = (2026, 12, 1, 8, 0, 2)
            info.compress_type = method
            info.extra = b"UT\x05\x00\x01\x00\x00\x00\x00"
            archive.writestr(info, content)
        for name, content in more.items():
            archive.writestr(f"__MACOSX/._{name}", content)
    return stream.getvalue()


def wrapped(good: bytes, method: int, *names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name in names:
            archive.writestr(name, good)
    return stream.getvalue()


def again(content: bytes, at: float, size: int) -> bytes:
    start = int(len(content) * at)
    return content[: start + size] + content[start:]


def swapped(content: bytes, one: int, other: int, size: int) -> bytes:
    """Two pieces in each other's place; ``one`` comes first."""
    first, second = content[one : one + size], content[other : other + size]
    return content[:one] + second + content[one + size : other] + first + content[other + size :]


def hidden_behind(good: bytes) -> bytes:
    """A file that nobody signed, and the same end once more, so that the directory before it counts."""
    return pack({f"{BAG}/data/x.exe": b"MZ"})[: -END.size] + good[-END.size :]


def document() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return stream.getvalue()


def zipped(name: str) -> bytes:
    return wrapped(b"whatever", zipfile.ZIP_DEFLATED, name)


def plainly(good: bytes, between: str = "/") -> bytes:
    """The same files stored by another program that writes no more than it must."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in unpack(good).items():
            info = zipfile.ZipInfo("x", (2026, 12, 1, 8, 0, 0))
            info.filename = name.replace("/", between)
            archive.writestr(info, content)
    return stream.getvalue()


def with_password(good: bytes) -> bytes:
    """As `plainly`, each entry marked as encrypted in both places, with a content that no longer has its sum."""
    content = bytearray(plainly(good))
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(magic)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(magic, at + 1)
    start = content.index(b"BagIt-Version")
    content[start : start + 5] = b"\x8a\x11\xfe\x02\x77"
    return bytes(content)


def uuencoded(good: bytes) -> bytes:
    lines = (binascii.b2a_uu(good[at : at + 45]) for at in range(0, len(good), 45))
    return b"begin 644 TH-50.zip\n" + b"".join(lines) + b"`\nend\n"


DRAFT = b"SQLite format 3\0".ljust(68, b"\x01") + (1145521227).to_bytes(4, "big") + bytes(500)
STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
MAIL = b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
CAUSES: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("packed again with folders and times", lambda good: anew(good), "zip.repacked"),
    ("packed again, compressed", lambda good: anew(good, DEFLATED), "zip.compressed"),
    ("packed again by macOS", lambda good: anew(good, DEFLATED, x=b"\0\x05\x16\x07"), "zip.compressed"),
    ("a zip in a zip", lambda good: wrapped(good, STORED, "b.zip"), "zip.wrapped"),
    ("a zip in a zip, compressed, in a folder", lambda good: wrapped(good, DEFLATED, "จังหวัด/b.ZIP"), "zip.wrapped"),
    ("several in one", lambda good: wrapped(good, STORED, "a.zip", "b.zip.age"), "zip.wrapped"),
    ("an office document", lambda good: document(), "zip.no_bag"),
    ("empty", lambda good: b"", "zip.empty"),
    ("zeros", lambda good: bytes(len(good)), "zip.zeros"),
    ("a single zero", lambda good: b"\0", "zip.zeros"),
    ("an erased drive", lambda good: b"\xff" * len(good), "zip.changed"),
    ("the end is zeros", lambda good: good[:-5000] + bytes(5000), "zip.changed"),
    ("padded with zeros", lambda good: good + bytes(512), "zip.changed"),
    ("a line end behind", lambda good: good + b"\r\n", "zip.changed"),
    ("cut short", lambda good: good[: len(good) // 2], "zip.cut_short"),
    ("a piece twice", lambda good: again(good, 0.5, 1024), "zip.changed"),
    ("a small piece twice, early", lambda good: again(good, 0.1, 7), "zip.changed"),
    ("a piece lost", lambda good: good[:500] + good[800:], "zip.lost"),
    ("its first bytes lost", lambda good: good[5000:], "zip.lost"),
    ("a single byte of it", lambda good: good[:1], "zip.cut_short"),
    ("saved as text by an editor", lambda good: good.decode("latin-1").encode("utf-16"), "zip.changed"),
    ("erased flash behind it", lambda good: good + b"\xff" * 512, "zip.changed"),
    ("line ends of Windows", lambda good: good.replace(b"\n", b"\r\n"), "zip.line_ends"),
    ("base64", lambda good: base64.encodebytes(good), "zip.mail_text"),
    ("base64 of one that is encrypted", lambda good: base64.encodebytes(b"age-encryption.org/v1\n"), "zip.mail_text"),
    ("base64 in a link", lambda good: b"data:application/zip;base64," + base64.b64encode(good), "zip.mail_text"),
    ("uuencoded", lambda good: uuencoded(good), "zip.mail_text"),
    ("an error of a server", lambda good: b'{"error": {"code": 404, "message": "not found"}}', "zip.is_text"),
    ("a shortcut to a site", lambda good: b"[InternetShortcut]\r\nURL=https://x.go.th/\r\n", "zip.is_text"),
    ("a draft", lambda good: DRAFT, "zip.is_draft"),
    ("a draft in a zip", lambda good: zipped("ส่ง/TH-50.dgdesk"), "zip.holds_draft"),
    ("another archive in a zip", lambda good: zipped("TH-50.7z"), "zip.wrapped"),
    (
        "a zip in a zip, named as a download",
        lambda good: wrapped(good, STORED, "b.zip.download"),
        "zip.wrapped",
    ),
    ("packed again with a password", lambda good: with_password(good), "zip.locked"),
    ("packed again, entries without times or owners", lambda good: plainly(good), "zip.repacked"),
    ("packed again by Windows programs of old", lambda good: plainly(good, "\\"), "zip.repacked"),
    ("tar", lambda good: bytes(257) + b"ustar\x0000" + bytes(300) + good, "zip.packed"),
    ("an editor's mark before an encrypted one", lambda good: b"\xef\xbb\xbfage-encryption.org/v1\n", "zip.changed"),
    ("a mail with an armoured one", lambda good: b"Dear,\n\n-----BEGIN AGE ENCRYPTED FILE-----\n", "zip.mail_text"),
    ("a mail's body", lambda good: MAIL + base64.encodebytes(good), "zip.mail_text"),
    ("quoted printable", lambda good: quopri.encodestring(good), "zip.mail_text"),
    ("a sign-in page", lambda good: b"\r\n<!DOCTYPE html><html><body>WiFi</body></html>", "zip.html"),
    ("a page in UTF-16", lambda good: "<HTML><head>".encode("utf-16"), "zip.html"),
    ("encrypted", lambda good: b"age-encryption.org/v1\n-> X25519", "zip.sealed"),
    ("7-Zip's own form", lambda good: b"7z\xbc\xaf\x27\x1c" + bytes(40), "zip.packed"),
    ("no root folder", lambda good: pack({n.partition("/")[2]: c for n, c in unpack(good).items()}), "verify.no_root"),
    ("really something behind", lambda good: good + b"#!/bin/sh", "zip.trailing"),
    ("really something in front", lambda good: b"#!/bin/sh\n" + good, "zip.leading"),
    ("twice", lambda good: good + good, "zip.changed"),
    ("three times", lambda good: good * 3, "zip.changed"),
    ("its last bytes again", lambda good: good + good[-8192:], "zip.changed"),
    ("its last bytes and its first again", lambda good: good + good[-900:] + good[:700], "zip.changed"),
    ("its first bytes behind it", lambda good: good + good[:4096], "zip.changed"),
    ("its last bytes before it", lambda good: good[-4096:] + good, "zip.changed"),
    ("zeros before it", lambda good: bytes(512) + good, "zip.changed"),
    ("its first bytes are zeros", lambda good: bytes(4096) + good[4096:], "zip.changed"),
    ("two pieces swapped", lambda good: swapped(good, 1000, 9000, 512), "zip.changed"),
    ("a zip with another file behind it", lambda good: good + hidden_behind(good), "zip.hidden"),
    ("nothing of the kind", lambda good: b"%PDF-1.7\n" * 9, "zip.not_zip"),
]


@pytest.mark.parametrize(("change", "code"), [row[1:] for row in CAUSES], ids=[row[0] for row in CAUSES])
def test_the_first_reason_is_the_true_one(
    bundle: Path, signer: Identity, change: Callable[[bytes], bytes], code: str
) -> None:
    bundle.write_bytes(change(bundle.read_bytes()))
    found = verify_bundle(bundle, trusted=[signer.certificate_pem])
    assert not found.ok and found.problems[0].code == code


def test_a_large_bundle_without_its_carriage_returns_went_through_a_transfer_of_text(good: bytes) -> None:
    large = pack({**unpack(good), f"{BAG}/data/evidence/E0001.pdf": b"%PDF-1.7\r\n" + b"0 obj\r\n" * 60_000})
    assert reason(large.replace(b"\r\n", b"\n")) == "zip.line_ends"
    assert reason(large[:1000] + large[3000:]) == "zip.lost", "there are still carriage returns"


def test_a_file_cut_by_a_fat32_drive_is_told_as_that() -> None:
    stream = Sparse()
    stream.put(0, b"PK\x03\x04")
    stream.put(FAT32_MOST - 5, b"bytes")
    with pytest.raises(CheckFailed, match=r"zip\.four_gib"):
        read_directory(stream, Limits())  # type: ignore[arg-type]  # reads as a file does


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 1 << 40))
def test_no_damage_of_a_transfer_is_ever_told_as_hidden(good: bytes, seed: int) -> None:
    chance = random.Random(seed)
    code = reason(damaged(good, chance))
    assert code is None or code in TRANSFERS
    for _ in range(chance.randint(0, 2)):
        good = damaged(good, chance, INSIDE)
    code = reason(good)
    assert code is None or code in TRANSFERS


def reason(content: bytes) -> str | None:
    """Why the file is refused before any content is checked."""
    try:
        read_directory(io.BytesIO(content), Limits())
    except CheckFailed as error:
        return error.code
    return None


Damage = Callable[[bytes, int, int, int], bytes]
INSIDE: tuple[Damage, ...] = (
    lambda all_, at, size, other: all_[:at] + all_[at + size :],
    lambda all_, at, size, other: all_[: at + size] + all_[at:],
    lambda all_, at, size, other: all_[:at] + bytes(len(all_[at : at + size])) + all_[at + size :],
    lambda all_, at, size, other: all_[:at] + all_[at : at + size].replace(b"\n", b"\r\n") + all_[at + size :],
    lambda all_, at, size, other: all_[:at],
    lambda all_, at, size, other: all_.replace(b"\r\n", b"\n"),
    lambda all_, at, size, other: swapped(all_, at, other, size) if at + size <= other <= len(all_) - size else all_,
)
OUTSIDE: tuple[Damage, ...] = (
    lambda all_, at, size, other: all_ + all_[at : at + size],
    lambda all_, at, size, other: all_ + all_[-size:],
    lambda all_, at, size, other: all_ + all_[:size],
    lambda all_, at, size, other: all_[at : at + size] + all_,
    lambda all_, at, size, other: bytes(size) + all_,
    lambda all_, at, size, other: all_ + bytes(size),
)


def damaged(content: bytes, chance: random.Random, kinds: tuple[Damage, ...] = INSIDE + OUTSIDE) -> bytes:
    """Pieces lost, doubled, swapped, zeroed, shifted or appended, as transfers do it."""
    at, other = chance.randrange(len(content)), chance.randrange(len(content))
    size = chance.choice([1, 4, 16, 46, 512, 1000, 8192, chance.randint(1, len(content))])
    return chance.choice(kinds)(content, at, size, other) or b"PK"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    chance = random.Random(3)
    files = {f"{BAG}/bagit.txt": b"BagIt-Version: 1.0\n"}
    files |= {f"{BAG}/data/{number}": chance.randbytes(chance.randrange(3000)) for number in range(9)}
    return pack(files)
