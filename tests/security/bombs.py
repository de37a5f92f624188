"""Files that are small on the disk and unfold without end in whoever reads them, made in some milliseconds.

Each maker returns a file's bytes; ``BOMBS`` has them by name. Sizes are what they would unfold to.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache

GIGABYTE = 1 << 30
_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
_ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]"


@cache
def deflated(piece: bytes, size: int) -> bytes:
    """So many bytes, ``piece`` again and again, as one zlib stream: its flushed blocks may be repeated."""
    block = piece * max(1, (1 << 20) // len(piece))
    made = zlib.compressobj(9, zlib.DEFLATED, 15)
    head = made.compress(block) + made.flush(zlib.Z_FULL_FLUSH)
    again = made.compress(block) + made.flush(zlib.Z_FULL_FLUSH)
    return head + again * (size // len(block)) + b"\x03\x00" + bytes(4)


def twice(piece: bytes, size: int) -> bytes:
    """The same, deflated once more: a thousandth of it."""
    return zlib.compress(deflated(piece, size), 9)


def stream(entries: bytes, content: bytes) -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(content), content)


def pdf(objects: Sequence[bytes]) -> bytes:
    """A PDF of objects 1, 2, 3 …, with a plain table."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(out) + b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        table,
        len(objects) + 1,
        len(out),
    )


def page_with(contents: bytes, *more: bytes, resources: bytes = b"") -> bytes:
    return pdf([_CATALOG, _ONE_PAGE, _PAGE + b"/Contents 4 0 R/Resources<<%b>>>>" % resources, contents, *more])


def xref() -> bytes:
    """A table of references of 4 GB, deflated twice."""
    out = b"%PDF-1.7\n"
    for number, content in enumerate((_CATALOG, _ONE_PAGE, _PAGE + b">>"), 1):
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    entries = b"/Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Filter[/FlateDecode/FlateDecode]"
    table = stream(entries, twice(b"\0", 4 * GIGABYTE))
    return out + b"6 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF" % (table, len(out))


def laughs() -> bytes:
    """Ten forms, each of which draws the next one ten times."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 100 100]"
    forms = [stream(form + b"/Resources<</XObject<</X %d 0 R>>>>" % (5 + at), b"/X Do " * 10) for at in range(1, 11)]
    return page_with(
        stream(b"", b"/X Do " * 10), *forms, stream(form, b"0 0 1 1 re f " * 10), resources=b"/XObject<</X 5 0 R>>"
    )


def kids() -> bytes:
    """A million pages that are one."""
    return pdf([_CATALOG, b"<</Type/Pages/Kids[" + b"3 0 R " * 1_000_000 + b"]/Count 1000000>>", _PAGE + b">>"])


def deep_tree() -> bytes:
    """A page below fifty thousand others."""
    nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (at + 1, at - 1) for at in range(2, 50_000)]
    return pdf([_CATALOG, *nodes, _PAGE + b">>"])


def deep_array() -> bytes:
    """Brackets within brackets."""
    return pdf([_CATALOG, _ONE_PAGE, _PAGE + b"/A " + b"[" * 400_000 + b"]" * 400_000 + b">>"])


def contents() -> bytes:
    """A page whose drawing has 4 GB."""
    return page_with(stream(b"/Filter[/FlateDecode/FlateDecode]", twice(b"0 0 m 9 9 l S\n", 4 * GIGABYTE)))


def letters() -> bytes:
    """A page with a billion letters, deflated twice."""
    text = b"BT /F 9 Tf (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj ET\n"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    packed = stream(b"/Filter[/FlateDecode/FlateDecode]", twice(text, GIGABYTE))
    return page_with(packed, font, resources=b"/Font<</F 5 0 R>>")


def run_lengths() -> bytes:
    """A picture behind RunLength filters within Flate: each byte pair becomes 128."""
    image = b"/Type/XObject/Subtype/Image/Width 30000/Height 30000/BitsPerComponent 8/ColorSpace/DeviceRGB"
    filters = b"/Filter[/FlateDecode/RunLengthDecode/RunLengthDecode]"
    packed = stream(image + filters, deflated(b"\x81\x81", 64 << 20))
    return page_with(stream(b"", b"100 0 0 100 0 0 cm /X Do"), packed, resources=b"/XObject<</X 5 0 R>>")


def chained(name: bytes, content: bytes) -> bytes:
    """A page's drawing behind a chain of one filter, after Flate twice."""
    return page_with(stream(b"/Filter[/FlateDecode/FlateDecode" + (b"/" + name) * 8 + b"]", content))


