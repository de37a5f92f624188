"""The narrow form of CMS signature that is accepted, and the attribute that names every certificate of a chain.

CMS leaves much outside the signature: versions, algorithm parameters, further certificates, unsigned attributes,
BER spellings. So the message is rebuilt from the few parts that are read, and must be the same bytes.

Without them, the certificates inside a CMS message are bytes that nothing signs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyhanko.sign.attributes  # noqa: F401  imported for what it registers
from asn1crypto import algos, cms, core, tsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.sign.attributes import CMSAttributeProvider, SignedAttributeProviderSpec, SigningTimeProvider
from pyhanko.sign.general import as_signing_certificate_v2

from dgdesk.bundle.signing.certificate_rules import is_strong_key
from dgdesk.errors import CheckFailed
from dgdesk.system.bounds import is_moment

# Importing this registers the attributes of CAdES (RFC 5035) with asn1crypto.


_SHA2 = ("sha256", "sha384", "sha512")
_NO_PARAMETERS, _NULL = b"", b"\x05\x00"
_VERSION_1 = b"\x02\x01\x01"
_MOST_CERTIFICATES = 8


@dataclass(frozen=True)
class SignedForm:
    """A signature of the right form, not yet checked: the claimed signer and time, and the message to check."""

    signed_data: Any
    certificate: x509.Certificate
    claimed_time: datetime
    others: frozenset[bytes]
    named: frozenset[bytes]
    """Those of ``others`` that the signed attributes name by their digest."""


def read_form(p7s: bytes) -> SignedForm:
    """Read a detached CAdES-BES signature by one signer.

    Raises:
        CheckFailed: ``signature.form``, ``signature.several_signers``, ``signature.weak``.
        Exception: anything else that asn1crypto and cryptography raise on bytes that are no signature.
    """
    message = cms.ContentInfo.load(p7s, strict=True)
    _require(message["content_type"].native == "signed_data")
    data = message["content"]
    if len(data["signer_infos"]) > 1:
        raise CheckFailed("signature.several_signers")
    _require(len(data["signer_infos"]) == 1)
    signer = data["signer_infos"][0]
    certificates, own = _certificates(data, signer)
    certificate = x509.load_der_x509_certificate(own)
    _check_algorithms(signer, certificate)
    claimed, digests = _check_attributes(signer)
    _require(_rebuild(signer, certificates) == p7s)
    others = frozenset(certificates) - {own}
    named = frozenset(one for one in others if hashlib.sha256(one).digest() in digests)
    return SignedForm(data, certificate, claimed, others, named)


def _rebuild(signer: Any, certificates: list[bytes]) -> bytes:
    """Rebuild the whole message from the parts that were read (RFC 5652, 5.1 and 5.3).

    asn1crypto's ``dump(force=True)`` will not do: its time grows exponentially with the depth of hostile input.
    """
    digest_name, digest_rest = _algorithm(signer["digest_algorithm"])
    name, rest = _algorithm(signer["signature_algorithm"])
    digest = _sequence(algos.DigestAlgorithmId(digest_name).dump(), digest_rest)
    one = _sequence(
        _VERSION_1,
        signer["sid"].chosen.dump(),
        digest,
        _encode(0xA0, signer["signed_attrs"].contents),
        _sequence(algos.SignedDigestAlgorithmId(name).dump(), rest),
        _encode(0x04, signer["signature"].native),
    )
    data = _sequence(
        _VERSION_1,
        _encode(0x31, digest),
        _sequence(cms.ContentType("data").dump()),
        _encode(0xA0, *certificates),
        _encode(0x31, one),
    )
    return _sequence(cms.ContentType("signed_data").dump(), _encode(0xA0, data))


def _sequence(*parts: bytes) -> bytes:
    return _encode(0x30, *parts)


def _encode(tag: int, *parts: bytes) -> bytes:
    """Write one DER value (X.690, 8.1 and 10.1)."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _certificates(data: Any, signer: Any) -> tuple[list[bytes], bytes]:
    """Return all certificates (DER), and the signer's."""
    found = data["certificates"]
    _require(not isinstance(found, core.Void) and 1 <= len(found) <= _MOST_CERTIFICATES)
    _require(signer["sid"].name == "issuer_and_serial_number" and all(one.name == "certificate" for one in found))
    sid = signer["sid"].chosen.dump()
    own = [
        one.chosen.dump()
        for one in found
        if _sequence(one.chosen.issuer.dump(), one.chosen["tbs_certificate"]["serial_number"].dump()) == sid
    ]
    _require(len(own) == 1)
    return [one.chosen.dump() for one in found], own[0]


