"""What a person does about what waits for them when everything works again, and what must be true when it is done."""

from __future__ import annotations

import time
from collections import Counter

from tests.faults.nursery import Far
from tests.faults.truth import Box, Seen, Truth
from tests.faults.world import FaultWorld

SETTLE_S = 15.0


def settled(world: FaultWorld, far: Far, alice: Truth) -> Box:
    """The mailbox once nothing waits, and the screen and the operator say the same."""
    end = time.monotonic() + SETTLE_S
    far.call("refresh")
    while True:
        open_lines = decide(world, far)
        screen, box = shown(far), alice.box()
        if not open_lines and not far.call("pending") and screen == box:
            return box
        assert time.monotonic() < end, (
            f"never settled: outbox {open_lines}, {far.call('pending')} wishes wait, {far.call('account')}\n"
            f"only on the screen: {_more(screen, box)}\nonly at the operator: {_more(box, screen)}"
        )


def decide(world: FaultWorld, far: Far) -> list[str]:
    """One word about each message that has not left, from somebody who knows whether it arrived; their states."""
    states = []
    for outbox_id, state, message_id, _subject, _waits in far.call("lines"):
        match state:
            case "queued":
                far.call("again", outbox_id)
            case "uncertain" if world.proxy.awaits_outcome():
                pass
            case "uncertain" if message_id in world.proxy.accepted:
                far.call("settle", outbox_id)
            case "uncertain":
                far.call("again", outbox_id)
            case _:
                pass
        if state not in {"done", "failed", "cancelled"}:
            states.append(state)
    return states


def shown(far: Far) -> Box:
    """The screen."""
    return {name: Counter(Seen(*each) for each in rows) for name, rows in far.call("screen").items()}


def everywhere(box: Box) -> Counter[str]:
    """How often each message stands in the mailbox."""
    return Counter(seen.message_id for rows in box.values() for seen in rows.elements())


def sent_once(world: FaultWorld, far: Far, box: Box, bob: Truth) -> None:
    """Every message that left, left once, arrived once, and has one copy in Sent."""
    lines = [line for line in far.call("lines") if line[1] == "done"]
    copies = Counter(seen.message_id for seen in box["Envoy&AOk-s"].elements())
    accepted = Counter(world.proxy.accepted)
    for _id, _state, message_id, _subject, _waits in lines:
        assert accepted[message_id] == 1, f"{message_id} was taken {accepted[message_id]} times"
        assert copies[message_id] == 1, f"{message_id} has {copies[message_id]} copies"
        _arrives(bob, message_id)
    assert set(accepted) <= {line[2] for line in lines}, "the operator took a message that the program knows nothing of"


def _arrives(bob: Truth, message_id: str) -> None:
    end = time.monotonic() + SETTLE_S
    while not (found := bob.find("INBOX", message_id)):
        assert time.monotonic() < end, "it never arrived"
    assert len(found) == 1, "it arrived twice"


def no_secret(world: FaultWorld, far: Far) -> None:
    """Nothing that opens anything, and nothing that a person wrote, stands in the log."""
    text = far.logged()
    for secret in (
        *world.relay.secrets,
        "CorpsSecret",
        "TexteSecret",
        "Objet left",
        "Lettre ",
        "DURAND",
        "bob.durand@",
    ):
        assert secret not in text, f"{secret[:20]} in the log"


def _more(one: Box, other: Box) -> dict[str, list[Seen]]:
    return {
        name: sorted((rows - other.get(name, Counter())).elements())
        for name, rows in one.items()
        if rows != other.get(name)
    }
