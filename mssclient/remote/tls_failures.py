"""What a failed connection or TLS handshake is called, for mail and for the web."""

from __future__ import annotations

import socket
import ssl

from mssclient.domain.errors import Distrust, MssError, Offline, Untrusted

# X509_V_ERR_* of OpenSSL's x509_vfy.h.
NO_LIST, _NOT_YET_VALID, _EXPIRED, _LIST_EXPIRED, REVOKED = 3, 9, 10, 12, 23
OTHER_USE = 26  # X509_V_ERR_INVALID_PURPOSE
_OTHER_NAME = frozenset({62, 63, 64})  # host, mail, IP address
_WEAK = frozenset({66, 67, 68})  # key of the server, key of an authority, digest of a signature


def failure(error: OSError, host: str) -> MssError:
    """The domain error behind a failed connection or handshake; `host` is a server's name."""
    match error:
        case ssl.SSLCertVerificationError():
            return Untrusted(distrust(error.verify_code), host)
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return Offline("cut")
        case ssl.SSLError():
            return Untrusted(Distrust.PROTOCOL, host)
        case TimeoutError():
            return Offline("timeout")
        case ConnectionRefusedError():
            return Offline("connection refused")
        case socket.gaierror():
            return Offline("unknown host")
        case _:
            return Offline("cut")


def distrust(verify_code: int) -> Distrust:
    """The reason behind an X509_V_ERR_* of OpenSSL; mail and web alike."""
    if verify_code in _OTHER_NAME:
        return Distrust.NAME
    if verify_code in _WEAK:
        return Distrust.PROTOCOL
    match verify_code:
        case _ if verify_code in {_EXPIRED, _NOT_YET_VALID}:
            return Distrust.EXPIRED
        case _ if verify_code in {NO_LIST, _LIST_EXPIRED}:
            return Distrust.REVOCATION
        case _:
            return Distrust.REVOKED if verify_code == REVOKED else Distrust.CHAIN
