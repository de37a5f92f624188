"""Decrypts parts of a PKCS#12 file by a passphrase (RFC 7292, RFC 8018), to see how much work they ask for.

The library opens the file afterwards, but obeys every number in its encrypted parts, so these are checked first.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4, TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from dgdesk.bundle.signing.keyfile import TooMuchWork

_PITABLE: Final = bytes.fromhex(
    "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32"
    "bd8f40eb86b77b0bf09521225c6b4e8254d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626"
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed708e8eade8052eef784aa72ac354d6a2a"
    "961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731"
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2e"
    "c5f3db47e5a59c770aa62068fe7fc1ad"
)
"""RFC 2268, 2."""
_SIZES: Final = {
    "pkcs12_sha1_rc4_128": 16,
    "pkcs12_sha1_rc4_40": 5,
    "pkcs12_sha1_tripledes_3key": 24,
    "pkcs12_sha1_tripledes_2key": 16,
    "pkcs12_sha1_rc2_128": 16,
    "pkcs12_sha1_rc2_40": 5,
}
_CIPHERS: Final = {"aes128_cbc": 16, "aes192_cbc": 24, "aes256_cbc": 32, "tripledes_3key": 24}


def decrypt_part(algorithm: Any, content: bytes, passphrase: str) -> bytes:
    """Decrypt by a scheme (asn1crypto's ``EncryptionAlgorithm``) whose work is already bounded.

    Raises:
        TooMuchWork: the scheme is unknown here, so its content cannot be checked.
        ValueError: the passphrase is wrong.
    """
    name, parameters = algorithm["algorithm"].native, algorithm["parameters"]
    if name == "pbes2":
        return _decrypt_new(parameters, content, passphrase.encode("utf-8", "surrogatepass"))
    if name not in _SIZES:
        raise TooMuchWork
    salt, rounds = parameters["salt"].native, parameters["iterations"].native
    secret = (passphrase + "\0").encode("utf-16-be", "surrogatepass")
    key = derive("sha1", 1, secret, salt, rounds, _SIZES[name])
    if "rc4" in name:
        return Cipher(ARC4(key), None).decryptor().update(content)
    start = derive("sha1", 2, secret, salt, rounds, 8)
    if "rc2" in name:
        return _unpad(_rc2(key, start, content), 8)
    return _unpad(_run(TripleDES(key if len(key) == 24 else key + key[:8]), start, content), 8)


def derive(name: str, purpose: int, secret: bytes, salt: bytes, rounds: int, size: int) -> bytes:
    """Derive ``size`` bytes (RFC 7292, B.2); ``purpose``: 1 a key, 2 an initialisation vector, 3 a MAC key."""
    block = hashlib.new(name).block_size
    state = _fill(salt, block) + _fill(secret, block)
    found = b""
    while True:
        made = bytes([purpose]) * block + state
        for _ in range(rounds):
            made = hashlib.new(name, made).digest()
        found += made
        if len(found) >= size:
            return found[:size]
        add = int.from_bytes(_fill(made, block)[:block], "big") + 1
        pieces = (int.from_bytes(state[at : at + block], "big") for at in range(0, len(state), block))
        state = b"".join(((piece + add) % (1 << 8 * block)).to_bytes(block, "big") for piece in pieces)


def _fill(part: bytes, block: int) -> bytes:
    size = -(-len(part) // block) * block
    return (part * (size // len(part) + 1))[:size] if part else b""


def _decrypt_new(parameters: Any, content: bytes, secret: bytes) -> bytes:
    derivation, scheme = parameters["key_derivation_func"], parameters["encryption_scheme"]
    cipher = scheme["algorithm"].native
    if derivation["algorithm"].native != "pbkdf2" or cipher not in _CIPHERS:
        raise TooMuchWork
    given = derivation["parameters"]
    key = hashlib.pbkdf2_hmac(
        given["prf"]["algorithm"].native,
        secret,
        given["salt"].native,
        given["iteration_count"].native,
        _CIPHERS[cipher],
    )
    start = scheme["parameters"].native
    if cipher == "tripledes_3key":
        return _unpad(_run(TripleDES(key), start, content), 8)
    return _unpad(_run(algorithms.AES(key), start, content), 16)


def _run(cipher: Any, start: bytes, content: bytes) -> bytes:
    opened = Cipher(cipher, modes.CBC(start)).decryptor()
    return opened.update(content) + opened.finalize()


def _unpad(content: bytes, block: int) -> bytes:
    count = content[-1] if content else 0
    if not 1 <= count <= block or content[-count:] != bytes([count]) * count:
        raise ValueError("the passphrase is wrong")
    return content[:-count]


def _rc2(key: bytes, start: bytes, content: bytes) -> bytes:
    """Decrypt RC2 in CBC mode (RFC 2268); the effective bits are those of the key."""
    words = _rc2_words(key)
    found = b""
    if len(content) % 8:
        raise ValueError("not whole blocks")
    for at in range(0, len(content), 8):
        block = content[at : at + 8]
        plain = _rc2_block(words, block)
        found += bytes(one ^ other for one, other in zip(plain, start, strict=True))
        start = block
    return found


def _rc2_words(key: bytes) -> list[int]:
    size = len(key)
    table = bytearray(key)
    for at in range(size, 128):
        table.append(_PITABLE[(table[at - 1] + table[at - size]) & 0xFF])
    table[128 - size] = _PITABLE[table[128 - size]]
    for at in range(127 - size, -1, -1):
        table[at] = _PITABLE[table[at + 1] ^ table[at + size]]
    return [table[2 * at] | table[2 * at + 1] << 8 for at in range(64)]


def _rc2_block(words: list[int], block: bytes) -> bytes:
    r = [int.from_bytes(block[at : at + 2], "little") for at in range(0, 8, 2)]
    at = 63
    for step in range(16):
        for i in (3, 2, 1, 0):
            turn = (1, 2, 3, 5)[i]
            r[i] = (r[i] >> turn | r[i] << (16 - turn)) & 0xFFFF
            r[i] = (r[i] - words[at] - (r[i - 1] & r[i - 2]) - (~r[i - 1] & r[i - 3])) & 0xFFFF
            at -= 1
        if step in (4, 10):
            for i in (3, 2, 1, 0):
                r[i] = (r[i] - words[r[i - 1] & 63]) & 0xFFFF
    return b"".join(one.to_bytes(2, "little") for one in r)
