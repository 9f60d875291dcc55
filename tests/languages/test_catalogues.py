"""Every string that is marked has a translation, compiled, with the same placeholders."""

import pytest
from django.utils import translation
from django.utils.translation import gettext

from tests.languages.catalogues import (
    COMPLETE,
    PARTIAL,
    as_text,
    catalogue_path,
    compiled,
    marked_strings,
    problems,
    updated,
)


@pytest.fixture(scope="module")
def marked():
    return marked_strings()


@pytest.mark.parametrize("language", [*COMPLETE, *PARTIAL])
def test_the_files_are_as_make_messages_writes_them(language, marked) -> None:
    catalogue = updated(language, marked)
    assert catalogue_path(language, "po").read_bytes() == as_text(catalogue), "run make messages"
    assert catalogue_path(language, "mo").read_bytes() == compiled(catalogue), "run make messages"


@pytest.mark.parametrize("language", COMPLETE)
def test_every_string_is_translated_with_its_placeholders(language, marked) -> None:
    catalogue = updated(language, marked)
    assert [problem for message in catalogue if message.id for problem in problems(message)] == []


def test_our_own_words_come_before_those_of_applications() -> None:
    """Spanish plurals of Django have another rule than ours, and the admin has a Spanish word for this too."""
    with translation.override("es"):
        assert gettext("Languages") == "Idiomas"
        assert gettext("Search") == "Buscar aquí"
    assert gettext("Search") == "Search"
