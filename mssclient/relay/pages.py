"""The few French pages that the relay shows in a browser. Nothing foreign is ever put into them."""

from __future__ import annotations

_FRAME = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
body{{font:18px/1.5 system-ui,sans-serif;max-width:34em;margin:12vh auto;padding:0 1.5em;color:#1b1b35;background:#fff}}
.code{{font-size:3em;letter-spacing:.2em;font-weight:700;margin:.3em 0}}
button{{font:inherit;padding:.6em 1.2em;margin:0 .6em .6em 0;border:1px solid #000091;border-radius:4px;background:#fff;
color:#000091;cursor:pointer}} button.yes{{background:#000091;color:#fff}}
</style></head><body><main><h1>{title}</h1>{body}</main></body></html>
"""


def done() -> str:
    """The session is on its way to the workstation."""
    return _FRAME.format(
        title="Identification réussie", body="<p>Vous pouvez fermer cet onglet et revenir à votre messagerie.</p>"
    )


def disowned() -> str:
    """The person said that the workstation is not theirs."""
    return _FRAME.format(
        title="Connexion refusée", body="<p>La session a été fermée. Vous pouvez fermer cet onglet.</p>"
    )


def failed() -> str:
    """PSC or the person ended the sign-in, or the address is stale."""
    return _FRAME.format(
        title="Identification non aboutie",
        body="<p>Fermez cet onglet, puis recommencez depuis votre messagerie.</p>",
    )


def confirm(word: str, code: str) -> str:
    """Ask whether the code is the one the workstation shows; both arguments are our own, safe in HTML."""
    return _FRAME.format(
        title="Est-ce bien votre poste\u202f?",
        body=f"""<p>Votre messagerie affiche-t-elle ce code\u202f?</p><p class="code">{code}</p>
<form method="post" action="confirm"><input type="hidden" name="word" value="{word}">
<button class="yes" name="answer" value="yes">Oui, me connecter</button>
<button name="answer" value="no">Non, ce n’est pas mon poste</button></form>""",
    )