def _check_algorithms(signer: Any, certificate: x509.Certificate) -> None:
    digest, digest_rest = _algorithm(signer["digest_algorithm"])
    name, rest = _algorithm(signer["signature_algorithm"])
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        strong = is_strong_key(key) and name == f"{digest}_ecdsa" and rest == _NO_PARAMETERS
    elif isinstance(key, rsa.RSAPublicKey):
        # Some programs name only the key type here, and the digest above.
        strong = is_strong_key(key) and name in (f"{digest}_rsa", "rsassa_pkcs1v15") and rest == _NULL
    else:
        strong = False
    if not strong or digest not in _SHA2 or digest_rest not in (_NO_PARAMETERS, _NULL):
        raise CheckFailed("signature.weak")


def _algorithm(identifier: Any) -> tuple[str, bytes]:
    """Return an algorithm's name and the DER of its parameters."""
    return identifier["algorithm"].native, identifier.contents[len(identifier["algorithm"].dump()) :]


def _check_attributes(signer: Any) -> tuple[datetime, frozenset[bytes]]:
    """Require the attributes of CAdES-BES, each once and with one value.

    Returns the claimed time in UTC, and the SHA-256 of the further certificates named (RFC 5035, 5.4).
    """
    _require(not isinstance(signer["signed_attrs"], core.Void))
    attributes = {one["type"].native: one["values"] for one in signer["signed_attrs"]}
    _require(len(attributes) == len(signer["signed_attrs"]) and all(len(values) == 1 for values in attributes.values()))
    _require({"content_type", "message_digest", "signing_time", "signing_certificate_v2"} <= attributes.keys())
    first, *above = attributes["signing_certificate_v2"][0]["certs"]
    _require(first["hash_algorithm"]["algorithm"].native in _SHA2)
    claimed = attributes["signing_time"][0].native
    if not isinstance(claimed, datetime) or not is_moment(claimed):
        raise CheckFailed("signature.form")
    digests = (one["cert_hash"].native for one in above if one["hash_algorithm"]["algorithm"].native == "sha256")
    return claimed.astimezone(UTC), frozenset(digests)


def _require(holds: bool) -> None:
    if not holds:
        raise CheckFailed("signature.form")


class _ChainProvider(CMSAttributeProvider):
    """signing-certificate-v2 with the signer first, followed by its CAs."""

    attribute_type = "signing_certificate_v2"

    def __init__(self, chain: Sequence[Any]) -> None:
        self._chain = chain

    async def build_attr_value(self, dry_run: bool = False) -> Any:
        """Return the attribute's value."""
        named = [one for certificate in self._chain for one in as_signing_certificate_v2(certificate)["certs"]]
        return tsp.SigningCertificateV2({"certs": named})


class ChainAttributes(SignedAttributeProviderSpec):
    """The signed attributes of CAdES-BES for a signer (first of ``chain``, asn1crypto) and its CAs."""

    def __init__(self, chain: Sequence[Any], settings: Any) -> None:
        """``settings`` are pyHanko's, with the claimed time."""
        self._chain, self._time = chain, settings.signing_time

    def signed_attr_providers(self, data_digest: bytes, digest_algorithm: str) -> Iterable[Any]:
        """Return the makers of all attributes other than content type and digest."""
        return [_ChainProvider(self._chain), SigningTimeProvider(timestamp=self._time)]
