"""What the sandbox's IMAP server promises, asked by IMAPClient and imaplib."""

from __future__ import annotations

import base64
import imaplib
import json
import socket
from collections.abc import Iterator

import pytest
from imapclient.exceptions import IMAPClientError, LoginError

from mssclient.sandbox.mailstore import Seed
from mssclient.sandbox.operator import Limits, Operator
from tests.sandbox.sandbox_kit import ALINE, ORG, OTHER, PER, WHEN, mail, opened, sandbox, seeds, trust, xoauth2


@pytest.fixture
def operator(tmp_path) -> Iterator[Operator]:
    with sandbox(tmp_path, {PER: seeds(5)}) as running:
        yield running


def _plain_line(operator: Operator):
    connection = socket.create_connection(("127.0.0.1", operator.ports["imap"]), timeout=5)
    return connection, connection.makefile("rwb")


def _ask(line, text: str) -> list[bytes]:
    """Send a command tagged x; everything answered until its tagged answer or a continuation."""
    line.write(f"x {text}\r\n".encode())
    line.flush()
    answers = []
    while not answers or not answers[-1].startswith((b"x ", b"+")):
        answers.append(line.readline())
        assert answers[-1], answers
    return answers


def test_nothing_but_starttls_is_offered_in_clear(operator):
    connection, line = _plain_line(operator)
    with connection, line:
        greeting = line.readline()
        assert b"STARTTLS" in greeting
        assert b"LOGINDISABLED" in greeting
        assert b"AUTH=" not in greeting
        assert b"NO [PRIVACYREQUIRED]" in _ask(line, "AUTHENTICATE XOAUTH2 " + xoauth2(PER, "jeton-aline"))[-1]
        assert b"BAD" in _ask(line, "SELECT INBOX")[-1]


def test_what_is_said_in_clear_after_starttls_is_thrown_away(operator):
    connection, line = _plain_line(operator)
    with connection, line:
        line.readline()
        line.write(b"x STARTTLS\r\ny NOOP\r\n")
        line.flush()
        assert line.readline().startswith(b"x OK")
        with trust(operator).wrap_socket(connection, server_hostname="localhost") as secure:
            secure.sendall(b"z CAPABILITY\r\n")
            answer = secure.recv(4096)
    assert b"AUTH=XOAUTH2" in answer
    assert b"y OK" not in answer


def test_sign_in_without_initial_response(operator):
    client = imaplib.IMAP4("127.0.0.1", operator.ports["imap"])
    client.starttls(trust(operator))
    client.authenticate("XOAUTH2", lambda _: f"user={PER}\x01auth=Bearer jeton-aline\x01\x01".encode())
    assert client.select() == ("OK", [b"5"])
    client.logout()


def test_sign_in_with_initial_response_and_oauthbearer(operator):
    for text in (
        "AUTHENTICATE XOAUTH2 " + xoauth2(PER, "jeton-aline"),
        "AUTHENTICATE OAUTHBEARER "
        + base64.b64encode(f"n,a={PER},\x01host=x\x01auth=Bearer jeton-aline\x01\x01".encode()).decode(),
    ):
        connection = socket.create_connection(("127.0.0.1", operator.ports["imap"]), timeout=5)
        line = connection.makefile("rwb")
        line.readline()
        _ask(line, "STARTTLS")
        with trust(operator).wrap_socket(connection, server_hostname="localhost") as secure:
            secured = secure.makefile("rwb")
            assert b"x OK [CAPABILITY IMAP4rev1" in _ask(secured, text)[-1]


@pytest.mark.parametrize(
    ("address", "token"),
    [(PER, "faux"), (PER, "jeton-bruno"), (OTHER, "jeton-aline"), ("personne@tilleuls.mss.example", "jeton-aline")],
)
def test_a_refusal_is_a_json_challenge_then_no_then_the_end(operator, address, token):
    connection = socket.create_connection(("127.0.0.1", operator.ports["imap"]), timeout=5)
    line = connection.makefile("rwb")
    line.readline()
    _ask(line, "STARTTLS")
    with trust(operator).wrap_socket(connection, server_hostname="localhost") as secure:
        secured = secure.makefile("rwb")
        challenge = _ask(secured, "AUTHENTICATE XOAUTH2 " + xoauth2(address, token))[-1]
        assert json.loads(base64.b64decode(challenge[2:]))["status"] == "401"
        secured.write(b"\r\n")
        secured.flush()
        assert secured.readline().startswith(b"x NO [AUTHENTICATIONFAILED]")
        assert secured.readline() == b""


