"""Hostile archives: each is made from a good bundle, and is refused for a reason of its own."""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from cryptography import x509

from bundle.support import BAG, NOW, PDF, pack, sha256, sign_again, sign_tags, submission, unpack
from dgdesk.bundle.archive import bag
from dgdesk.bundle.archive.zip_write import END64, MAX32, ZipEntry, central_header, end_records, local_header
from dgdesk.bundle.exact_json import canonical_json
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.signature import sign

NAM = "น้ำ"


@dataclass(frozen=True)
class Case:
    """One attack: what it is called, the codes that refuse it, and the bytes."""

    name: str
    codes: tuple[str, ...]
    content: bytes


def cases(good: bytes, signer: Identity, stranger: Identity) -> Iterator[Case]:
    """Yield every attack on the bundle ``good``, which ``signer`` signed."""
    yield from _names(good)
    yield from _structure(good)
    yield from _bombs(good)
    yield from _bags(good, signer, stranger)
    yield from _contents(good, signer)


def _names(good: bytes) -> Iterator[Case]:
    files = unpack(good)

    def added(name: str, title: str, code: str) -> Case:
        return Case(title, (code,), pack(files | {name: b"x"}))

    outside = "verify.name_outside"
    yield added(f"{BAG}/data/../../../etc/cron.d/x", "a path that climbs out", outside)
    yield added("../x", "a path that begins with ..", outside)
    yield added("/etc/passwd", "an absolute path", outside)
    yield added("C:/Windows/x.dll", "a drive letter", outside)
    yield added(f"{BAG}/data/C:x", "a drive inside, or an NTFS stream", "verify.bad_name")
    yield added(f"{BAG}\\..\\x", "backslashes", outside)
    yield added("\\\\server\\share\\x", "a network path", outside)
    yield added(f"{BAG}/data/\uff0e\uff0e/x", "full-width dots", outside)
    yield added(f"{BAG}/data/a\x00.pdf", "a NUL", "verify.name_hidden")
    yield added(f"{BAG}/data/a\u202efdp.exe", "text turned round", "verify.name_hidden")
    yield added(f"{BAG}/data/{NAM}\u200b", "an invisible letter", "verify.name_hidden")
    yield added(f"{BAG}/data/a\nb", "a line end", "verify.name_hidden")
    for device in ("CON", "nul.txt", "COM1.pdf", "Lpt9", "COM¹", "aux .pdf"):
        yield added(f"{BAG}/data/{device}", f"the device {device}", "verify.name_reserved")
    yield added(f"{BAG}/data/a.", "a dot at the end", "verify.bad_name")
    yield added(f"{BAG}/data/a ", "a blank at the end", "verify.bad_name")
    yield added(f"{BAG}/data/a?b", "a sign that Windows refuses", "verify.bad_name")
    yield added(f"{BAG}/data/%2e%2e", "a percent code", "verify.bad_name")
    yield added(f"{BAG}/data/{'ก' * 90}", "a name of too many bytes", "verify.name_long")
    yield added(f"{BAG}/data/{'/'.join('d' * 9 for _ in range(30))}", "too deep", "verify.name_long")
    yield added(f"{BAG}/data/x/", "a folder", "verify.name_folder")
    yield added("", "no name at all", "verify.bad_name")
    two = [unicodedata.normalize(form, f"{BAG}/data/{NAM}é") for form in ("NFC", "NFD")]
    clash = ("verify.name_clash",)
    yield Case("น้ำ in NFC and NFD", clash, pack(files | dict.fromkeys(two, b"")))
    both = (f"{BAG}/data/{NAM}", f"{BAG}/data/น\u0e49\u0e4d\u0e32")
    yield Case("น้ำ with สระอำ and with its parts", clash, pack(files | dict.fromkeys(both, b"")))
    yield Case("two cases", clash, pack(files | {f"{BAG}/data/SCORE.json": b""}))
    yield Case("casefolded ß", clash, pack(files | dict.fromkeys((f"{BAG}/data/ß", f"{BAG}/data/SS"), b"")))
    yield Case("a file where a folder is", clash, pack(files | {f"{BAG}/data/evidence": b""}))
    twice = pack(files | {f"{BAG}/data/scorE.json": b"{}"}).replace(b"scorE", b"score")
    yield Case("one name twice", clash, twice)


