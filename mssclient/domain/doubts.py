"""What deserves a question about a recipient before sending: who left the Annuaire, changed hands, or looks like another.

The rules of `domain.draft` say what may leave at all; these only ask (mssante.md §4).
"""

from __future__ import annotations

from mssclient.domain import lookalike
from mssclient.domain.address import domain_of, is_usager, normal
from mssclient.domain.circle import Acquaintance
from mssclient.domain.draft import Objection, Origin, Recipient, Why
from mssclient.domain.entry import Departure, DirectoryEntry

_WRITTEN_BY_SOMEBODY = {Origin.TYPED, Origin.RECORD}


def about_departure(
    recipient: Recipient, departure: Departure, known: Acquaintance, successors: tuple[DirectoryEntry, ...]
) -> Objection | None:
    """The question about an address that left or changed hands, with where its owner is found now.

    Who wrote to it later than the day that showed it was asked then; who takes the new owner out of the Annuaire and
    never had to do with the former one is not asked.
    """
    if known.last is not None and known.last.date().isoformat() > departure.since:
        return None
    stranger = known.last is None and not known.favourite and not known.groups
    if departure.replaced and stranger and recipient.origin is Origin.DIRECTORY:
        return None
    addresses = list(dict.fromkeys(entry.address for entry in successors))
    instead = addresses[0] if len(addresses) == 1 else ""
    why = Why.REPLACED if departure.replaced else Why.DEPARTED
    return Objection(why, normal(recipient.who.address), since=departure.since, instead=instead)


def about_resemblance(recipient: Recipient, trusted: frozenset[str], used: frozenset[str]) -> Objection | None:
    """The question about a domain that somebody wrote by hand and that looks like another one."""
    address = normal(recipient.who.address)
    if recipient.origin not in _WRITTEN_BY_SOMEBODY or "@" not in address or is_usager(address):
        return None
    domain = domain_of(address)
    meant = lookalike.meant(domain, trusted, used)
    if meant:
        return Objection(Why.LOOKALIKE, address, instead=f"{address.rpartition('@')[0]}@{meant}")
    if lookalike.is_disguised(domain) and domain not in trusted:
        return Objection(Why.DISGUISED, address)
    return None
