"""What is heard of sent messages: matched, believed, kept per recipient, in any order, and what did not arrive."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import BalKind, FolderRole
from mssclient.domain.draft import Draft, DraftId, Recipient
from mssclient.domain.outbox import Fate, OutboxId, SendEvent, SendState, later_fate
from mssclient.domain.receipts import Loss, Outcome, Report, ReportKind
from mssclient.store.mail import FolderSpec
from mssclient.store.outbox import Frozen
from mssclient.store.receipts import ReceiptStore, lost
from tests.store.conftest import NOW, Shelf, envelope

SYSTEM = "mailer-daemon@mta.tilleuls.mss.example"
AT = int(NOW.timestamp())
PEOPLE = [f"docteur.{n}@cab{n}.mss.example" for n in range(10)]
JEAN, LEA = PEOPLE[0], PEOPLE[1]


def sent(
    shelf: Shelf, name: str = "d1", people: list[str] | None = None, *, ask: bool = True, done: bool = True
) -> OutboxId:
    """A message that left an hour before NOW."""
    to = people or [JEAN, LEA]
    who = tuple(Recipient(Correspondent("", each, CorrespondentKind.PROFESSIONAL)) for each in to)
    draft = Draft(DraftId(name), shelf.bal, who, f"Bilan {name}", "Bonjour")
    shelf.stores.drafts.keep(draft, AT - 3600)
    frozen = Frozen(shelf.bal, "soins@tilleuls.mss.example", f"Bilan {name}", f"<{name}@tilleuls.mss.example>",
                    f"env-{name}", b"raw", tuple((each, "") for each in to), ask, None, "")  # fmt: skip
    outbox_id = shelf.stores.outbox.queue(draft, frozen, AT - 3600, AT - 3600)
    shelf.stores.outbox.advance(outbox_id, SendEvent.BEGIN)
    if done:
        shelf.stores.outbox.advance(outbox_id, SendEvent.ACCEPTED, now=AT - 3600)
        shelf.stores.outbox.advance(outbox_id, SendEvent.COPIED)
    return outbox_id


def dsn(*outcomes: tuple[str, Fate], about: str = "<d1@tilleuls.mss.example>", envelope_id: str = "") -> Report:
    told = tuple(Outcome(address, fate, "5.1.1" if fate is Fate.FAILED else "", "") for address, fate in outcomes)
    return Report(ReportKind.DSN, about, envelope_id, told, SYSTEM, from_system=True)


def mdn(address: str, fate: Fate = Fate.READ, *, sender: str = "", about: str = "<d1@tilleuls.mss.example>") -> Report:
    return Report(ReportKind.MDN, about, "", (Outcome(address, fate, "", ""),), sender or address)


def fates(shelf: Shelf, outbox_id: OutboxId) -> dict[str, Fate]:
    line = shelf.reader.outgoing(outbox_id)
    assert line is not None
    return {r.address: r.fate for r in line.recipients}


def test_a_report_is_matched_by_envelope_id_then_by_message_id(shelf: Shelf) -> None:
    outbox_id, receipts = sent(shelf), shelf.stores.receipts
    assert receipts.hear(dsn((JEAN, Fate.DELIVERED), about="", envelope_id="env-d1"), AT) == outbox_id
    assert receipts.hear(dsn((LEA.upper(), Fate.FAILED), envelope_id="of another program"), AT) == outbox_id
    assert receipts.hear(dsn((LEA, Fate.FAILED), about="<other@x>", envelope_id="other"), AT) is None
    assert fates(shelf, outbox_id) == {JEAN: Fate.DELIVERED, LEA: Fate.FAILED}


def test_one_recipient_of_ten_fails(shelf: Shelf) -> None:
    outbox_id = sent(shelf, people=PEOPLE)
    shelf.stores.receipts.hear(dsn((PEOPLE[7], Fate.FAILED)), AT)
    assert [a for a, fate in fates(shelf, outbox_id).items() if fate is not Fate.ACCEPTED] == [PEOPLE[7]]
    assert [each.line.id for each in lost(shelf.stores.database.read, NOW, 0)] == [outbox_id]


def test_a_late_delivery_report_does_not_undo_a_reading_and_twice_is_once(shelf: Shelf) -> None:
    outbox_id, receipts = sent(shelf), shelf.stores.receipts
    assert receipts.hear(mdn(JEAN), AT) == outbox_id
    assert receipts.hear(mdn(JEAN), AT + 60) is None
    assert receipts.hear(dsn((JEAN, Fate.DELIVERED)), AT + 90) is None
    assert receipts.hear(dsn((JEAN, Fate.FAILED)), AT + 90) is None
    line = shelf.reader.outgoing(outbox_id)
    assert line is not None
    assert (line.recipients[0].fate, line.recipients[0].at) == (Fate.READ, NOW)


@pytest.mark.parametrize(
    "forged",
    [
        mdn(JEAN, sender="intrus@ailleurs.mss.example"),
        mdn(JEAN, Fate.FAILED, sender=LEA),
        mdn("inconnu@ailleurs.mss.example", sender="inconnu@ailleurs.mss.example"),
        replace(dsn((JEAN, Fate.FAILED)), from_system=False, sender=LEA),
        dsn(("inconnu@ailleurs.mss.example", Fate.FAILED)),
        mdn(JEAN, about="<guessed@tilleuls.mss.example>"),
        replace(mdn(JEAN), sender=""),
    ],
)
def test_a_stranger_says_nothing_about_anybody(shelf: Shelf, forged: Report) -> None:
    outbox_id = sent(shelf)
    assert shelf.stores.receipts.hear(forged, AT) is None
    assert set(fates(shelf, outbox_id).values()) == {Fate.ACCEPTED}


def test_who_may_speak_for_a_recipient(shelf: Shelf) -> None:
    """Its record system, from an address of its domain, and a mail system about the address behind an alias."""
    outbox_id = sent(shelf)
    software = replace(mdn("dui@cab0.mss.example", Fate.INTEGRATED), kind=ReportKind.INTEGRATION)
    assert shelf.stores.receipts.hear(software, AT) == outbox_id
    assert shelf.stores.receipts.hear(dsn(("boite.3@cab1.mss.example", Fate.FAILED)), AT) == outbox_id
    assert fates(shelf, outbox_id) == {JEAN: Fate.INTEGRATED, LEA: Fate.FAILED}


def test_a_usager_says_nothing_about_another_usager(shelf: Shelf) -> None:
    usager, other = "277076322082910@patient.mssante.fr", "177076322082981@patient.mssante.fr"
    outbox_id = sent(shelf, people=[usager])
    assert shelf.stores.receipts.hear(mdn(usager, sender=other), AT) is None
    assert shelf.stores.receipts.hear(mdn("", sender=other), AT) is None
    assert fates(shelf, outbox_id) == {usager: Fate.ACCEPTED}


def test_what_comes_before_its_message_waits_for_the_copy_in_sent(shelf: Shelf) -> None:
    receipts = shelf.stores.receipts
    about = "<77@ch.mss.example>"
    assert receipts.hear(mdn("soins@tilleuls.mss.example", about=about), AT) is None
    assert receipts.hear(mdn("soins@tilleuls.mss.example", about=about), AT) is None
    assert receipts.try_again() == []
    shelf.stores.mail.add(shelf.inbox, [envelope(77)])
    assert receipts.try_again() == [], "a mail that was received is none that we sent"
    copy = shelf.stores.mail.add(shelf.sent, [envelope(77)])[0]
    (outbox_id,) = receipts.try_again()
    assert fates(shelf, outbox_id) == {"soins@tilleuls.mss.example": Fate.READ}
    assert receipts.try_again() == []
    line = shelf.reader.outgoing_of(copy)
    assert line is not None
    assert (line.id, line.state, line.copy_id) == (outbox_id, SendState.DONE, copy)


def test_a_message_sent_elsewhere_joins_the_register_once(shelf: Shelf) -> None:
    shelf.stores.mail.add(shelf.sent, [envelope(5)])
    to = "soins@tilleuls.mss.example"
    first = shelf.stores.receipts.hear(dsn((to, Fate.DELIVERED), about="<5@ch.mss.example>"), AT)
    second = shelf.stores.receipts.hear(mdn(to, about="<5@ch.mss.example>"), AT)
    assert first is not None
    assert second == first
    assert [line.id for line in shelf.reader.sent()] == [first]
    assert shelf.reader.sent()[0].subject == "Message 5"


def test_a_report_may_come_into_another_mailbox(shelf: Shelf) -> None:
    outbox_id = sent(shelf)
    other = shelf.stores.mail.keep_bal("autre@tilleuls.mss.example", BalKind.PER, "Autre", own=True)
    shelf.stores.mail.keep_folders(other, [FolderSpec("INBOX", ("INBOX",), FolderRole.INBOX, selectable=True)])
    assert shelf.stores.receipts.hear(dsn((JEAN, Fate.FAILED)), AT) == outbox_id


def test_without_ids_the_returned_subject_and_date_decide_when_they_mean_one_message(shelf: Shelf) -> None:
    outbox_id = sent(shelf)
    bare = replace(dsn((JEAN, Fate.FAILED), about=""), quoted_subject="BILAN D1", quoted_sent=NOW - timedelta(hours=1))
    assert shelf.stores.receipts.hear(replace(bare, quoted_sent=NOW - timedelta(days=2)), AT) is None
    assert shelf.stores.receipts.hear(replace(bare, outcomes=(Outcome("x@y.fr", Fate.FAILED, "", ""),)), AT) is None
    assert shelf.stores.receipts.hear(bare, AT) == outbox_id
    twin = sent(shelf, "D1")
    assert shelf.stores.receipts.hear(replace(bare, outcomes=(Outcome(LEA, Fate.FAILED, "", ""),)), AT) is None
    assert fates(shelf, twin)[LEA] is Fate.ACCEPTED


def test_a_report_settles_an_uncertain_message(shelf: Shelf) -> None:
    outbox_id = sent(shelf, done=False)
    shelf.stores.outbox.advance(outbox_id, SendEvent.UNKNOWN)
    assert shelf.stores.receipts.hear(replace(dsn((JEAN, Fate.FAILED)), from_system=False), AT) is None
    assert shelf.stores.receipts.hear(dsn((JEAN, Fate.DELIVERED)), AT) == outbox_id
    assert shelf.stores.outbox.get(outbox_id).state is SendState.SENT  # type: ignore[union-attr]


def test_what_did_not_arrive_and_what_keeps_silent(shelf: Shelf) -> None:
    failed, delayed, silent, asked_nothing, fine = (
        sent(shelf, "failed"), sent(shelf, "delayed"), sent(shelf, "silent", [JEAN]),
        sent(shelf, "quiet", [JEAN], ask=False), sent(shelf, "fine", [JEAN]),
    )  # fmt: skip
    hear = shelf.stores.receipts.hear
    hear(dsn((JEAN, Fate.FAILED), (LEA, Fate.DELIVERED), about="", envelope_id="env-failed"), AT)
    hear(dsn((JEAN, Fate.DELAYED), (LEA, Fate.DELIVERED), about="", envelope_id="env-delayed"), AT)
    hear(dsn((JEAN, Fate.DELIVERED), about="", envelope_id="env-fine"), AT)
    read = shelf.stores.database.read

    def told(after: timedelta, days: int = 3) -> dict[OutboxId, frozenset[Loss]]:
        return {each.line.id: each.why for each in lost(read, NOW + after, days)}

    early = {failed: frozenset({Loss.FAILED}), delayed: frozenset({Loss.DELAYED})}
    assert told(timedelta(days=2)) == early
    assert told(timedelta(days=4)) == early | {silent: frozenset({Loss.SILENT})}
    assert told(timedelta(days=400), 0) == early
    assert asked_nothing not in told(timedelta(days=400))
    assert fine not in told(timedelta(days=400))


def test_what_a_person_knows_leaves_the_view_until_worse_is_heard(shelf: Shelf) -> None:
    outbox_id, receipts = sent(shelf), shelf.stores.receipts
    receipts.hear(dsn((JEAN, Fate.DELAYED)), AT)
    receipts.know_lost(outbox_id, AT)
    assert lost(shelf.stores.database.read, NOW, 3) == []
    receipts.hear(dsn((JEAN, Fate.DELAYED)), AT + 60)
    assert lost(shelf.stores.database.read, NOW, 3) == []
    receipts.hear(dsn((JEAN, Fate.FAILED)), AT + 90)
    assert [each.line.id for each in lost(shelf.stores.database.read, NOW, 3)] == [outbox_id]


def test_what_waits_is_bounded_in_time(shelf: Shelf) -> None:
    receipts: ReceiptStore = shelf.stores.receipts
    receipts.hear(mdn(JEAN, about="<old@x>"), AT)
    receipts.hear(mdn(JEAN, about="<new@x>"), AT + 91 * 86_400)
    rows = shelf.stores.database.read("SELECT header_id FROM unheard")
    assert rows == [("<new@x>",)]


HEARD = st.lists(
    st.tuples(st.sampled_from(Fate), st.sampled_from([JEAN, LEA, "intrus@x.fr"]), st.booleans()), min_size=1, max_size=8
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(heard=HEARD, number=st.integers(0, 10**9))
def test_any_order_ends_where_the_rule_says(shelf: Shelf, heard: list[tuple[Fate, str, bool]], number: int) -> None:
    """Reports come in any order, twice, from anybody: each recipient ends at the last rank that somebody who may speak
    gave it."""
    name = f"o{number}-{datetime.now(UTC).timestamp()}"
    outbox_id = sent(shelf, name)
    expected = {JEAN: Fate.ACCEPTED, LEA: Fate.ACCEPTED}
    for fate, who, genuine in heard:
        report = replace(dsn((who, fate), about="", envelope_id=f"env-{name}"), from_system=genuine)
        shelf.stores.receipts.hear(report, AT)
        if genuine and who in expected:
            expected[who] = later_fate(expected[who], fate)
    assert fates(shelf, outbox_id) == expected
