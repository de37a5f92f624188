"""Brings telephone numbers, web addresses and e-mail addresses into one form, however people type them.

Libraries considered (2026-11): ``phonenumberslite`` costs about 0.1 s before the first answer and 2.3 MB for 240
countries, and the form needs one; ``email-validator`` brings ``dnspython`` and ``idna`` (3.4 MB) for checks the
form must not make, since it works offline. The code here is a few lines for each. The number plan is checked by
length and first digits only: area codes are added over the years, and refusing a real number is worse than accepting a
wrong one.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

from dgdesk.text.digits import to_arabic
from dgdesk.text.normalise import tidy

_LONGEST_URL: Final = 2048
_LONGEST_EMAIL: Final = 254  # octets, RFC 5321 with errata
_LONGEST_LOCAL: Final = 64
_LONGEST_HOST: Final = 253  # octets, RFC 1035
_LONGEST_LABEL: Final = 63

_EXTENSION: Final = re.compile(r"ต่อ|ext|x\s*\d|#", re.IGNORECASE)
_PHONE: Final = re.compile(r"(\+\s*66|\(\s*\+\s*66\s*\))?[\d\s().\-\u2010-\u2013]+", re.ASCII)
_PLANS: Final = (
    (re.compile(r"(02)(\d{3})(\d{4})", re.ASCII), True),  # Bangkok and around
    (re.compile(r"(0[3457]\d)(\d{3})(\d{3})", re.ASCII), True),  # provinces
    (re.compile(r"(0[689]\d)(\d{3})(\d{4})", re.ASCII), True),  # mobile, and 060/068 over the Internet
    (re.compile(r"(1[89]00)(\d{3})(\d{3})", re.ASCII), False),  # free and premium calls
    (re.compile(r"(1\d{3})", re.ASCII), False),  # hotlines: 1111, 1567; from abroad they do not ring
)

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.\-]*)://", re.IGNORECASE)
_IPV4: Final = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}", re.ASCII)
_THAI_DOMAINS: Final = ("ไทย", "คอม")  # the top-level domains in Thai script
# A bare "report.pdf" is a file that was meant as evidence, not a web address.
_FILE_NAMES: Final = ("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "jpg", "jpeg", "png", "txt", "csv", "rar")
_LOCAL: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~\-\u0e00-\u0e7f]+(?:\.[\w!#$%&'*+/=?^`{|}~\-\u0e00-\u0e7f]+)*")


def parse_phone(text: str) -> str:
    """A Thai telephone number as "02-123-4567", "038-123-456", "081-234-5678", "1800-123-456" or "1567".

    Spaces, hyphens, dots, brackets, Thai digits and +66 are understood.

    Raises:
        ValueError: ``phone.extension`` if an extension follows (it has its own field), else ``phone.bad``.
    """
    typed = to_arabic(tidy(text))
    if _EXTENSION.search(typed):
        raise ValueError("phone.extension", text[:60])
    match = _PHONE.fullmatch(typed) if len(typed) <= 60 else None
    if match:
        digits = re.sub(r"\D", "", typed[match.end(1) :] if match[1] else typed)
        if match[1]:
            digits = "0" + digits.removeprefix("0")  # +66 2 …, and +66 (0)2 …
        for plan, from_abroad in _PLANS:
            if (parts := plan.fullmatch(digits)) and (from_abroad or not match[1]):
                return "-".join(parts.groups())
    raise ValueError("phone.bad", text[:60])


def parse_url(text: str) -> str:
    """A web address with its scheme and a lower-case host; ``https://`` is put before a bare host.

    Thai hosts and paths stay as typed (nothing is looked up and nothing is percent-encoded).

    Raises:
        ValueError: ``url.space``, ``url.scheme`` (not http or https), ``url.host`` (a name without a dot, or
            an impossible name), ``url.bad`` (over 2,048 long, a user name in it, odd characters).
    """
    typed = tidy(text)
    shown = typed[:80]
    if re.search(r"\s", typed):
        raise ValueError("url.space", shown)
    if not typed or len(typed) > _LONGEST_URL or re.search(r'[<>"\\^`{|}\ufffd]', typed):
        raise ValueError("url.bad", shown)
    scheme = _SCHEME.match(typed)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise ValueError("url.scheme", shown)
    rest = typed[scheme.end() :] if scheme else typed
    lead = scheme[1].lower() if scheme else "https"
    if re.match(r"(mailto|javascript|data|file|tel|ftp|https?):", rest, re.IGNORECASE):
        raise ValueError("url.scheme", shown)
    try:
        parts = urlsplit(f"{lead}://{rest}")
        port = parts.port
    except ValueError as error:
        raise ValueError("url.bad", shown) from error
    if parts.username is not None or parts.password is not None or port == 0:
        raise ValueError("url.bad", shown)
    host = (parts.hostname or "").removesuffix(".")
    if not (_IPV4.fullmatch(host) or _is_host(host)):
        raise ValueError("url.host", shown)
    if not scheme and not parts.path and host.rpartition(".")[2] in _FILE_NAMES:
        raise ValueError("url.host", shown)
    tail = rest[len(parts.netloc) :]
    return f"{lead}://{host}{'' if port is None else f':{port}'}{tail}"


def parse_email(text: str) -> str:
    """An e-mail address with a lower-case domain; Thai names and domains are allowed (RFC 6531), quotes are not.

    Raises:
        ValueError: ``email.bad``.
    """
    typed = tidy(text)
    local, at, domain = typed.rpartition("@")
    domain = domain.lower()
    if (
        not at
        or len(typed.encode()) > _LONGEST_EMAIL
        or len(local.encode()) > _LONGEST_LOCAL
        or not _LOCAL.fullmatch(local)
        or not _is_host(domain)
    ):
        raise ValueError("email.bad", typed[:80])
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
