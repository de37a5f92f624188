"""Brings web addresses and e-mail addresses into one form, however people type them.

Library considered (2026-11): ``email-validator`` brings ``dnspython`` and ``idna`` (3.4 MB) for checks the form must
not make, since it works offline. The code here is a few lines for each. Telephone numbers are in `dgdesk.text.phones`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

from dgdesk.text.normalise import tidy

_LONGEST_TYPED: Final = 10_000
_LONGEST_URL: Final = 2048
_LONGEST_EMAIL: Final = 254  # octets, RFC 5321 with errata
_LONGEST_LOCAL: Final = 64
_LONGEST_HOST: Final = 253  # octets, RFC 1035
_LONGEST_LABEL: Final = 63

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.\-]*)://", re.IGNORECASE)
_IPV4: Final = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}", re.ASCII)
_THAI_DOMAINS: Final = ("ไทย", "คอม")  # the top-level domains in Thai script
# A bare "report.pdf" is a file that was meant as evidence, not a web address.
_FILE_NAMES: Final = ("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "jpg", "jpeg", "png", "txt", "csv", "rar")
_JOINING_WORDS: Final = ("และ", "หรือ", "กับ", "&", "/", "|", "-")
_LABEL: Final = re.compile(
    r"(?:^|(?<=\s))(?:url|website|web ?site|web|link|เว็บไซต์|เว็บ|ลิงก์|ลิงค์)"
    r"(?: *: *(?!//|\d)| +(?=https?://|www\.))",
    re.IGNORECASE,
)
_GLUE: Final = re.compile(r"[,;]+(?=https?://|www\.)", re.IGNORECASE)
_SECOND_HOST: Final = re.compile(r".www\.|[a-z0-9](?:และ|หรือ|กับ)[a-z0-9]|.https?:$|[,;]")
_SECOND_PATH: Final = re.compile(r"^[^/]*/(?:www\.|https?://)|[\w.,;]https?://|[,;]www\.|(?:และ|หรือ)www\.")
_EMAIL_LABEL: Final = re.compile(r"(?:^|(?<=[\s,;]))(?:e-?mail|อีเมล์?)[ .]*: *", re.IGNORECASE)
_LOCAL: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~\-\u0e00-\u0e7f]+(?:\.[\w!#$%&'*+/=?^`{|}~\-\u0e00-\u0e7f]+)*")


def parse_url(text: str) -> str:
    """A web address with its scheme and a lower-case host; ``https://`` is put before a bare host.

    Thai hosts and paths stay as typed (nothing is looked up and nothing is percent-encoded); a label ("URL:") and
    brackets or quotes around the address are dropped.

    Raises:
        ValueError: ``url.space``, ``url.one_only`` (several addresses), ``url.together`` (several without a space),
            ``url.scheme`` (not http or https), ``url.host`` (a name without a dot, or an impossible name),
            ``url.email`` (an e-mail address), ``url.user`` (a user name in it), ``url.characters`` (some that no
            browser hands out), ``url.bad`` (over 2,048 long, an impossible port).
    """
    found = _addresses(text)
    if len(found) > 1:
        each = sum(map(_could_be_url, found)) > 1
        raise ValueError("url.one_only" if each else "url.space", text[:80])
    return _url(found[0] if found else "")


def parse_urls(text: str) -> str:
    """Several web addresses, separated by a comma, semicolon or white space, as `parse_url` keeps them.

    Raises:
        ValueError: as `parse_url`, but never ``url.one_only``.
    """
    found = [one for one in _addresses(text) if one not in _JOINING_WORDS]
    if sum(map(_could_be_url, found)) == 1 and len(found) > 1:
        raise ValueError("url.space", text[:80])  # one address, broken by a space
    return ", ".join(map(_url, found)) if found else _url("")


def _addresses(text: str) -> list[str]:
    """The parts of ``text`` that stand for addresses, without separators, labels and wrapping."""
    if len(text) > _LONGEST_TYPED:
        raise ValueError("url.bad", text[:80])
    bare = _LABEL.sub("", tidy(text))
    parts: list[str] = []
    for word in bare.split():
        at = min((word.index(sign) for sign in "?#" if sign in word), default=len(word))
        parts += [*_GLUE.split(word[:at])]
        parts[-1] += word[at:]
    return [one for one in (_unwrapped(part.strip(",;")) for part in parts) if one]


def _unwrapped(part: str) -> str:
    return part[1:-1] if part[:1] + part[-1:] in ("<>", '""', "“”", "()", "[]", "''") and len(part) > 1 else part


def _could_be_url(part: str) -> bool:
    return bool(re.match(r"[a-z]+://|www\.", part, re.IGNORECASE)) or _is_host(re.split("[/?#:]", part)[0].lower())


def _run_together(rest: str) -> bool:
    """Whether a second address begins inside the first, where no browser would hand it out so."""
    host = re.split("[/?#]", rest, maxsplit=1)[0].lower()
    path = re.split("[?#]", rest, maxsplit=1)[0].lower()
    return bool(_SECOND_HOST.search(host) or _SECOND_PATH.search(path))


def _url(typed: str) -> str:
    shown = typed[:80]
    if not typed or len(typed) > _LONGEST_URL:
        raise ValueError("url.bad", shown)
    scheme = _SCHEME.match(typed)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise ValueError("url.scheme", shown)
    rest = typed[scheme.end() :] if scheme else typed
    lead = scheme[1].lower() if scheme else "https"
    if re.match(r"(mailto|javascript|data|file|tel|ftp|https?):", rest, re.IGNORECASE):
        raise ValueError("url.scheme", shown)
    if re.search(r'[<>"\\\ufffd]', typed):
        raise ValueError("url.characters", shown)
    if _run_together(rest):
        raise ValueError("url.together", shown)
    try:
        parts = urlsplit(f"{lead}://{rest}")
        port = parts.port
    except ValueError as error:
        raise ValueError("url.bad", shown) from error
    if parts.username is not None or parts.password is not None:
        email = not scheme and parts.password is None and not parts.path
        raise ValueError("url.email" if email else "url.user", shown)
    if port == 0:
        raise ValueError("url.bad", shown)
    host = (parts.hostname or "").removesuffix(".")
    if not (_IPV4.fullmatch(host) or _is_host(host)):
        raise ValueError("url.host", shown)
    if not scheme and not parts.path and host.rpartition(".")[2] in _FILE_NAMES:
        raise ValueError("url.host", shown)
    tail = rest[len(parts.netloc) :]
    return f"{lead}://{host}{'' if port is None else f':{port}'}{tail}"


def parse_email(text: str) -> str:
    """The e-mail addresses of ``text``, separated by ", ", each with a lower-case domain.

    Several are separated by a comma, semicolon or white space; ``<a@b>``, ``mailto:`` and "e-mail:" are unwrapped. Thai
    names and domains are allowed (RFC 6531), quotes are not.

    Raises:
        ValueError: ``email.no_at``, ``email.together`` (two addresses not separated), ``email.words`` (a space or
            other words beside an address), ``email.host`` (no full name after @), else ``email.bad``.
    """
    if len(text) > _LONGEST_TYPED:
        raise ValueError("email.bad", text[:80])
    typed = _EMAIL_LABEL.sub("", tidy(text))
    parts = [part for part in re.split(r"[\s,;]+", typed) if part and part not in _JOINING_WORDS]
    if not any("@" in part for part in parts):
        raise ValueError("email.no_at", text[:80])
    if not all("@" in part for part in parts):
        raise ValueError("email.words", text[:80])
    return ", ".join(map(_email, parts))


def _email(part: str) -> str:
    bare = re.sub(r"^<?(?:mailto:)?", "", part, flags=re.IGNORECASE)
    bare = bare.removesuffix(">") if part.startswith("<") else bare
    if bare.count("@") > 1:
        raise ValueError("email.together", part[:80])
    local, _, domain = bare.rpartition("@")
    domain = domain.lower().removesuffix(".")
    if len(bare.encode()) > _LONGEST_EMAIL or len(local.encode()) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        raise ValueError("email.bad", part[:80])
    if not _is_host(domain):
        raise ValueError("email.host", part[:80])
    return f"{local}@{domain}"


def _is_host(host: str) -> bool:
    """Whether ``host`` can be a full host name, in ASCII or in its own script, as in RFC 1123 and RFC 5890."""
    labels = host.split(".")
    top = labels[-1]
    if len(labels) < 2 or not all(map(_is_label, labels)):
        return False
    if any("\u0e00" <= char <= "\u0e7f" for char in top):
        return top in _THAI_DOMAINS and _length(labels) <= _LONGEST_HOST
    return len(top) >= 2 and not top[0].isdigit() and _length(labels) <= _LONGEST_HOST


def _is_label(label: str) -> bool:
    return (
        bool(label)
        and len(_wire(label)) <= _LONGEST_LABEL
        and not label.startswith("-")
        and not label.endswith("-")
        and all(char == "-" or char in "ๆ" or unicodedata.category(char)[0] in "LMN" for char in label)
        and not unicodedata.category(label[0]).startswith("M")
    )


def _wire(label: str) -> str:
    """The label as the domain name system stores it, to measure its length."""
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _length(labels: list[str]) -> int:
    return sum(len(_wire(label)) + 1 for label in labels) - 1
