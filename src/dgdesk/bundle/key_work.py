"""Bounds the work that a key file asks for (rounds, memory, sizes of numbers) before a library does it.

A kind that is unknown here has no bound, so it is refused.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from asn1crypto import core

MOST_ROUNDS: Final = 10_000_000
"""Rounds of PBKDF2; some seconds."""
MOST_OLD_ROUNDS: Final = 2_000_000
"""Rounds of the derivations before PBKDF2 (PBES1, PKCS#12) and of a PKCS#12 file's MAC; their libraries are slower."""
MOST_MEMORY: Final = 256 << 20
"""Bytes that scrypt may take."""
MOST_SCRYPT: Final = 1 << 23
"""The product of scrypt's N, r and p."""
_LONGEST_SALT = 1 << 10
_LONGEST_KEY = 64
_MOST_BITS = 8192
_LONGEST_EXPONENT = 65
_CURVES = ("secp256r1", "secp384r1", "secp521r1")
_OLD = (
    "pkcs12_sha1_rc4_128",
    "pkcs12_sha1_rc4_40",
    "pkcs12_sha1_tripledes_3key",
    "pkcs12_sha1_tripledes_2key",
    "pkcs12_sha1_rc2_128",
    "pkcs12_sha1_rc2_40",
    "pbes1_md5_des",
    "pbes1_md5_rc2",
    "pbes1_sha1_des",
    "pbes1_sha1_rc2",
)

_SCRYPT_OID = "1.3.6.1.4.1.11591.4.11"
_SCRYPT = ("cost_parameter", "block_size", "parallelization_parameter")


class TooMuchWork(ValueError):
    """A file asks for more work than any honest one does, or for a kind of work without a known bound."""


class _Scrypt(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """RFC 7914, 7."""

    _fields: ClassVar[list[Any]] = [
        ("salt", core.OctetString),
        ("cost_parameter", core.Integer),
        ("block_size", core.Integer),
        ("parallelization_parameter", core.Integer),
        ("key_length", core.Integer, {"optional": True}),
    ]


def bound_encryption(algorithm: Any) -> int:
    """Return the rounds, or an equivalent, of an encryption scheme (asn1crypto's ``EncryptionAlgorithm``).

    Raises:
        TooMuchWork: it asks for too much, or is of a kind without a known bound.
    """
    name, parameters = algorithm["algorithm"].native, algorithm["parameters"]
    if name in _OLD:
        _require(len(parameters["salt"].native) <= _LONGEST_SALT)
        return bound_rounds(parameters["iterations"].native)
    _require(name == "pbes2")
    derivation = parameters["key_derivation_func"]
    given = derivation["parameters"]
    kind = derivation["algorithm"].native
    if kind == "pbkdf2":
        _require(given["salt"].name == "specified" and len(given["salt"].native) <= _LONGEST_SALT)
        _require(0 < given["iteration_count"].native <= MOST_ROUNDS)
        _require(0 < (given["key_length"].native or 32) <= _LONGEST_KEY)
        return int(given["iteration_count"].native)
    if kind == _SCRYPT_OID:
        given = given.parse(_Scrypt)
        cost, block, parallel = (given[key].native for key in _SCRYPT)
        _require(min(cost, block, parallel) > 0 and cost.bit_length() < 32)
        _require(128 * cost * block <= MOST_MEMORY and 128 * block * parallel <= MOST_MEMORY)
        _require(cost * block * parallel <= MOST_SCRYPT and len(given["salt"].native) <= _LONGEST_SALT)
        _require(0 < (given["key_length"].native or 32) <= _LONGEST_KEY)
        return int(cost * block * parallel)
    raise TooMuchWork


def bound_rounds(rounds: int) -> int:
    """Return the rounds of an old key derivation. Raises TooMuchWork."""
    _require(0 < rounds <= MOST_OLD_ROUNDS)
    return rounds


def bound_key(info: Any) -> None:
    """Check that the numbers of a private key (asn1crypto's ``PrivateKeyInfo``) are small enough to be checked.

    Raises:
        TooMuchWork: they are too large, or the key is of a kind that does not sign here, or on an unknown curve.
    """
    algorithm = info["private_key_algorithm"]
    kind = algorithm["algorithm"].native
    if kind == "rsa":
        numbers = info["private_key"].parsed
        _require(numbers["modulus"].native.bit_length() <= _MOST_BITS)
        _require(numbers["public_exponent"].native.bit_length() <= _LONGEST_EXPONENT)
        parts = ("private_exponent", "prime1", "prime2", "exponent1", "exponent2", "coefficient")
        _require(all(numbers[part].native.bit_length() <= _MOST_BITS for part in parts))
    else:
        _require(kind == "ec" and algorithm["parameters"].name == "named")
        _require(algorithm["parameters"].chosen.native in _CURVES)


def _require(holds: bool) -> None:
    if not holds:
        raise TooMuchWork
