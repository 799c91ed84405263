"""The pieces of the mail bench: its mail is always the same, its bare client counts, its verdicts are right."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from pathlib import Path

import pytest

from mssclient.domain import mime
from mssclient.stage.measures import Line, figure, share
from tests.bench import mail_peers
from tests.bench.mail_corpus import FIRST, LAST, Corpus, number_of
from tests.bench.mail_raw import RawLine, newest
from tests.lab import mail
from tests.lab.mail import LabMail, lab_mail

__all__ = ["lab_mail"]
FEW = 60


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(FEW, "charge@lab.mss.example")


def test_the_mail_is_the_same_each_time(corpus: Corpus) -> None:
    again = Corpus(FEW, "charge@lab.mss.example")
    assert [corpus.message(n) for n in range(20)] == [again.message(n) for n in range(20)]


@pytest.mark.parametrize("number", [0, 1, 3, 5, 19])
def test_each_kind_of_message_says_its_text(corpus: Corpus, number: int) -> None:
    found = mime.parse(corpus.message(number))
    assert found.text.split() == corpus.text(number).split()
    read = email.message_from_bytes(corpus.message(number), policy=email.policy.default)
    assert not read.defects
    assert number_of(str(read["Message-ID"])) == number


def test_messages_come_in_order_and_long_ago(corpus: Corpus) -> None:
    times = [corpus.when(number) for number in range(FEW)]
    assert times == sorted(times)
    assert FIRST <= times[0] < times[-1] < LAST


def test_a_mailbox_is_written_once(corpus: Corpus, tmp_path: Path) -> None:
    folder = corpus.ready(tmp_path)
    files = sorted((folder / "maildir" / "cur").iterdir())
    assert [path.read_bytes() for path in files] == [corpus.message(number) for number in range(FEW)]
    assert [path.stat().st_mtime for path in files] == [corpus.when(number).timestamp() for number in range(FEW)]
    files[0].unlink()
    assert len(list((corpus.ready(tmp_path) / "maildir" / "cur").iterdir())) == FEW - 1, "it was written again"


def test_a_mailbox_half_written_is_begun_again(corpus: Corpus, tmp_path: Path) -> None:
    folder = corpus.ready(tmp_path)
    (folder / "made.json").unlink()
    next((folder / "maildir" / "cur").iterdir()).unlink()
    assert len(list((corpus.ready(tmp_path) / "maildir" / "cur").iterdir())) == FEW


def test_only_words_that_all_understand_are_asked_of_the_peers() -> None:
    assert list(mail_peers._some(["co", "com", "de:martin", "compte r", '"compte', "non-lu"])) == ["com", "compte r"]


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (Line("", 5, "ms", 5), "tenu"),
        (Line("", 5.1, "ms", 5), "non tenu"),
        (Line("", 5, "/s", 5, at_least=True), "tenu"),
        (Line("", 4.9, "/s", 5, at_least=True), "non tenu"),
        (Line("", 5, "ms"), ""),
    ],
)
def test_the_verdict(line: Line, verdict: str) -> None:
    assert line.verdict == verdict


def test_figures_and_shares() -> None:
    assert [figure(value) for value in (0.123, 12.34, 123.4, 12345.6)] == ["0.12", "12.3", "123", "12 346"]
    assert share([3.0, 1.0, 2.0], 0.5) == 2.0
    assert share([1.0], 0.999) == 1.0


@pytest.fixture
def box(lab_mail: LabMail, corpus: Corpus) -> Iterator[str]:
    name = lab_mail.spare()
    lab_mail.fill(name, (corpus.message(number) for number in range(FEW)))
    yield name
    lab_mail.empty(name)


@pytest.mark.lab
def test_the_bare_client_counts_what_a_real_server_says(lab_mail: LabMail, box: str) -> None:
    address, token, host, chain = (
        mail.address(box),
        lab_mail.token(mail.ALICE),
        f"imap.{mail.DOMAIN}",
        str(lab_mail.pki.mail_chain),
    )
    with RawLine(host, lab_mail.ports.imap, chain) as line:
        line.sign_in(address, token)
        line.command(b"ENABLE QRESYNC")
        uidvalidity, modseq, exists = line.select("INBOX")
        assert exists == FEW
        all_of_them, _ = line.headers("1:*")
        one, _ = line.headers("7")
        assert 500 * FEW < all_of_them < FEW * 2 * one
        line.select("Corbeille")
        nothing, _ = line.resync("INBOX", uidvalidity, modseq)
        line.select("Corbeille")
        lab_mail.doveadm("flags", "add", "-u", box, r"\Flagged", "mailbox", "INBOX", "1:20")
        changed, _ = line.resync("INBOX", uidvalidity, modseq)
        assert nothing < 1_000 < changed
        with pytest.raises(OSError, match="refused"):
            line.command(b"NONSENSE")
    whole, after, turn = newest(host, lab_mail.ports.imap, chain, address, token, 10)
    assert 0 < turn < whole
    assert after < whole
