"""Work that a file asks for is bounded before a library does it: age headers, key files, PKCS#12, certificates."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pyrage
import pyrage.x25519
import pytest
from asn1crypto import core, keys, pem
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from bundle.support import NOW, code_of
from dgdesk.bundle.encryption.age_header import LARGEST, MOST_STANZAS, TooMuch, read_header
from dgdesk.bundle.encryption.age_keys import make_key, read_key_file
from dgdesk.bundle.encryption.encrypt import decrypt_file
from dgdesk.bundle.signing.certificates import read_small
from dgdesk.bundle.signing.identity import create_identity, load_identity, read_card
from dgdesk.bundle.signing.identity_store import read_backup
from dgdesk.bundle.signing.keyfile import TooMuchWork, bound_key, is_protected, read_key
from dgdesk.bundle.signing.pbe import derive
from dgdesk.bundle.signing.pkcs12 import read_pkcs12
from security.chain_makers import LEAF, ROOT, make_chain
from tools import needs

WORD = "รหัส"


@contextmanager
def quickly(seconds: float = 2.0) -> Iterator[None]:
    begin = time.monotonic()
    yield
    assert time.monotonic() - begin < seconds


def line() -> bytes:
    return base64.b64encode(os.urandom(32)).rstrip(b"=") + b"\n"


def stanzas(count: int) -> bytes:
    return b"".join(b"-> X25519 " + line() + line() for _ in range(count))


def age(header: bytes) -> bytes:
    return b"age-encryption.org/v1\n" + header + b"--- " + line() + bytes(64)


def armoured(content: bytes) -> bytes:
    text = base64.b64encode(content)
    lines = b"".join(text[at : at + 64] + b"\n" for at in range(0, len(text), 64))
    return b"-----BEGIN AGE ENCRYPTED FILE-----\n" + lines + b"-----END AGE ENCRYPTED FILE-----\n"


@pytest.mark.parametrize("dress", [bytes, armoured])
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (age(stanzas(MOST_STANZAS)), "sealed.not_for_you"),
        (age(stanzas(MOST_STANZAS + 1)), "sealed.too_many_keys"),
        (age(stanzas(8_000)), "sealed.too_many_keys"),
        (age(b"-> x " + b"a " * LARGEST + b"\n\n"), "sealed.too_many_keys"),
        (b"age-encryption.org/v1\n" + b"-> X25519 " * 30_000, "sealed.too_many_keys"),
        (b"age-encryption.org/v1\n-> X25519", "sealed.damaged"),
        (b"age-encryption.org/v2\n" + stanzas(1), "sealed.damaged"),
    ],
)
def test_the_header_of_an_encrypted_bundle_is_bounded(
    tmp_path: Path, dress: Callable[[bytes], bytes], content: bytes, code: str
) -> None:
    (tmp_path / "x.zip.age").write_bytes(dress(content))
    with quickly():
        assert code_of(decrypt_file, tmp_path / "x.zip.age", tmp_path / "x.zip", [make_key()[0]]) == code
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "zip.empty"),
        (bytes(200_000), "zip.zeros"),
        (armoured(b""), "sealed.damaged"),
        (armoured(bytes(200_000)), "sealed.damaged"),
    ],
)
def test_what_has_no_header_of_an_encrypted_bundle_is_told_by_its_bytes(
    tmp_path: Path, content: bytes, code: str
) -> None:
    (tmp_path / "x.zip.age").write_bytes(content)
    with quickly():
        assert code_of(decrypt_file, tmp_path / "x.zip.age", tmp_path / "x.zip", [make_key()[0]]) == code
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize("armour", [False, True])
@pytest.mark.parametrize("size", [0, 1, 65_536, 300_000])
def test_what_other_programs_encrypt_still_opens_whole(tmp_path: Path, armour: bool, size: int) -> None:
    me = pyrage.x25519.Identity.generate()
    others = [pyrage.x25519.Identity.generate().to_public() for _ in range(19)]
    content = os.urandom(size)
    (tmp_path / "a.age").write_bytes(pyrage.encrypt(content, [*others, me.to_public()], armored=armour))
    decrypt_file(tmp_path / "a.age", tmp_path / "a", [str(me)])
    assert (tmp_path / "a").read_bytes() == content


def test_no_bytes_make_the_header_fail_otherwise() -> None:
    good = age(stanzas(2))
    for at in range(0, len(good), 3):
        for content in (good[:at], good[:at] + b"\n" + good[at:], armoured(good)[: at * 2]):
            try:
                found = read_header(io.BytesIO(content))
            except (TooMuch, ValueError):
                continue
            assert content.startswith(found.begin[: len(content)])


@pytest.mark.parametrize("work", [21, 30, 63, 99])
def test_the_work_of_a_locked_age_key_is_bounded(work: int) -> None:
    salt = base64.b64encode(bytes(16)).rstrip(b"=")
    with quickly():
        assert code_of(read_key_file, age(b"-> scrypt " + salt + b" %d\n" % work + line()), WORD) == "sealed.key_work"
        for odd in (b"018", b"-1", b"1e9", b"100", b"\xe0\xb9\x91"):
            content = age(b"-> scrypt " + salt + b" " + odd + b"\n" + line())
            assert code_of(read_key_file, content, WORD) == "sealed.bad_key"
        assert code_of(read_key_file, age(stanzas(100)), WORD) == "sealed.key_work"


def locked(scheme: dict[str, Any], size: int = 64) -> bytes:
    content = keys.EncryptedPrivateKeyInfo({"encryption_algorithm": scheme, "encrypted_data": bytes(size)}).dump()
    return bytes(pem.armor("ENCRYPTED PRIVATE KEY", content))


def pbes1(rounds: int, name: str = "pkcs12_sha1_tripledes_3key") -> dict[str, Any]:
    return {"algorithm": name, "parameters": {"salt": b"12345678", "iterations": rounds}}


def pbes2(rounds: int, **more: Any) -> dict[str, Any]:
    derivation = {"salt": ("specified", bytes(16)), "iteration_count": rounds, "prf": {"algorithm": "sha256"}} | more
    return {
        "algorithm": "pbes2",
        "parameters": {
            "key_derivation_func": {"algorithm": "pbkdf2", "parameters": derivation},
            "encryption_scheme": {"algorithm": "aes256_cbc", "parameters": bytes(16)},
        },
    }


class Scrypt(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    _fields: ClassVar[list[Any]] = [
        ("salt", core.OctetString),
        ("n", core.Integer),
        ("r", core.Integer),
        ("p", core.Integer),
    ]


def scrypt(cost: int, block: int, parallel: int) -> bytes:
    """A key file locked by scrypt; asn1crypto does not know it, so its derivation takes the place of another."""
    parameters = Scrypt({"salt": bytes(16), "n": cost, "r": block, "p": parallel}).dump()
    derivation = core.ObjectIdentifier("1.3.6.1.4.1.11591.4.11").dump() + parameters
    scheme = keys.EncryptedPrivateKeyInfo({"encryption_algorithm": pbes2(1), "encrypted_data": bytes(64)})
    cipher = scheme["encryption_algorithm"]["parameters"]["encryption_scheme"].dump()
    inner = der(0x30, der(0x30, derivation) + cipher)
    algorithm = der(0x30, core.ObjectIdentifier("1.2.840.113549.1.5.13").dump() + inner)
    return bytes(pem.armor("ENCRYPTED PRIVATE KEY", der(0x30, algorithm + core.OctetString(bytes(64)).dump())))


def der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


@pytest.mark.parametrize(
    "content",
    [
        *(locked(pbes1(rounds)) for rounds in (0, -1, 2_000_001, 30_000_000, 2**31 - 1, 2**70)),
        *(locked(pbes1(10**9, name)) for name in ("pbes1_md5_des", "pbes1_sha1_rc2", "pkcs12_sha1_rc2_40")),
        *(locked(pbes2(rounds)) for rounds in (0, -1, 10_000_001, 2**31, 2**200)),
        locked(pbes2(1000, key_length=2**31)),
        locked(pbes2(1000, salt=("specified", bytes(2000)))),
        locked({"algorithm": "aes256_cbc", "parameters": bytes(16)}),
        *(scrypt(*costs) for costs in ((2**21, 8, 1), (2**30, 1, 1), (2, 2**24, 1), (16, 8, 2**28), (2**14, 8, 2**10))),
        *(scrypt(*costs) for costs in ((0, 8, 1), (2**14, -8, 1), (2**900, 1, 1))),
        locked(pbes2(1000), size=70_000),
    ],
)
def test_a_key_file_that_asks_for_absurd_work_is_damaged(content: bytes) -> None:
    with quickly(), pytest.raises(ValueError):
        read_key(content, "p")


def test_key_files_of_other_programs_still_open() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(WORD.encode()))
    assert read_key(content, WORD).public_key() == key.public_key()
    assert is_protected(scrypt(2**14, 8, 1)) and is_protected(locked(pbes1(2048)))


def huge_rsa(bits: int, exponent: int = 65537) -> keys.PrivateKeyInfo:
    prime = (1 << (bits // 2 - 1)) | 1
    numbers = {
        "version": "two-prime",
        "modulus": prime * prime,
        "public_exponent": exponent,
        "private_exponent": prime,
        "prime1": prime,
        "prime2": prime,
        "exponent1": prime,
        "exponent2": prime,
        "coefficient": prime,
    }
    return keys.PrivateKeyInfo(
        {"version": 0, "private_key_algorithm": {"algorithm": "rsa"}, "private_key": keys.RSAPrivateKey(numbers)}
    )


@pytest.mark.parametrize("info", [huge_rsa(16_384), huge_rsa(60_000), huge_rsa(2048, 2**2047 + 1)])
def test_numbers_of_a_key_too_large_to_prove_are_not_looked_at(info: keys.PrivateKeyInfo) -> None:
    with pytest.raises(TooMuchWork):
        bound_key(info)
    with quickly(), pytest.raises(ValueError):
        read_key(bytes(pem.armor("PRIVATE KEY", info.dump())), None)


@pytest.mark.parametrize("make", [ed25519.Ed25519PrivateKey.generate, lambda: dsa.generate_private_key(1024)])
def test_keys_of_another_kind_do_not_sign_here(make: Callable[[], Any]) -> None:
    content = make().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(ValueError):
        read_key(content, None)


def test_a_curve_of_its_own_is_refused() -> None:
    info = keys.PrivateKeyInfo.load(
        ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    )
    named = info["private_key_algorithm"]["parameters"].dump()
    prime = core.ObjectIdentifier("1.2.840.10045.1.1").dump() + core.Integer(2**20_000 + 1).dump()
    explicit = der(0x30, core.Integer(1).dump() + der(0x30, prime))
    content = info.dump().replace(named, explicit, 1)
    with quickly(), pytest.raises((ValueError, TypeError, KeyError)):
        read_key(bytes(pem.armor("PRIVATE KEY", content)), None)


@pytest.fixture(scope="module")
def p12() -> bytes:
    made = make_chain([LEAF, ROOT], NOW)
    lock = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1000).build(WORD.encode())
    return bytes(serialize_key_and_certificates(b"x", made.key, made.certificates[0], [made.certificates[1]], lock))


def changed(content: bytes, change: Callable[[Any], None]) -> bytes:
    frame = asn1_pkcs12.Pfx.load(content)
    change(frame)
    return bytes(frame.dump(force=True))


def mac_rounds(frame: Any) -> None:
    frame["mac_data"]["iterations"] = 2**31 - 1


def mac_of_its_own(frame: Any) -> None:
    frame["mac_data"]["mac"]["digest_algorithm"]["algorithm"] = "1.2.840.113549.1.5.14"


def parts(number: int, rounds: int) -> Callable[[Any], None]:
    def change(frame: Any) -> None:
        safe = asn1_pkcs12.AuthenticatedSafe.load(frame["auth_safe"]["content"].native)
        for part in safe:
            if part["content_type"].native == "encrypted_data":
                scheme = part["content"]["encrypted_content_info"]["content_encryption_algorithm"]
                scheme["parameters"]["key_derivation_func"]["parameters"]["iteration_count"] = rounds
        many = asn1_pkcs12.AuthenticatedSafe([*safe] * number)
        frame["auth_safe"]["content"] = core.OctetString(many.dump(force=True))

    return change


@pytest.mark.parametrize(
    "change", [mac_rounds, mac_of_its_own, parts(1, 2**31 - 1), parts(4, 2_000_000), parts(5, 1000)]
)
def test_every_number_of_a_pkcs12_file_is_bounded(p12: bytes, change: Callable[[Any], None]) -> None:
    assert read_pkcs12(p12, WORD, NOW).person == "สมชาย ใจดี"
    with quickly():
        assert code_of(read_pkcs12, changed(p12, change), WORD, NOW) == "identity.pkcs_unsupported"


def with_key(content: bytes, scheme: dict[str, Any]) -> bytes:
    """A file whose encrypted part holds, beside the certificates, a key that asks for work; its MAC fits."""
    frame = asn1_pkcs12.Pfx.load(content)
    safe = asn1_pkcs12.AuthenticatedSafe.load(frame["auth_safe"]["content"].native)
    (part,) = (one for one in safe if one["content_type"].native == "encrypted_data")
    info = part["content"]["encrypted_content_info"]
    given = info["content_encryption_algorithm"]["parameters"]
    asked = given["key_derivation_func"]["parameters"]
    secret, start = WORD.encode(), given["encryption_scheme"]["parameters"].native
    prf, rounds = asked["prf"]["algorithm"].native, asked["iteration_count"].native
    aes = Cipher(AES(hashlib.pbkdf2_hmac(prf, secret, asked["salt"].native, rounds, 32)), modes.CBC(start))
    opened = aes.decryptor()
    plain = opened.update(info["encrypted_content"].native) + opened.finalize()
    bags = asn1_pkcs12.SafeContents.load(plain[: -plain[-1]])
    value = keys.EncryptedPrivateKeyInfo({"encryption_algorithm": scheme, "encrypted_data": bytes(64)})
    more = asn1_pkcs12.SafeContents([*bags, {"bag_id": "pkcs8_shrouded_key_bag", "bag_value": value}]).dump()
    locking = aes.encryptor()
    count = 16 - len(more) % 16
    info["encrypted_content"] = locking.update(more + bytes([count]) * count) + locking.finalize()
    inner = safe.dump(force=True)
    frame["auth_safe"]["content"] = core.OctetString(inner)
    mac = frame["mac_data"]
    name, word = mac["mac"]["digest_algorithm"]["algorithm"].native, (WORD + "\0").encode("utf-16-be")
    size = hashlib.new(name).digest_size
    key = derive(name, 3, word, mac["mac_salt"].native, mac["iterations"].native, size)
    mac["mac"]["digest"] = hmac.new(key, inner, name).digest()
    return bytes(frame.dump(force=True))


def test_a_key_inside_an_encrypted_part_is_bounded_too(p12: bytes) -> None:
    with quickly():
        for scheme in (pbes1(2**31 - 1), pbes2(2**31 - 1), {"algorithm": "aes256_cbc", "parameters": bytes(16)}):
            assert code_of(read_pkcs12, with_key(p12, scheme), WORD, NOW) == "identity.pkcs_unsupported"


@needs("openssl")
@pytest.mark.parametrize(
    "scheme",
    ["PBE-SHA1-RC2-40", "PBE-SHA1-RC2-128", "PBE-SHA1-RC4-128", "PBE-SHA1-3DES", "PBE-SHA1-2DES", "AES-128-CBC"],
)
def test_older_files_still_open(tmp_path: Path, scheme: str) -> None:
    made = make_chain([LEAF, ROOT], NOW)
    plain = made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "a.pem").write_bytes(plain + b"".join(one.public_bytes(Encoding.PEM) for one in made.certificates))
    line = f"openssl pkcs12 -export -legacy -in a.pem -out a.p12 -certpbe {scheme} -keypbe {scheme} -passout env:WORD"
    world = os.environ | {"WORD": "word"}
    done = subprocess.run(line.split(), cwd=tmp_path, env=world, capture_output=True, timeout=60, check=False)
    if done.returncode:
        pytest.skip("this OpenSSL does not write such files any more")
    found = read_pkcs12((tmp_path / "a.p12").read_bytes(), "word", NOW)
    assert found.person == "สมชาย ใจดี" and found.chain == made.certificates[1:]


def test_a_key_of_absurd_size_in_a_pkcs12_file_is_not_proved(p12: bytes) -> None:
    def swap(frame: Any) -> None:
        bag = {"bag_id": "key_bag", "bag_value": huge_rsa(40_000)}
        part = {"content_type": "data", "content": core.OctetString(asn1_pkcs12.SafeContents([bag]).dump())}
        frame["auth_safe"]["content"] = core.OctetString(asn1_pkcs12.AuthenticatedSafe([part]).dump())

    with quickly():
        assert code_of(read_pkcs12, changed(p12, swap), WORD, NOW) == "identity.pkcs_unsupported"


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_large(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(1 << 40)


def make_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_loop(path: Path) -> None:
    path.symlink_to(path)


KINDS: dict[str, Callable[[Path], None]] = {
    "not_a_file": Path.mkdir,
    "empty": Path.touch,
    "too_large": make_large,
    "missing": lambda path: None,
}
if os.name == "posix":
    KINDS |= {"not_a_file, fifo": make_fifo, "not_a_file, device": make_device, "unreadable": make_loop}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_small_file_is_told_at_once_everywhere(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "signer.pem"
    KINDS[kind](path)
    with quickly():
        assert code_of(read_small, path, 1000) == f"small_file.{kind.partition(',')[0]}"
        assert code_of(read_card, tmp_path) in ("identity.missing", "identity.damaged")
        assert code_of(read_backup, path, WORD) == "identity.not_backup"


def test_a_link_to_a_file_is_the_file_and_one_that_grows_is_too_large(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 1000)
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert read_small(tmp_path / "b", 1000) == b"x" * 1000
    assert code_of(read_small, tmp_path / "b", 999) == "small_file.too_large"


def test_key_and_chain_of_an_identity_are_read_the_same_way(tmp_path: Path) -> None:
    folder = tmp_path / "id"
    create_identity(folder, person="ก", province="น่าน", passphrase=None, now=NOW - timedelta(days=1))
    assert load_identity(folder, None).person == "ก"
    for called in ("chain.pem", "signer.key"):
        kept = (folder / called).read_bytes() if (folder / called).exists() else None
        for kind, make in KINDS.items():
            if kind == "missing":
                continue
            (folder / called).unlink(missing_ok=True)
            make(folder / called)
            with quickly():
                assert code_of(load_identity, folder, None) == "identity.damaged", (called, kind)
            (folder / called).rmdir() if (folder / called).is_dir() else (folder / called).unlink()
        if kept is not None:
            (folder / called).write_bytes(kept)
