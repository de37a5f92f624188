"""Workbooks that Excel opens without asking are not "protected by a password"; other programs may not open them."""

from __future__ import annotations

import base64
import hashlib
import os
import struct

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from dgdesk.evidence import media
from dgdesk.evidence.inspection.standard_password import opens_book, opens_package

EXCEL, POWERPOINT = "VelvetSweatshop", "/01Hannes Ruescher/01"


def aes(key: bytes, mode: modes.Mode, data: bytes) -> bytes:
    maker = Cipher(algorithms.AES(key), mode).encryptor()
    return maker.update(data) + maker.finalize()


def agile(password: str, *, name: str = "SHA512", bits: int = 256, rounds: int = 1000) -> bytes:
    """An EncryptionInfo stream as Office 2010 and later write it (MS-OFFCRYPTO 2.3.4.10 to 2.3.4.13)."""
    salt, verifier = os.urandom(16), os.urandom(16)
    digest = hashlib.new(name, salt + password.encode("utf-16-le")).digest()
    for number in range(rounds):
        digest = hashlib.new(name, struct.pack("<I", number) + digest).digest()

    def sealed(purpose: str, data: bytes) -> str:
        key = hashlib.new(name, digest + bytes.fromhex(purpose)).digest()[: bits // 8]
        whole = data + bytes(-len(data) % 16)
        return base64.b64encode(aes(key.ljust(bits // 8, b"\x36"), modes.CBC(salt), whole)).decode()

    entry = (
        f'<p:encryptedKey spinCount="{rounds}" saltSize="16" blockSize="16" keyBits="{bits}" cipherAlgorithm="AES" '
        f'cipherChaining="ChainingModeCBC" hashAlgorithm="{name}" saltValue="{base64.b64encode(salt).decode()}" '
        f'encryptedVerifierHashInput="{sealed("fea7d2763b4b9e79", verifier)}" '
        f'encryptedVerifierHashValue="{sealed("d7aa0f6d3061344e", hashlib.new(name, verifier).digest())}"/>'
    )
    return struct.pack("<HHI", 4, 4, 0x40) + f'<encryption><keyData spinCount="9"/>{entry}</encryption>'.encode()


def head(bits: int) -> bytes:
    return struct.pack("<IIIIIIII", 0x24, 0, 0x660E, 0x8004, bits, 0x18, 0, 0) + "AES\0".encode("utf-16-le")


def standard(password: str, bits: int = 128) -> bytes:
    """As Office 2007 writes it (2.3.4.5 to 2.3.4.9)."""
    salt, verifier = os.urandom(16), os.urandom(16)
    digest = hashlib.sha1(salt + password.encode("utf-16-le")).digest()
    for number in range(50_000):
        digest = hashlib.sha1(struct.pack("<I", number) + digest).digest()
    digest = hashlib.sha1(digest + bytes(4)).digest()
    key = b"".join(
        hashlib.sha1(bytes(one ^ byte for one in digest) + bytes([byte]) * 44).digest() for byte in (0x36, 0x5C)
    )[: bits // 8]
    value = aes(key, modes.ECB(), verifier) + struct.pack("<I", 20)
    value = struct.pack("<I", 16) + salt + value + aes(key, modes.ECB(), hashlib.sha1(verifier).digest() + bytes(12))
    return struct.pack("<HHII", 4, 2, 0x24, len(head(bits))) + head(bits) + value


def rc4(key: bytes, data: bytes) -> bytes:
    return Cipher(ARC4(key), None).encryptor().update(data)


def old_book(password: str) -> bytes:
    """A FILEPASS record of Excel 97 (MS-OFFCRYPTO 2.3.6)."""
    salt, verifier = os.urandom(16), os.urandom(16)
    short = hashlib.md5(password.encode("utf-16-le")).digest()[:5]
    key = hashlib.md5(hashlib.md5((short + salt) * 16).digest()[:5] + bytes(4)).digest()
    return struct.pack("<3H", 1, 1, 1) + salt + rc4(key, verifier + hashlib.md5(verifier).digest())


def book(password: str, bits: int = 128) -> bytes:
    """A FILEPASS record of Excel 2003 (MS-OFFCRYPTO 2.3.5)."""
    salt, verifier = os.urandom(16), os.urandom(16)
    key = hashlib.sha1(hashlib.sha1(salt + password.encode("utf-16-le")).digest() + bytes(4)).digest()[: bits // 8]
    sealed = rc4(key, verifier + hashlib.sha1(verifier).digest())
    value = struct.pack("<I", 16) + salt + sealed[:16] + struct.pack("<I", 20) + sealed[16:]
    return struct.pack("<HHHII", 1, 2, 2, 4, len(head(bits))) + head(bits) + value


@pytest.mark.parametrize(
    "options", [{}, {"name": "SHA1", "bits": 128}, {"name": "SHA256"}, {"name": "SHA384", "bits": 192}]
)
def test_a_new_workbook_with_excels_own_password_is_known(options):
    assert opens_package(agile(EXCEL, **options), media.XLSX)
    assert not opens_package(agile("รหัสลับ", **options), media.XLSX)
    assert not opens_package(agile(EXCEL, **options), media.DOCX)  # Word has no such password


def test_slides_have_a_password_of_their_own():
    assert opens_package(agile(POWERPOINT), media.PPTX) and not opens_package(agile(EXCEL), media.PPTX)
    assert opens_package(agile(POWERPOINT), media.OLE) and opens_package(
        agile(EXCEL), media.OLE
    )  # the name says nothing


@pytest.mark.parametrize("bits", [128, 192, 256])
def test_a_workbook_of_2007_is_known(bits):
    assert opens_package(standard(EXCEL, bits), media.XLSX)
    assert not opens_package(standard("velvetsweatshop", bits), media.XLSX)


@pytest.mark.parametrize("made", [old_book, book, lambda password: book(password, 64)])
def test_an_older_workbook_is_known(made):
    assert opens_book(made(EXCEL)) and not opens_book(made("secret"))


def test_the_oldest_obfuscation_is_known():
    assert opens_book(bytes.fromhex("0000") + b"\x59\xb3" + b"\x0a\x9a")  # Excel 95 (2.3.7.1)
    assert not opens_book(bytes.fromhex("000059b30a9b"))


@pytest.mark.parametrize(
    "info", [b"", b"\x04\x00\x04\x00", b"\x04\x00\x04\x00<p:encryptedKey spinCount='x'>", bytes(80)]
)
def test_what_cannot_be_read_needs_a_password(info):
    assert not opens_package(info, media.XLSX) and not opens_book(info)


def test_hashing_without_end_is_not_begun():
    assert not opens_package(agile(EXCEL).replace(b'spinCount="1000"', b'spinCount="9999999"'), media.XLSX)
