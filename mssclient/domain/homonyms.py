"""What is said of each entry of a list so that no two of one name can be taken for one another."""

from __future__ import annotations

from collections.abc import Sequence

from mssclient.domain.address import fold
from mssclient.domain.entry import DirectoryEntry


def details_of(entries: Sequence[DirectoryEntry]) -> list[str]:
    """The second line of each entry: what it does and where. Among namesakes, what differs comes first, because a
    narrow list cuts the end of a line; where nothing differs, the address does."""
    pieces = [_pieces(entry) for entry in entries]
    alike: dict[str, list[int]] = {}
    for place, entry in enumerate(entries):
        alike.setdefault(fold(f"{entry.given} {entry.family}") or fold(entry.name), []).append(place)
    for places in alike.values():
        if len(places) > 1:
            _tell_apart(places, pieces, entries)
    return [" · ".join(dict.fromkeys(piece for piece in told if piece)) for told in pieces]


def _pieces(entry: DirectoryEntry) -> list[str]:
    place = " ".join(piece for piece in (entry.post_code, entry.town) if piece)
    structure = entry.structure if entry.structure != entry.name else ""
    service = entry.service if entry.service not in {entry.name, structure} else ""
    return [entry.profession, entry.speciality, service, structure, place]


def _tell_apart(places: Sequence[int], pieces: list[list[str]], entries: Sequence[DirectoryEntry]) -> None:
    """Reorders the pieces of some namesakes, the differing ones first."""
    fields = range(len(pieces[places[0]]))
    differs = [len({fold(pieces[place][field]) for place in places}) > 1 for field in fields]
    told = {place: [pieces[place][f] for f in fields if differs[f]] for place in places}
    said = [" ".join(fold(piece) for piece in told[place]) for place in places]
    for place, text in zip(places, said, strict=True):
        same = [other for other, its in zip(places, said, strict=True) if its == text]
        # one address twice is one box: nothing has to tell it apart from itself
        one_box = len({entries[other].address for other in same}) == 1
        first = told[place] if one_box else [entries[place].address, *told[place]]
        pieces[place] = [*first, *(pieces[place][f] for f in fields if not differs[f])]
