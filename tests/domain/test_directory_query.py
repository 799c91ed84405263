"""What somebody types: how it is understood, and which of two entries comes first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain import address
from mssclient.domain import directory_query as query
from mssclient.domain import directory_words as words
from mssclient.domain.bal import BalKind
from mssclient.domain.directory_query import Ask, Ranking
from mssclient.domain.entry import DirectoryEntry


def _entry(family: str = "", given: str = "", **more: str) -> DirectoryEntry:
    values = {
        "address": f"{given}.{family}@x.mss.example".lower().replace(" ", "-"), "national_id": "", "title": "",
        "profession": "", "profession_code": "", "speciality": "", "structure": "", "structure_id": "", "service": "",
        "town": "LYON",
        "post_code": "69003",
    } | more  # fmt: skip
    kind = BalKind.PER if family else BalKind.ORG
    return DirectoryEntry(kind=kind, family=family, given=given, paperless=None, **values)


def _score(text: str, entry: DirectoryEntry, near: str = "", boosts: dict[str, int] | None = None) -> float | None:
    return Ranking(query.question(text), near, boosts).score(entry, words.folded_entry(entry))


def _before(text: str, first: DirectoryEntry, second: DirectoryEntry, **more: object) -> bool:
    one, two = (_score(text, entry, **more) for entry in (first, second))  # type: ignore[arg-type]
    assert one is not None
    assert two is not None
    return one > two


@given(st.text(max_size=60))
def test_folding_agrees_with_how_addresses_are_folded(text: str) -> None:
    assert words.folded(text).split() == words.folded(words.folded(text)).split()
    if text.isascii() or all(character in "éèêàâçïîôûùœŒæÉÀ’-' abcXYZ12" for character in text):
        assert words.folded(text) == address.fold(text)


@pytest.mark.parametrize("text", ["Éloïse d’Aubigné", "FŒSSEL", "Ÿcard  L'Hostis", "Groß-Æble", "N° 12 bis", "Œuvrard"])
def test_folding_of_difficult_names(text: str) -> None:
    assert words.folded(text) == address.fold(text)


@pytest.mark.parametrize(
    ("text", "ask", "value"),
    [
        ("", Ask.NOTHING, ""), ("  ,;: ", Ask.NOTHING, ""), ("dupont marie", Ask.WORDS, ""),
        ("Marie.Dupont@X.mss.example", Ask.ADDRESS, "marie.dupont@x.mss.example"),
        ("Dr Dupont <marie.dupont@x.mss.example>;", Ask.ADDRESS, "marie.dupont@x.mss.example"),
        ("mailto:a@b.mss.example", Ask.ADDRESS, "a@b.mss.example"), ("marie.dupont@", Ask.ADDRESS, "marie.dupont@"),
        ("10003456789", Ask.NUMBER, "10003456789"), ("10 003 456 789", Ask.NUMBER, "10003456789"),
        ("RPPS 10003456789", Ask.NUMBER, "10003456789"), ("69003", Ask.WORDS, ""), ("x" * 5000, Ask.WORDS, ""),
    ],
)  # fmt: skip
def test_what_kind_of_question_it_is(text: str, ask: Ask, value: str) -> None:
    asked = query.question(text)
    assert (asked.ask, asked.text) == (ask, value)


def test_titles_are_left_out_unless_they_are_all_there_is() -> None:
    assert [word.text for word in query.question("Dr Martin").words] == ["martin"]
    assert [word.text for word in query.question("dr").words] == ["dr"]


def test_only_the_last_word_is_still_being_typed() -> None:
    assert [word.whole for word in query.question("dupo mar").words] == [True, False]
    assert [word.whole for word in query.question("dupo mar ").words] == [True, True]


def test_particles_do_not_stand_in_the_way() -> None:
    assert [word.optional for word in query.question("de la croix").words] == [True, True, False]
    assert [word.optional for word in query.question("le").words] == [False]


def test_particles_may_be_joined_to_the_name() -> None:
    asked = query.joined(query.question("jeanne de la croix"))
    assert [word.text for word in asked.words] == ["jeanne", "delacroix"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("cardio", "Cardiologie et maladies vasculaires"), ("cardiologue", "Cardiologie et maladies vasculaires"),
        ("pédiatre", "Pédiatrie"), ("gynécologue", "Gynécologie-obstétrique"), ("dermatologue", "Dermatologie"),
        ("kiné", "Masseur-Kinésithérapeute"), ("infirmière", "Infirmier"), ("infirmières", "Infirmier"),
        ("ide", "Infirmier"),
        ("médecin", "Médecin"), ("généraliste", "Médecine générale"), ("ORL", "Oto-rhino-laryngologie"),
        ("dentiste", "Chirurgien-Dentiste"), ("pharmacienne", "Pharmacien"), ("diététicienne", "Diététicien"),
        ("sage femme", "Sage-Femme"), ("assistante sociale", "Assistant social"), ("psychiatre", "Psychiatrie"),
        ("anesthésiste", "Anesthésie-réanimation"), ("gastro", "Gastro-entérologie"),
        ("urgentiste", "Médecine d’urgence"),
        ("rhumato", "Rhumatologie"), ("ophtalmo", "Ophtalmologie"), ("podologue", "Pédicure-Podologue"),
    ],
)  # fmt: skip
def test_professions_are_found_by_the_words_people_use(typed: str, said: str) -> None:
    assert _score(typed, _entry("Martin", "Paul", speciality=said)) is not None
    assert _score(typed, _entry("Martin", "Paul", speciality="Zoologie")) is None


def test_words_in_any_order() -> None:
    entry = _entry("Dupont", "Marie")
    assert _score("dupont marie lyon", entry) == _score("lyon marie dupont", entry)


def test_every_word_has_to_be_there() -> None:
    assert _score("dupont marie nantes", _entry("Dupont", "Marie")) is None


@pytest.mark.parametrize("text", ["goff", "le goff", "legoff", "LE GOFF", "jean pierre", "jeanpierre", "jp.x"])
def test_compound_names_are_found_joined_or_not(text: str) -> None:
    entry = _entry("LE GOFF", "Jean-Pierre", address="jp.x@y.mss.example")
    assert _score(text, entry) is not None


@pytest.mark.parametrize(
    ("text", "town", "post_code"),
    [
        ("dupont lyon 3", "LYON", "69003"), ("dupont lyon 3e", "LYON", "69003"), ("dupont lyon 03 ", "LYON", "69003"),
        ("dupont Lyon 3ème", "LYON", "69003"), ("dupont paris 1", "PARIS", "75012"), ("paris 12e dupont", "PARIS", "75012"),
        ("dupont paris 1er", "PARIS", "75001"), ("dupont marseille 8eme ", "MARSEILLE", "13008"),
        ("dupont paris 16", "PARIS", "75116"),
    ],
)  # fmt: skip
def test_districts_are_post_codes(text: str, town: str, post_code: str) -> None:
    assert _score(text, _entry("Dupont", "Marie", town=town, post_code=post_code)) is not None


@pytest.mark.parametrize(
    "text", ["dupont lyon 10", "dupont lyon 0", "dupont bron 3", "dupont paris 21", "dupont lyon 3x"]
)
def test_what_is_no_district_is_none(text: str) -> None:
    place = {"town": "LYON BRON PARIS", "post_code": "69003"}
    assert _score(text, _entry("Dupont", "Marie", **place)) is None


@pytest.mark.parametrize(
    ("text", "apart"),
    [("dupont69", "dupont 69"), ("lyon3 martin", "lyon 3 martin"), ("69003dupont", "69003 dupont"), ("h24", "h24")],
)
def test_figures_come_apart_from_letters(text: str, apart: str) -> None:
    assert [word.text for word in query.unglued(query.question(text)).words] == apart.split()


def test_a_district_that_was_glued_is_one() -> None:
    asked = query.unglued(query.question("dupont lyon3"))
    assert Ranking(asked).score(_entry("Dupont", "Marie"), words.folded_entry(_entry("Dupont", "Marie"))) is not None


def test_noise_is_optional_beside_a_name_only() -> None:
    asked = query.without_noise(query.question("cabinet dupont traitant"))
    assert [word.optional for word in asked.words] == [True, False, True]
    assert query.without_noise(query.question("cabinet")) == query.question("cabinet")


def test_one_word_may_lack_when_two_are_left() -> None:
    ways = query.lacking_one(query.question("dupont marie nantes"))
    assert [[word.text for word in way.needed] for way in ways] == [
        ["marie", "nantes"], ["dupont", "nantes"], ["dupont", "marie"],
    ]  # fmt: skip
    assert query.lacking_one(query.question("dupont marie")) == ()


def test_who_is_called_doctor_comes_first_when_it_is_said() -> None:
    doctor, nurse = _entry("Dupont", "Marc", profession_code="10"), _entry("Dupont", "Marc", profession_code="60")
    assert _before("dr m dupont", doctor, nurse)
    assert _score("m dupont", doctor) == _score("m dupont", nurse)


def test_the_beginning_of_an_address_without_its_end_comes_first() -> None:
    own = _entry("Dupont", "Marie", address="marie.dupont.6@x.mss.example")
    other = _entry("Dupont", "Marie", address="m.dupont@x.mss.example", post_code="69006")
    assert _before("marie.dupont.6", own, other)


def test_exact_before_beginning() -> None:
    assert _before("martin", _entry("Martin", "Zoé"), _entry("Martinez", "Anne"))
    assert _before("martin", _entry("Martin", "Zoé"), _entry("Martin-Duval", "Anne"))


def test_family_name_before_first_name() -> None:
    assert _before("martin", _entry("Martin", "Paul"), _entry("Dupont", "Martin"))


def test_favourites_and_recent_correspondents_first() -> None:
    liked = _entry("Martin", "Zoé", town="BREST", post_code="29200")
    assert _before("martin", liked, _entry("Martin", "Anne"), near="69", boosts={liked.address: 1})
    assert _before("mart", liked, _entry("Martin", "Anne"), boosts={liked.address: 10, "anne.martin@x.mss.example": 1})


def test_same_department_before_far_away() -> None:
    far = _entry("Martin", "Anne", town="BREST", post_code="29200")
    assert _before("martin", _entry("Martin", "Zoé"), far, near="69")
    assert _before("martin", far, _entry("Martin", "Zoé"), near="29")


def test_people_before_structures_when_a_first_name_is_given() -> None:
    structure = _entry(structure="Clinique Sainte-Marie", address="accueil@marie.mss.example")
    assert _before("marie lyon", _entry("Dubois", "Marie"), structure)


def test_a_structure_before_those_who_work_there() -> None:
    structure = _entry(structure="EHPAD Les Tilleuls", address="accueil@tilleuls.mss.example")
    assert _before("ehpad tilleuls", structure, _entry("Dubois", "Marie", structure="EHPAD Les Tilleuls"))


@pytest.mark.parametrize(
    ("code", "department"),
    [
        ("69003", "69"),
        ("20000", "2A"),
        ("20200", "2B"),
        ("97400", "974"),
        ("01000", "01"),
        ("", ""),
        ("6900", ""),
        ("ABCDE", ""),
    ],
)
def test_departments(code: str, department: str) -> None:
    assert query.department_of(code) == department
    assert not department or code.startswith(query.post_prefix(department))


@pytest.mark.parametrize(
    ("typed", "known", "count"),
    [
        ("dupont", "dupont", 0), ("dupnot", "dupont", 1), ("dupond", "dupont", 1), ("duppont", "dupont", 1),
        ("dupnt", "dupont", 1), ("lefevbre", "lefebvre", 1), ("abc", "xyz", 3), ("abcdefgh", "a", 3),
    ],
)  # fmt: skip
def test_mistakes_are_counted(typed: str, known: str, count: int) -> None:
    assert query.mistakes(typed, known) == query.mistakes(known, typed) == count


_word = st.text("abcdefghij", min_size=4, max_size=12)


@given(_word, st.integers(0, 11), st.sampled_from("abcz"), st.sampled_from(["add", "drop", "change", "swap"]))
def test_one_mistake_always_shares_a_spelling_key(word: str, place: int, letter: str, how: str) -> None:
    place %= len(word)
    match how:
        case "add":
            typed = word[:place] + letter + word[place:]
        case "drop":
            typed = word[:place] + word[place + 1 :]
        case "change":
            typed = word[:place] + letter + word[place + 1 :]
        case _:
            typed = word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :]
    assert query.mistakes(typed, word) <= 1
    assert set(query.spelling_codes(typed)) & set(query.spelling_codes(word))


@given(st.text(max_size=250))
def test_nothing_typed_brings_it_down(text: str) -> None:
    asked = query.question(text)
    for one in (asked, query.joined(asked), query.without_particles(asked)):
        Ranking(one).score(_entry("Martin", "Paul"), words.folded_entry(_entry("Martin", "Paul")))
        assert len(one.words) <= query.WORD_LIMIT
        assert all(word.text and '"' not in word.text for word in one.words)
