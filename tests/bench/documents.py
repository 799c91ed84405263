"""Measures health documents: from a mail's bytes to the first useful paint, 1,000 filings, 10,000 lines on the list.

QT_QPA_PLATFORM=offscreen python -m tests.bench.documents
"""

from __future__ import annotations

import base64
import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PIL import Image

from mssclient.app import SWITCH_INTERVAL_S, qt_application
from mssclient.domain import cda
from mssclient.domain.documents import Archive
from mssclient.domain.message import PartId
from mssclient.domain.worklist import WorkQuery
from mssclient.dui.profile import ExportProfile
from mssclient.engine.house import Speaker
from mssclient.engine.preview import Preview, picture_of
from mssclient.stage.loop import rest, until
from mssclient.stage.measures import Gaps, Line
from mssclient.ui.worklist.page import WorklistPage
from tests.domain import archives
from tests.engine.filing_place import Place, one_document, place, receive
from tests.store.conftest import envelope
from tests.ui.desk import signed_in

FILED, LISTED, TIMES = 1000, 10_000, 5
PART = PartId(10)


def tell(*lines: Line) -> None:
    """One measure a line."""
    for line in lines:
        sys.stdout.write(f"{line}\n")


def spent(act: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def large_cda() -> bytes:
    """Level 3, 3 MB: text, a table of a thousand rows, and a picture."""
    buffer = io.BytesIO()
    Image.frombytes("RGB", (800, 500), os.urandom(800 * 500 * 3)).save(buffer, "PNG")
    picture = base64.b64encode(buffer.getvalue()).decode()
    rows = "".join(
        f"<tr><td>Analyse {n}</td><td>{n}</td><td>g/L</td><td>commentaire {n} sans particularité</td></tr>"
        for n in range(1000)
    )
    text = "".join(f"<paragraph>Ligne {n} : {'observation du jour, ' * 12}</paragraph>" for n in range(3000))
    section = (
        f"<component><section><title>Tracé</title><text><renderMultiMedia referencedObject='F'/></text><entry>"
        f"<observationMedia ID='F'><value mediaType='image/png' representation='B64'>{picture}</value></observationMedia>"
        "</entry></section></component>"
    )
    body = (
        f"<component><section><title>Observation</title><text>{text}</text></section></component>{section}"
        f"<component><section><title>Biologie</title><text><table><tbody>{rows}</tbody></table></text></section></component>"
    )
    return archives.cda(body=f"<component><structuredBody>{body}</structuredBody></component>")


def large_scan() -> bytes:
    """A colour scan of 9 MB."""
    buffer = io.BytesIO()
    Image.effect_noise((2480, 3508), 60).convert("RGB").save(buffer, "JPEG", quality=96)
    return buffer.getvalue()


def reading() -> None:
    """From bytes at hand to what one can read."""
    raw, scan = large_cda(), large_scan()
    desk = signed_in()
    preview = Preview(Speaker(desk.herald.post))
    preview.worker.start()
    document = cda.read(raw)
    desk.engine.world.archives[PART] = Archive(is_xdm=False, documents=(document,), entries=(), warnings=())
    engine = desk.engine
    engine.document_view = lambda part_id, content: preview.view((part_id, content, 0), lambda: raw)  # type: ignore[method-assign]
    engine.want_picture = lambda part_id, content, page, width: preview.want(  # type: ignore[method-assign]
        (part_id, content, page),
        width,
        lambda: raw if not content else cda.embedded(raw, int(content.partition("#")[2])),
    )
    engine.picture = lambda part_id, content, page: preview.get((part_id, content, page))  # type: ignore[method-assign]
    page = WorklistPage(desk.engine, desk.herald, lambda _bal: None)
    page.resize(1366, 728)
    page.show()
    panel = page.workbench.preview
    first: list[float] = []
    with Gaps() as gaps:
        for _ in range(TIMES):
            preview.forget()
            panel.clear()
            rest(20)
            begun = time.perf_counter()
            panel.show_part(PART)
            until(lambda: panel.stack.currentWidget() is panel.document, "the document is shown")
            panel.document.body.viewport().grab()
            first.append((time.perf_counter() - begun) * 1000)
            until(lambda: not panel.document._pour.isActive(), "all of it")
    size = len(raw) / 1_000_000
    tell(
        Line(
            f"CDA niveau 3 de {size:.1f} Mo, premier affichage utile", sorted(first)[TIMES // 2], "ms", 1000, max(first)
        ),
        Line("  fil de l’écran absent, pire", max(gaps.found), "ms", 100),
    )
    decoded = [spent(lambda: picture_of(scan, 0, 900)) for _ in range(TIMES)]
    tell(
        Line(
            f"numérisation de {len(scan) / 1_000_000:.1f} Mo décodée",
            sorted(decoded)[TIMES // 2],
            "ms",
            1000,
            max(decoded),
        )
    )
    preview.worker.stop()
    preview.worker.join()
    page.close()
    desk.herald.close()


def filing(here: Place) -> None:
    """A thousand documents, journalled and dropped, one after the other."""
    for number in range(2, FILED + 2):
        receive(here.shelf, number, one_document(number))
    lines = [
        line
        for n in range(0, FILED, 200)
        for line in here.documents.lines(here.documents.ids(WorkQuery())[n : n + 200])
    ]
    took = [spent(lambda line=line: here.file(line)) for line in lines[:FILED]]  # type: ignore[misc]
    tell(
        Line(f"{len(took):,} documents classés".replace(",", " "), sum(took) / 1000, "s", 60),
        Line("  l’un, 99 sur 100", sorted(took)[int(len(took) * 0.99)], "ms", 100, max(took)),
    )
    assert here.journal() == ["done"] * len(took)


def listing(here: Place) -> None:
    """Ten thousand lines: read, sorted, filtered, shown."""
    found, reads = here.documents, here.shelf.stores
    ids = reads.mail.add(here.shelf.inbox, [envelope(n) for n in range(2000, 2400)])
    with reads.database.write() as sql:
        columns = [r[1] for r in sql.execute("PRAGMA table_info(document)") if r[1] != "id"]
        model = sql.execute(f"SELECT {', '.join(columns)} FROM document LIMIT 1").fetchone()
        place_of = {name: n for n, name in enumerate(columns)}
        rows = []
        for n in range(LISTED):
            row = list(model)
            for name, value in (
                ("message_id", ids[n % len(ids)]), ("number", 1000 + n), ("state", "new"), ("unique_id", f"2.28.{n}"),
                ("set_id", f"2.29.{n}"), ("received", 1_700_000_000 + n), ("title_sort", f"titre {n * 7919 % LISTED:05d}"),
            ):  # fmt: skip
                row[place_of[name]] = value
            rows.append(row)
        marks = ", ".join("?" * len(columns))
        sql.executemany(f"INSERT INTO document ({', '.join(columns)}) VALUES ({marks})", rows)
    query = WorkQuery()
    for name, asked in (
        ("ouverte", query), ("triée par titre", replace(query, sort="title")),
        ("filtrée par mots", replace(query, words="pat-trois vasseur")),
    ):  # fmt: skip
        took = [spent(lambda asked=asked: found.ids(asked)) for _ in range(TIMES)]  # type: ignore[misc]
        tell(
            Line(
                f"liste de {len(found.ids(asked)):,} documents {name}".replace(",", " "),
                sorted(took)[2],
                "ms",
                50,
                max(took),
            )
        )
    desk = signed_in()
    desk.engine.world.work_ids, desk.engine.world.work_lines = found.ids, found.lines  # type: ignore[method-assign]
    desk.engine.world.work_types = found.types  # type: ignore[method-assign]
    page = WorklistPage(desk.engine, desk.herald, lambda _bal: None)
    page.resize(1366, 728)
    page.show()
    page.refresh()
    rest(300)
    bar = page.table.verticalScrollBar()

    def turn(value: int) -> None:
        bar.setValue(value)
        page.table.viewport().grab()

    steps = [spent(lambda n=n: turn(n * 300)) for n in range(60)]  # type: ignore[misc]
    jumps = [spent(lambda n=n: turn(bar.maximum() * n // 10)) for n in range(10)]  # type: ignore[misc]
    tell(
        Line("  une page qui défile, 95 sur 100", sorted(steps)[57], "ms", 16, max(steps)),
        Line("  un saut, pire", max(jumps), "ms", 50),
        Line("  relue après un changement", spent(page.model.refresh), "ms", 50),
    )
    page.close()
    desk.herald.close()


def main() -> None:
    """All of it, in a folder that goes away."""
    qt_application()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    reading()
    with tempfile.TemporaryDirectory(prefix="mssclient-bench-") as home:
        folder = Path(home) / "dui"
        folder.mkdir()
        with place(Path(home) / "mail.sqlite", folder, profile=ExportProfile("standard")) as here:
            filing(here)
            listing(here)


if __name__ == "__main__":
    main()
