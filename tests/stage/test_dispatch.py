"""Unattended sending from an applicative BAL: real Dovecot and Postfix with client certificates, a real process killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mssclient import cli
from mssclient.domain import mime, xdm
from mssclient.remote import smtp
from mssclient.remote.smtp import Outcome, Stage, Submission, Verdict
from mssclient.stage import dispatch, dispatch_line
from mssclient.stage.dispatch_config import BadConfig, read
from tests.lab.applicative import BAL, PASSWORD, ApplicativeLab, applicative_lab
from tests.lab.mail import DOMAIN, address

__all__ = ["applicative_lab"]
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
WHITE_LIST = (
    '<?xml version="1.0" encoding="UTF-8"?><ListeBlancheMSSante xmlns="https://listeblanche.mssante.fr/schema">'
    "<DateDeGeneration>2026-05-01T00:00:00</DateDeGeneration><ListeDomaines>{}</ListeDomaines></ListeBlancheMSSante>"
)


class Site:
    """One institution's machine: configuration, folder and queue."""

    def __init__(self, lab: ApplicativeLab, place: Path, **limits: int) -> None:
        self.lab = lab
        self.folder = place / "a-envoyer"
        self.state = place / "etat"
        self.folder.mkdir(parents=True)
        self.state.mkdir()
        for name, content in (("p12.mdp", "p12"), ("bal.mdp", PASSWORD)):
            (place / name).write_text(content)
        domains = "".join(f"<Domaine><Nom>{d}</Nom></Domaine>" for d in (DOMAIN, "patient.mssante.fr"))
        (self.state / "liste-blanche.xml").write_text(WHITE_LIST.format(domains))
        environment = lab.environment()
        (place / "lab.toml").write_text(
            f'name = "lab"\nautoconfig = "{environment.autoconfig}"\npsc_relay = "https://relay.{DOMAIN}"\n'
            f'product = "{environment.product}"\ntraining = true\n[trust]\nmail = "{environment.mail_anchors}"\n'
            f'web = "{environment.web_anchors}"\ncrl = "{environment.mail_crl}"\npins = {json.dumps(environment.pins)}\n'
            "[hosts]\n" + "".join(f'"{n}" = "{a}"\n' for n, a in environment.hosts)
            + '[institution]\nname = "EHPAD Les Tilleuls"\nidentifier = "1630009999"\n'
        )  # fmt: skip
        bounds = "".join(f"{k} = {v}\n" for k, v in limits.items())
        self.config = place / "dispatch.toml"
        self.config.write_text(
            f'environment = "{place}/lab.toml"\n[bal]\naddress = "{address(BAL)}"\nlabel = "Logiciel des Tilleuls"\n'
            f'reply_to = "{address("cabinet")}"\n[identity]\ncertificate = "{lab.clients.identity}"\n'
            'certificate_password_file = "p12.mdp"\npassword_file = "bal.mdp"\n'
            f'[folder]\npath = "{self.folder}"\nevery_s = 0.2\n[state]\npath = "{self.state}"\n[limits]\n{bounds}'
            '[[author]]\nnational_id = "810009999991"\nfamily = "LEMOINE"\ngiven = "Anne"\nprofession = "10"\n'
        )

    def ask(self, name: str, **changes: object) -> None:
        """The record system lays a document and its sidecar down."""
        (self.folder / f"{name}.pdf").write_bytes(PDF)
        sidecar = {
            "recipients": [address("alice.martin")], "attachment": {"title": f"{name}.pdf"},
            "type": {"code": "60591-5"}, "date": "2026-05-03", "title": f"Synthèse {name}",
            "subject": {"identifier": [{"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "277076322082910"}],
                        "family": "NESSI", "given": ["RUTH"], "birthDate": "1977-07-14", "gender": "female"},
        } | changes  # fmt: skip
        (self.folder / f"{name}.json").write_text(json.dumps(sidecar), "utf-8")

    def rounds(self, count: int = 3) -> dispatch.Dispatch:
        sender = dispatch.Dispatch(read(self.config))
        with contextlib.closing(sender):
            sender.begin()
            for _ in range(count):
                sender.round()
            self.table = sender.table()
        return sender

    def states(self) -> list[str]:
        return [row["etat"] for row in self.table]

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "mssclient", "dispatch", "--config", str(self.config)]
        return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def inbox(lab: ApplicativeLab, name: str = "alice.martin", folder: str = "INBOX") -> list[bytes]:
    text = lab.doveadm("-f", "flow", "fetch", "-u", name, "uid", "mailbox", folder, "all")
    uids = [line.partition("uid=")[2].strip() for line in text.splitlines() if "uid=" in line]
    return [lab.doveadm("fetch", "-u", name, "text", "mailbox", folder, "uid", uid).encode() for uid in uids]


def until(holds: Callable[[], object], what: str, seconds: float = 40.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"never: {what}"
        threading.Event().wait(0.05)


@pytest.fixture
def site(applicative_lab: ApplicativeLab, tmp_path: Path) -> Site:
    for name in ("alice.martin", BAL):
        applicative_lab.empty(name)
    return Site(applicative_lab, tmp_path)


def test_what_is_laid_down_leaves_by_the_book(site: Site) -> None:
    site.ask("a")
    site.rounds()
    assert site.states() == ["parti"]
    until(lambda: len(inbox(site.lab)) == 1, "delivered")
    raw = inbox(site.lab)[0].partition(b"\n")[2].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    message = mime.parse(raw)
    assert f"Reply-To: {address('cabinet')}".encode() in raw
    assert b"Auto-Submitted: auto-generated" in raw
    assert b"X-MSS-INS: O" in raw
    assert address("cabinet") in message.text
    (document,) = xdm.read(next(a.content for a in message.attachments if a.name == "IHE_XDM.ZIP")).documents
    assert document.title == "Synthèse a"
    assert sorted(p.name for p in (site.folder / "SENT").iterdir()) == ["a.json", "a.pdf"]
    assert len(inbox(site.lab, BAL, "Envoyés")) == 1


def test_without_the_right_certificate_nothing_leaves_and_nothing_is_lost(site: Site) -> None:
    config = site.config.read_text().replace(str(site.lab.clients.identity), str(site.lab.clients.stranger))
    site.config.write_text(config)
    site.ask("a")
    site.rounds()
    assert site.states() == ["en attente"]
    assert inbox(site.lab) == []
    assert (site.folder / "a.json").exists()


def test_a_wrong_password_of_the_certificate_is_said(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    (site.config.parent / "p12.mdp").write_text("faux")
    assert cli.main(["dispatch", "--config", str(site.config), "--once"]) == 2
    assert "PKCS#12" in capsys.readouterr().err


def test_what_may_not_leave_is_put_aside_with_its_reason(site: Site) -> None:
    site.ask("dehors", recipients=["x@gmail.example"])
    site.ask("sans-type", type={})
    site.ask("date", date="hier")
    (site.folder / "abime.json").write_text("{", "utf-8")
    site.rounds()
    refused = {p.name for p in (site.folder / "REFUSED").iterdir()}
    assert {"dehors.json", "dehors.pdf", "dehors.motif.txt", "sans-type.motif.txt", "abime.motif.txt"} <= refused
    assert {"date.json", "date.pdf"} <= refused, "the document goes with its sidecar"
    assert "JSON ne peut pas être lu" in (site.folder / "REFUSED" / "abime.motif.txt").read_text("utf-8")
    assert "espace de confiance" in (site.folder / "REFUSED" / "dehors.motif.txt").read_text()
    assert site.table == []


def test_a_usager_is_written_to_by_their_own_ins_only_and_unless_they_object(site: Site) -> None:
    roster = site.config.parent / "usagers.csv"
    roster.write_text(
        "Matricule INS;OID;Nom de naissance;Prénoms;Date de naissance;Sexe;Statut INS;Opposition MES;Opposition pro\n"
        "277076322082910;1.2.250.1.213.1.4.10;NESSI;RUTH;14/07/1977;F;Qualifiée;oui;oui\n", "utf-8",
    )  # fmt: skip
    environment = site.config.parent / "lab.toml"
    site.ask("autrui", recipients=["279035121518989@patient.mssante.fr"])
    site.rounds()
    environment.write_text(environment.read_text() + f'[filing]\nroster = "{roster}"\n')
    site.ask("citoyen", recipients=["277076322082910@patient.mssante.fr"])
    site.ask("professionnel")
    site.rounds()
    assert site.table == []
    refused = site.folder / "REFUSED"
    for name, why in (
        ("autrui", "autre usager"), ("citoyen", "Mon espace santé"), ("professionnel", "entre professionnels")
    ):  # fmt: skip
        assert why in (refused / f"{name}.motif.txt").read_text("utf-8")


def test_what_the_operator_refuses_is_put_aside_with_its_words(site: Site) -> None:
    site.ask("mes", recipients=[], toUsager=True)
    site.rounds()
    assert site.states() == ["refusé"]
    assert "5.7.1" in (site.folder / "REFUSED" / "mes.motif.txt").read_text("utf-8")
    (line,) = (site.state / "rapport.csv").read_text("utf-8-sig").splitlines()[1:]
    assert "'" not in line, "an empty cell stays empty"


def test_while_the_record_s_usagers_cannot_be_read_nothing_is_taken_in(site: Site) -> None:
    environment = site.config.parent / "lab.toml"
    environment.write_text(environment.read_text() + '[filing]\nroster = "/nulle/part.csv"\n')
    site.ask("a")
    site.rounds()
    assert site.table == []
    assert (site.folder / "a.json").exists()


def test_the_same_wish_twice_leaves_once(site: Site) -> None:
    site.ask("a")
    site.rounds()
    site.ask("a")
    site.rounds()
    assert site.states() == ["parti"]
    assert len(inbox(site.lab)) == 1


def test_a_limit_holds_the_rest_back(applicative_lab: ApplicativeLab, tmp_path: Path) -> None:
    applicative_lab.empty("alice.martin")
    site = Site(applicative_lab, tmp_path, per_minute=2)
    for name in ("a", "b", "c"):
        site.ask(name)
    site.rounds()
    assert sorted(site.states()) == ["en attente", "parti", "parti"]


@pytest.mark.parametrize("after_s", [0.3, 0.5, 0.65, 0.8, 0.95])
def test_killed_at_any_moment_nothing_is_lost_and_nothing_doubled(site: Site, after_s: float) -> None:
    names = [f"n{k}" for k in range(6)]
    for name in names:
        site.ask(name)
    process = site.start()
    until((site.state / "queue.sqlite").exists, "begun")
    threading.Event().wait(after_s)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    site.rounds(4)
    states = site.states()
    assert len(states) == len(names)
    assert set(states) <= {"parti", "incertain"}
    assert states.count("incertain") <= 1
    until(lambda: len(inbox(site.lab)) >= states.count("parti"), "delivered")
    ids = [next(x for x in raw.splitlines() if x.lower().startswith(b"message-id:")) for raw in inbox(site.lab)]
    assert len(ids) == len(set(ids)) <= len(names)


@pytest.mark.parametrize(("stage", "after"), [
    (Stage.CONTENT, "parti"), (Stage.DOT, "incertain"), (Stage.ANSWERED, "incertain"),
])  # fmt: skip
def test_killed_at_a_stage_only_what_nobody_knows_is_uncertain(
    site: Site, monkeypatch: pytest.MonkeyPatch, stage: Stage, after: str
) -> None:
    """Before the final dot nothing was taken: it leaves again by itself. After it, it waits for a person."""
    monkeypatch.setattr(dispatch_line.Lines, "listen", lambda _self: None)
    site.ask("a")
    command = [sys.executable, "-m", "tests.stage.dispatch_killed", str(site.config), stage.value]
    assert subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == -signal.SIGKILL
    site.rounds(3)
    assert site.states() == [after]
    expected = 0 if stage is Stage.DOT else 1
    until(lambda: len(inbox(site.lab)) == expected, "delivered once, or not at all")


BOUNCE = """Return-Path: <>
From: MAILER-DAEMON@{domain}
To: {sender}
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-1@{domain}>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail system
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.{domain}

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 mailbox full

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}

--b--
"""


def test_the_report_says_what_became_of_each_message(site: Site) -> None:
    """Postfix's own report of a delivery, and one of a failure that comes later."""
    site.ask("a")
    site.rounds(2)
    assert site.table[0]["devenir"] in {"accepté", "remis"}
    until(lambda: inbox(site.lab, BAL), "the operator's report")
    sender = dispatch.Dispatch(read(site.config))
    with contextlib.closing(sender):
        sender.lines.listen()
        (row,) = sender.table()
        assert (row["etat"], row["devenir"], row["motif"]) == ("parti", "remis", "")
    assert len(inbox(site.lab, BAL)) == 1, "it stays where it is"

    site.ask("b", recipients=[address("alice.martin"), address("cabinet")])
    site.rounds(2)
    told = BOUNCE.format(
        domain=DOMAIN, sender=address(BAL), recipient=address("cabinet"), message_id=site.table[1]["message_id"]
    )
    site.lab.save_to(BAL, "INBOX", told.encode())
    site.rounds(1)
    fates = dict(zip(site.table[1]["destinataires"].split(), site.table[1]["devenir"].split(), strict=True))
    assert fates[address("cabinet")] == "non-remis"
    assert site.table[1]["motif"].startswith("5.2.2 ")
    assert "mailbox full" in site.table[1]["motif"]
    assert "non-remis" in (site.state / "rapport.csv").read_text("utf-8-sig")
    assert site.states() == ["parti", "parti"], "what left is never sent again by itself"


def test_the_configuration_names_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text('environment = "production"\n[bal]\naddress = "a@b.example"\nreply_to = "a@b.example"\n')
    with pytest.raises(BadConfig, match=r"bal\.address"):
        read(path)


def test_what_is_not_known_is_said_and_never_sent_again_by_itself(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []

    def cut(
        _e: object, _p: object, _a: object, _t: object, wanted: Submission, stage: Callable[[Stage], None], **_: object
    ) -> Verdict:
        tries.append(wanted.envelope_id)
        stage(Stage.DOT)
        return Verdict(Outcome.UNKNOWN)

    monkeypatch.setattr(dispatch_line, "submit", cut)
    site.ask("a")
    site.rounds(4)
    assert (site.states(), len(tries)) == (["incertain"], 1)
    monkeypatch.undo()
    site.rounds(3)
    assert site.states() == ["incertain"]
    assert inbox(site.lab) == []
    number = site.table[0]["numero"]
    assert cli.main(["dispatch", "--config", str(site.config), "--retry", number]) == 0
    site.rounds(2)
    assert site.states() == ["parti"]
    until(lambda: len(inbox(site.lab)) == 1, "delivered")


def test_an_uncertain_one_that_stands_in_sent_is_settled(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator keeps copies itself: what it took, it shows."""
    real = smtp.submit

    def taken_but_cut(*arguments: Any, **more: Any) -> Verdict:
        real(*arguments, **more)
        return Verdict(Outcome.UNKNOWN)

    monkeypatch.setattr(dispatch_line, "submit", taken_but_cut)
    monkeypatch.setattr(dispatch_line.Lines, "listen", lambda _self: None)
    site.ask("a")
    site.rounds(3)
    assert site.states() == ["incertain"]
    raw = next(iter(inbox(site.lab)), b"").partition(b"\n")[2]
    site.lab.save_to(BAL, "Envoyés", raw)
    monkeypatch.undo()
    site.rounds(2)
    assert site.states() == ["parti"]
    assert len(inbox(site.lab)) == 1


def test_an_uncertain_one_is_settled_by_the_operators_report(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    real = smtp.submit

    def taken_but_cut(*arguments: Any, **more: Any) -> Verdict:
        real(*arguments, **more)
        return Verdict(Outcome.UNKNOWN)

    monkeypatch.setattr(dispatch_line, "submit", taken_but_cut)
    site.ask("a")
    site.rounds(3)
    until(lambda: inbox(site.lab, BAL), "the operator's report")
    site.rounds(1)
    assert (site.states(), site.table[0]["devenir"]) == (["parti"], "remis")
    assert len(inbox(site.lab)) == 1
