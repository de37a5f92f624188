"""Private keys as PKCS#8 files, encrypted by a passphrase (PBES2, RFC 8018) or not; their work is bounded first.

A kind that is unknown here has no bound, so it is refused.

``cryptography`` writes only 2,048 rounds of PBKDF2 and has no option for more, so the envelope is built here; OpenSSL
reads it.

Names of the signer and the province, words that many people use, rows of the alphabet or keyboard, digits (most are
dates) and spaces do not count. The rule is a hint: any other passphrase may still be used.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Any, ClassVar, Final, Literal, NamedTuple, TypeGuard

from asn1crypto import core, keys, pem
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    load_pem_private_key,
)

from dgdesk.bundle.signing.certificate_rules import is_strong_key
from dgdesk.text.passphrases import affordable, canonical, encode, forms

MOST_ROUNDS: Final = 10_000_000
"""Rounds of PBKDF2; some seconds."""
MOST_OLD_ROUNDS: Final = 2_000_000
"""Rounds of the derivations before PBKDF2 (PBES1, PKCS#12) and of a PKCS#12 file's MAC; their libraries are slower."""
MOST_TRIED: Final = 20_000_000
"""Rounds of PBKDF2 for all forms of one passphrase together, except for the likeliest."""
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
        return bound_pbkdf2(given)
    if kind == _SCRYPT_OID:
        given = given.parse(_Scrypt)
        cost, block, parallel = (given[key].native for key in _SCRYPT)
        _require(min(cost, block, parallel) > 0 and cost.bit_length() < 32)
        _require(128 * cost * block <= MOST_MEMORY and 128 * block * parallel <= MOST_MEMORY)
        _require(cost * block * parallel <= MOST_SCRYPT and len(given["salt"].native) <= _LONGEST_SALT)
        _require(0 < (given["key_length"].native or 32) <= _LONGEST_KEY)
        return int(cost * block * parallel)
    raise TooMuchWork


def bound_pbkdf2(given: Any) -> int:
    """Return the rounds of PBKDF2 (asn1crypto's ``Pbkdf2Params``). Raises TooMuchWork."""
    _require(given["salt"].name == "specified" and len(given["salt"].native) <= _LONGEST_SALT)
    _require(0 < given["iteration_count"].native <= MOST_ROUNDS)
    _require(0 < (given["key_length"].native or 32) <= _LONGEST_KEY)
    return int(given["iteration_count"].native)


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


SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
"""The keys used for CAdES; a local identity is always P-256, RSA keys come from CAs."""

ROUNDS = 600_000
LARGEST = 64 << 10
"""Bytes of a key file; one of RSA with 8,192 bits takes 7 KiB."""
_PROTECTED, _PLAIN = "ENCRYPTED PRIVATE KEY", "PRIVATE KEY"


class NeedsPassphrase(Exception):
    """The key is encrypted and no passphrase was given."""


class WrongPassphrase(Exception):
    """The key does not open with this passphrase."""


def write_key(key: SigningKey, passphrase: str | None, salt: bytes, iv: bytes) -> bytes:
    """Return the PEM file of a key; ``salt`` and ``iv`` (16 bytes each) must be fresh random bytes."""
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    if passphrase is None:
        return bytes(pem.armor(_PLAIN, plain))
    padder = padding.PKCS7(128).padder()
    padded = padder.update(plain) + padder.finalize()
    secret = PBKDF2HMAC(hashes.SHA256(), 32, salt, ROUNDS).derive(encode(canonical(passphrase)))
    encryptor = Cipher(algorithms.AES(secret), modes.CBC(iv)).encryptor()
    envelope = keys.EncryptedPrivateKeyInfo(
        {
            "encryption_algorithm": {
                "algorithm": "pbes2",
                "parameters": {
                    "key_derivation_func": {
                        "algorithm": "pbkdf2",
                        "parameters": {
                            "salt": ("specified", salt),
                            "iteration_count": ROUNDS,
                            "prf": {"algorithm": "sha256"},
                        },
                    },
                    "encryption_scheme": {"algorithm": "aes256_cbc", "parameters": iv},
                },
            },
            "encrypted_data": encryptor.update(padded) + encryptor.finalize(),
        }
    )
    return bytes(pem.armor(_PROTECTED, envelope.dump()))


def is_protected(content: bytes) -> bool:
    """Return whether a key file needs a passphrase.

    Raises:
        ValueError: it is no PKCS#8 PEM file, or asks for more work than any honest one does.
    """
    if len(content) > LARGEST:
        raise ValueError("too large")
    return _work_of(content) is not None


def _work_of(content: bytes) -> int | None:
    """Return what one try to open a key file takes, in rounds; None if it is not encrypted. Raises ValueError."""
    label, _, der = pem.unarmor(content)
    if label == _PLAIN:
        return None
    if label != _PROTECTED:
        raise ValueError(f"a PEM file of {label}")
    return bound_encryption(keys.EncryptedPrivateKeyInfo.load(der, strict=True)["encryption_algorithm"])


def read_key(content: bytes, passphrase: str | None) -> SigningKey:
    """Read a key file; a passphrase for an unencrypted key is ignored.

    Raises:
        NeedsPassphrase: it is encrypted and ``passphrase`` is None or empty.
        WrongPassphrase: the passphrase is wrong; a damaged encrypted key looks the same.
        ValueError: it is no key that may sign (`is_signing_key`).
    """
    if not is_protected(content):
        bound_key(keys.PrivateKeyInfo.load(pem.unarmor(content)[2], strict=True))
        key: object = load_pem_private_key(content, None)
    elif not passphrase:  # no key here is locked by an empty one
        raise NeedsPassphrase
    else:
        key = _open(content, passphrase)
    if not is_signing_key(key):
        raise ValueError("not a key that may sign")
    return prove_key(key)


def _open(content: bytes, passphrase: str) -> object:
    """Open an encrypted key by any form of a passphrase. Raises WrongPassphrase."""
    for form in forms(passphrase, affordable(_work_of(content) or 1, MOST_TRIED)):
        with suppress(ValueError):
            # Its numbers are checked later, once their sizes are known.
            return load_pem_private_key(content, encode(form), unsafe_skip_rsa_key_validation=True)
    raise WrongPassphrase


def prove_key(key: SigningKey) -> SigningKey:
    """Return a key that may sign (`is_signing_key`) after checking its numbers. Raises ValueError."""
    proved = load_der_private_key(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), None)
    if not is_signing_key(proved):
        raise ValueError("not a key that may sign")
    return proved