def image_in_pdf(entries: bytes, content: bytes) -> bytes:
    image = stream(b"/Type/XObject/Subtype/Image" + entries, content)
    return page_with(stream(b"", b"100 0 0 100 0 0 cm /X Do"), image, resources=b"/XObject<</X 5 0 R>>")


def jbig2() -> bytes:
    """A page of 65,535 by 65,535 points, as JBIG2 says it, and nothing more."""
    side = 65_535
    page = struct.pack(">IBBI", 0, 48, 1, 19) + struct.pack(">IIIIBH", side, side, 0, 0, 0, 0)
    region = struct.pack(">IBBI", 1, 38, 1, 26) + struct.pack(">IIIIBB", side, side, 0, 0, 0, 0)
    region += bytes((3, 255, 253, 255, 2, 254, 254, 254))
    sizes = b"/Width 65535/Height 65535/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode"
    return image_in_pdf(sizes, page + region)


def flate_image() -> bytes:
    sizes = b"/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter[/FlateDecode/FlateDecode]"
    return image_in_pdf(sizes, twice(b"\0", 10 * GIGABYTE))


def shading() -> bytes:
    """A function with four inputs and as many samples as 32 bits count."""
    function = stream(
        b"/FunctionType 0/Domain[0 1 0 1 0 1 0 1]/Range[0 1]/Size[250 250 250 250]/BitsPerSample 8"
        b"/Filter[/FlateDecode/FlateDecode]",
        twice(b"\0", 4 * GIGABYTE),
    )
    shade = b"<</ShadingType 1/ColorSpace/DeviceGray/Function 5 0 R>>"
    return page_with(stream(b"", b"/S sh"), function, shade, resources=b"/Shading<</S 6 0 R>>")


def pattern() -> bytes:
    """A page tiled with a pattern of a thousandth of a point."""
    tile = stream(
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 .001 .001]/XStep .001/YStep .001/Resources<<>>",
        b"0 0 .001 .001 re f",
    )
    drawing = stream(b"", b"/Pattern cs /P scn 0 0 100 100 re f")
    return page_with(drawing, tile, resources=b"/Pattern<</P 5 0 R>>")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *before: bytes, rows: bytes | None = None) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    content = deflated(b"\0", (width * 3 + 1) * height) if rows is None else rows
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(before) + chunk(b"IDAT", content) + chunk(b"IEND", b"")


def png_with(kind: bytes, data: bytes, times: int = 1) -> bytes:
    return png(8, 8, *([chunk(kind, data)] * times), rows=zlib.compress(bytes(8 * 25)))


def tiff(entries: Iterable[tuple[int, int, int, int]], rest: bytes) -> bytes:
    rows = [struct.pack("<HHII", *entry) for entry in entries]
    return b"II*\0" + struct.pack("<IH", 8, len(rows)) + b"".join(rows) + bytes(4) + rest


def strips() -> bytes:
    """Five million strips, all at one place and one byte long."""
    count, at = 5_000_000, 8 + 2 + 12 * 9 + 4
    return tiff(
        [
            *((256, 4, 1, 10_000), (257, 4, 1, 10_000), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)),
            *((273, 4, count, at), (277, 3, 1, 1), (278, 4, 1, 1), (279, 4, count, at)),
        ],
        b"\x01\0\0\0" * count,
    )


def tiff_packed(side: int) -> bytes:
    """One strip of Deflate."""
    at, content = 8 + 2 + 12 * 9 + 4, deflated(b"\0", side * side)
    return tiff(
        [
            *((256, 4, 1, side), (257, 4, 1, side), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1)),
            *((273, 4, 1, at), (277, 3, 1, 1), (278, 4, 1, side), (279, 4, 1, len(content))),
        ],
        content,
    )


