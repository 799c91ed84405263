"""“I look at what came, I open it, I mark it, I put it away; and my colleague sees the same from elsewhere.”"""

from __future__ import annotations

from mssclient.domain.bal import FolderRole
from mssclient.domain.message import Loading
from tests.journeys.mail_client import TRASH_USE
from tests.journeys.workstation import Workstation, letter
from tests.lab.world import BOB


def test_mail_comes_in_by_itself_and_is_read(alice: Workstation) -> None:
    text = "Chère consœur,\n\nÀ bientôt : l’été, œdème réduit à 2 cm².\n\nBien à vous"
    mail = letter(alice.world, "Œdème – suivi à l’été", text)
    alice.world.deliver("cabinet", mail.as_bytes())
    message = alice.opened(alice.arrived("Œdème – suivi à l’été"))
    assert message.row.sender.address == alice.world.address("bob.durand")
    assert [line.rstrip() for line in message.text.strip().splitlines()] == text.splitlines()


def test_what_comes_while_i_read_can_be_opened_too(alice: Workstation) -> None:
    for number in range(6):
        subject = f"Arrivée n° {number}"
        alice.world.deliver("cabinet", letter(alice.world, subject, f"Texte {number}").as_bytes())
        message = alice.opened(alice.arrived(subject))
        assert message.body is Loading.HERE
        assert message.text.strip() == f"Texte {number}"


def test_a_colleague_on_another_machine_marks_it_and_i_see_that(alice: Workstation) -> None:
    mail = letter(alice.world, "Vu par Bob")
    alice.world.deliver("cabinet", mail.as_bytes())
    message_id = alice.arrived("Vu par Bob")
    alice.elsewhere("cabinet", BOB).mark(mail["Message-ID"], "\\Flagged")
    alice.engine.open_folder(alice.folder("cabinet").id)
    alice.until(lambda: alice.engine.reader.rows([message_id])[0].flagged, "flagged here too")


def test_what_i_mark_is_marked_at_the_operator(alice: Workstation) -> None:
    mail = letter(alice.world, "À marquer")
    alice.world.deliver("cabinet", mail.as_bytes())
    message_id = alice.arrived("À marquer")
    elsewhere = alice.elsewhere("cabinet", BOB)
    alice.engine.mark_read((message_id,), True)
    alice.engine.flag((message_id,), True)
    alice.until(lambda: (r := alice.row("À marquer")) and r.seen and r.flagged, "shown as marked")
    alice.settled(message_id)
    assert elsewhere.find(mail["Message-ID"])[0][0] >= {"\\Seen", "\\Flagged"}
    alice.engine.mark_read((message_id,), False)
    alice.until(lambda: (r := alice.row("À marquer")) and not r.seen, "shown as unread")
    alice.settled(message_id)
    assert "\\Seen" not in elsewhere.find(mail["Message-ID"])[0][0]


def test_what_i_delete_goes_to_the_trash_and_comes_back_when_i_undo(alice: Workstation) -> None:
    mail = letter(alice.world, "À jeter")
    alice.world.deliver("cabinet", mail.as_bytes())
    message_id = alice.arrived("À jeter")
    elsewhere = alice.elsewhere("cabinet", BOB)
    change = alice.engine.delete((message_id,))
    alice.until(lambda: alice.row("À jeter") is None, "gone from the list")
    alice.settled(message_id)
    assert elsewhere.find(mail["Message-ID"]) == []
    assert len(elsewhere.find(mail["Message-ID"], TRASH_USE)) == 1
    alice.engine.undo(change)
    alice.arrived("À jeter")
    alice.settled(message_id)
    assert len(elsewhere.find(mail["Message-ID"])) == 1
    assert elsewhere.find(mail["Message-ID"], TRASH_USE) == []


def test_what_i_delete_from_the_trash_is_gone_for_good(alice: Workstation) -> None:
    mail = letter(alice.world, "À détruire")
    alice.world.deliver("cabinet", mail.as_bytes())
    alice.engine.move((alice.arrived("À détruire"),), alice.folder("cabinet", FolderRole.TRASH).id)
    in_trash = alice.arrived("À détruire", role=FolderRole.TRASH)
    alice.settled(in_trash)
    alice.engine.delete((in_trash,))
    alice.until(lambda: alice.row("À détruire", role=FolderRole.TRASH) is None, "gone from the trash")
    elsewhere = alice.elsewhere("cabinet", BOB)
    alice.until(lambda: elsewhere.find(mail["Message-ID"], TRASH_USE) == [], "gone at the operator")
    assert elsewhere.find(mail["Message-ID"]) == []
