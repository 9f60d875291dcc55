from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comparison.curation.attach_text import attach, preview
from comparison.models import Claim, ClaimState, Source
from comparison.texts.decode import digest
from tests.admin_site import as_user
from tests.make import make_claim, make_source, make_user
from tests.reading import edition_number
from tests.source_texts import ARTICLE, LINES, LONG, PAGE, source_with_every_fate

pytestmark = pytest.mark.django_db

INTAKE = "/admin/comparison/source/intake/"


def text_of(source: Source) -> str:
    return reverse("admin:comparison_source_text", args=[source.pk])


def look(client: Client, address: str = INTAKE, **given: Any) -> Any:
    return client.post(address, {"_look": "1"} | given)


def again(response: Any, **changes: Any) -> dict[str, Any]:
    """What the page's own form would send."""
    upload = response.context["upload"]
    sent = {"raw": upload.raw, "raw_encoding": upload.encoding, "original_sha256": upload.original_sha256}
    sent |= {
        "read_as": str(upload.taken.text_format),
        "shown": upload.digest,
        "form": str(upload.taken.text_format),
        "encoding": upload.encoding,
    }
    if details := response.context.get("details"):
        sent |= {name: details[name].value() or "" for name in details.fields}
    if source := response.context.get("source"):
        sent |= {"seen": source.text_sha256 or "none"}
    return sent | changes


def upload(data: bytes, name: str = "page.html") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_a_page_becomes_a_source_with_its_text() -> None:
    client, before = as_user(make_user("Editor")), edition_number()
    response = look(client, upload=upload(PAGE.encode()))
    assert response.context["upload"].taken.text == ARTICLE
    html = response.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html
    assert not Source.objects.exists()
    done = client.post(INTAKE, again(response, kind="independent", _save="1"))
    source = Source.objects.get()
    assert done.headers["Location"] == reverse("admin:comparison_source_read", args=[source.pk])
    assert (source.title, source.slug, source.author) == ("One & two", "one-two", "A. Writer")
    assert (str(source.published), source.address) == ("2024-03-02", "https://example.org/x")
    assert source.text == ARTICLE
    assert source.original_sha256 == digest(PAGE.encode())
    assert source.history.get().history_change_reason == "added with its text"
    assert edition_number() == before + 1


