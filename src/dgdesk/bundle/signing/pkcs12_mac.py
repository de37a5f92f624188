"""Checks the MAC of a PKCS#12 file, its work bounded first: that of RFC 7292 (4 and B), and PBMAC1 (RFC 9579)."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any, ClassVar, Final

from asn1crypto import algos, core

from dgdesk.bundle.signing.keyfile import TooMuchWork, bound_pbkdf2, bound_rounds
from dgdesk.bundle.signing.pbe import derive
from dgdesk.system.bounds import UNFIT

_DIGESTS: Final = ("sha1", "sha224", "sha256", "sha384", "sha512")
_PBMAC1: Final = "1.2.840.113549.1.5.14"


class _Parameters(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """RFC 8018, A.5."""

    _fields: ClassVar[list[Any]] = [("derivation", algos.KdfAlgorithm), ("scheme", algos.HmacAlgorithm)]


def bound_mac(found: Any) -> int:
    """Return the rounds of a MAC (asn1crypto's ``MacData``).

    Raises:
        TooMuchWork: they are too many, or it is of a kind without a known bound.
    """
    algorithm = found["mac"]["digest_algorithm"]
    if algorithm["algorithm"].native in _DIGESTS:
        return bound_rounds(int(found["iterations"].native))
    if algorithm["algorithm"].native != _PBMAC1:
        raise TooMuchWork
    try:
        derivation, scheme = _parts(algorithm)
        given = derivation["parameters"]
        # The length has no default here (RFC 9579, 5): the key of a MAC may have any.
        known = derivation["algorithm"].native == "pbkdf2" and given["key_length"].native is not None
        if not known or not {scheme, given["prf"]["algorithm"].native} <= set(_DIGESTS):
            raise TooMuchWork
        return bound_pbkdf2(given)
    except UNFIT as error:
        raise TooMuchWork from error


def mac_fits(frame: Any, passphrase: str) -> bool | None:
    """Check the MAC of a file (asn1crypto's ``Pfx``) whose work is bounded; None if there is none that can be checked.

    Raises as asn1crypto does on damaged files.
    """
    found = frame["mac_data"]
    if not found.native or frame["auth_safe"]["content_type"].native != "data":
        return None
    algorithm, content = found["mac"]["digest_algorithm"], frame["auth_safe"]["content"].native
    name = algorithm["algorithm"].native
    if name == _PBMAC1:
        derivation, name = _parts(algorithm)
        given = derivation["parameters"]
        key = hashlib.pbkdf2_hmac(
            given["prf"]["algorithm"].native,
            passphrase.encode("utf-8", "surrogatepass"),
            given["salt"].native,
            given["iteration_count"].native,
            given["key_length"].native,
        )
    else:
        secret = (passphrase + "\0").encode("utf-16-be", "surrogatepass")
        size = hashlib.new(name).digest_size
        key = derive(name, 3, secret, found["mac_salt"].native, found["iterations"].native, size)
    return hmac.compare_digest(hmac.new(key, content, name).digest(), found["mac"]["digest"].native)


def _parts(algorithm: Any) -> tuple[Any, str]:
    """Return the derivation of PBMAC1, and the digest of its HMAC."""
    parameters = _Parameters.load(algorithm["parameters"].dump(), strict=True)
    return parameters["derivation"], parameters["scheme"]["algorithm"].native
