"""Which names a reader takes for one."""

import unicodedata

import pytest

from comparison.text_search.name_keys import name_key

ALIKE = [
    ("Django", "DJANGO"),
    ("Django", " django  "),
    ("Straße", "STRASSE"),
    ("Élan", unicodedata.normalize("NFD", "Élan")),
    ("Élan", unicodedata.normalize("NFD", "ÉLAN")),
    ("Фласк", "ФЛАСК"),
    ("Ωmega", "ωMEGA"),
    ("한국", unicodedata.normalize("NFD", "한국")),
    ("Django", "Djan\u200bgo"),
    ("Django", "Django\ufeff"),
    ("Django", "D\u00adj\u2060ango\ufe0f"),
    ("Django", "\u202eDjango"),
    ("Django", "Dj\u0430ng\u043e"),  # two letters of Cyrillic
    ("Django", "Djang\u03bf"),  # a letter of Greek
    ("Bottle", "\u0412\u043ettle"),
    ("Next", "\u039dext"),
    ("Yii", "\u03a5ii"),
    ("Svelte", "S\u03bdelte"),
    ("Pyramid", "Py\u0433amid".replace("\u0433", "\u0280")),
    ("Django", "Ｄｊａｎｇｏ"),
    ("Django", "𝐃𝐣𝐚𝐧𝐠𝐨"),
    ("Flask 2", "Flask\u00a02"),
    ("web2py", "web２py"),
    ("Fl0w", "Flow"),
    ("ob1", "obl"),
    ("built-in", "built\u2010in"),
    ("it's", "it’s"),
    ("and/or", "and\u2044or"),
]
APART = [
    ("Django", "Djangos"),
    ("Flask", "Falsk"),
    ("C", "C++"),
    ("C#", "C"),
    ("Node.js", "Nodejs"),
    ("Elan", "Élan"),
    ("web2py", "web3py"),
    ("Фласк", "Фласт"),
    ("mot", "мост"),
    ("が", "か"),
    ("Vue", "Nue"),
    ("built-in", "built in"),
]


@pytest.mark.parametrize(("name", "other"), ALIKE)
def test_names_that_look_alike_have_one_key(name, other) -> None:
    assert name_key(name) == name_key(other) != ""


@pytest.mark.parametrize(("name", "other"), APART)
def test_other_names_have_other_keys(name, other) -> None:
    assert name_key(name) != name_key(other)


@pytest.mark.parametrize("name", ["", " ", "\u200b", "\u3164", "\u202e\u2066", "\u2800"])
def test_what_shows_nothing_has_no_key(name) -> None:
    assert name_key(name) == ""
