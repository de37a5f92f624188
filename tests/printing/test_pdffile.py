"""The file itself: every reader finds every object, whatever is in it."""

from __future__ import annotations

import io

import pikepdf
import pypdf
from hypothesis import given, settings
from hypothesis import strategies as st

from dgdesk.printing.pdffile import PdfFile, text_string
from printing.conforming import wrong_lengths

PARTS = st.lists(st.one_of(st.text(st.characters(codec="utf-8"), max_size=40), st.binary(max_size=300)), max_size=12)


def made(parts: list[str | bytes], more: int = 0) -> tuple[bytes, list[int]]:
    """A file with an object for each text or stream, and ``more`` small ones; their numbers."""
    pdf = PdfFile()
    root = pdf.reserve(2)
    pdf.put(root + 1, "<</Type/Pages/Count 0/Kids[]>>")
    numbers = [pdf.add(text_string(one)) if isinstance(one, str) else pdf.add_stream(one) for one in parts]
    numbers += [pdf.add(f"<</Own {at}>>") for at in range(more)]
    kept = " ".join(f"{one} 0 R" for one in numbers)
    pdf.put(root, f"<</Type/Catalog/Pages {root + 1} 0 R/Kept[{kept}]>>")
    return pdf.written(root, pdf.add("<<>>")), numbers


@settings(max_examples=60, deadline=None)
@given(PARTS, st.sampled_from([0, 300, 700]))
def test_two_readers_find_every_object(parts: list[str | bytes], more: int) -> None:
    data, numbers = made(parts, more)
    assert made(parts, more)[0] == data
    reader = pypdf.PdfReader(io.BytesIO(data))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
        kept = reader.trailer["/Root"]["/Kept"]
        assert len(kept) == len(numbers)
        for at, part in enumerate(parts):
            one, other = pdf.Root.Kept[at], kept[at].get_object()
            if isinstance(part, str):
                assert str(one) == part
                assert other == part
            else:
                assert one.read_bytes() == part
                assert other.get_data() == part


def test_a_stream_may_end_in_any_byte() -> None:
    contents = [bytes([at]) for at in range(256)]
    data, numbers = made(list(contents))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert [pdf.Root.Kept[at].read_bytes() for at in range(len(numbers))] == contents
    assert b"\r\nendstream" in data and wrong_lengths(data) == []
    assert wrong_lengths(data.replace(b"\nendstream", b"?\nendstream", 1))


def test_texts_are_read_as_they_are() -> None:
    for text in ("", "(a) \\ b)", "จังหวัด", "a\nb", "😀", "é"):
        data, _ = made([text])
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert str(pdf.Root.Kept[0]) == text
