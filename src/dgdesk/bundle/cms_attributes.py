"""Bundle: the signed attributes of a signature that carries a chain: every certificate of it is named (RFC 5035, 5.4).

Without that, certificates inside a CMS message are bytes that nothing signs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from asn1crypto import tsp
from pyhanko.sign.attributes import CMSAttributeProvider, SignedAttributeProviderSpec, SigningTimeProvider
from pyhanko.sign.general import as_signing_certificate_v2


class _ChainProvider(CMSAttributeProvider):
    """signing-certificate-v2 with the signer first and its CAs after it."""

    attribute_type = "signing_certificate_v2"

    def __init__(self, chain: Sequence[Any]) -> None:
        self._chain = chain

    async def build_attr_value(self, dry_run: bool = False) -> Any:
        """Return the attribute's value."""
        named = [one for certificate in self._chain for one in as_signing_certificate_v2(certificate)["certs"]]
        return tsp.SigningCertificateV2({"certs": named})


class ChainAttributes(SignedAttributeProviderSpec):
    """What CAdES-BES wants signed, for a signer (first of ``chain``, asn1crypto) with CAs above."""

    def __init__(self, chain: Sequence[Any], settings: Any) -> None:
        """``settings``: pyHanko's, with the claimed time."""
        self._chain, self._time = chain, settings.signing_time

    def signed_attr_providers(self, data_digest: bytes, digest_algorithm: str) -> Iterable[Any]:
        """Return what makes the attributes beside content type and digest."""
        return [_ChainProvider(self._chain), SigningTimeProvider(timestamp=self._time)]