def test_an_organisational_bal_is_opened_by_each_person_let_in(operator):
    for token in ("jeton-aline", "jeton-bruno"):
        with opened(operator, ORG, token) as client:
            assert client.select_folder("INBOX")[b"EXISTS"] == 0
    with pytest.raises(LoginError), opened(operator, ORG, "faux"):
        pass


def test_somebody_not_let_in_may_be_told_apart(tmp_path):
    with sandbox(tmp_path, limits=Limits(tells_unauthorised=True)) as operator:
        with pytest.raises(LoginError, match="AUTHORIZATIONFAILED"), opened(operator, OTHER):
            pass
        with pytest.raises(LoginError, match="AUTHENTICATIONFAILED"), opened(operator, OTHER, "faux"):
            pass


def test_folders_are_listed_with_their_uses_and_accents(operator):
    with opened(operator) as client:
        listed = {name: set(flags) for flags, separator, name in client.list_folders() if separator == b"/"}
        assert b"\\Sent" in listed["Éléments envoyés"]
        assert b"\\Trash" in listed["Corbeille"]
        client.create_folder("Dossiers/Été & Cie")
        assert b"\\HasChildren" in {name: flags for flags, _, name in client.list_folders()}["Dossiers"]
        client.rename_folder("Dossiers", "Rangés")
        assert {name for *_, name in client.list_folders("", "Rang*")} == {"Rangés", "Rangés/Été & Cie"}
        client.delete_folder("Rangés/Été & Cie")
        with pytest.raises(IMAPClientError):
            client.delete_folder("INBOX")
        assert {name for *_, name in client.list_folders("", "%")} >= {"INBOX", "Rangés"}
        assert client.find_special_folder(b"\\Drafts") == "Brouillons"


def test_list_status_tells_counts_with_the_names(operator):
    with opened(operator) as client:
        client._imap.untagged_responses.clear()
        _, answer = client._imap._simple_command(
            "LIST", '""', '"*"', "RETURN", "(SPECIAL-USE STATUS (MESSAGES UNSEEN))"
        )
        statuses = client._imap.untagged_responses["STATUS"]
    assert b'"INBOX" (MESSAGES 5 UNSEEN 5)' in statuses
    assert len(statuses) == 6, answer


def test_flags_keywords_and_conditional_store(operator):
    with opened(operator) as client:
        selected = client.select_folder("INBOX")
        assert selected[b"UIDNEXT"] == 6
        assert selected[b"HIGHESTMODSEQ"] >= 6
        client.add_flags([2, 3], [b"\\Seen", b"$MssFiled"])
        assert set(client.get_flags([2])[2]) == {b"\\Seen", b"$MssFiled"}
        client.remove_flags([2], [b"\\Seen"])
        client.set_flags([3], [b"\\Flagged"])
        assert client.search("UNSEEN") == [1, 2, 3, 4, 5]
        assert client.search(["KEYWORD", "$MssFiled"]) == [2]
        seen = client.fetch([3], ["MODSEQ"])[3][b"MODSEQ"][0]
        client.add_flags([2], [b"\\Answered"])
        changed = client.fetch([1, 2, 3, 4, 5], ["FLAGS"], modifiers=[f"CHANGEDSINCE {seen}"])
        assert set(changed) == {2}
        answer = client._imap.uid("STORE", "2", f"(UNCHANGEDSINCE {seen})", "+FLAGS", "(\\Deleted)")
        assert answer[0] == "OK"
        assert b"\\Deleted" not in client.get_flags([2])[2]


