"""Texts whose licence forbids showing them: claims cite places in them, and no page ever has their words."""

import pytest

from comparison.curation.attach_text import attach
from comparison.curation.undo import undo
from comparison.files.claims_csv import read_rows
from comparison.files.claims_import import Planner, store
from comparison.models import Batch, Claim, Source
from tests.admin_site import as_user, form_data, url
from tests.catalogue_files import change, dumped, loaded
from tests.make import make_check, make_claim, make_criterion, make_framework, make_part, make_source, make_user

pytestmark = pytest.mark.django_db

PRIVATE = "CC-BY-NC-SA-3.0"
PASSAGE = "Has forms of its own"
TEXT = f"Intro.\n{PASSAGE}.\nEnd.\n"
START, END = TEXT.index(PASSAGE), TEXT.index(PASSAGE) + len(PASSAGE)


@pytest.fixture
def private() -> Source:
    """A page of a documentation, with its text, which may not be shown."""
    whole = make_source("Manual", "documentation", framework=make_framework("One"), text_licence=PRIVATE)
    page = make_part(whole, "Manual forms", text_licence=PRIVATE)
    make_criterion("feature", "Forms")
    page.set_text(TEXT)
    page.save()
    return page


def claim_data(source: Source, **changes: object) -> dict[str, object]:
    criterion = make_criterion("rating", "Speed").pk
    return {"framework": source.framework_id, "criterion": criterion, "source": source.pk, "level": 1} | changes


@pytest.mark.parametrize(
    ("licence", "is_shown"),
    [
        ("", True),
        ("BSD-3-Clause", True),
        ("CC-BY-3.0", True),
        (PRIVATE, False),
        ("CC-BY-ND-4.0", False),
        ("Anything else", False),
    ],
)
def test_a_passage_becomes_a_quote_where_the_licence_allows_it(licence: str, is_shown: bool) -> None:
    assert Source(text_licence=licence).quote_from(PASSAGE) == (PASSAGE if is_shown else "")
    assert Source(text_licence=licence).quote_from("x" * 501) == ""


def test_the_form_of_a_claim_takes_the_place_alone(private: Source) -> None:
    client, address = as_user(make_user("Contributor")), url("claim", "add")
    data = form_data(client, address, **claim_data(private, statement="Has forms", start=START, end=END))
    response = client.post(address, data | {"quote": PASSAGE})
    assert f"The text is under {PRIVATE}" in response.content.decode()
    assert client.post(address, data).status_code == 302
    claim = Claim.objects.get()
    assert (claim.start, claim.end, claim.quote) == (START, END, "")


def test_the_reading_room_takes_the_place_alone(private: Source) -> None:
    values = claim_data(private, statement="Has forms", start=START, end=END, _draft="1")
    data = values | {"frameworks": [values["framework"]]}
    as_user(make_user("Contributor")).post(f"/admin/comparison/source/{private.pk}/read/save/", data)
    assert Claim.objects.get().quote == ""


def test_an_import_takes_the_place_alone(private: Source) -> None:
    head = "source,framework,criterion,statement,support,start,end,quote\n"
    line = f"{private.slug},one,forms,Has them,built-in,{START},{END},"
    plan = Planner(None).read(read_rows(head + line + "\n"))
    list(store(plan, None))
    assert Claim.objects.get().quote == ""
    (error,) = Planner(None).read(read_rows(f"{head}{line}{PASSAGE}\n")).errors
    assert (error.column, PRIVATE in error.reason) == ("quote", True)


def test_undoing_a_new_text_brings_no_passage(private: Source) -> None:
    claim = make_claim(source=private, framework=private.framework, start=START, end=END)
    attach(private, "A line that is new.\n" + TEXT, changed=True)
    undo(Batch.objects.latest("pk"), make_user("Editor"))
    claim.refresh_from_db()
    assert (claim.start, claim.quote) == (START, "")


def with_quote() -> Claim:
    """A published claim whose quote was filled in before its source's licence became known."""
    criterion = make_criterion("feature", "Forms")
    whole = make_source("Manual", "documentation", framework=make_framework("One"), framework_version="5.2")
    page = make_part(whole, "Manual forms", framework_version="5.2")
    page.set_text(TEXT)
    page.save()
    return make_claim(
        source=page,
        framework=page.framework,
        criterion=criterion,
        support="built-in",
        start=START,
        end=END,
        quote=PASSAGE,
    )


def test_loading_a_catalogue_that_names_the_licence_removes_quotes(tmp_path) -> None:
    claim = with_quote()
    dumped(tmp_path)
    change(tmp_path / "sources" / "manual.yaml", "framework: one\n", f"framework: one\ntext_licence: {PRIVATE}\n")
    loaded(tmp_path)
    claim.refresh_from_db()
    assert (claim.start, claim.quote) == (START, "")


def test_no_page_shows_a_quote_that_is_stored_already(client) -> None:
    claim = with_quote()
    make_claim(framework=make_framework("Two"), criterion=claim.criterion, support="none")
    wrong = make_claim(framework=claim.framework, criterion=claim.criterion, support="none")
    make_check(wrong).decided_by.add(claim)
    addresses = [claim.get_absolute_url(), wrong.get_absolute_url(), "/compare/one-vs-two/forms/", "/checks/"]
    assert [address for address in addresses if PASSAGE not in client.get(address).content.decode()] == []
    Source.objects.update(text_licence=PRIVATE)
    Claim.objects.filter(pk=claim.pk).announce("The licence became known")
    more = ["/compare/one-vs-two/", "/frameworks/one/", "/sources/manual/", "/claims/", "/claims/?q=own"]
    more += ["/compare/one-vs-two.json", f"/api/v1/claims/{claim.pk}/", "/api/v1/sources/manual/"]
    answers = {address: client.get(address) for address in addresses + more}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert [address for address, answer in answers.items() if PASSAGE in answer.content.decode()] == []
