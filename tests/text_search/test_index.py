"""The claims' index: right after every way of writing, made anew where it is gone, and the same on both databases."""

import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test import Client

from comparison.models import Claim, ClaimState, ClaimText
from comparison.tables import claim_filters
from comparison.text_search import postgresql, sqlite
from comparison.text_search.folding import fold
from comparison.text_search.index import NO_EXTENSION, keep_index
from tests.admin_site import as_admin, url
from tests.make import make_claim, make_criterion, make_framework, make_source
from tests.reading import page
from tests.text_search.examples import EXAMPLES

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL")
ALL_LETTERS = "".join(map(chr, (*range(32, 127), *range(0xA0, 0x250), *range(0x300, 0x330), *range(0x2000, 0x2070))))
OTHER_LETTERS = "".join(map(chr, (*range(0x370, 0x3100, 7), *range(0xAC00, 0xD7A4, 97), *range(0xF900, 0x12000, 11))))


def finds(query: str) -> list[str]:
    return [claim.statement for claim in Claim.objects.containing(query)]


@pytest.mark.parametrize(("text", "query", "is_found"), EXAMPLES)
def test_the_database_finds_what_a_query_means(text, query, is_found) -> None:
    make_claim(statement=text)
    assert finds(query) == [text] * is_found


def test_the_database_folds_each_letter_as_python_does() -> None:
    claim = make_claim(statement="x")
    every = ALL_LETTERS + OTHER_LETTERS
    for start in range(0, len(every), 60):
        letters = every[start : start + 60]
        Claim.objects.filter(pk=claim.pk).update(statement=letters)
        stored = ClaimText.objects.get(pk=claim.pk)
        assert fold(stored.text).split() == fold(letters).split()


def test_statement_item_and_section_are_searched_newest_first() -> None:
    first = make_claim(statement="alpha", section="gamma")
    second = make_claim(criterion=make_criterion("list"), statement="alpha", item="beta")
    assert list(Claim.objects.containing("ALPHA")) == [second, first]
    assert list(Claim.objects.containing("alpha bet")) == [second]
    assert list(Claim.objects.containing("gamma alpha")) == [first]
    assert finds("---") == []


