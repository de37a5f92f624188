"""Brings web addresses and e-mail addresses into one form, however people type them.

Library considered (2026-11): ``email-validator`` brings ``dnspython`` and ``idna`` (3.4 MB) for checks the form must
not make, since it works offline. The code here is a few lines for each. Telephone numbers are in `dgdesk.text.phones`.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from dgdesk.system.patterns import late
from dgdesk.text.digits import narrow
from dgdesk.text.normalise import tidy
from dgdesk.text.refusals import EntryRefused

_LONGEST_TYPED: Final = 4_000
_LONGEST_URL: Final = 2048
_LONGEST_EMAIL: Final = 254  # octets, RFC 5321 with errata
_LONGEST_LOCAL: Final = 64
_LONGEST_HOST: Final = 253  # octets, RFC 1035
_LONGEST_LABEL: Final = 63

_SCHEME: Final = late(r"([a-z][a-z0-9+.\-]*)://", re.IGNORECASE)
_OTHER_SCHEME: Final = late(r"(?:mailto|javascript|data|file|tel|ftp|https?):|https?/", re.IGNORECASE)
_SLASHES: Final = late(r"https?(?::/?(?!/)|:///|/{1,2})", re.IGNORECASE)
"""http or https without exactly a colon and two slashes after it."""
_LIKE_SCHEME: Final = late(r"[a-z][a-z0-9+\-]*:(?!\d)", re.IGNORECASE)  # no host with its port
_IPV4: Final = late(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}", re.ASCII)
_THAI_DOMAINS: Final = ("ไทย", "คอม")  # the top-level domains in Thai script
# A bare "report.pdf" is a file that was meant as evidence, not a web address.
_FILE_NAMES: Final = ("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "jpg", "jpeg", "png", "txt", "csv", "rar")
_JOINING_WORDS: Final = ("และ", "หรือ", "กับ", "&", "/", "|", "-")
_LIST_MARK: Final = late(r"\(?\d{1,2}[.)]|[-•*·▪–]", re.ASCII)
_LABEL: Final = late(
    r"(?:^|(?<=\s))(?:url|website|web ?site|web|link|เว็บไซต์|เว็บ|ลิงก์|ลิงค์)"
    r"(?: *: *(?!//|\d)| +(?=https?://|www\.))",
    re.IGNORECASE,
)
_GLUE: Final = late(r"[,;](?=https?://|www\.)", re.IGNORECASE)
_SECOND_HOST: Final = late(r".www\.|[a-z0-9](?:และ|หรือ|กับ)[a-z0-9]|.https?:$")
_SECOND_PATH: Final = late(
    r"^[^/]*/(?:www\.|https?://)|[\w.,;]https?://|[,;]www\.|(?:และ|หรือ)www\.|[,;][a-z0-9.-]{1,63}\.[a-z]{2,3}\.th(?![a-z0-9])"
)
_BRACKETED: Final = late(r"<([^<>@\s]*@[^<>@\s]*)>")
_QUOTED: Final = late(r'"[^"]*"')
_EMAIL_LABEL: Final = late(
    r"(?:^|(?<=[\s,;]))(?:e-?mails?|อี-?เมล์?|ไปรษณีย์อิเล็กทรอนิกส์)(?: ?address)?\.?(?: ?: ?| (?=[^\s@]+@))",
    re.IGNORECASE,
)
_LOCAL: Final = late(r"[\w!#$%&'*+/=?^`{|}~\-\u0e00-\u0e7f]+(?:\.[\w!#$%&'*+/=?^`{|}~\-\u0e00-\u0e7f]+)*")


def parse_url(text: str) -> str:
    """A web address with its scheme and a lower-case host; ``https://`` is put before a bare host.

    Thai hosts and paths stay as typed (nothing is looked up and nothing is percent-encoded); a label ("URL:") and
    brackets or quotes around the address are dropped.

    Raises:
        EntryRefused: ``url.space``, ``url.one_only`` (several addresses), ``url.together`` (several without a space),
            ``url.scheme`` (not http or https), ``url.slashes`` (not exactly two after it), ``url.host`` (a name
            without a dot, or an impossible name), ``url.email`` (an e-mail address), ``url.user`` (a user name in
            it), ``url.characters`` (some that no browser hands out), ``url.bad`` (over 2,048 long, an impossible port).
    """
    found = _addresses(text)
    if len(found) > 1:
        raise EntryRefused("url.one_only" if sum(map(_could_be_url, found)) > 1 else "url.space")
    return _url(found[0] if found else "")


def parse_urls(text: str) -> str:
    """Several web addresses, separated by a comma, semicolon or white space, as `parse_url` keeps them.

    Raises:
        EntryRefused: as `parse_url`, but never ``url.one_only``.
    """
    found = _addresses(text)
    if sum(map(_could_be_url, found)) == 1 and len(found) > 1:
        raise EntryRefused("url.space")  # one address, broken by a space
    return ", ".join(map(_url, found)) if found else _url("")


def _addresses(text: str) -> list[str]:
    """The parts of ``text`` that stand for addresses, without separators, labels, list marks and wrapping."""
    if len(text) > _LONGEST_TYPED:
        raise EntryRefused("url.bad")
    words = [_narrow_host(word) for word in _LABEL.sub("", " ".join(tidy(text).split())).split()]
    several = len(words) > 1
    parts = (part for word in words for part in _unglued(word))
    found = [one for one in (_unwrapped(part.strip(",;")) for part in parts) if one]
    return [one for one in found if not several or not (one in _JOINING_WORDS or _LIST_MARK.fullmatch(one))]


def _narrow_host(word: str) -> str:
    """A word whose scheme and host have no full-width letters; what follows the host stays as typed."""
    usual = narrow(word)
    begin = usual.find("://") + 3 if "://" in usual else 0
    end = min((at for sign in "/?#" if (at := usual.find(sign, begin)) >= 0), default=len(word))
    return usual[:end] + word[end:]


def _unglued(word: str) -> Iterator[str]:
    """The addresses of a word with commas or semicolons between them; those of a path or query stay in it."""
    at = min((word.index(sign) for sign in "?#" if sign in word), default=len(word))
    parts = _GLUE.split(word[:at])
    parts[-1] += word[at:]
    for part in parts:
        scheme = _SCHEME.match(part)
        begin = scheme.end() if scheme else 0
        end = min((found for sign in "/?#" if (found := part.find(sign, begin)) >= 0), default=len(part))
        *hosts, last = re.split("[,;]", part[begin:end])
        for number, host in enumerate(hosts):
            yield part[:begin] + host if number == 0 else host
        yield (last if hosts else part[:begin] + last) + part[end:]


def _unwrapped(part: str) -> str:
    return part[1:-1] if part[:1] + part[-1:] in ("<>", '""', "“”", "()", "[]", "''") and len(part) > 1 else part


def _could_be_url(part: str) -> bool:
    if re.match(r"[a-z]+://|www\.", part, re.IGNORECASE):
        return True
    host = re.split("[/?#:]", part)[0].lower()
    return _is_web_host(host) and (host != part.lower() or host.rpartition(".")[2] not in _FILE_NAMES)


def _run_together(rest: str) -> bool:
    """Whether a second address begins inside the first, where no browser would hand it out so."""
    host = re.split("[/?#]", rest, maxsplit=1)[0].lower()
    path = re.split("[?#]", rest, maxsplit=1)[0].lower()
    return bool(_SECOND_HOST.search(host) or _SECOND_PATH.search(path))


def was_kept_url(text: str) -> bool:
    """Whether ``text`` is an address as version 0.1.0 stored it, which also took addresses that are run together."""
    try:
        return text.startswith(("http://", "https://")) and _url(text, run_together=True) == text
    except ValueError:
        return False


def was_kept_email(text: str) -> bool:
    """Whether ``text`` is one address as version 0.1.0 stored it, which kept full-width letters."""
    local, _, host = text.rpartition("@")
    return bool(_LOCAL.fullmatch(local)) and _is_host(host) and len(text.encode()) <= _LONGEST_EMAIL


def _url(typed: str, *, run_together: bool = False) -> str:
    if not typed or len(typed) > _LONGEST_URL or re.search(r"\s", typed):
        raise EntryRefused("url.bad")
    if len(typed) > len("https://") and _SLASHES.match(typed):
        raise EntryRefused("url.slashes")
    scheme = _SCHEME.match(typed)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise EntryRefused("url.scheme")
    rest = typed[scheme.end() :] if scheme else typed.removeprefix("//")
    lead = scheme[1].lower() if scheme else "https"
    if _OTHER_SCHEME.match(rest) or (not scheme and _LIKE_SCHEME.match(rest)):
        raise EntryRefused("url.scheme")
    if re.search(r'[<>"\\\ufffd]', typed):
        raise EntryRefused("url.characters")
    if not run_together and _run_together(rest):
        raise EntryRefused("url.together")
    try:
        parts = urlsplit(f"{lead}://{rest}")
        port = parts.port
    except ValueError as error:
        raise EntryRefused("url.bad") from error
    if parts.username is not None or parts.password is not None:
        email = not scheme and parts.password is None and not parts.path
        raise EntryRefused("url.email" if email else "url.user")
    if port == 0:
        raise EntryRefused("url.bad")
    host = (parts.hostname or "").removesuffix(".")
    if parts.netloc.startswith("["):
        host = _ipv6(host)
    elif not (_IPV4.fullmatch(host) or _is_web_host(host)):
        raise EntryRefused("url.host")
    if not scheme and not parts.path and host.rpartition(".")[2] in _FILE_NAMES:
        raise EntryRefused("url.host")
    tail = rest[len(parts.netloc) :]
    return f"{lead}://{host}{'' if port is None else f':{port}'}{tail}"


def _ipv6(host: str) -> str:
    try:
        return f"[{ipaddress.IPv6Address(host).compressed}]"
    except ValueError as error:
        raise EntryRefused("url.host") from error


def parse_email(text: str) -> str:
    """The e-mail addresses of ``text``, each once, separated by ", ", with a lower-case domain.

    Several are separated by a comma, semicolon or white space; ``<a@b>``, ``Name <a@b>``, ``mailto:`` and "e-mail:" are
    unwrapped. Thai names and domains are allowed (RFC 6531), quotes are not.

    Raises:
        EntryRefused: ``email.no_at``, ``email.together`` (two addresses not separated), ``email.words`` (a space or
            other words beside an address), ``email.host`` (no full name after @), else ``email.bad``.
    """
    if len(text) > _LONGEST_TYPED:
        raise EntryRefused("email.bad")
    typed = _EMAIL_LABEL.sub("", re.sub(r"\s+", " ", tidy(narrow(text))))
    parts = [part for part in re.split(r"[\s,;]+", _without_names(typed)) if part and part not in _JOINING_WORDS]
    parts = [part for part in parts if not _LIST_MARK.fullmatch(part)] if len(parts) > 1 else parts
    if not any("@" in part for part in parts):
        raise EntryRefused("email.no_at")
    if not all("@" in part for part in parts):
        raise EntryRefused("email.words")
    return ", ".join(dict.fromkeys(map(_email, parts)))


def _without_names(typed: str) -> str:
    """``Name <a@b>, Other <c@d>`` without the names that stand before addresses in brackets."""
    pieces = _BRACKETED.split(typed)  # texts and addresses, in turns
    for at in range(0, len(pieces) - 1, 2):
        words = _QUOTED.sub(" ", pieces[at]).split()
        while words and "@" not in words[-1]:
            words.pop()
        pieces[at] = " ".join(words)
    return " ".join(pieces)


def _email(part: str) -> str:
    bare = _unwrapped(part.rstrip("."))
    if re.match("mailto:", bare, re.IGNORECASE):
        bare = bare[len("mailto:") :].partition("?")[0]
    bare = bare.rstrip(".")
    if bare.count("@") > 1:
        raise EntryRefused("email.together")
    local, _, domain = bare.partition("@")
    host = domain.lower()
    address = f"{local}@{host}"
    if not _is_host(host):
        raise EntryRefused("email.host")
    if not _LOCAL.fullmatch(local) or len(local.encode()) > _LONGEST_LOCAL or len(address.encode()) > _LONGEST_EMAIL:
        raise EntryRefused("email.bad")
    return address


def _is_web_host(host: str) -> bool:
    """Whether a browser opens ``host``: as `_is_host`, with underscores before the last two labels."""
    labels = host.split(".")
    return _is_host(".".join((*(one.replace("_", "x") for one in labels[:-2]), *labels[-2:])))


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
