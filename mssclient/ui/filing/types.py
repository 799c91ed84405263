"""The types of document one may choose, the document's own first."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox

from mssclient.domain.filing import FilingChoice
from mssclient.domain.type_codes import TYPE_LABELS


def offer_types(box: QComboBox, choice: FilingChoice, hint: str) -> None:
    """Fill the box with (code, label); nothing is chosen where the document does not say."""
    box.clear()
    offered = dict(TYPE_LABELS)
    if choice.type_code:
        label = choice.type_label or TYPE_LABELS.get(choice.type_code, choice.type_code)
        offered = {choice.type_code: label, **{c: known for c, known in offered.items() if c != choice.type_code}}
    for code, shown in offered.items():
        box.addItem(shown.replace("'", "’"), (code, shown))
    box.setCurrentIndex(0 if choice.type_code else -1)
    box.setPlaceholderText(hint)
