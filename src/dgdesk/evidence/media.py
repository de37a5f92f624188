"""Detects the kind of a file from its first bytes, not from its name; plain text in old Thai code pages too."""

from __future__ import annotations

import codecs
import re
from unicodedata import category

from dgdesk.survey.answers.attachments import UNKNOWN_TYPE

OCTETS = UNKNOWN_TYPE
HEAD = 4096

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
TIFF = "image/tiff"
HEIC = "image/heic"
TEXT = "text/plain"
CSV = "text/csv"
ZIP = "application/zip"
OLE = "application/x-ole-storage"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
PPT = "application/vnd.ms-powerpoint"
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
DOCX = _OPEN_XML + "wordprocessingml.document"
XLSX = _OPEN_XML + "spreadsheetml.sheet"
PPTX = _OPEN_XML + "presentationml.presentation"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
ODT = _OPEN_DOCUMENT + "text"
ODS = _OPEN_DOCUMENT + "spreadsheet"
ODP = _OPEN_DOCUMENT + "presentation"
PROGRAM = "application/x-executable"
SCRIPT = "text/x-script"
HTML = "text/html"
GIF = "image/gif"
WEBP = "image/webp"
BMP = "image/bmp"
RTF = "application/rtf"
MP4 = "video/mp4"
AVIF = "image/avif"
HEIF = "image/heif"

MARKABLE = frozenset({PDF, JPEG, PNG, TIFF, HEIC})
"""Kinds whose pages dgdesk shows, so that they can be marked."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    # Archives that are not zip.
    (b"PK\x05\x06", ZIP),
    (b"PK\x07\x08", ZIP),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x1f\x9d", "application/x-compress"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"\x04\x22\x4d\x18", "application/x-lz4"),
    (b"MSCF\x00\x00\x00\x00", "application/vnd.ms-cab-compressed"),
    (b"!<arch>\n", "application/x-archive"),
    # Programs: ELF, Mach-O in four orders, Mach-O of several processors and Java, Wasm, Android, shortcuts, help.
    (b"\x7fELF", PROGRAM),
    (b"\xfe\xed\xfa\xce", PROGRAM),
    (b"\xfe\xed\xfa\xcf", PROGRAM),
    (b"\xce\xfa\xed\xfe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"\x00asm", PROGRAM),
    (b"dex\n03", PROGRAM),
    (b"L\x00\x00\x00\x01\x14\x02\x00", PROGRAM),
    (b"ITSF\x03\x00\x00\x00", PROGRAM),
    (b"#!", SCRIPT),
    (b"#@~^", SCRIPT),
    # Kinds that the survey does not list.
    (b"GIF8", GIF),
    (b"8BPS\x00\x01", "image/vnd.adobe.photoshop"),
    (b"{\\rtf", RTF),
    (b"ID3", "audio/mpeg"),
    (b"OggS\x00", "application/ogg"),
    (b"\x1aE\xdf\xa3", "video/x-matroska"),
)
ARCHIVES = frozenset(
    {ZIP, "application/x-tar", "application/x-iso9660-image", "application/x-bzip2", "application/x-lzh-compressed"}
    | {
        kind
        for _, kind in _SIGNATURES
        if kind.endswith(("rar", "compressed", "gzip", "compress", "x-xz", "zstd", "lz4", "archive"))
    }
)
_OFFICE_KINDS: dict[bytes, str] = {b"word": DOCX, b"xl": XLSX, b"ppt": PPTX}
# Office files are zip archives; the folder of a part shows which program made them. The name of a part is 30 bytes
# after the start of its local header; an uncompressed list of parts names them too.
_OFFICE_PART = re.compile(rb'(?s:PK\x03\x04.{26}|PartName="/)(word|xl|ppt)/')
# OpenDocument (ISO 26300, part 3): the first entry is "mimetype", stored uncompressed.
_MIMETYPE = re.compile(
    rb"(?s)PK\x03\x04.{26}mimetype.{0,64}?application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)"
)
_OPEN_DOCUMENTS: dict[bytes, str] = {b"text": ODT, b"spreadsheet": ODS, b"presentation": ODP}
# Brands of ISO 23008-12; "mif1" and "msf1" may hold other codings, named among the compatible brands.
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs"})
_HTML = re.compile(rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|script|hta:)", re.IGNORECASE | re.DOTALL)


def media_type(head: bytes) -> str:
    """Return the media type of a file that begins with ``head`` (`HEAD` bytes are enough); octets if unknown.

    The contents of zip and OLE containers are known only if the head shows them; the inspection reads further.
    """
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _zipped(head)
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if is_text(head, whole=len(head) < HEAD):
        return HTML if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")) else TEXT
    return _binary(head)


def _zipped(head: bytes) -> str:
    if document := _MIMETYPE.match(head[:200]):
        return _OPEN_DOCUMENTS[document[1]]
    part = _OFFICE_PART.search(head)
    return _OFFICE_KINDS[part[1]] if part else ZIP


def _iso_media(head: bytes) -> str:
    end = min(int.from_bytes(head[:4]), len(head), 256)
    brands = {head[at : at + 4] for at in range(8, end - 3, 4) if at != 12}
    if brands & _HEIC_BRANDS:
        return HEIC
    return AVIF if b"avif" in brands else HEIF if b"mif1" in brands else MP4


def _binary(head: bytes) -> str:
    if head.startswith(b"MZ") or head.startswith(b"ZM"):
        return PROGRAM
    if head[257:262] == b"ustar":
        return "application/x-tar"
    if head.startswith(b"BZh") and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90"):
        return "application/x-bzip2"
    if head[2:4] == b"-l" and head[6:7] == b"-":
        return "application/x-lzh-compressed"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return BMP
    # Readers accept a PDF whose header is within the first 1024 bytes (ISO 32000-1, note to 7.5.2).
    return PDF if b"%PDF-" in head[:1024] else OCTETS


# Windows-874: TIS-620 with the euro sign, dots, quotes and dashes, and the no-break space.
_THAI_PAGE = frozenset({*range(0xA0, 0xDB), *range(0xDF, 0xFC), 0x80, 0x85, *range(0x91, 0x98)})
_LINES = frozenset(b"\t\n\r\f")
_ASCII = frozenset(range(0x20, 0x7F)) | _LINES
# Control characters of old programs: end of file (DOS), backspace, escape, vertical tab.
_TOLERATED = frozenset({0x08, 0x0B, 0x1A, 0x1B})
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def is_text(head: bytes, *, whole: bool) -> bool:
    """Tell whether ``head`` is the beginning of a text; ``whole``: nothing follows it."""
    if not head:
        return False
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return _is_utf16(head[2:], encoding, whole)
    return _is_utf8(head, whole) or _is_thai_page(head)


def _is_utf16(body: bytes, encoding: str, whole: bool) -> bool:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(body, final=whole)
    except UnicodeDecodeError:
        return False
    # Many other files begin with the two bytes of a byte-order mark; letters that nobody uses show that.
    return bool(text) and all(category(sign) not in ("Cn", "Co", "Cc") or ord(sign) in _LINES for sign in text)


def _is_utf8(head: bytes, whole: bool) -> bool:
    try:
        # The last character may be incomplete because the head ends there.
        codecs.getincrementaldecoder("utf-8")().decode(head, final=whole)
    except UnicodeDecodeError:
        return False
    return b"\x00" not in head


def _is_thai_page(head: bytes) -> bool:
    signs = set(head)
    return signs <= _THAI_PAGE | _ASCII | _TOLERATED and bool(signs & _ASCII or len(signs) > 1)
