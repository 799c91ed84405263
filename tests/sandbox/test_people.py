"""The fictitious institution keeps its promises: valid matricules, who opens what, nobody outside the trust space."""

from __future__ import annotations

import dataclasses

import pytest

from mssclient.domain.address import CorrespondentKind as Who
from mssclient.domain.address import domain_of, fold, guessed_kind, is_address, is_usager
from mssclient.domain.bal import BalKind, FolderRole, role_of
from mssclient.domain.identity import is_qualified, key_is_valid
from mssclient.sandbox import people


def test_every_matricule_has_its_key_and_the_traits_it_says() -> None:
    for one in people.institution().residents:
        usager = one.usager
        if usager.matricule is None:
            continue
        assert key_is_valid(usager.matricule), usager.birth_name
        assert usager.matricule[0] == ("1" if usager.sex == "M" else "2")
        assert usager.matricule[1:5] == usager.birth_date[2:4] + usager.birth_date[5:7]
        assert usager.matricule[5:10] == usager.birth_place
        assert is_qualified(usager)


def test_the_test_values_of_the_specification_live_there() -> None:
    known = {one.usager.matricule for one in people.institution().residents}
    assert {"279035121518989", "277076322082910", "146026322000196", "274075176079430"} <= known


def test_only_a_qualified_resident_has_an_address() -> None:
    residents = people.institution().residents
    assert all(is_usager(one.address) for one in residents if one.qualified)
    assert [one.address for one in residents if not one.qualified] == ["", ""]


def test_each_role_opens_its_own_mailboxes() -> None:
    house = people.institution()
    opened = {
        role: {box.address for box in house.mailboxes_of(house.staff(role).person.national_id)}
        for role in ("secretary", "physician", "assistant")
    }
    assert opened["secretary"] == {people.SECRETARIAT, people.CARE, people.SECRETARY}
    assert opened["physician"] == {people.SECRETARIAT, people.CARE, people.PHYSICIAN}
    # By delegation, and one ORG.
    assert opened["assistant"] == {people.SECRETARIAT, people.PHYSICIAN}
    assert not house.mailboxes_of("899900000099")


def test_the_kinds_and_folders_of_the_mailboxes() -> None:
    boxes = {box.address: box for box in people.institution().mailboxes}
    assert [box.kind for box in boxes.values()].count(BalKind.ORG) == 2
    assert boxes[people.APPLICATION].kind is BalKind.APP
    assert not boxes[people.APPLICATION].let_in
    assert (people.VASSEUR,) in boxes[people.SECRETARIAT].folders
    roles = {role_of(fold(path[-1]), (), len(path)) for path in boxes[people.SECRETARIAT].folders}
    assert {FolderRole.INBOX, FolderRole.SENT, FolderRole.TRASH, FolderRole.ARCHIVE, FolderRole.DRAFTS} <= roles


def test_addresses_are_addresses_of_trusted_domains() -> None:
    house = people.institution()
    addresses = [box.address for box in house.mailboxes] + [who.address for who in house.correspondents]
    assert len(set(addresses)) == len(addresses)
    for address in addresses:
        assert is_address(address)
        assert domain_of(address) in house.trusted_domains
        assert guessed_kind(address) is not Who.OUTSIDE


def test_national_ids_are_twelve_digits_of_an_rpps_or_internal() -> None:
    house = people.institution()
    for member in house.people:
        ident = member.person.national_id
        assert ident.startswith("3") if member.role == "secretary" else (len(ident) == 12 and ident.startswith("8999"))
        assert member.card.national_id == ident
        assert member.card.test_card
        assert member.card_name.startswith(member.person.family.upper())
    ids = [who.national_id for who in house.correspondents if who.family]
    assert all(len(one) == 12 for one in ids)
    assert len(set(ids)) == len(ids)


def test_the_institution_is_one_frozen_value() -> None:
    assert people.institution() is people.institution()
    with pytest.raises(dataclasses.FrozenInstanceError):
        people.institution().name = "x"  # type: ignore[misc]
    with pytest.raises(KeyError):
        people.resident("PERSONNE")