def key_kind(key: object) -> str:
    """Return the kind of a private key, as people write it."""
    if isinstance(key, rsa.RSAPrivateKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return f"EC {key.curve.name}"
    return type(key).__name__.lstrip("_").removesuffix("PrivateKey")


def is_signing_key(key: object) -> TypeGuard[SigningKey]:
    """Return whether the verifier accepts such a key: P-256, P-384, P-521, RSA of 2,048 to 8,192 bits."""
    return isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) and is_strong_key(key.public_key())


LEAST: Final = 12
LEAST_DIFFERENT: Final = 6
_LONGEST: Final = 1024
_SHORTEST_NAME: Final = 3
_COMMON_TEXT: Final = """
password passw0rd p@ssw0rd p@ssword admin root user login welcome letmein iloveyou dragon monkey master secret
abc123 1q2w3e4r 1qaz2wsx thailand bangkok sawasdee football liverpool government digital dgdesk opendata changwat
province รหัสผ่าน สวัสดี ประเทศไทย จังหวัด รัฐบาล ดิจิทัล สำนักงาน ราชการ ความลับ
"""
_COMMON: Final = frozenset(_COMMON_TEXT.split())
_ROWS: Final = (
    *("qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz"),
    *("ๆไำพะัีรนยบลฃ", "ฟหกดเ้่าสวง", "ผปแอิืทมใฝ", "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"),
)
_RUNS: Final = frozenset(
    run[start : start + 4] for row in _ROWS for run in (row, row[::-1]) for start in range(len(row) - 3)
)


class Strength(NamedTuple):
    """Whether a passphrase keeps the rule, and codes of sentences that say what it lacks."""

    level: Literal["weak", "good"]
    reasons: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The sentence that says so, with the rule."""
        return f"strength.is_{self.level}"


def strength(passphrase: str, *, known: Collection[str] = ()) -> Strength:
    """Judge a passphrase by the rule; ``known`` are names that are tried first (person, province)."""
    text = canonical(passphrase).casefold()[:_LONGEST]
    names = {canonical(part).casefold() for name in known for part in name.split()}
    parts = {
        "strength.name": {name for name in names if len(name) >= _SHORTEST_NAME},
        "strength.common": _COMMON,
        "strength.run": _RUNS,
        "strength.digits": {letter for letter in text if letter.isdigit()},
    }
    counted = {at for at, letter in enumerate(text) if not letter.isspace()}
    found = set()
    for reason, some in parts.items():
        for part in some:
            at = text.find(part)
            while at >= 0:
                counted.difference_update(range(at, at + len(part)))
                found.add(reason)
                at = text.find(part, at + 1)
    different = len({text[at] for at in counted})
    if len(counted) >= LEAST and different >= LEAST_DIFFERENT:
        return Strength("good")
    found |= {"strength.short"} if len(counted) < LEAST else set()
    found |= {"strength.repeat"} if text and different < LEAST_DIFFERENT else set()
    return Strength("weak", tuple(sorted(found)))