def test_body_marks_seen_and_peek_does_not(operator):
    with opened(operator) as client:
        client.select_folder("INBOX")
        client.fetch([1], ["BODY.PEEK[]", "RFC822.SIZE", "ENVELOPE"])
        assert client.get_flags([1])[1] == ()
        fetched = client.fetch([1], ["BODY[]"])[1]
        assert b"\\Seen" in fetched[b"FLAGS"]
        client.select_folder("INBOX", readonly=True)
        client.fetch([2], ["BODY[]"])
        assert client.get_flags([2])[2] == ()


def test_append_copy_move_and_expunge_tell_the_new_uids(operator):
    with opened(operator) as client:
        client.select_folder("INBOX")
        assert b"APPENDUID" in client.append("Brouillons", mail("Essai"), ["\\Draft"], WHEN)
        assert client.folder_status("Brouillons", ["MESSAGES"])[b"MESSAGES"] == 1
        assert b"COPYUID" in client._imap.copy("1", "Archives")[1][0]
        client.move([2, 3], "Corbeille")
        assert client.search() == [1, 4, 5]
        client.delete_messages([4, 5])
        client.uid_expunge([4])
        assert client.search() == [1, 5]
        client.expunge()
        assert client.search() == [1]
        client.select_folder("Corbeille")
        assert len(client.search(["SUBJECT", "Sujet 2"])) == 1
        with pytest.raises(IMAPClientError, match="TRYCREATE"):
            client.copy("1:*", "Nulle part")


def test_search_keys(operator):
    operator.deliver(
        PER,
        mail("=?utf-8?Q?R=C3=A9sultat_d=27analyse?=", "Le créatinine", From="Labo <labo@exemple.mss.example>",
             Cc="x@y.example", Content_Type="text/plain; charset=utf-8"),
        flags=("\\Flagged",), received=WHEN.replace(year=2025),
    )  # fmt: skip
    with opened(operator) as client:
        client.select_folder("INBOX")
        found = {
            ("SUBJECT", "RÉSULTAT"): [6],
            ("BODY", "créatinine"): [6],
            ("TEXT", "labo@exemple"): [6],
            ("FROM", "Labo"): [6],
            ("CC", "x@y"): [6],
            ("FLAGGED",): [6],
            ("BEFORE", "01-Jan-2026"): [6],
            ("SINCE", "01-Jun-2026"): [1, 2, 3, 4, 5],
            ("ON", "01-Jun-2026"): [1, 2, 3, 4, 5],
            ("SENTON", "01-Jun-2026"): [1, 2, 3, 4, 5, 6],
            ("NOT", "FLAGGED", "UID", "4:*"): [4, 5],
            ("OR", "UID", "1", "UID", "3"): [1, 3],
            ("2:3",): [2, 3],
            ("LARGER", "100000"): [],
            ("HEADER", "X-MSS-NIL", ""): [1, 2, 3, 4, 5, 6],
            ("HEADER", "X-MSS-MES", ""): [],
        }
        for keys, uids in found.items():
            assert client.search(list(keys), charset="UTF-8") == uids, keys
        assert client.search(["UID", "1:*", ["NOT", ["FLAGGED"]]]) == [1, 2, 3, 4, 5]
        with pytest.raises(IMAPClientError, match="unknown search key"):
            client.search(["NONSENSE"])
        client._imap._simple_command("UID", "SEARCH", "RETURN", "(MIN MAX COUNT ALL)", "1:4")
        (answer,) = client._imap.untagged_responses["ESEARCH"]
    assert answer.endswith(b"UID MIN 1 MAX 4 COUNT 4 ALL 1:4")


def test_idle_hears_of_arrivals_flags_and_removals_made_elsewhere(operator):
    with opened(operator) as idler, opened(operator) as other:
        idler.select_folder("INBOX")
        other.select_folder("INBOX")
        idler.idle()
        operator.deliver(PER, mail("Nouveau"))
        assert (6, b"EXISTS") in idler.idle_check(timeout=5)
        other.add_flags([6], ["\\Seen"])
        (told,) = idler.idle_check(timeout=5)
        assert told[:2] == (6, b"FETCH")
        other.delete_messages([1])
        idler.idle_check(timeout=5)
        other.expunge()
        assert (1, b"EXPUNGE") in idler.idle_check(timeout=5)
        idler.idle_done()
        assert idler.search() == [2, 3, 4, 5, 6]