def test_every_way_of_writing_keeps_the_index_right() -> None:
    claim = make_claim(statement="first words")
    claim.statement = "second words"
    claim.save()
    assert (finds("first"), finds("second")) == ([], ["second words"])
    Claim.objects.filter(pk=claim.pk).update(statement="third words")
    assert (finds("second"), finds("third")) == ([], ["third words"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE comparison_claim SET section = 'raw' WHERE id = %s", [claim.pk])
    assert finds("raw third") == ["third words"]
    fields = {"framework": claim.framework, "criterion": claim.criterion, "source": claim.source, "level": 1}
    Claim.objects.bulk_create([Claim(statement=f"bulk {number}", start=number, end=9, **fields) for number in range(3)])
    assert finds("bulk") == ["bulk 2", "bulk 1", "bulk 0"]
    Claim.objects.filter(statement="bulk 1").delete()
    assert finds("bulk") == ["bulk 2", "bulk 0"]
    assert ClaimText.objects.count() == Claim.objects.count() == 3


def test_a_row_written_over_another_is_found_by_its_own_words() -> None:
    claim = make_claim(statement="former")
    columns = [field.column for field in Claim._meta.concrete_fields]
    values = ", ".join("'latter'" if column == "statement" else f'"{column}"' for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    conflict = "" if connection.vendor == "sqlite" else "ON CONFLICT (id) DO UPDATE SET statement = excluded.statement"
    insert = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    with connection.cursor() as cursor:
        cursor.execute(f"{insert} INTO comparison_claim ({names}) SELECT {values} FROM comparison_claim {conflict}")
    assert (finds("former"), finds("latter")) == ([], ["latter"])
    assert Claim.objects.get() == claim


def drop_triggers() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in sqlite.definitions().keys() - {sqlite.TABLE, sqlite.LETTERS}:
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            for name in postgresql.triggers():
                cursor.execute(f"DROP TRIGGER {name} ON comparison_claim")


def test_triggers_that_a_migration_dropped_come_back_with_all_that_was_missed() -> None:
    make_claim(statement="before")
    drop_triggers()
    Claim.objects.update(statement="meanwhile")
    make_claim(statement="added")
    assert (finds("before"), finds("added")) == (["meanwhile"], [])
    call_command("migrate", verbosity=0)
    make_claim(statement="afterwards")
    assert finds("before") == []
    assert [finds(word) for word in ("meanwhile", "added", "afterwards")] == [["meanwhile"], ["added"], ["afterwards"]]


def test_an_index_that_is_right_is_not_made_again() -> None:
    make_claim(statement="kept")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {sqlite.TABLE} SET text = 'a sign of our own'")
    assert keep_index("default") == ""
    assert ClaimText.objects.get().text == "a sign of our own"


@on_postgresql
def test_emptying_the_table_empties_the_index() -> None:
    make_claim()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE comparison_claim CASCADE")
    assert not ClaimText.objects.exists()


@on_postgresql
def test_without_the_right_to_add_trigrams_searches_find_the_same_and_migrate_tells_why(capsys) -> None:
    make_claim(statement="Authentication")
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")
        cursor.execute("CREATE ROLE unprivileged")
        cursor.execute("SET LOCAL ROLE unprivileged")
        assert postgresql.keep_trigrams(cursor) is False
        cursor.execute("RESET ROLE")
    assert finds("auth") == ["Authentication"]
    assert "CREATE EXTENSION pg_trgm" in NO_EXTENSION


@on_postgresql
def test_texts_have_a_trigram_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [postgresql.TABLE])
        assert any("gin_trgm_ops" in definition for (definition,) in cursor.fetchall())


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="needs SQLite")
def test_sqlite_looks_words_up_instead_of_reading_all_claims() -> None:
    plan = Claim.objects.published().containing("two words")[:20].explain()
    assert "VIRTUAL TABLE INDEX" in plan
    assert "TEMP B-TREE" not in plan


# How pages use it


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.fixture
def many(monkeypatch) -> None:
    monkeypatch.setattr(claim_filters, "MAX_COUNTED", 3)
    framework, criterion, source = make_framework("Alpha"), make_criterion("feature"), make_source()
    for number in range(7):
        make_claim(framework=framework, criterion=criterion, source=source, statement=f"steady {number}")
    make_claim(statement="rare")


def test_a_list_of_many_matches_counts_no_further_than_it_must(many) -> None:
    client = Client()
    text = plain(page(client, "/claims/?q=steady&page_size=2"))
    assert ("More than 3 published claims" in text, "Page 1 Next page" in text) == (True, True)
    assert "1 published claim:" in plain(page(client, "/claims/?q=rare"))
    assert "8 published claims:" in plain(page(client, "/claims/"))
    assert "7 published claims" not in plain(page(client, "/claims/?q=steady&framework=alpha"))


@pytest.mark.parametrize("address", ["/api/v1/claims/", "/claims.json"])
def test_following_next_leads_to_every_match(many, address) -> None:
    client, statements, query = Client(), [], "?q=steady&page_size=2"
    while query:
        data = client.get(f"{address}{query}").json()
        assert (data["count"], data["count_is_exact"]) == (3, False)
        statements += [claim["statement"] for claim in data["results"]]
        query = data["next"] and "?" + data["next"].partition("?")[2]
    assert statements == [f"steady {number}" for number in range(6, -1, -1)]
    assert client.get(f"{address}?q=steady&page_size=2&page=5").status_code == 404
    assert client.get(f"{address}?q=rare").json()["count_is_exact"] is True


@pytest.mark.parametrize("size", [2, 12])
def test_a_search_takes_as_many_queries_at_any_size(size, django_assert_num_queries) -> None:
    for number in range(size):
        make_claim(statement=f"steady {number}", source=make_source(f"Steady {number}"))
    with django_assert_num_queries(11):
        Client().get("/search/?q=steady")


def test_curators_also_search_quotes_and_names_of_criteria() -> None:
    routing = make_criterion("feature", "Routing")
    quoted = make_claim(ClaimState.DRAFT, statement="alpha", quote="The passage of the source")
    make_claim(criterion=routing, statement="beta")
    client = as_admin()
    expected = {
        "passage": ["alpha"],
        "routing": ["beta"],
        "routing beta": ["beta"],
        "routing alpha": [],
        "": ["beta", "alpha"],
        "  ": ["beta", "alpha"],
        "?!": [],
        "PASSAGE alph": ["alpha"],
    }
    for query, statements in expected.items():
        rows = client.get(url("claim", "changelist"), {"q": query}).context["cl"].result_list
        assert [claim.statement for claim in rows] == statements, query
    assert Client().get("/claims/", {"q": "passage"}).context["page"].count == 0
    assert quoted.pk == ClaimText.objects.get(quote__holds=["passage"]).pk


def test_the_rows_of_a_table_are_searched_by_how_words_begin() -> None:
    made = make_criterion("feature", "Élan", question="How fast?", synonyms="OAuth")
    make_claim(criterion=made, framework=make_framework("Alpha"))
    for query, is_found in {"elan": True, "oa FASTER": True, "auth": False, "slow": False, "-": False}.items():
        rows = Client().get("/compare/alpha/", {"q": query}).context["filtered"].rows
        assert [row.criterion.name for row in rows] == ["Élan"] * is_found, query


def test_deleting_through_the_orm_asks_the_index_for_nothing() -> None:
    make_claim(statement="gone")
    Claim.objects.annotate(double=F("id")).delete()
    assert not ClaimText.objects.exists()
