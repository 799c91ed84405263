"""Why a draft may not leave, and drafts made from messages (mssante.md §3, §4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssclient.domain import draft as drafts
from mssclient.domain.address import Correspondent, CorrespondentKind, guessed_kind
from mssclient.domain.bal import Bal, BalId, BalKind, FolderId
from mssclient.domain.draft import AttachmentId, Draft, DraftAttachment, DraftId, Facts, Field, Origin, Recipient, Why
from mssclient.domain.message import Loading, Message, MessageId, Row, RowState
from mssclient.domain.mime_build import build

BAL = Bal(BalId(1), "claire.vasseur@ch.mssante.fr", BalKind.PER, "", "A", 0, own=True)
FACTS = Facts(BAL, frozenset({"b.mssante.fr", "patient.mssante.fr"}), "NIL-1")


def to(address: str, origin: Origin = Origin.DIRECTORY, field: Field = Field.TO) -> Recipient:
    return Recipient(Correspondent("", address, guessed_kind(address.lower())), field, origin)


GOOD = Draft(DraftId("d"), BalId(1), (to("a@b.mssante.fr"),), "Objet", "Bonjour")


def whys(draft: Draft, facts: Facts = FACTS) -> list[Why]:
    return [each.why for each in drafts.objections(draft, facts)]


def test_a_good_draft_leaves() -> None:
    assert whys(GOOD) == []


@pytest.mark.parametrize(
    ("bent", "why"),
    [
        ({"recipients": ()}, Why.NO_RECIPIENT),
        ({"recipients": tuple(to(f"a{n}@b.mssante.fr") for n in range(11))}, Why.TOO_MANY),
        ({"recipients": (to("a@b@c"),)}, Why.BAD_ADDRESS),
        ({"recipients": (to("a@gmail.com", Origin.TYPED),)}, Why.OUTSIDE),
        ({"recipients": (to("a@sub.b.mssante.fr", Origin.TYPED),)}, Why.OUTSIDE),
        ({"recipients": (to("279035121518989@patient.mssante.fr", Origin.TYPED),)}, Why.TYPED_USAGER),
        ({"recipients": (to("279035121518980@patient.mssante.fr", Origin.RECORD),)}, Why.USAGER_KEY),
        ({"recipients": (to("a@b.mssante.fr"), to("A@B.mssante.fr"))}, Why.TWICE),
        (
            {
                "recipients": (
                    to("279035121518989@patient.mssante.fr", Origin.RECORD),
                    to("277076322082910@patient.mssante.fr", Origin.RECORD),
                )
            },
            Why.MANY_USAGERS,
        ),
        ({"subject": " "}, Why.NO_SUBJECT),
        ({"text": "\n"}, Why.NO_TEXT),
        ({"text": "Voir la pièce jointe"}, Why.ATTACHMENT_FORGOTTEN),
        ({"attachments": (DraftAttachment(AttachmentId("1"), "a", "b", 10 * 1024 * 1024),)}, Why.TOO_BIG),
    ],
)
def test_each_reason(bent: dict[str, object], why: Why) -> None:
    """ECO.3.1.4, ECO.3.1.5."""
    assert whys(replace(GOOD, **bent)) == [why]  # type: ignore[arg-type]


def test_what_the_world_lacks() -> None:
    assert whys(GOOD, replace(FACTS, product="")) == [Why.NO_PRODUCT]
    assert whys(GOOD, replace(FACTS, bal=replace(BAL, kind=BalKind.APP))) == [Why.APP_BAL]
    typed = replace(GOOD, recipients=(to("a@b.mssante.fr", Origin.TYPED),))
    assert whys(typed, replace(FACTS, white_list=frozenset())) == [Why.NO_WHITE_LIST]
    assert whys(GOOD, replace(FACTS, white_list=frozenset())) == []


def test_mes_has_its_own_limit() -> None:
    big = (DraftAttachment(AttachmentId("1"), "a", "b", 20 * 1024 * 1024),)
    usager = replace(GOOD, recipients=(to("279035121518989@patient.mssante.fr", Origin.RECORD),), attachments=big)
    large = replace(FACTS, bal=replace(BAL, max_size=100 * 1024 * 1024))
    assert whys(usager, large) == [Why.MES_TOO_BIG]
    assert whys(replace(GOOD, attachments=big), large) == []


def test_quoted_words_forget_no_attachment() -> None:
    quoted = "> Voir la pièce jointe"
    assert whys(replace(GOOD, text=f"Merci\n{quoted}"), replace(FACTS, quoted=quoted)) == []


def test_blocking_reasons_come_first() -> None:
    found = drafts.objections(replace(GOOD, subject="", recipients=()), FACTS)
    assert [each.blocking for each in found] == [True, False]


@settings(max_examples=40, deadline=2000)
@given(st.lists(st.binary(max_size=5000), max_size=4), st.text(max_size=2000))
def test_the_size_foreseen_is_never_less_than_what_is_sent(contents: list[bytes], text: str) -> None:
    listed = tuple(
        DraftAttachment(AttachmentId(str(n)), "a.pdf", "application/pdf", len(c)) for n, c in enumerate(contents)
    )
    draft = replace(GOOD, text=text, attachments=listed)
    raw = build(
        draft,
        BAL,
        "Dr_Claire_VASSEUR",
        "NIL-1",
        "<m@x>",
        datetime(2024, 1, 15, tzinfo=UTC),
        {AttachmentId(str(n)): c for n, c in enumerate(contents)},
    )
    assert len(raw) <= drafts.encoded_size(draft)


def received(**bent: object) -> Message:
    person = Correspondent("Dr_Jean_DUPONT", "jean@b.mssante.fr", CorrespondentKind.PROFESSIONAL)
    row = Row(
        MessageId(5),
        FolderId(1),
        BalId(1),
        seen=True,
        flagged=False,
        answered=False,
        forwarded=False,
        sender=person,
        subject="Re: Objet",
        date=datetime(2024, 1, 15, tzinfo=UTC),
        size=1,
        attachments=0,
        documents=0,
        has_xdm=False,
        state=RowState.NONE,
        usager=None,
        conversation=1,
        conversation_size=1,
        pending=False,
    )
    other = Correspondent("", "lea@b.mssante.fr", CorrespondentKind.PROFESSIONAL)
    mine = Correspondent("", "Claire.Vasseur@CH.mssante.fr", CorrespondentKind.PROFESSIONAL)
    whole = Message(
        row,
        (mine, other),
        (person,),
        "",
        "<m@x>",
        "",
        ("<l@x>",),
        Loading.HERE,
        "un\n\ndeux",
        "",
        0,
        (),
        "",
        receipt_doubtful=False,
        mes_closed=False,
    )
    return replace(whole, **bent)  # type: ignore[arg-type]


def test_an_answer_goes_to_the_sender_and_threads() -> None:
    """ECO.2.2.2."""
    made = drafts.answer(DraftId("n"), received(), BAL, to_all=False, heading="Le 15 janvier :")
    assert [r.who.address for r in made.recipients] == ["jean@b.mssante.fr"]
    assert (made.subject, made.in_reply_to, made.references) == ("Re: Objet", "<m@x>", ("<l@x>", "<m@x>"))
    assert made.text == "\n\nLe 15 janvier :\n> un\n>\n> deux"
    assert made.answers == 5


def test_an_answer_to_all_never_comes_back_nor_twice() -> None:
    made = drafts.answer(DraftId("n"), received(), BAL, to_all=True, heading="")
    assert [r.who.address for r in made.recipients] == ["jean@b.mssante.fr", "lea@b.mssante.fr"]


def test_reply_to_wins() -> None:
    made = drafts.answer(DraftId("n"), received(reply_to="Secretariat@B.mssante.fr"), BAL, to_all=False, heading="")
    assert [r.who.address for r in made.recipients] == ["secretariat@b.mssante.fr"]


def test_a_forward_names_nobody() -> None:
    made = drafts.forward(DraftId("n"), received(), BAL, heading="Transféré")
    assert (made.recipients, made.subject, made.forwards) == ((), "TR: Objet", 5)
    assert "un\n\ndeux" in made.text


def test_with_recipient_adds_once() -> None:
    once = drafts.with_recipient(GOOD, to("A@B.mssante.fr"))
    assert once is GOOD
    assert len(drafts.with_recipient(GOOD, to("c@b.mssante.fr")).recipients) == 2
    assert Draft(DraftId("e"), BalId(1)).is_empty()
    assert not GOOD.is_empty()
