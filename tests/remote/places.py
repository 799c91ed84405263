"""Operators where the same promises are tried: the sandbox, and Dovecot with Postfix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mssclient.domain.bal import BalKind
from mssclient.domain.environment import Endpoint, Environment, OperatorProfile
from mssclient.remote.imap import ImapSession
from mssclient.sandbox.mailstore import Box
from mssclient.sandbox.operator import Operator
from tests.lab import mail as lab
from tests.lab.mail import LabMail

SANDBOX_DOMAIN = "tilleuls.mss.example"


@dataclass(frozen=True, slots=True)
class Place:
    """An operator with a personal BAL and an organisational one that Alice and Bob share; Carol is a stranger."""

    environment: Environment
    profile: OperatorProfile
    token: Callable[[str], str]
    domain: str

    def session(self, name: str = "alice.martin", person: str = "alice") -> ImapSession:
        return ImapSession.open(
            self.environment, self.profile, f"{name}@{self.domain}", self.token(person), timeout_s=10
        )


def new_operator(folder: Path) -> Operator:
    """A sandbox with the same BAL as the lab; a token is the person's name."""
    people = {"alice": "1", "bob": "2", "carol": "3"}
    boxes = [
        Box(f"alice.martin@{SANDBOX_DOMAIN}", BalKind.PER, frozenset({"1"}), "Dr_Alice_MARTIN_Tilleuls"),
        Box(f"bob.durand@{SANDBOX_DOMAIN}", BalKind.PER, frozenset({"2"}), "Dr_Bob_DURAND_Tilleuls"),
        Box(f"carol.petit@{SANDBOX_DOMAIN}", BalKind.PER, frozenset({"3"}), "Mme_Carol_PETIT_Tilleuls"),
        Box(f"cabinet@{SANDBOX_DOMAIN}", BalKind.ORG, frozenset({"1", "2"}), "Cabinet"),
    ]
    return Operator(boxes, {}, people.get, folder)


def sandbox_place(operator: Operator) -> Place:
    environment = Environment(
        name="sandbox",
        autoconfig="",
        psc_relay="",
        directory="",
        white_list="",
        mail_anchors=str(operator.pki.mail_anchors),
        web_anchors=str(operator.pki.web_anchors),
        product="TEST-1",
        hosts=tuple(operator.hosts().items()),
        mail_crl=str(operator.pki.mail_crl),
    )
    imap = Endpoint(f"imap.{SANDBOX_DOMAIN}", operator.ports["imap"])
    smtp = Endpoint(f"smtp.{SANDBOX_DOMAIN}", operator.ports["smtp"])
    return Place(environment, OperatorProfile(SANDBOX_DOMAIN, "", imap, smtp), lambda person: person, SANDBOX_DOMAIN)


def lab_place(running: LabMail) -> Place:
    people = {"alice": lab.ALICE, "bob": lab.BOB, "carol": lab.CAROL}
    return Place(running.environment(), running.profile(), lambda person: running.token(people[person]), lab.DOMAIN)