def test_pasted_text_is_kept_as_it_is() -> None:
    client = as_user(make_user("Editor"))
    response = look(client, pasted="A title\r\n\r\n  “Odd”  blanks \r\n")
    client.post(INTAKE, again(response, kind="vendor", _save="1"))
    assert Source.objects.get().text == "A title\n\n  “Odd”  blanks \n"
    assert Source.objects.get().title == "A title"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Choose a file, or paste the text"),
        ({"pasted": "a\0b"}, "Null characters"),
        ({"data": b"\x89PNG\r\n"}, "a PNG picture"),
        ({"data": b"PK\x03\x04"}, "a ZIP archive"),
        ({"data": b""}, "empty"),
        ({"data": b"\xef\xbb\xbf"}, "no text in it"),
        ({"data": b"caf\xe9"}, "Byte 4 is not UTF-8"),
        ({"data": b"<html><script>x</script></html>"}, "no text in it"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_stored(given, words) -> None:
    if "data" in given:
        given = {"upload": upload(given["data"])}
    html = look(as_user(make_user("Editor")), **given).content.decode()
    assert words in html
    assert not Source.objects.exists()


@pytest.mark.parametrize("encoding", ["windows-1252", "windows-1251", "shift_jis"])
def test_a_file_in_another_encoding_is_kept_and_read_anew(encoding) -> None:
    text = "Größe" if encoding == "windows-1252" else "日本語だ" if encoding == "shift_jis" else "Цена"
    client = as_user(make_user("Editor"))
    response = look(client, upload=upload(text.encode(encoding), "a.txt"))
    assert "is not UTF-8. Choose another encoding" in response.content.decode()
    assert "Store the source and read it" in response.content.decode()
    changed = client.post(INTAKE, again(response, encoding=encoding, _look="1"))
    assert (changed.context["upload"].taken.text, "is not UTF-8" in changed.content.decode()) == (text, False)


def test_another_encoding_can_be_chosen_before_and_after() -> None:
    client = as_user(make_user("Editor"))
    data = "Größe".encode("windows-1252")
    response = look(client, upload=upload(data, "a.txt"), encoding="windows-1252")
    assert response.context["upload"].taken.text == "Größe"
    changed = client.post(INTAKE, again(response, encoding="windows-1251", _look="1"))
    assert changed.context["upload"].taken.text == "GrцЯe"
    back = client.post(INTAKE, again(changed, encoding="windows-1252", _look="1"))
    assert back.context["upload"].taken.text == "Größe"
    assert back.context["upload"].original_sha256 == digest(data)


def test_garbled_letters_are_shown_and_repaired_only_on_demand() -> None:
    client = as_user(make_user("Editor"))
    response = look(client, pasted="Caf\u00c3\u00a9 life")
    assert "<del>Ã©</del><ins>é</ins>" in response.content.decode()
    assert response.context["upload"].taken.text == "CafÃ© life"
    repaired = client.post(INTAKE, again(response, repair="1", _look="1"))
    assert repaired.context["upload"].taken.text == "Café life"


def test_the_whole_page_is_offered_where_much_is_dropped() -> None:
    client = as_user(make_user("Editor"))
    page = f"<nav>{'menu ' * 100}</nav><article>Few words</article>"
    response = look(client, upload=upload(page.encode()))
    assert "Most of the page was left out" in response.content.decode()
    whole = client.post(INTAKE, again(response, keep_everything="1", _look="1"))
    assert "menu menu" in whole.context["upload"].taken.text


def test_wrong_details_are_told_and_the_text_survives() -> None:
    client = as_user(make_user("Editor"))
    make_source(slug="taken")
    response = look(client, pasted="A title")
    wrong = again(response, kind="independent", slug="taken", published="2999-01-01", accessed="", _save="1")
    html = client.post(INTAKE, wrong).content.decode()
    assert "already exists" in html
    assert "has not come yet" in html
    assert "A title" in html
    early = client.post(INTAKE, wrong | {"slug": "free", "published": "1889-01-01"}).content.decode()
    assert "no web before 1990" in early
    assert Source.objects.count() == 1


def test_the_same_article_is_recognised() -> None:
    client = as_user(make_user("Editor"))
    source = make_source("Known")
    source.set_text(LONG)
    source.save()
    html = look(client, pasted=LONG).content.decode()
    assert "This very text is stored already" in html
    near = look(client, pasted=LONG.replace("Line 7 says", "Line 7 tells")).content.decode()
    assert "Much like a source there is" in near
    assert f'formaction="{text_of(source)}"' in near
    assert "Much like" not in look(client, pasted="Another text altogether, of other words").content.decode()


NEW = LONG.replace("Line 30 says something", "Line 30 said something").replace(LINES[40], "Nothing")


def test_a_new_capture_tells_which_claims_it_merges() -> None:
    source = make_source()
    source.set_text("So it is.\nSo it is.\nEnd.\n")
    source.save()
    first = make_claim(source=source, start=0, end=8)
    cell = {"framework": first.framework, "criterion": first.criterion, "statement": first.statement}
    second = make_claim(source=source, start=10, end=18, **cell)
    client = as_user(make_user("Editor"))
    response = look(client, text_of(source), pasted="End.\n")
    assert f"Will be merged into claim {first.pk}, which says the same." in response.content.decode()
    client.post(text_of(source), again(response, _save="1"))
    second.refresh_from_db()
    assert second.merged_into == first


def test_a_new_capture_shows_what_becomes_of_each_claim_before_it_is_stored() -> None:
    source, claims = source_with_every_fate()
    client = as_user(make_user("Editor"))
    response = look(client, text_of(source), pasted=NEW)
    fates = {one.claim.pk: fate for fate, _, group in response.context["fates"] for one in group}
    assert fates == {claim.pk: fate for fate, claim in claims.items()}
    heads = '<th scope="col">In the stored text</th><th scope="col">In the new text</th>'
    assert heads in response.content.decode()
    source.refresh_from_db()
    assert source.text == LONG
    assert Claim.objects.published().count() == 4
    done = client.post(text_of(source), again(response, _save="1"), follow=True)
    assert "1 gone, 1 changed, 1 moved, 1 found" in done.content.decode()
    source.refresh_from_db()
    assert source.text == NEW
    states = {fate: Claim.objects.get(pk=claim.pk).state for fate, claim in claims.items()}
    assert states == {
        "found": ClaimState.PUBLISHED,
        "moved": ClaimState.PUBLISHED,
        "changed": ClaimState.SUBMITTED,
        "gone": ClaimState.SUBMITTED,
    }


def test_a_text_that_changed_meanwhile_is_looked_at_again() -> None:
    source, _ = source_with_every_fate()
    client = as_user(make_user("Editor"))
    sent = again(look(client, text_of(source), pasted=NEW), _save="1")
    Source.objects.filter(pk=source.pk).update(text_sha256="a" * 64)
    response = client.post(text_of(source), sent)
    assert "changed while you looked" in response.content.decode()
    source.refresh_from_db()
    assert source.text == LONG
    client.post(text_of(source), again(response, _save="1"))
    source.refresh_from_db()
    assert source.text == NEW


def test_who_sends_no_word_of_what_was_seen_stores_nothing() -> None:
    source, _ = source_with_every_fate()
    client = as_user(make_user("Editor"))
    client.post(text_of(source), again(look(client, text_of(source), pasted=NEW), seen="", _save="1"))
    source.refresh_from_db()
    assert source.text == LONG


def test_the_day_of_a_new_capture_is_kept() -> None:
    source, _ = source_with_every_fate()
    client = as_user(make_user("Editor"))
    response = look(client, text_of(source), pasted=NEW)
    late = client.post(text_of(source), again(response, fetched="2999-01-01", _save="1"))
    assert "has not come yet" in late.content.decode()
    client.post(text_of(source), again(late, fetched="2025-02-03", _save="1"))
    source.refresh_from_db()
    assert (source.text, str(source.accessed)) == (NEW, "2025-02-03")


def test_a_choice_that_does_not_fit_loses_nothing() -> None:
    client = as_user(make_user("Editor"))
    response = look(client, upload=upload(b"Gr\xf6\xdfe", "a.txt"), encoding="windows-1252")
    wrong = client.post(INTAKE, again(response, encoding="utf-8", title="My title", _look="1"))
    html = wrong.content.decode()
    assert "Byte 3 is not UTF-8" in html
    assert "My title" in html
    assert wrong.context["upload"].taken.text == "Größe"
    no_page = client.post(INTAKE, again(look(client, pasted="<p hidden></p>"), form="html", _save="1"))
    assert "no text in it" in no_page.content.decode()
    assert no_page.context["upload"].taken.text == "<p hidden></p>"
    assert not Source.objects.exists()


@pytest.mark.parametrize("name", ["form", "read_as", "encoding", "raw_encoding", "original_sha256", "fetched"])
def test_made_up_values_store_nothing_and_break_nothing(name) -> None:
    client = as_user(make_user("Editor"))
    sent = again(look(client, pasted="A title"), kind="independent", _look="1")
    assert client.post(INTAKE, sent | {name: "klingon"}).status_code == 200
    assert not Source.objects.exists()


def test_an_empty_form_says_what_is_missing() -> None:
    response = as_user(make_user("Editor")).post(INTAKE)
    assert "Choose a file, or paste the text" in response.content.decode()


def test_only_what_was_shown_is_stored() -> None:
    client = as_user(make_user("Editor"))
    response = look(client, pasted="Caf\u00c3\u00a9 life")
    unseen = client.post(INTAKE, again(response, kind="independent", repair="1", _save="1"))
    assert "with your last choices" in unseen.content.decode()
    assert not Source.objects.exists()
    client.post(INTAKE, again(unseen, kind="independent", repair="1", _save="1"))
    assert Source.objects.get().text == "Café life"


def test_one_endless_line_is_shown_in_part() -> None:
    client = as_user(make_user("Editor"))
    line = "caf\u00c3\u00a9 and tea " * 100_000
    response = look(client, pasted=line)
    html = response.content.decode()
    assert html.count("and tea") < 101_000  # once to be sent along, and a little to look at
    assert response.context["upload"].taken.text == line.strip("\r")


def test_a_paste_beyond_all_use_is_refused_with_its_size() -> None:
    html = look(as_user(make_user("Editor")), pasted="a" * 8_000_001).content.decode()
    assert "8,000,001 characters; at most 8,000,000" in html


def test_a_text_known_by_its_digest_alone_is_previewed_as_it_is_attached() -> None:
    source, claims = source_with_every_fate()
    Source.objects.filter(pk=source.pk).update(text="")
    source.refresh_from_db()
    seen = {one.claim.pk: one.fate for one in preview(source, "A new line\n" + LONG)}
    done = {one.claim.pk: one.fate for one in attach(source, "A new line\n" + LONG, changed=True)}
    assert seen == done == {claim.pk: "moved" for claim in claims.values()}


def test_silent_lines_move_along() -> None:
    source, _ = source_with_every_fate()
    source.silent = [1, 3, 31, 70]
    source.save()
    client = as_user(make_user("Editor"))
    response = look(client, text_of(source), pasted="A new line\n" + NEW)
    client.post(text_of(source), again(response, _save="1"))
    source.refresh_from_db()
    assert source.silent == [2, 4, 71]


def test_the_first_text_of_a_source() -> None:
    source = make_source()
    client = as_user(make_user("Editor"))
    response = look(client, text_of(source), pasted="At last")
    assert "No claim of this source has a place yet" in response.content.decode()
    client.post(text_of(source), again(response, _save="1"))
    source.refresh_from_db()
    assert source.text == "At last"


@pytest.mark.parametrize(("role", "status"), [("", 403), ("Contributor", 403), ("Reviewer", 403), ("Editor", 200)])
def test_only_editors_add_texts(role, status) -> None:
    client, source = as_user(make_user(role)), make_source()
    for address in (INTAKE, text_of(source)):
        assert client.get(address).status_code == status
        assert look(client, address, pasted="x").status_code == status
        assert Client().get(address).status_code == 302
    assert Source.objects.count() == 1


def test_a_long_article_comes_through() -> None:
    client = as_user(make_user("Editor"))
    long = "\n".join(f"Sentence {number} says that it is quick to learn." for number in range(100_000))
    assert len(long) > 4_500_000
    response = look(client, upload=upload(long.encode(), "long.txt"))
    assert "The first 400 lines are shown" in response.content.decode()
    client.post(INTAKE, again(response, kind="independent", _save="1"))
    assert Source.objects.get().text == long


def test_looking_costs_the_same_at_any_size() -> None:
    client, costs = as_user(make_user("Editor")), []
    source, _ = source_with_every_fate()
    for size in (2, 20):
        for number in range(size):
            other = make_source()
            other.set_text(f"{size} {number} " + LONG)
            other.save()
            make_claim(source=source, start=number, end=number + 3)
        counts = []
        for address in (INTAKE, text_of(source)):
            with CaptureQueriesContext(connection) as found:
                look(client, address, pasted=NEW)
            counts.append(len(found))
        costs.append(counts)
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 10
