"""Checks names against the name constraints of the CAs above them (RFC 5280, 4.2.1.10). Pure functions.

Where the standard can be read in two ways, the stricter reading counts: a permitted name must match letter by letter,
an excluded one also matches whatever looks the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.x509.oid import NameOID

from dgdesk.bundle.certify import subject_of

_HOST = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+\.?")
_MAIL_IN_UTF8 = "1.3.6.1.5.5.7.8.9"


def within_limits(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    """Return whether all names of a certificate are within the name constraints of a CA above it.

    Raises:
        ValueError, x509.UnsupportedGeneralNameType: one of them does not parse.
    """
    try:
        limits = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return True
    permitted, excluded = limits.permitted_subtrees or [], limits.excluded_subtrees or []
    limited = {type(one) for one in (*permitted, *excluded)}
    for name in _names(certificate, x509.DNSName in limited):
        if isinstance(name, x509.OtherName) and name.type_id.dotted_string == _MAIL_IN_UTF8 and _MAIL & limited:
            return False
        if type(name) not in limited:
            continue
        match = _MATCHES.get(type(name))
        if match is None:  # a kind of name that is not supported
            return False
        wanted = [one for one in permitted if type(one) is type(name)]
        if any(match(name.value, one.value, True) for one in excluded if type(one) is type(name)):
            return False
        if wanted and not any(match(name.value, one.value, False) for one in wanted):
            return False
    return True


def has_subtree_bounds(limits: Any) -> bool:
    """Return whether name constraints (asn1crypto's) bound the depth of subtrees, which is not supported."""
    trees = (limits[key] for key in ("permitted_subtrees", "excluded_subtrees") if limits[key].native is not None)
    return any(one["minimum"].native or one["maximum"].native is not None for tree in trees for one in tree)


def _names(certificate: x509.Certificate, with_hosts: bool) -> Iterator[Any]:
    subject = subject_of(certificate)
    if list(subject):
        yield x509.DirectoryName(subject)
    for part in subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS):
        yield _mail(str(part.value))
    others: list[x509.GeneralName] = []
    with suppress(x509.ExtensionNotFound):
        others = list(certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    yield from others
    if with_hosts and not any(isinstance(one, x509.DNSName) for one in others):
        for part in subject.get_attributes_for_oid(NameOID.COMMON_NAME):
            if _HOST.fullmatch(str(part.value)):
                yield x509.DNSName(str(part.value))


def _mail(text: str) -> x509.GeneralName:
    return x509.RFC822Name(text) if text.isascii() else x509.RFC822Name._init_without_validation(text)


def _directory(name: x509.Name, base: x509.Name, loosely: bool) -> bool:
    found, wanted = [_part(one, loosely) for one in name.rdns], [_part(one, loosely) for one in base.rdns]
    return found[: len(wanted)] == wanted


def _part(part: Iterable[x509.NameAttribute[Any]], loosely: bool) -> frozenset[tuple[str, Any]]:
    def value(one: x509.NameAttribute[Any]) -> Any:
        if not loosely or not isinstance(one.value, str):
            return one.value
        return " ".join(unicodedata.normalize("NFKC", one.value).casefold().split())

    return frozenset((one.oid.dotted_string, value(one)) for one in part)


def _domain(name: str, base: str, loosely: bool) -> bool:
    host, limit = name.lower().rstrip("."), base.lower().rstrip(".")
    if not limit.strip("."):
        return True
    return host == limit or host.endswith(limit if limit.startswith(".") else f".{limit}")


def _host(name: str, base: str, loosely: bool) -> bool:
    """Match a host name: a base that begins with a dot means all hosts below it, any other base that host alone."""
    host, limit = name.lower(), base.lower()
    if loosely:
        return _domain(host, limit.lstrip("."), True)
    return host.endswith(limit) and host != limit if limit.startswith(".") else host == limit


def _address(name: str, base: str, loosely: bool) -> bool:
    local, at, host = name.rpartition("@")
    if not at:
        return loosely
    wanted, with_local, domain = base.rpartition("@")
    if with_local:
        same = local.casefold() == wanted.casefold() if loosely else local == wanted
        return same and host.lower() == domain.lower()
    return _host(host, base, loosely)


def _link(name: str, base: str, loosely: bool) -> bool:
    try:
        host = urlsplit(name).hostname or ""
    except ValueError:
        host = ""
    return _host(host, base, loosely) if host else loosely


def _network(
    name: IPv4Address | IPv6Address | IPv4Network | IPv6Network, base: IPv4Network | IPv6Network, loosely: bool
) -> bool:
    return isinstance(name, IPv4Address | IPv6Address) and name.version == base.version and name in base


_MATCHES: dict[type, Any] = {
    x509.DirectoryName: _directory,
    x509.DNSName: _domain,
    x509.RFC822Name: _address,
    x509.UniformResourceIdentifier: _link,
    x509.IPAddress: _network,
}
_MAIL = {x509.RFC822Name}
