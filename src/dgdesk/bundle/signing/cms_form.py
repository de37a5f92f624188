"""The narrow form of CMS signature (RFC 5652) that is written and accepted, in one encoding.

CMS leaves much outside the signature: versions, algorithm parameters, further certificates, unsigned attributes,
BER spellings. So a message is rebuilt from the few parts that are read, and must be the same bytes.

Its attribute signing-certificate-v2 (RFC 5035) names every certificate of a chain: without it, the certificates inside
a CMS message are bytes that nothing signs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from dgdesk.bundle.signing.certificate_rules import is_strong_key
from dgdesk.errors import CheckFailed
from dgdesk.system.bounds import is_moment

_SHA2 = ("sha256", "sha384", "sha512")
_NO_PARAMETERS, _NULL = b"", b"\x05\x00"
_VERSION_1 = b"\x02\x01\x01"
_MOST_CERTIFICATES = 8
_UTC_TIME_ENDS = 2050  # the first year that UTCTime cannot say (RFC 5652, 11.3)
_HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


class SignedForm(NamedTuple):
    """A signature of the right form, not yet checked: the claimed signer and time, and the message to check."""

    signed_data: Any
    certificate: x509.Certificate
    claimed_time: datetime
    others: frozenset[bytes]
    named: frozenset[bytes]
    """Those of ``others`` that the signed attributes name by their digest."""
    attributes: bytes
    """The signed attributes in DER, without the tag and length of their set."""


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
    attributes: bytes = signer["signed_attrs"].contents  # written anew by asn1crypto, so once only
    _require(_rebuild(signer, attributes, certificates) == p7s)
    others = frozenset(certificates) - {own}
    named = frozenset(one for one in others if hashlib.sha256(one).digest() in digests)
    return SignedForm(data, certificate, claimed, others, named, attributes)


def _rebuild(signer: Any, attributes: bytes, certificates: list[bytes]) -> bytes:
    """Rebuild the whole message from the parts that were read (RFC 5652, 5.1 and 5.3).

    asn1crypto's ``dump(force=True)`` will not do: its time grows exponentially with the depth of hostile input.
    """
    digest_name, digest_rest = _algorithm(signer["digest_algorithm"])
    name, rest = _algorithm(signer["signature_algorithm"])
    return _message(
        certificates,
        signer["sid"].chosen.dump(),
        _sequence(algos.DigestAlgorithmId(digest_name).dump(), digest_rest),
        attributes,
        _sequence(algos.SignedDigestAlgorithmId(name).dump(), rest),
        signer["signature"].native,
    )


def _message(
    certificates: Sequence[bytes], sid: bytes, digest: bytes, attributes: bytes, algorithm: bytes, signature: bytes
) -> bytes:
    """Write a detached signature by one signer; all parts are DER, except the content of the set of attributes."""
    one = _sequence(_VERSION_1, sid, digest, _encode(0xA0, attributes), algorithm, _encode(0x04, signature))
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


def fits(content: bytes, form: SignedForm) -> bool:
    """Return whether the content was signed by the key of the certificate that the signer named.

    As RFC 5652, 5.4 and 5.6, with RFC 5035 (the certificate named is this one) and RFC 6211 (the algorithms named, if
    any, are those used). `read_form` has seen that each attribute is there once, and that the algorithms are strong.
    """
    signer = form.signed_data["signer_infos"][0]
    digest = signer["digest_algorithm"]["algorithm"].native
    attributes = {one["type"].native: one["values"][0] for one in signer["signed_attrs"]}
    if attributes["content_type"].native != "data":
        return False
    if attributes["message_digest"].native != hashlib.new(digest, content).digest():
        return False
    if not _names(attributes["signing_certificate_v2"]["certs"][0], form.certificate):
        return False
    if (said := attributes.get("cms_algorithm_protection")) is not None and not _protects(said, signer):
        return False
    # What is signed has the tag of a set, not the one that the attributes have inside the message.
    signed = _encode(0x31, form.attributes)
    return _is_signed(form.certificate.public_key(), signer["signature"].native, signed, _HASHES[digest])


def _names(named: Any, certificate: x509.Certificate) -> bool:
    """Return whether an ESSCertIDv2 (RFC 5035, 4) means this certificate."""
    der = certificate.public_bytes(Encoding.DER)
    if hashlib.new(named["hash_algorithm"]["algorithm"].native, der).digest() != named["cert_hash"].native:
        return False
    if not named["issuer_serial"]:  # optional
        return True
    issuer, found = named["issuer_serial"]["issuer"], asn1_x509.Certificate.load(der)
    if len(issuer) != 1 or issuer[0].name != "directory_name":
        return False
    try:
        name = issuer[0].chosen
        same = name.chosen.dump() == found.issuer.chosen.dump() or bool(name == found.issuer)
    except ValueError:  # a name that cannot be compared
        return False
    return same and bool(named["issuer_serial"]["serial_number"] == found["tbs_certificate"]["serial_number"])


def _protects(said: Any, signer: Any) -> bool:
    """Return whether the signed names of the algorithms (RFC 6211) are those outside the signature."""
    return bool(
        said["digest_algorithm"].native == signer["digest_algorithm"].native
        and said["signature_algorithm"].native == signer["signature_algorithm"].native
    )


def _is_signed(key: object, signature: bytes, signed: bytes, digest: hashes.HashAlgorithm) -> bool:
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(digest))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), digest)
        else:
            return False
    except InvalidSignature:
        return False
    return True


def write_form(
    content: bytes, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, chain: Sequence[bytes], moment: datetime
) -> bytes:
    """Sign ``content`` with SHA-256 and return the message; ``chain`` is the signer's certificate and its CAs (DER).

    ``moment`` is aware, in whole seconds. The CAs are written in the order of their bytes, as DER has it for a set.
    """
    own, *above = (asn1_x509.Certificate.load(one) for one in chain)
    named = [_named(one) for one in (own, *above)]
    values = {
        "content_type": cms.ContentType("data"),
        "message_digest": core.OctetString(hashlib.sha256(content).digest()),
        "signing_time": cms.Time({"utc_time" if moment.year < _UTC_TIME_ENDS else "generalized_time": moment}),
        "signing_certificate_v2": tsp.SigningCertificateV2({"certs": named}),
    }
    attributes = b"".join(
        sorted(cms.CMSAttribute({"type": name, "values": [value]}).dump() for name, value in values.items())
    )
    signed = _encode(0x31, attributes)
    if isinstance(key, rsa.RSAPrivateKey):
        algorithm, rest = "sha256_rsa", _NULL
        signature = key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    else:
        algorithm, rest = "sha256_ecdsa", _NO_PARAMETERS
        signature = key.sign(signed, ec.ECDSA(hashes.SHA256()))
    return _message(
        sorted(chain),
        _sequence(own.issuer.dump(), own["tbs_certificate"]["serial_number"].dump()),
        _sequence(algos.DigestAlgorithmId("sha256").dump(), _NULL),
        attributes,
        _sequence(algos.SignedDigestAlgorithmId(algorithm).dump(), rest),
        signature,
    )


def _named(certificate: Any) -> Any:
    """Return a certificate's ESSCertIDv2, with issuer and serial number."""
    issuer = [asn1_x509.GeneralName("directory_name", certificate.issuer)]
    serial = certificate["tbs_certificate"]["serial_number"]
    return tsp.ESSCertIDv2(
        {
            "hash_algorithm": {"algorithm": "sha256"},
            "cert_hash": hashlib.sha256(certificate.dump()).digest(),
            "issuer_serial": {"issuer": issuer, "serial_number": serial},
        }
    )
