"""Whether a read receipt that somebody asked for is returned (RFC 8098 §2.1, ECO.3.1.6): the person's own rule a BAL."""

from __future__ import annotations

from enum import Enum
from typing import assert_never

from mssclient.domain.message import Message


class ReceiptPolicy(Enum):
    """What a person decided for a BAL."""

    ASK = "ask"
    ALWAYS = "always"
    NEVER = "never"


class ReceiptAct(Enum):
    """What is to be done about one message."""

    NOTHING = "nothing"
    ASK = "ask"
    SEND = "send"


def receipt_act(policy: ReceiptPolicy, message: Message) -> ReceiptAct:
    """What to do once a message was displayed. A receipt that would go elsewhere than where the message came from is
    never returned without a person's word (mssante.md §6)."""
    if not message.receipt_asked:
        return ReceiptAct.NOTHING
    match policy:
        case ReceiptPolicy.NEVER:
            return ReceiptAct.NOTHING
        case ReceiptPolicy.ALWAYS:
            return ReceiptAct.ASK if message.receipt_doubtful else ReceiptAct.SEND
        case ReceiptPolicy.ASK:
            return ReceiptAct.ASK
        case _:
            assert_never(policy)
