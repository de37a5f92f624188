"""Makes the signed attributes of a signature with a chain: they name every certificate of it (RFC 5035, 5.4).

Without them, the certificates inside a CMS message are bytes that nothing signs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from asn1crypto import tsp
from pyhanko.sign.attributes import CMSAttributeProvider, SignedAttributeProviderSpec, SigningTimeProvider
from pyhanko.sign.general import as_signing_certificate_v2


class _ChainProvider(CMSAttributeProvider):
    """signing-certificate-v2 with the signer first, followed by its CAs."""

    attribute_type = "signing_certificate_v2"

    def __init__(self, chain: Sequence[Any]) -> None:
        self._chain = chain

    async def build_attr_value(self, dry_run: bool = False) -> Any:
        """Return the attribute's value."""
        named = [one for certificate in self._chain for one in as_signing_certificate_v2(certificate)["certs"]]
        return tsp.SigningCertificateV2({"certs": named})


class ChainAttributes(SignedAttributeProviderSpec):
    """The signed attributes of CAdES-BES for a signer (first of ``chain``, asn1crypto) and its CAs."""

    def __init__(self, chain: Sequence[Any], settings: Any) -> None:
        """``settings`` are pyHanko's, with the claimed time."""
        self._chain, self._time = chain, settings.signing_time

    def signed_attr_providers(self, data_digest: bytes, digest_algorithm: str) -> Iterable[Any]:
        """Return the makers of all attributes other than content type and digest."""
        return [_ChainProvider(self._chain), SigningTimeProvider(timestamp=self._time)]
