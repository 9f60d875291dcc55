"""The public catalogue in one file: whole, valid by its schema, and with nothing that is not public."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache

from comparison.api import dump
from comparison.models import Claim, ClaimState, Edition, GuideQuestion, Source
from tests.api_client import API, SECRET, get_json
from tests.make import (
    make_category,
    make_check,
    make_claim,
    make_framework,
    make_measurement,
    make_part,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db
ADDRESS = f"{API}catalogue.json"
SCHEMA = f"{API}catalogue.schema.json"
LISTS = ["frameworks", "categories", "criteria", "sources", "profiles", "questions", "experiments"]


def test_it_holds_all_that_the_lists_of_the_api_hold(client, catalogue) -> None:
    make_category("Another")
    run = make_part(make_source("Run", "measurement", published=date(2025, 1, 2)), experiment="quickness")
    make_measurement(part=run, framework=catalogue.framework)
    make_check(catalogue, "outdated")
    asked = GuideQuestion.objects.create(slug="who", text="Who builds it?")
    asked.choices.create(slug="one", text="One", because="one person builds it", sets=f"{catalogue.criterion.slug} 2")
    whole = get_json(client, ADDRESS)
    assert [question["slug"] for question in whole["questions"]] == ["who"]
    for name in LISTS:
        assert whole[name] == get_json(client, f"{API}{name}/?page_size=500")["results"], name
    assert whole["claims"] == get_json(client, f"{API}claims/?page_size=500&sort=oldest")["results"]
    assert [len(claim["findings"]) for claim in whole["claims"] if claim["findings"]] == [2, 1]
    assert whole["edition"] == get_json(client, f"{API}editions/")["results"][0]
    assert whole["not_applicable"] == [{"framework": "beta", "criterion": "on-feature", "reason": "It has none."}]
    results = get_json(client, f"{API}experiments/quickness/")
    assert whole["measurements"] == [{**row, "experiment": "quickness"} for row in results["results"]]
    assert whole["runs"] == results["runs"]


def test_an_empty_catalogue_is_a_file_too(client) -> None:
    whole = get_json(client, ADDRESS)
    assert (whole["claims"], whole["frameworks"], whole["edition"]["number"]) == ([], [], 0)
    assert list(whole) == list(get_json(client, f"{API}openapi.json")["components"]["schemas"]["Catalogue"]["required"])


def test_it_changes_with_the_edition_and_not_before(client, catalogue) -> None:
    first = client.get(ADDRESS)
    assert client.get(ADDRESS, headers={"if-none-match": first.headers["ETag"]}).status_code == 304
    make_claim(framework=catalogue.framework, criterion=catalogue.criterion)
    second = client.get(ADDRESS, headers={"if-none-match": first.headers["ETag"]})
    assert len(second.json()["claims"]) == len(first.json()["claims"]) + 1
    assert second.json()["edition"]["number"] == Edition.objects.current().number


def test_nothing_in_it_is_private(client, catalogue) -> None:
    user = make_user(username="hunter2", first_name="Hunter", email="hunter2@example.org")
    Claim.objects.update(quote=SECRET[16:25], created_by=user, published_by=user)
    Source.objects.update(wishes=["a wish"], declined=["a digest"])
    for state in ClaimState:
        source = make_source(f"Known for {state}")
        source.set_text(SECRET)
        source.save()
        claim = make_claim(
            state,
            framework=catalogue.framework,
            criterion=catalogue.criterion,
            source=source,
            statement=f"It is {state}.",
            created_by=user,
        )
        make_check(claim, "confirmed", note=f"Seen as {state}.", by=user)
    make_source("A source without claims")
    content = client.get(ADDRESS).content.decode()
    assert "It is published." in content
    assert "Seen as published." in content
    for word in (SECRET[:20], SECRET[16:25], "hunter2", "Hunter", "a wish", "a digest", "A source without claims"):
        assert word not in content
    for state in ("draft", "submitted", "rejected", "retracted"):
        assert f"It is {state}." not in content
        assert f"Seen as {state}." not in content
    slugs = {source["slug"] for source in json.loads(content)["sources"]}
    assert {slug for slug in slugs if slug.startswith("known")} == {"known-for-published", "known-for-retracted"}


def text_of(response: Any) -> str:
    return b"".join(response.streaming_content).decode()


def test_a_large_one_is_sent_while_it_is_read_and_never_kept(client, catalogue, monkeypatch) -> None:
    at_once = client.get(ADDRESS).content.decode()
    cache.clear()
    monkeypatch.setattr(dump, "MAX_AT_ONCE", 3)
    monkeypatch.setattr(dump, "ROWS_OF_PART", 2)
    monkeypatch.setattr(dump, "CHUNK_SIZE", 2)
    responses = [client.get(ADDRESS), client.get(ADDRESS)]
    assert [response.streaming for response in responses] == [True, True]
    assert [text_of(response) for response in responses] == [at_once, at_once]
    headers = responses[0].headers
    assert (headers["Content-Type"], headers["Access-Control-Allow-Origin"]) == ("application/json", "*")
    assert client.get(ADDRESS, headers={"if-none-match": headers["ETag"]}).status_code == 304
    assert text_of(client.head(ADDRESS)) == ""
    make_framework("Another")
    assert "Another" in text_of(client.get(ADDRESS))


def test_a_large_one_is_not_read_for_ever(client, catalogue, monkeypatch) -> None:
    monkeypatch.setattr(dump, "MAX_AT_ONCE", 3)
    monkeypatch.setattr(dump, "MAX_SECONDS", -1)
    with pytest.raises(TimeoutError, match="was not read to its end"):
        text_of(client.get(ADDRESS))


# Its schema.


def test_the_schema_stands_alone_and_says_what_the_document_says(client, document) -> None:
    response = client.get(SCHEMA)
    assert response.headers["Content-Type"] == "application/schema+json"
    schema = response.json()
    assert schema.pop("$schema") == "https://json-schema.org/draft/2020-12/schema"
    assert schema.pop("$id") == get_json(client, ADDRESS)["$schema"] == f"http://testserver{SCHEMA}"
    assert schema.pop("title") == "Catalogue"
    definitions = schema.pop("$defs")
    as_documented = json.loads(
        json.dumps(document["components"]["schemas"]).replace("#/components/schemas/", "#/$defs/")
    )
    assert schema == as_documented["Catalogue"]
    assert {name: as_documented[name] for name in definitions} == definitions
    used = {name for name in as_documented if f'"#/$defs/{name}"' in json.dumps([schema, definitions])}
    assert used == set(definitions)
    assert {"Claim", "Check", "ClaimValue", "Source"} <= used


def test_the_page_of_the_api_leads_to_the_file_and_its_schema(client) -> None:
    html = client.get(API).content.decode()
    assert f'<a href="{ADDRESS}">' in html
    assert f'<a href="{SCHEMA}">' in html
