"""The file itself: every reader finds every object, whatever is in it, and no stream ends in a carriage return."""

from __future__ import annotations

import io

import pikepdf
import pypdf
from hypothesis import given, settings
from hypothesis import strategies as st

from dgdesk.printing.pdffile import PdfFile, text_string

PARTS = st.lists(st.one_of(st.text(st.characters(codec="utf-8"), max_size=40), st.binary(max_size=300)), max_size=12)


def made(parts: list[str | bytes], more: int = 0) -> tuple[bytes, list[int]]:
    """A file with an object for each text or stream, and ``more`` small ones; the numbers of the first."""
    pdf = PdfFile()
    root = pdf.reserve(2)
    pdf.put(root, f"<</Type/Catalog/Pages {root + 1} 0 R>>")
    pdf.put(root + 1, "<</Type/Pages/Count 0/Kids[]>>")
    numbers = [pdf.add(text_string(one)) if isinstance(one, str) else pdf.add_stream(one) for one in parts]
    for at in range(more):
        pdf.add(f"<</Own {at}>>")
    return pdf.written(root, pdf.add("<<>>")), numbers


@settings(max_examples=60, deadline=None)
@given(PARTS, st.sampled_from([0, 300, 700]))
def test_two_readers_find_every_object(parts: list[str | bytes], more: int) -> None:
    data, numbers = made(parts, more)
    assert made(parts, more)[0] == data
    reader = pypdf.PdfReader(io.BytesIO(data))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
        for part, number in zip(parts, numbers, strict=True):
            one, other = pdf.get_object(number, 0), reader.get_object(number)
            if isinstance(part, str):
                assert str(one) == part
                assert other == part
            else:
                assert one.read_bytes().rstrip(b"\n") == part.rstrip(b"\n")
                assert other.get_data().rstrip(b"\n") == part.rstrip(b"\n")


def test_no_stream_ends_in_a_carriage_return() -> None:
    """One in 256 would; a reader may take it for a part of the line end that follows, and find a wrong length."""
    contents = [bytes([at]) for at in range(256)]
    data, numbers = made(list(contents))
    assert b"\r\nendstream" not in data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        read = [pdf.get_object(number, 0).read_bytes() for number in numbers]
    assert sum(one != own for one, own in zip(read, contents, strict=True)) >= 1, "one of them got a filler"
    for at in range(300):
        assert b"\r\nendstream" not in made([f"{at}"], at)[0]


def test_texts_are_read_as_they_are() -> None:
    for text in ("", "(a) \\ b)", "จังหวัด", "a\nb", "😀", "é"):
        data, (number,) = made([text])
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert str(pdf.get_object(number, 0)) == text
