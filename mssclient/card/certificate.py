"""What the certificate of a CPx card says of its holder (identity.md §2)."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import ExtensionOID, NameOID

from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.professions import label
from mssclient.domain.session import CardHolder, canonical_id

_PRIVATE = "1.2.250.1.71.1.2"
_CARD_TYPE = x509.ObjectIdentifier(f"{_PRIVATE}.2")
_SERIAL = x509.ObjectIdentifier(f"{_PRIVATE}.3")
_CATEGORY = x509.ObjectIdentifier(f"{_PRIVATE}.5")
_PROFESSION = x509.ObjectIdentifier(f"{_PRIVATE}.7")
_TEST_CATEGORY = 0x80
_NATIONAL_ID = re.compile(r"[0-9][0-9A-Za-z/]{4,29}")
_MOST = 16 * 1024


@dataclass(frozen=True, slots=True)
class CardCertificate:
    """The pieces of a holder's certificate; empty strings where it says nothing."""

    national_id: str
    given: str
    family: str
    profession: str
    """In French words: the subject's title, or what the code of the private extension stands for."""
    structure_id: str
    card_type: str
    """Hexadecimal content of the private extension .2: CPS, CPF, CPE…"""
    card_serial: str
    test_card: bool

    @property
    def holder(self) -> CardHolder:
        """The holder as the sign-in screen shows them."""
        name = " ".join(piece for piece in (self.given, self.family.upper()) if piece)
        return CardHolder(self.national_id, name, self.profession, self.test_card)


def read(der: bytes) -> CardCertificate:
    """Read a holder's certificate. Nothing is verified here: PSC, not this card reading, authenticates the person.

    Raises Unreadable: DAMAGED when it is no certificate, NOT_IT when it is an authority's or names nobody.
    """
    if len(der) > _MOST:
        raise Unreadable(Unread.TOO_BIG, "card certificate")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # cards are older than what cryptography wishes to see
            certificate = x509.load_der_x509_certificate(der)
            subject, extensions = certificate.subject, certificate.extensions
            if _is_authority(extensions):
                raise Unreadable(Unread.NOT_IT, "authority")
            return _read(subject, extensions)
    except (ValueError, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        raise Unreadable(Unread.DAMAGED, "card certificate") from error


def _read(subject: x509.Name, extensions: x509.Extensions) -> CardCertificate:
    number = next((each for each in _values(subject, NameOID.COMMON_NAME) if _NATIONAL_ID.fullmatch(each)), "")
    if not number:
        raise Unreadable(Unread.NOT_IT, "no national id")
    category = _private(extensions, _CATEGORY)
    return CardCertificate(
        national_id=canonical_id(number),
        given=_first(subject, NameOID.GIVEN_NAME),
        family=_first(subject, NameOID.SURNAME),
        profession=_profession(_first(subject, NameOID.TITLE), _private(extensions, _PROFESSION)),
        structure_id=_first(subject, NameOID.ORGANIZATIONAL_UNIT_NAME),
        card_type=_content(_private(extensions, _CARD_TYPE)).hex(),
        card_serial=_printable(_private(extensions, _SERIAL)),
        test_card=category[-1:] == bytes([_TEST_CATEGORY]),
    )


def _values(subject: x509.Name, oid: x509.ObjectIdentifier) -> list[str]:
    """All values of an attribute: the holder’s stand in one multi-valued RDN, which text forms run together."""
    found = [attribute.value for rdn in subject.rdns for attribute in rdn if attribute.oid == oid]
    return [value.strip()[:128] for value in found if isinstance(value, str)]


def _first(subject: x509.Name, oid: x509.ObjectIdentifier) -> str:
    return next(iter(_values(subject, oid)), "")


def _is_authority(extensions: x509.Extensions) -> bool:
    try:
        constraints = extensions.get_extension_for_oid(ExtensionOID.BASIC_CONSTRAINTS).value
    except x509.ExtensionNotFound:
        return False
    return isinstance(constraints, x509.BasicConstraints) and constraints.ca


def _private(extensions: x509.Extensions, oid: x509.ObjectIdentifier) -> bytes:
    try:
        value = extensions.get_extension_for_oid(oid).value
    except x509.ExtensionNotFound:
        return b""
    return value.value if isinstance(value, x509.UnrecognizedExtension) else b""


def _profession(title: str, extension: bytes) -> str:
    coded = _content(extension)
    return label(title) or (label(coded.decode("ascii")) if re.fullmatch(rb"\w{1,12}", coded) else "")


def _content(value: bytes) -> bytes:
    """What a short DER value holds, or the bytes themselves when they are no DER."""
    return value[2:] if len(value) >= 2 and value[1] == len(value) - 2 else value


def _printable(value: bytes) -> str:
    content = _content(value)
    return content.decode("ascii") if content.isascii() and content.decode("ascii").isprintable() else content.hex()
