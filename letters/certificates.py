"""What may a key be used for, as its certificate says?"""

from __future__ import annotations

from cryptography import x509


def key_usage(*, content_commitment: bool = False, key_encipherment: bool = False) -> x509.KeyUsage:
    """To sign, and what else is named; nothing besides (RFC 5280, 4.2.1.3)."""
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=content_commitment,
        key_encipherment=key_encipherment,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