def test_numbers_hold_during_fetch_while_another_session_expunges(operator):
    with opened(operator) as first, opened(operator) as second:
        first.select_folder("INBOX")
        first.use_uid = False
        second.select_folder("INBOX")
        second.delete_messages([1])
        second.expunge()
        assert sorted(first.fetch([2, 5], ["UID"])) == [2, 5]
        assert (1, b"EXPUNGE") in first.noop()[1]
        assert first.fetch([1], ["UID"])[1][b"SEQ"] == 1


def test_qresync_tells_the_difference_since_the_last_visit(operator):
    with opened(operator) as client:
        client.select_folder("INBOX")
        validity = client.folder_status("INBOX", ["UIDVALIDITY"])[b"UIDVALIDITY"]
        modseq = client.folder_status("INBOX", ["HIGHESTMODSEQ"])[b"HIGHESTMODSEQ"]
        client.delete_messages([2, 3])
        client.expunge()
        client.add_flags([5], ["\\Seen"])
        client.unselect_folder()
        client._imap.enable("QRESYNC")
        status, answer = client._imap._simple_command("SELECT", "INBOX", f"(QRESYNC ({validity} {modseq} 1:5))")
        assert status == "OK", answer
        told = client._imap.untagged_responses
    assert told["VANISHED"] == [b"(EARLIER) 2:3"]
    assert any(b"UID 5 FLAGS (\\Seen)" in line for line in told["FETCH"])


def test_quota_is_told_and_kept(tmp_path):
    with sandbox(tmp_path, limits=Limits(quota=64 * 1024)) as operator, opened(operator) as client:
        _, quotas = client.get_quota_root("INBOX")
        assert (quotas[0].usage, quotas[0].limit) == (0, 64)
        with pytest.raises(IMAPClientError, match="OVERQUOTA"):
            client.append("INBOX", mail(body="x\r\n" * 30_000))


def test_one_connection_too_many_is_refused_as_unavailable(tmp_path):
    with sandbox(tmp_path, limits=Limits(connections=2)) as operator:
        with opened(operator), opened(operator):
            with pytest.raises(LoginError, match="UNAVAILABLE"), opened(operator):
                pass
            with opened(operator, ORG):
                pass
        assert operator.store.lets_in(PER, ALINE)


def test_hostile_commands_are_answered_and_hurt_nothing(operator):
    with opened(operator) as client:
        client.select_folder("INBOX")
        raw = client._imap
        for text in ("FETCH 0 FLAGS", "FETCH 1:2:3 FLAGS", "FETCH 99 FLAGS", "FETCH 1 NONSENSE", "STORE 1 FLAGS",
                     "SEARCH", 'SEARCH SUBJECT "open', "FETCH 1 (FLAGS", "FETCH 1 BODY[0.HEADER.X]", "((((", "UID",
                     "LIST", "APPEND INBOX", "STATUS INBOX (NONSENSE)", "SELECT INBOX (X)", "FROBNICATE",
                     "(" * 200):  # fmt: skip
            raw.send(f"h {text}\r\n".encode())
            while not (line := raw.readline()).startswith(b"h "):
                pass
            assert line.startswith((b"h BAD", b"h NO")), (text, line)
        assert client.search() == [1, 2, 3, 4, 5]


def test_seeds_keep_folder_flags_and_date(tmp_path):
    seed = Seed(
        ("Professionnels", "Dr Démo"), mail("Rangé").replace(b"\r\n", b"\n"), frozenset({"\\Seen", "$Vu"}), WHEN
    )
    with sandbox(tmp_path, {ORG: [seed]}) as operator, opened(operator, ORG) as client:
        client.select_folder("Professionnels/Dr Démo")
        fetched = client.fetch([1], ["FLAGS", "INTERNALDATE", "BODY.PEEK[]"])[1]
    assert set(fetched[b"FLAGS"]) == {b"\\Seen", b"$Vu"}
    assert fetched[b"INTERNALDATE"].timestamp() == WHEN.timestamp()
    assert fetched[b"BODY[]"] == mail("Rangé")