def tiff_loop() -> bytes:
    """Directories that follow each other for ever: each names the next one, a byte further on."""
    count = 200_000
    one = struct.pack("<H", 0)
    return b"II*\0" + struct.pack("<I", 8) + b"".join(one + struct.pack("<I", 8 + 6 * (at + 1)) for at in range(count))


def jpeg(width: int, height: int, progressive: bool = False) -> bytes:
    """A picture's head that promises so many points, over the data of a small one."""
    from PIL import Image

    into = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(into, "JPEG", progressive=progressive)
    content, mark = into.getvalue(), b"\xff\xc2" if progressive else b"\xff\xc0"
    at = content.index(mark) + 5
    return content[:at] + struct.pack(">HH", height, width) + content[at + 4 :]


def docx(name: str = "[Content_Types].xml", content: bytes = b"<", size: int = 2 * GIGABYTE, parts: int = 1) -> bytes:
    """An office file with a part that unfolds, or with many parts."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "<w/>")
        for number in range(parts - 1):
            archive.writestr(f"word/{number}.xml", "")
        with archive.open(name, "w", force_zip64=True) as part:
            for _ in range(min(size, 64 << 20) // max(1, len(content) * 4096) + 1):
                part.write(content * 4096)
    return into.getvalue()


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%b">' % (at, b"&a%d;" % (at - 1) * 10) for at in range(1, 30))
    + b"]><Types>&a29;</Types>"
)


def ole(loop: bool = True) -> bytes:
    """An OLE file whose tables lead back to themselves."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[24:34] = struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    head[44:76] = struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0, 0, 0, 0x7FFFFFFF)
    head[76:] = struct.pack("<I", 0) + b"\xff" * 432
    fat = struct.pack("<II", 0xFFFFFFFD, 1) + struct.pack("<I", 1) * 126
    entry = "Root Entry".encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HBBIII", 22, 5, 1, 0, 0, 0)
    entry = entry.ljust(116, b"\0") + struct.pack("<IQ", 1, 1 << 40)
    return bytes(head) + fat + entry.ljust(512, entry[:1]) * 4


BOMBS: dict[str, Callable[[], bytes]] = {
    "xref.pdf": xref,
    "laughs.pdf": laughs,
    "kids.pdf": kids,
    "deep tree.pdf": deep_tree,
    "deep array.pdf": deep_array,
    "contents.pdf": contents,
    "letters.pdf": letters,
    "run lengths.pdf": run_lengths,
    "lzw.pdf": lambda: chained(b"LZWDecode", twice(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", GIGABYTE)),
    "ascii85.pdf": lambda: chained(b"ASCII85Decode", twice(b"z", 2 * GIGABYTE)),
    "run length.pdf": lambda: chained(b"RunLengthDecode", twice(b"\x81\x81", GIGABYTE)),
    "jbig2.pdf": jbig2,
    "flate image.pdf": flate_image,
    "shading.pdf": shading,
    "pattern.pdf": pattern,
    "pixels.png": lambda: png(13_000, 13_000),
    "more pixels.png": lambda: png(60_000, 60_000, rows=deflated(b"\0", GIGABYTE)),
    "just below.png": lambda: png(9_400, 9_400),
    "profile.png": lambda: png_with(b"iCCP", b"a\0\0" + deflated(b"\0", GIGABYTE)),
    "ztxt.png": lambda: png_with(b"zTXt", b"a\0\0" + deflated(b"a", 64 << 20), 20),
    "itxt.png": lambda: png_with(b"iTXt", b"a\0\1\0\0\0" + deflated(b"a", GIGABYTE)),
    "strips.tif": strips,
    "packed.tif": lambda: tiff_packed(12_000),
    "more packed.tif": lambda: tiff_packed(40_000),
    "loop.tif": tiff_loop,
    "points.jpg": lambda: jpeg(65_500, 65_500),
    "points progressive.jpg": lambda: jpeg(9_400, 9_400, True),
    "unfolding.docx": docx,
    "entities.docx": lambda: docx(content=ENTITIES, size=1),
    "many parts.docx": lambda: docx(size=1, parts=30_000),
    "loop.doc": ole,
}
