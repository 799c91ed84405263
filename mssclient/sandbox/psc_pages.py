"""The sandbox provider's French web pages: choosing a person, and the phone that answers e-CPS requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from mssclient.domain.session import Person

_FRAME = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
body{{font:18px/1.5 system-ui,sans-serif;max-width:34em;margin:8vh auto;padding:0 1.5em;color:#1b1b35;background:#fff}}
.note{{background:#fff4d6;border-left:5px solid #b27300;padding:.6em 1em}}
button{{font:inherit;display:block;width:100%;text-align:left;padding:.7em 1em;margin:.4em 0;border:1px solid #8585a0;
border-radius:4px;background:#fff;cursor:pointer}} button.first{{background:#000091;color:#fff;border-color:#000091}}
button small{{display:block;opacity:.8}} .digits{{font-size:3em;font-weight:700;letter-spacing:.2em}}
</style></head><body><main><p class="note">Bac à sable\u00a0: personnes et cartes fictives.</p>
<h1>{title}</h1>{body}</main></body></html>
"""


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """One e-CPS request as the phone shows it."""

    id: str
    digits: str
    name: str


def choose(people: Sequence[Person], card: str | None, transaction: str, action: str) -> str:
    """Who signs in: the person whose card is in the reader stands first."""
    ordered = sorted(people, key=lambda person: person.national_id != card)
    buttons = "".join(_person_button(person, inserted=person.national_id == card) for person in ordered)
    return _FRAME.format(
        title="Choisissez la personne ou la carte",
        body=f"""<form method="post" action="{escape(action)}">
<input type="hidden" name="transaction" value="{escape(transaction)}">{buttons}
<button name="cancel" value="1">Annuler</button></form>""",
    )


def _person_button(person: Person, *, inserted: bool) -> str:
    job = " · ".join(dict.fromkeys(activity.profession for activity in person.activities if activity.profession))
    card = "Carte insérée dans le lecteur" if inserted else ""
    small = " — ".join(piece for piece in (card, job) if piece)
    style = ' class="first"' if inserted else ""
    return (
        f'<button name="person" value="{escape(person.national_id)}"{style}>{escape(person.name)}'
        f"<small>{escape(small)}</small></button>"
    )


def phone(rows: Sequence[PhoneRow], action: str) -> str:
    """The e-CPS application of everybody in the sandbox; reloads itself."""
    requests = "".join(
        f"""<form method="post" action="{escape(action)}"><p>Connexion demandée pour
{escape(row.name)}. Votre messagerie affiche-t-elle ce nombre\u202f?</p><p class="digits">{escape(row.digits)}</p>
<input type="hidden" name="request" value="{escape(row.id)}">
<button class="first" name="answer" value="yes">Confirmer</button>
<button name="answer" value="no">Refuser</button></form>"""
        for row in rows
    )
    page = _FRAME.format(title="Téléphone e-CPS", body=requests or "<p>Aucune demande en attente.</p>")
    return page.replace("<title>", '<meta http-equiv="refresh" content="2"><title>', 1)


def told(title: str, sentence: str) -> str:
    """One sentence."""
    return _FRAME.format(title=escape(title), body=f"<p>{escape(sentence)}</p>")
