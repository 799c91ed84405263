"""Conversations with the headers of real software: missing ids, loops, long threads, answers by their subject alone."""

from __future__ import annotations

import random
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.message import Envelope, ListQuery, MessageId
from mssclient.store.database import Database
from tests.store.conftest import NOW, Shelf, envelope, fill

ANNE = Correspondent("Dr_Anne_MARTIN_CH", "anne.martin@ch.mss.example", CorrespondentKind.PROFESSIONAL)
SOINS = Correspondent("", "soins@tilleuls.mss.example", CorrespondentKind.ORGANISATION)
OTHER = Correspondent("", "autre@labo.mss.example", CorrespondentKind.PROFESSIONAL)


def bare(
    uid: int, subject: str, sender: Correspondent = ANNE, to: Correspondent = SOINS, *, days: float = 0.0
) -> Envelope:
    """A message without any id of others."""
    when = NOW + timedelta(days=days, minutes=uid)
    return replace(envelope(uid, subject), sender=sender, to=(to,), sent=when, received=when)


def talks(shelf: Shelf, ids: Sequence[MessageId]) -> list[int]:
    """The conversation of each, numbered in the order they are met."""
    rows = {
        row.id: row.conversation
        for at in range(0, len(ids), 200)
        for row in shelf.reader.rows(list(ids[at : at + 200]))
    }
    known: dict[int, int] = {}
    return [known.setdefault(rows[each], len(known)) for each in ids]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["question first", "answer first"])
@pytest.mark.parametrize("at_once", [True, False])
def test_an_answer_by_its_subject_joins_what_it_answers(shelf: Shelf, order: tuple[int, int], at_once: bool) -> None:
    both = [bare(1, "Bilan de M. PETIT"), bare(2, "RE: Bilan de M. PETIT", SOINS, ANNE, days=1)]
    wanted = [both[n] for n in order]
    if at_once:
        ids = shelf.stores.mail.add(shelf.inbox, wanted)
    else:
        ids = [each for one in wanted for each in shelf.stores.mail.add(shelf.inbox, [one])]
    assert talks(shelf, ids) == [0, 0]


