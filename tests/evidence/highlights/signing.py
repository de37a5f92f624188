"""Signs PDFs as provinces do, with a key made for the test."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import SigFieldSpec


def make_signer(folder: Path) -> signers.SimpleSigner:
    """Make a key with a certificate in ``folder``."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ทดสอบ")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(9))
    certificate = made.sign(key, hashes.SHA256())
    (folder / "c.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    (folder / "k.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    loaded = signers.SimpleSigner.load(str(folder / "k.pem"), str(folder / "c.pem"))
    assert loaded is not None
    return loaded


def signed(content: bytes, signer: signers.SimpleSigner, *names: str, certify: bool = False) -> bytes:
    """Sign a PDF once for each name, with a visible box on its first page."""
    for number, name in enumerate(names):
        writer = IncrementalPdfFileWriter(io.BytesIO(content))
        box = (50, 50 + 60 * number, 250, 100 + 60 * number)
        fields.append_signature_field(writer, SigFieldSpec(name, on_page=0, box=box))
        facts = signers.PdfSignatureMetadata(field_name=name, certify=certify and not number)
        content = signers.sign_pdf(writer, facts, signer=signer).getvalue()
    return content
