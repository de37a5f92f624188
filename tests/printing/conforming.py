"""What two independent checkers find in a file: page-validation in Rust, and pikepdf's check with qpdf below it."""

from __future__ import annotations

import io
import re

import page
import pikepdf
import pikepdf.pdfa

PROFILES = ("2a", "ua1")
_LENGTH = "STREAM-LENGTH-001"
_STREAM = re.compile(rb"/Length (\d+)[^\n]*>>\nstream\n")
_UA = re.compile(rb"<pdfuaid:part>.*?</pdfaExtension:schemas>\n?| xmlns:(?:pdfuaid|pdfa[A-Z]\w+)=\"[^\"]*\"", re.DOTALL)


def findings(data: bytes) -> list[str]:
    """What breaks a rule of PDF/A-2a or PDF/UA-1, or of PDF itself; empty for a good file."""
    lengths_hold = not wrong_lengths(data)
    found = [
        f"{profile} {one.rule_id}: {one.message}"
        for profile in PROFILES
        for one in page.validate_pdf_bytes(data, profile=profile).failures
        if not (one.rule_id.endswith(_LENGTH) and lengths_hold)
    ]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found += pdf.check_pdf_syntax()
        found += [str(one) for one in pikepdf.pdfa.check(_as_2b(pdf), "2b").findings]
    return found


def wrong_lengths(data: bytes) -> list[int]:
    """Where streams begin that do not have as many bytes as their /Length says, counted here.

    page-validation takes a carriage return that is the last byte of a stream for a part of the line end behind it.
    """
    return [
        found.start()
        for found in _STREAM.finditer(data)
        if not data.startswith(b"\nendstream", found.end() + int(found[1]))
    ]


def _as_2b(pdf: pikepdf.Pdf) -> pikepdf.Pdf:
    """The same file that calls itself PDF/A-2b: pikepdf knows no other level, and no schema of an extension."""
    metadata = pdf.Root.Metadata
    packet = _UA.sub(b"", metadata.read_bytes())
    metadata.write(packet.replace(b"conformance>A<", b"conformance>B<"))
    return pdf
