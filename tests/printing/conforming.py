"""What two independent checkers find in a file: page-validation in Rust, and pikepdf's check with qpdf below it."""

from __future__ import annotations

import io
import re

import page
import pikepdf
import pikepdf.pdfa

PROFILES = ("2a", "ua1")
_UA = re.compile(rb"<pdfuaid:part>.*?</pdfaExtension:schemas>\n?| xmlns:(?:pdfuaid|pdfa[A-Z]\w+)=\"[^\"]*\"", re.DOTALL)


def findings(data: bytes) -> list[str]:
    """What breaks a rule of PDF/A-2a or PDF/UA-1, or of PDF itself; empty for a good file."""
    found = [
        f"{profile} {one.rule_id}: {one.message}"
        for profile in PROFILES
        for one in page.validate_pdf_bytes(data, profile=profile).failures
    ]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found += pdf.check_pdf_syntax()
        found += [str(one) for one in pikepdf.pdfa.check(_as_2b(pdf), "2b").findings]
    return found


def _as_2b(pdf: pikepdf.Pdf) -> pikepdf.Pdf:
    """The same file that calls itself PDF/A-2b: pikepdf knows no other level, and no schema of an extension."""
    metadata = pdf.Root.Metadata
    packet = _UA.sub(b"", metadata.read_bytes())
    metadata.write(packet.replace(b"conformance>A<", b"conformance>B<"))
    return pdf
