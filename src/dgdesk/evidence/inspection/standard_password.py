"""Does an encrypted office file open with the password that Excel or PowerPoint tries by itself?

Excel encrypts a workbook whose structure is protected with a password of its own, and opens it without asking. Other
programs may not. Source: MS-OFFCRYPTO 2.3.4.9 (standard), 2.3.4.13 (agile), 2.3.5.7 and 2.3.6.4 (RC4), 2.3.7.1 (XOR);
MS-XLS 2.4.117 (FILEPASS).
"""

from __future__ import annotations

import hashlib
import re
import struct
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from dgdesk.evidence import media

_OF_EXCEL: Final = ("VelvetSweatshop",)
_OF_POWERPOINT: Final = ("/01Hannes Ruescher/01",)
_PASSWORDS: Final = {media.XLSX: _OF_EXCEL, media.PPTX: _OF_POWERPOINT, media.DOCX: ()}
"""Each takes a tenth of a second to try, so that the name of the file decides; without one, both are tried."""
_MOST_ROUNDS: Final = 200_000
"""Of hashing; Office writes 100,000, a tenth of a second."""
_ROUNDS: Final = 50_000
_HASHES: Final = {"SHA1": "sha1", "SHA256": "sha256", "SHA384": "sha384", "SHA512": "sha512"}
_ATTRIBUTE: Final = re.compile(rb'\b(\w+)="([^"]{0,200})"')
_PASSWORD_KEY: Final = re.compile(rb"<(?:\w+:)?encryptedKey\b([^>]{0,2000})>")
_FOR_INPUT: Final = bytes.fromhex("fea7d2763b4b9e79")
_FOR_VALUE: Final = bytes.fromhex("d7aa0f6d3061344e")
_AGILE: Final = (4, 4)
_BLOCK: Final = 16


def opens_package(info: bytes, kind: str) -> bool:
    """Tell it of an EncryptionInfo stream, for files of Office 2007 and later; False if it cannot be read."""
    opens = _opens_agile if info[:4] == struct.pack("<HH", *_AGILE) else _opens_standard
    return _any_opens(opens, info, _PASSWORDS.get(kind, (*_OF_EXCEL, *_OF_POWERPOINT)))


def opens_book(record: bytes) -> bool:
    """Tell it of the content of a FILEPASS record, for older workbooks; False if it cannot be read."""
    if len(record) >= 6 and record[:2] == b"\x00\x00":
        return _xor_verifier(*_OF_EXCEL) == int.from_bytes(record[4:6], "little")
    opens = _opens_rc4 if record[2:6] == b"\x01\x00\x01\x00" else _opens_rc4_new
    return _any_opens(opens, record[2:], _OF_EXCEL)


def _any_opens(opens: Callable[[bytes, str], bool], info: bytes, passwords: Sequence[str]) -> bool:
    try:
        return any(opens(info, password) for password in passwords)
    except (KeyError, ValueError, struct.error):
        return False


def _opens_agile(info: bytes, password: str) -> bool:
    key = _PASSWORD_KEY.search(info)
    found = dict(_ATTRIBUTE.findall(key[1])) if key else {}
    rounds, bits = int(found[b"spinCount"]), int(found[b"keyBits"])
    if rounds > _MOST_ROUNDS or found[b"cipherAlgorithm"] != b"AES":
        return False
    name = _HASHES[found[b"hashAlgorithm"].decode("ascii")]
    salt = b64decode(found[b"saltValue"])
    once = _spun(name, salt + password.encode("utf-16-le"), rounds)

    def opened(purpose: bytes, data: bytes) -> bytes:
        made = hashlib.new(name, once + purpose).digest()[: bits // 8].ljust(bits // 8, b"\x36")
        return _aes(made, salt[:_BLOCK], b64decode(data))

    given = opened(_FOR_INPUT, found[b"encryptedVerifierHashInput"])[: len(salt)]
    expected = opened(_FOR_VALUE, found[b"encryptedVerifierHashValue"])
    digest = hashlib.new(name, given).digest()
    return expected[: len(digest)] == digest


def _opens_standard(info: bytes, password: str) -> bool:
    bits, salt, verifier, expected = _verifier(info)
    once = hashlib.sha1(_spun("sha1", salt + password.encode("utf-16-le"), _ROUNDS) + bytes(4)).digest()
    key = b"".join(hashlib.sha1(_padded(once, byte)).digest() for byte in (0x36, 0x5C))[: bits // 8]
    digest = hashlib.sha1(_aes(key, None, verifier)).digest()
    return _aes(key, None, expected[:32])[: len(digest)] == digest


def _opens_rc4(info: bytes, password: str) -> bool:
    salt, verifier, expected = struct.unpack_from("<16s16s16s", info, 4)
    short = hashlib.md5(password.encode("utf-16-le")).digest()[:5]
    key = hashlib.md5(hashlib.md5((short + salt) * 16).digest()[:5] + bytes(4)).digest()
    opened = _rc4(key, verifier + expected)
    return hashlib.md5(opened[:16]).digest() == opened[16:]


def _opens_rc4_new(info: bytes, password: str) -> bool:
    bits, salt, verifier, expected = _verifier(info)
    key = hashlib.sha1(hashlib.sha1(salt + password.encode("utf-16-le")).digest() + bytes(4)).digest()
    key = key[:5] + bytes(11) if bits in (0, 40) else key[: bits // 8]
    opened = _rc4(key, verifier + expected[:20])
    return hashlib.sha1(opened[:16]).digest() == opened[16:]


def _verifier(info: bytes) -> tuple[int, bytes, bytes, bytes]:
    """Return key bits, salt, and the encrypted verifier with its hash (2.3.2, 2.3.3)."""
    (length,) = struct.unpack_from("<I", info, 8)
    (bits,) = struct.unpack_from("<I", info, 12 + 16)
    salt, verifier, _, expected = struct.unpack_from("<16s16sI20s", info, 12 + length + 4)
    return bits, salt, verifier, info[12 + length + 40 : 12 + length + 72] or expected


def _xor_verifier(password: str) -> int:
    made = 0
    for byte in reversed((len(password), *password.encode("ascii"))):
        made = ((made >> 14) & 1 | (made << 1) & 0x7FFF) ^ byte
    return made ^ 0xCE4B


def _spun(name: str, first: bytes, rounds: int) -> bytes:
    digest = hashlib.new(name, first).digest()
    make: Callable[[bytes], hashlib._Hash] = getattr(hashlib, name)
    for number in range(rounds):
        digest = make(number.to_bytes(4, "little") + digest).digest()
    return digest


def _padded(digest: bytes, byte: int) -> bytes:
    return bytes(one ^ byte for one in digest) + bytes((byte,)) * (64 - len(digest))


def _aes(key: bytes, start: bytes | None, data: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    mode = modes.ECB() if start is None else modes.CBC(start)
    opened = Cipher(algorithms.AES(key), mode).decryptor()
    return opened.update(data[: len(data) // _BLOCK * _BLOCK]) + opened.finalize()


def _rc4(key: bytes, data: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(data, _rc4_stream(key), strict=False))


def _rc4_stream(key: bytes) -> Iterator[int]:
    state, at = list(range(256)), 0
    for number in range(256):
        at = (at + state[number] + key[number % len(key)]) & 255
        state[number], state[at] = state[at], state[number]
    one = other = 0
    while True:
        one = (one + 1) & 255
        other = (other + state[one]) & 255
        state[one], state[other] = state[other], state[one]
        yield state[(state[one] + state[other]) & 255]