@pytest.mark.parametrize(
    "answer",
    [
        bare(2, "RE: Bilan de M. PETIT", OTHER, ANNE, days=1),
        bare(2, "RE: Bilan de M. PETIT", SOINS, OTHER, days=1),
        bare(2, "RE: Bilan de M. PETIT", SOINS, ANNE, days=31),
        bare(2, "RE: Bilan de M. PETIT", SOINS, ANNE, days=-1),
        bare(2, "TR: Bilan de M. PETIT", SOINS, ANNE, days=1),
        bare(2, "Bilan de M. PETIT", SOINS, ANNE, days=1),
        bare(2, "RE: Bilan de Mme PETIT", SOINS, ANNE, days=1),
    ],
    ids=["stranger", "to a stranger", "too late", "before", "passed on", "no answer", "another subject"],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_only_looks_like_an_answer_stands_alone(shelf: Shelf, answer: Envelope, first: bool) -> None:
    wanted = [bare(1, "Bilan de M. PETIT"), answer]
    ids = [each for one in (wanted if first else wanted[::-1]) for each in shelf.stores.mail.add(shelf.inbox, [one])]
    assert talks(shelf, ids) == [0, 1]


def test_mails_with_documents_of_the_same_subject_are_not_lumped(shelf: Shelf) -> None:
    subject = "XDM/1.0/DDM+COMPTE RENDU DE BIOLOGIE NESSI RUTH 14/07/1977"
    ids = shelf.stores.mail.add(shelf.inbox, [bare(n, subject, days=n) for n in range(1, 6)])
    assert talks(shelf, ids) == [0, 1, 2, 3, 4]


def test_an_answer_about_another_usager_does_not_join(shelf: Shelf) -> None:
    label = "XDM/1.0/DDM+COMPTE RENDU"
    one = bare(1, f"{label} NESSI RUTH 14/07/1977")
    two = replace(bare(2, f"Re: {label} NESSI RUTH 14/07/1977", SOINS, ANNE, days=1))
    three = bare(3, f"Re: {label} PAT-TROIS LEA 01/02/1950", SOINS, ANNE, days=1)
    assert talks(shelf, shelf.stores.mail.add(shelf.inbox, [one, two, three])) == [0, 0, 1]


def test_software_that_writes_one_id_into_every_mail_lumps_nothing(shelf: Shelf) -> None:
    alike = [replace(bare(n, f"Résultat {n}"), in_reply_to="<null@automate>", references=("<>",)) for n in range(1, 5)]
    assert talks(shelf, shelf.stores.mail.add(shelf.inbox, alike)) == [0, 1, 2, 3]


def test_outlooks_thread_index_ties_what_has_no_references(shelf: Shelf) -> None:
    def of(uid: int, tail: bytes) -> Envelope:
        index = b64encode(bytes(range(22)) + tail).decode()
        return replace(bare(uid, f"Bilan {uid}"), mss_headers=(("thread-index", index),))

    ids = shelf.stores.mail.add(shelf.inbox, [of(1, b""), of(2, b"\x00" * 5), bare(3, "Bilan 3")])
    assert talks(shelf, ids) == [0, 0, 1]


def test_headers_that_go_round_in_circles(shelf: Shelf) -> None:
    circle = [
        replace(envelope(n), in_reply_to=f"<{n % 3 + 1}@ch.mss.example>", references=(f"<{n}@ch.mss.example>",))
        for n in (1, 2, 3)
    ]
    ids = shelf.stores.mail.add(shelf.inbox, circle)
    assert talks(shelf, ids) == [0, 0, 0]
    assert len(shelf.reader.conversation(shelf.reader.rows(ids)[0].conversation)) == 3


def test_a_missing_middle_joins_both_sides_when_it_comes(shelf: Shelf) -> None:
    ends = [envelope(1), envelope(9, refs="<5@ch.mss.example>")]
    ids = shelf.stores.mail.add(shelf.inbox, ends)
    assert talks(shelf, ids) == [0, 1]
    middle = shelf.stores.mail.add(shelf.inbox, [envelope(5, refs="<1@ch.mss.example>")])
    assert talks(shelf, [*ids, *middle]) == [0, 0, 0]


def test_five_hundred_messages_in_any_order_are_one(shelf: Shelf) -> None:
    thread = [
        envelope(n, refs=" ".join(f"<{before}@ch.mss.example>" for before in range(max(1, n - 3), n)))
        for n in range(1, 501)
    ]
    random.Random(7).shuffle(thread)
    ids = [each for at in range(0, 500, 100) for each in shelf.stores.mail.add(shelf.inbox, thread[at : at + 100])]
    assert set(talks(shelf, ids)) == {0}
    row = shelf.reader.rows(ids[:1])[0]
    assert (row.conversation_size, row.conversation_unread) == (500, 500)
    listed = shelf.reader.conversation(row.conversation)
    assert len(listed) == 500
    assert shelf.reader.ids(ListQuery(shelf.inbox, conversations=True)) == [listed[-1]]


def test_a_copy_in_sent_and_the_same_mail_elsewhere_count_once(shelf: Shelf) -> None:
    here = shelf.stores.mail.add(shelf.inbox, [envelope(1), envelope(2, refs="<1@ch.mss.example>")])
    shelf.stores.mail.add(shelf.sent, [replace(envelope(2, refs="<1@ch.mss.example>"), flags=frozenset({"\\Seen"}))])
    shelf.stores.mail.add(shelf.trash, [envelope(3, refs="<1@ch.mss.example>")])
    row = shelf.reader.rows(here)[0]
    assert (row.conversation_size, row.conversation_unread) == (2, 2)
    assert len(shelf.reader.conversation(row.conversation)) == row.conversation_size


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    links=st.lists(st.tuples(st.integers(1, 12), st.lists(st.integers(1, 12), max_size=3)), min_size=1, max_size=12),
    order=st.randoms(use_true_random=False),
    cut=st.integers(1, 12),
)
def test_conversations_do_not_depend_on_the_order_of_arrival(
    tmp_path_factory: pytest.TempPathFactory, links: list[tuple[int, list[int]]], order: random.Random, cut: int
) -> None:
    """The conversations are the connected pieces of the graph of ids, however the messages come."""
    mails = dict(links)
    parent = {n: n for n in range(1, 13)}

    def root(n: int) -> int:
        while parent[n] != n:
            n = parent[n]
        return n

    for uid, refs in mails.items():
        for each in refs:
            parent[root(each)] = root(uid)
    database = Database(tmp_path_factory.mktemp("talks") / "mail.sqlite", bytes(32))
    shelf = fill(database)
    arriving = [envelope(uid, refs=" ".join(f"<{n}@ch.mss.example>" for n in refs)) for uid, refs in mails.items()]
    order.shuffle(arriving)
    found: dict[MessageId, int] = {}
    for at in range(0, len(arriving), cut):
        some = arriving[at : at + cut]
        found.update(zip(shelf.stores.mail.add(shelf.inbox, some), (e.uid for e in some), strict=True))
    rows = {found[row.id]: row.conversation for row in shelf.reader.rows(list(found))}
    for one, talk in rows.items():
        assert {other for other in rows if rows[other] == talk} == {other for other in rows if root(other) == root(one)}
    shelf.reader.close()
    database.close()