def _patch(content: bytes, at: int, piece: bytes) -> bytes:
    return content[:at] + piece + content[at + len(piece) :]


def _structure(good: bytes) -> Iterator[Case]:
    directory = good.index(b"PK\x01\x02")
    end = good.rindex(b"PK\x05\x06")
    name = len(f"{BAG}/bagit.txt")

    def central(title: str, at: int, piece: bytes, code: str) -> Case:
        return Case(title, (code,), _patch(good, directory + at, piece))

    def local(title: str, at: int, piece: bytes) -> Case:
        return Case(title, ("zip.headers_differ",), _patch(good, at, piece))

    yield local("local header: other version", 4, b"\x0a")
    yield local("local header: other flags", 6, b"\x08")
    yield local("local header: other method", 8, b"\x08")
    yield local("local header: other time", 10, b"\x01")
    yield local("local header: other CRC", 14, b"\x01\x02\x03\x04")
    yield local("local header: other packed size", 18, b"\xff")
    yield local("local header: other size", 22, b"\xff")
    yield local("local header: extra field", 28, b"\x04")
    yield local("local header: other name", 30, b"N")
    yield central("encrypted", 8, b"\x01", "zip.encrypted")
    yield central("data descriptor", 8, b"\x08", "zip.descriptor")
    yield central("strong encryption", 8, b"\x41", "zip.encrypted")
    yield central("unknown flag", 8, b"\x20", "zip.foreign")
    yield central("method LZMA", 10, b"\x0e", "zip.compressed")
    yield central("dates", 12, b"\x01", "zip.foreign")
    yield central("CRC of another file", 16, b"\0\0\0\0", "zip.changed")
    yield central("two sizes", 20, b"\xff", "zip.sizes_differ")
    yield central("on another disk", 34, b"\x01", "zip.foreign")
    yield central("a symbolic link", 40, b"\xff\xa1", "zip.link")
    yield central("an executable", 40, b"\xed\x81", "zip.foreign")
    yield central("an offset into the first file", 42, b"\x07", "zip.changed")
    yield central("a name that is no text", 46, b"\xff", "zip.changed")
    note = good[: directory + 46 + name] + b"note" + good[directory + 46 + name :]
    longer = struct.pack("<I", end - directory + 4)
    noted = _patch(_patch(note, directory + 32, b"\x04\x00"), end + 4 + 12, longer)
    yield Case("a comment on an entry", ("zip.comment",), noted)
    extra = good[: directory + 46 + name] + b"\x75\x70\x00\x00" + good[directory + 46 + name :]
    extra = _patch(_patch(extra, directory + 30, b"\x04\x00"), end + 4 + 12, longer)
    yield Case("another name in an extra field", ("zip.extra",), extra)
    yield Case("a comment on the zip", ("zip.comment",), _patch(good, len(good) - 2, b"\x04\x00") + b"note")
    yield Case("data in front", ("zip.leading",), b"#!/bin/sh\n" + good)
    yield Case("data behind", ("zip.trailing",), good + b"more")
    yield Case("two zips", ("zip.leading",), b"%PDF-1.7\n" + good[: len(good) // 2] + good)
    yield Case("one zip behind another", ("zip.changed",), good + good)
    yield Case("a gap before the directory", ("zip.changed",), good[:directory] + b"gap" + good[directory:])
    yield Case("a PDF that is a zip too", ("zip.leading",), _shift(good, b"%PDF-1.7\n1 0 obj<<>>endobj\n"))
    yield Case("a zip that is a PDF too", ("zip.comment",), _patch(good, len(good) - 2, b"\x06\x00") + b"%%EOF\n")
    yield Case("cut short by a byte", ("zip.cut_short",), good[:-1])
    yield Case("cut in half", ("zip.cut_short",), good[: len(good) // 2])
    yield Case("the middle is gone", ("zip.lost",), good[: directory // 2] + good[directory:])
    yield Case("multi-disk", ("zip.disks",), _patch(good, end + 4, b"\x01\x00"))
    yield Case("entries on other disks", ("zip.disks",), _patch(good, end + 8, b"\x01\x00"))
    count = struct.unpack_from("<H", good, end + 8)[0]
    yield Case(
        "one entry too many announced", ("zip.count",), _patch(good, end + 8, struct.pack("<2H", *[count + 1] * 2))
    )
    yield Case(
        "one entry too few announced", ("zip.count",), _patch(good, end + 8, struct.pack("<2H", *[count - 1] * 2))
    )
    wide = good[:end] + _end64(count, end - directory, directory) + good[end:]
    yield Case("ZIP64 where none is needed", ("zip.hidden",), wide)
    lying = _patch(wide, len(wide) - 14, b"\xff" * 12)
    yield Case("ZIP64 that says otherwise", ("zip.large_lies",), lying)
    yield Case("ZIP64 announced and missing", ("zip.large_lies",), _patch(good, end + 16, b"\xff\xff\xff\xff"))
    yield Case("no zip", ("zip.not_zip",), b"%PDF-1.7\n" * 100)
    yield Case("empty", ("zip.empty",), b"")
    yield Case("a zip without entries", ("verify.not_one_bag",), end_records(0, 0, 0))


def _end64(count: int, size: int, offset: int) -> bytes:
    return END64.pack(b"PK\x06\x06", END64.size - 12, 45, 45, 0, 0, count, count, size, offset) + struct.pack(
        "<4sIQI", b"PK\x06\x07", 0, offset + size, 1
    )


def _shift(good: bytes, front: bytes) -> bytes:
    """Put bytes in front and make all offsets right, as a polyglot does."""
    directory = good.index(b"PK\x01\x02")
    end = good.rindex(b"PK\x05\x06")
    content = bytearray(front + good)
    at = directory
    while at < end:
        name, extra, note = struct.unpack_from("<3H", good, at + 28)
        struct.pack_into("<I", content, len(front) + at + 42, struct.unpack_from("<I", good, at + 42)[0] + len(front))
        at += 46 + name + extra + note
    struct.pack_into("<I", content, len(front) + end + 16, directory + len(front))
    return bytes(content)


def _zip(entries: list[tuple[ZipEntry, bytes]], listed: list[ZipEntry] | None = None) -> bytes:
    body = b"".join(local_header(entry) + content for entry, content in entries)
    listed = [entry for entry, _ in entries] if listed is None else listed
    directory = b"".join(central_header(entry) for entry in listed)
    return body + directory + end_records(len(listed), len(directory), len(body))


def _bombs(good: bytes) -> Iterator[Case]:
    files = unpack(good)
    first = ZipEntry("bag/a", 3, zlib.crc32(b"one"), 0)
    again = [first, *(first._replace(name=f"bag/{number}") for number in range(500))]
    yield Case("five hundred entries on the same bytes", ("zip.overlap",), _zip([(first, b"one")], again))
    inner = ZipEntry("bag/b", 0, 0, first.start)
    outer = ZipEntry("bag/a", len(local_header(inner)), zlib.crc32(local_header(inner)), 0)
    yield Case("an entry inside another", ("zip.overlap",), _zip([(outer, local_header(inner))], [outer, inner]))
    huge = first._replace(size=1 << 50)
    yield Case("a petabyte announced", ("zip.past_end",), _zip([(huge, b"one")]))
    most = first._replace(size=(1 << 64) - 1)
    yield Case("all that 64 bits can say", ("zip.past_end",), _zip([(most, b"one")]))
    four = first._replace(size=MAX32 - 1)
    yield Case("four gigabytes announced", ("zip.past_end",), _zip([(four, b"one")]))
    many = pack({f"b/{number}": b"" for number in range(20_001)})
    yield Case("too many entries", ("zip.too_many",), many)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr(f"{BAG}/data/zeros", bytes(50 << 20))
    yield Case("fifty megabytes of zeros, deflated", ("zip.compressed",), stream.getvalue())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    yield Case("packed again by another program", ("zip.repacked",), stream.getvalue())
    swollen = files | {f"{BAG}/{bag.SIGNATURE}": bytes(70_000)}
    yield Case("a signature of many bytes", ("zip.too_big",), pack(swollen))
    swollen = files | {f"{BAG}/{bag.TAGMANIFEST}": b"0" * (9 << 20)}
    yield Case("a tag file of many bytes", ("zip.too_big",), pack(swollen))


def _bags(good: bytes, signer: Identity, stranger: Identity) -> Iterator[Case]:
    files = unpack(good)

    def full(name: str) -> str:
        return f"{BAG}/{name}"

    def without(name: str) -> dict[str, bytes]:
        return {key: content for key, content in files.items() if key != full(name)}

    missing, unexpected = ("verify.entry_missing",), ("verify.unexpected_entry",)
    unchecked = "verify.rest_unchecked"
    yield Case("no signature", missing, pack(without(bag.SIGNATURE)))
    yield Case("tagmanifest deleted", missing, pack(without(bag.TAGMANIFEST)))
    yield Case("manifest deleted", missing, pack(without(bag.MANIFEST)))
    yield Case("submission deleted", missing, pack(without("data/submission.json")))
    yield Case("files to fetch", unexpected, pack(files | {full("fetch.txt"): b"https://example.org/ 1 data/x\n"}))
    yield Case("an unsigned tag file", unexpected, pack(files | {full("README.txt"): b"run me"}))
    yield Case("a second signature", unexpected, pack(files | {full("signatures/b.p7s"): b"x"}))
    yield Case("an MD5 manifest beside", ("verify.other_manifest",), pack(files | {full("manifest-md5.txt"): b""}))
    other = {key.replace("sha256", "sha512"): content for key, content in files.items()}
    yield Case("only SHA-512 manifests", ("verify.other_manifest",), pack(other))
    yield Case("two bags", ("verify.not_one_bag",), pack(files | {"other/bagit.txt": bag.BAGIT_TXT}))
    yield Case("files without a bag", ("verify.not_one_bag",), pack(files | {"x": b""}))
    yield Case("an empty signature", ("signature.unreadable", unchecked), pack(files | {full(bag.SIGNATURE): b""}))
    tags = files[full(bag.TAGMANIFEST)]
    wrong = ("signature.wrong", unchecked)
    elsewhere = sign(tags + b" ", signer, NOW)
    yield Case("a signature of something else", wrong, pack(files | {full(bag.SIGNATURE): elsewhere}))
    foreign = sign(tags, stranger, NOW)
    yield Case("a stranger's signature", ("signature.untrusted",), pack(files | {full(bag.SIGNATURE): foreign}))
    # Three bytes shorter than its head says: of the same length it would now and then be readable, and wrong.
    half = len(foreign) // 2
    mixed = foreign[:half] + files[full(bag.SIGNATURE)][half + 3 - len(foreign) :]
    assert len(mixed) == len(foreign) - 3
    yield Case(
        "half of each signature", ("signature.unreadable", unchecked), pack(files | {full(bag.SIGNATURE): mixed})
    )
    twin = replace(stranger, certificate=signer.certificate)
    forged = ("signature.wrong", unchecked)
    by_other = sign(tags, twin, NOW)
    yield Case("the enrolled certificate, another key", forged, pack(files | {full(bag.SIGNATURE): by_other}))
    yield Case("tagmanifest changed", wrong, pack(files | {full(bag.TAGMANIFEST): tags.replace(b"a", b"b")}))
    yield Case("tagmanifest with CRLF", wrong, pack(files | {full(bag.TAGMANIFEST): tags.replace(b"\n", b"\r\n")}))
    yield Case("extra payload", ("verify.oxum", "verify.not_listed"), pack(files | {full("data/x"): b""}))
    changed = files | {full("data/evidence/E0001.pdf"): PDF[:-1] + b"!"}
    yield Case("evidence changed", ("verify.file_changed", "verify.evidence_differs"), pack(changed))
    flipped = bytearray(good)
    flipped[good.index(PDF) + 5] ^= 1
    yield Case("a bit rotten", ("zip.checksum", "verify.file_changed", "verify.evidence_differs"), bytes(flipped))


def _contents(good: bytes, signer: Identity) -> Iterator[Case]:
    """What even the right signature does not make true."""
    files = unpack(good)
    inner = {name.removeprefix(f"{BAG}/"): content for name, content in files.items()}

    def signed(title: str, code: str, name: str, change: Callable[[bytes], bytes]) -> Case:
        return Case(title, (code,), pack(sign_tags(inner | {name: change(inner[name])}, signer)))

    invalid, outside = "verify.manifest_invalid", "verify.path_outside"
    zeros = b"0" * 64
    yield signed("manifest with a BOM", invalid, bag.MANIFEST, lambda text: b"\xef\xbb\xbf" + text)
    yield signed("manifest with CRLF", invalid, bag.MANIFEST, lambda text: text.replace(b"\n", b"\r\n"))
    yield signed("manifest in UTF-16", invalid, bag.MANIFEST, lambda text: text.decode().encode("utf-16"))
    yield signed("manifest by MD5", invalid, bag.MANIFEST, lambda text: text.replace(text[:64], text[:32]))
    yield signed("manifest with a line twice", invalid, bag.MANIFEST, lambda text: text + text)
    yield signed("manifest that climbs out", outside, bag.MANIFEST, lambda text: zeros + b"  data/../../x\n" + text)
    yield signed("manifest outside data/", outside, bag.MANIFEST, lambda text: text + zeros + b"  signatures/x\n")
    yield signed(
        "manifest of a file not there", "verify.entry_missing", bag.MANIFEST, lambda t: t + zeros + b"  data/x\n"
    )
    yield signed("bagit.txt with a BOM", "verify.bagit_txt", bag.BAGIT, lambda text: b"\xef\xbb\xbf" + text)
    yield signed(
        "bagit.txt of another version", "verify.bagit_txt", bag.BAGIT, lambda text: text.replace(b"1.0", b"0.97")
    )
    yield signed("bag-info.txt with CRLF", "verify.bag_info", bag.BAG_INFO, lambda text: text.replace(b"\n", b"\r\n"))
    yield signed("a wrong Payload-Oxum", "verify.oxum", bag.BAG_INFO, lambda text: text.replace(b"Oxum: ", b"Oxum: 1"))
    short = dict(inner)
    short[bag.TAGMANIFEST] = bag.make_manifest({name: sha256(inner[name]) for name in (bag.BAGIT, bag.MANIFEST)})
    short[bag.SIGNATURE] = sign(short[bag.TAGMANIFEST], signer, NOW)
    yield Case(
        "a tag file not signed", ("verify.unsigned_tag",), pack({f"{BAG}/{name}": short[name] for name in short})
    )
    for title, days in (("signed before the certificate began", -3), ("signed after the certificate ended", 8000)):
        moment = NOW + timedelta(days=days)
        late = files | {f"{BAG}/{bag.SIGNATURE}": _sign_whenever(inner[bag.TAGMANIFEST], signer, moment)}
        yield Case(title, ("signature.expired",), pack(late))

    def answers(title: str, codes: tuple[str, ...], content: bytes) -> Case:
        changed = files | {f"{BAG}/data/submission.json": content}
        total = sum(len(value) for name, value in changed.items() if name.startswith(f"{BAG}/data/"))
        count = sum(name.startswith(f"{BAG}/data/") for name in changed)
        info = changed[f"{BAG}/{bag.BAG_INFO}"]
        start = info.index(b"Payload-Oxum: ")
        stop = info.index(b"\n", start)
        changed[f"{BAG}/{bag.BAG_INFO}"] = info[:start] + f"Payload-Oxum: {total}.{count}".encode() + info[stop:]
        return Case(title, codes, pack(sign_again(changed, signer)))

    none = submission(evidence=[])
    unlisted = ("verify.evidence_unlisted",) * 2
    yield answers("answers that are no JSON", ("verify.submission_invalid",), b"{")
    yield answers("answers of a newer format", ("verify.submission_newer",), canonical_json({"format": 99}))
    yield answers("answers with a key too many", ("verify.submission_invalid",), none.to_bytes()[:-3] + b',"x":1}')
    yield answers("answers without their evidence", unlisted, none.to_bytes())
    ghost = submission().to_bytes().replace(b"E0002", b"E0003")
    yield answers("evidence that is not there", ("verify.evidence_missing", "verify.evidence_unlisted"), ghost)
    deep = b'{"answers":' * 5000
    yield answers("answers nested too deep", ("verify.submission_invalid",), deep)


def _sign_whenever(content: bytes, signer: Identity, moment: datetime) -> bytes:
    """Sign with a claimed time outside the certificate's, which ``sign`` itself refuses."""

    class Timeless:
        def __init__(self, certificate: x509.Certificate) -> None:
            self._certificate = certificate

        not_valid_after_utc = NOW + timedelta(days=100_000)
        not_valid_before_utc = NOW - timedelta(days=100_000)

        def __getattr__(self, name: str) -> object:
            return getattr(self._certificate, name)

    return sign(content, replace(signer, certificate=cast(x509.Certificate, Timeless(signer.certificate))), moment)
