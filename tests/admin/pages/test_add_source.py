from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comparison.admin.pages import text_upload
from comparison.curation.attach_text import attach, preview
from comparison.models import Claim, ClaimState, Source
from comparison.texts.decode import digest
from comparison.texts.html.second_reading import NoSecondReading
from tests.admin_site import as_user
from tests.make import make_claim, make_framework, make_source, make_user
from tests.reading import edition_number, squeezed
from tests.source_texts import ARTICLE, EML, LINES, LONG, MHTML, PAGE, source_with_every_fate

pytestmark = pytest.mark.django_db

ADD_SOURCE = "/admin/comparison/source/intake/"
CHOSEN = ["The library takes this line alone, of all that there are."]
READ_TWICE = f"""<article><h1>T</h1><p>It is small, as everybody says who knows it well.</article>
<div class=related><p>{CHOSEN[0]}</div>"""


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a library takes for the article of every page: it runs in another process, which these tests do without."""
    chosen: list[str] = []

    def lines(raw: str) -> list[str]:
        if not chosen:
            raise NoSecondReading("It is not installed.")
        return chosen

    monkeypatch.setattr(text_upload, "library_lines", lines)
    return chosen


def text_url(source: Source) -> str:
    return reverse("admin:comparison_source_text", args=[source.pk])


def look(client: Client, address: str = ADD_SOURCE, **fields: Any) -> Any:
    return client.post(address, {"_look": "1"} | fields)


def form_fields(response: Any, **changes: Any) -> dict[str, Any]:
    """The fields that the page's own form would send."""
    upload = response.context["upload"]
    fields = {"raw": upload.raw, "raw_encoding": upload.encoding, "original_sha256": upload.original_sha256}
    fields |= {
        "read_as": str(upload.taken.text_format),
        "shown": upload.digest,
        "form": str(upload.taken.text_format),
        "encoding": upload.encoding,
        "restored": upload.restored,
        "cuts": upload.cuts,
        "cuts_of": upload.whole_digest,
        "reading": "library" if upload.by_library else "own",
    }
    if details := response.context.get("details"):
        fields |= {name: details[name].value() or "" for name in details.fields}
    if source := response.context.get("source"):
        fields |= {"seen": source.text_sha256 or "none"}
    return fields | changes


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
    done = client.post(ADD_SOURCE, form_fields(response, kind="independent", _save="1"))
    source = Source.objects.get()
    assert done.headers["Location"] == reverse("admin:comparison_source_read", args=[source.pk])
    assert (source.title, source.slug, source.author) == ("One & two", "one-two", "A. Writer")
    assert (str(source.published), source.address) == ("2024-03-02", "https://example.org/x")
    assert source.text == ARTICLE
    assert source.original_sha256 == digest(PAGE.encode())
    assert source.history.get().history_change_reason == "added with its text"
    assert edition_number() == before + 1


def test_pasted_text_is_stored_unchanged() -> None:
    client = as_user(make_user("Editor"))
    response = look(client, pasted="A title\r\n\r\n  “Odd”  blanks \r\n")
    client.post(ADD_SOURCE, form_fields(response, kind="vendor", _save="1"))
    assert Source.objects.get().text == "A title\n\n  “Odd”  blanks \n"
    assert Source.objects.get().title == "A title"


@pytest.mark.parametrize(
    ("fields", "message"),
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
def test_unreadable_input_is_reported_and_not_stored(fields, message) -> None:
    if "data" in fields:
        fields = {"upload": upload(fields["data"])}
    html = look(as_user(make_user("Editor")), **fields).content.decode()
    assert message in html
    assert not Source.objects.exists()


@pytest.mark.parametrize("encoding", ["windows-1252", "windows-1251", "shift_jis"])
def test_a_file_in_another_encoding_can_be_read_again(encoding) -> None:
    text = "Größe" if encoding == "windows-1252" else "日本語だ" if encoding == "shift_jis" else "Цена"
    client = as_user(make_user("Editor"))
    response = look(client, upload=upload(text.encode(encoding), "a.txt"))
    assert "is not UTF-8. Choose another encoding" in response.content.decode()
    assert "Store the source and read it" in response.content.decode()
    changed = client.post(ADD_SOURCE, form_fields(response, encoding=encoding, _look="1"))
    assert (changed.context["upload"].taken.text, "is not UTF-8" in changed.content.decode()) == (text, False)


def test_the_encoding_can_be_chosen_before_and_after_the_upload() -> None:
    client = as_user(make_user("Editor"))
    data = "Größe".encode("windows-1252")
    response = look(client, upload=upload(data, "a.txt"), encoding="windows-1252")
    assert response.context["upload"].taken.text == "Größe"
    changed = client.post(ADD_SOURCE, form_fields(response, encoding="windows-1251", _look="1"))
    assert changed.context["upload"].taken.text == "GrцЯe"
    restored = client.post(ADD_SOURCE, form_fields(changed, encoding="windows-1252", _look="1"))
    assert restored.context["upload"].taken.text == "Größe"
    assert restored.context["upload"].original_sha256 == digest(data)


def test_garbled_letters_are_shown_and_repaired_only_on_request() -> None:
    client = as_user(make_user("Editor"))
    response = look(client, pasted="Caf\u00c3\u00a9 life")
    assert "Caf<del>Ã©</del><ins>é</ins> life" in squeezed(response.content.decode())
    assert response.context["upload"].taken.text == "CafÃ© life"
    repaired = client.post(ADD_SOURCE, form_fields(response, repair="1", _look="1"))
    assert repaired.context["upload"].taken.text == "Café life"


def test_the_whole_page_is_offered_if_most_of_it_is_left_out() -> None:
    client = as_user(make_user("Editor"))
    page = f"<nav>{'menu ' * 100}</nav><article>Few words</article>"
    response = look(client, upload=upload(page.encode()))
    assert "Most of the page was left out" in response.content.decode()
    whole = client.post(ADD_SOURCE, form_fields(response, keep_everything="1", _look="1"))
    assert "menu menu" in whole.context["upload"].taken.text


FURNISHED = """<article><h1>T</h1><p>It is small.<h4>Web courses</h4><p>View course<p>Call us now</article>
<aside>An aside of it</aside><div class=share>Tweet</div>"""


def test_what_is_left_out_is_brought_back_with_one_click() -> None:
    client = as_user(make_user("Editor"))
    response = look(client, upload=upload(FURNISHED.encode()))
    html = squeezed(response.content.decode())
    assert "2 parts of the page left out" in html
    assert 'name="restore_also" value="1"' in html
    assert "<b>an aside</b>, 4 words: An aside of it" in html
    aside, share = (str(part.number) for part in response.context["upload"].taken.dropped)
    once = client.post(ADD_SOURCE, form_fields(response, restore_also=aside))
    assert "An aside of it" in once.context["upload"].taken.text
    both = client.post(ADD_SOURCE, form_fields(once, restore_also=share))
    assert both.context["upload"].taken.dropped == []
    client.post(ADD_SOURCE, form_fields(both, kind="independent", _save="1"))
    assert Source.objects.get().text.endswith("An aside of it\n\nTweet\n")


def test_lines_of_the_site_are_offered_and_cut_before_the_text_is_stored() -> None:
    client = as_user(make_user("Editor"))
    response = look(client, upload=upload(FURNISHED.encode()))
    assert response.context["upload"].furniture == [("7-9", "View course · Call us now")]
    cut = client.post(ADD_SOURCE, form_fields(response, cut_also="7-9"))
    assert cut.context["upload"].taken.text == "# T\n\nIt is small.\n\n#### Web courses\n"
    assert cut.context["upload"].furniture == []
    more = client.post(ADD_SOURCE, form_fields(cut, cuts="5, 7-9", _look="1"))
    assert more.context["upload"].lines == [(1, "# T"), (2, ""), (3, "It is small."), (4, ""), (6, ""), (10, "")]
    client.post(ADD_SOURCE, form_fields(more, kind="independent", _save="1"))
    assert Source.objects.get().text == "# T\n\nIt is small.\n"


def test_lines_are_never_cut_from_another_text_than_was_shown() -> None:
    client = as_user(make_user("Editor"))
    cut = client.post(ADD_SOURCE, form_fields(look(client, upload=upload(FURNISHED.encode())), cut_also="3"))
    other = client.post(ADD_SOURCE, form_fields(cut, keep_everything="1", _look="1"))
    assert "The lines have other numbers now" in squeezed(other.content.decode())
    assert "It is small" in other.context["upload"].taken.text


@pytest.mark.parametrize("cuts", ["x", "0", "9-3", "1-99"])
def test_wrong_ranges_are_named_and_lose_nothing(cuts) -> None:
    client = as_user(make_user("Editor"))
    response = client.post(ADD_SOURCE, form_fields(look(client, pasted="A title\n\nIt is."), cuts=cuts, _look="1"))
    html = response.content.decode()
    assert "is no range of lines" in html or "Nothing would be left of the text" in html
    assert response.context["upload"].taken.text == "A title\n\nIt is."


def test_saved_pages_and_messages_become_sources() -> None:
    client = as_user(make_user("Editor"))
    response = look(client, upload=upload(MHTML, "page.mhtml"))
    assert response.context["upload"].taken.text == "Größe is all\n"
    message = EML.format(kind="text/plain").encode("latin-1")
    response = look(client, upload=upload(message, "mail.eml"))
    assert response.context["upload"].taken.text.strip() == "Größe"
    client.post(ADD_SOURCE, form_fields(response, title="Mail", slug="mail", kind="independent", _save="1"))
    assert Source.objects.get().original_sha256 == digest(message)


def test_a_second_reading_is_offered_taken_with_one_click_and_taken_again_for_a_new_capture(library) -> None:
    library[:] = CHOSEN
    client = as_user(make_user("Editor"))
    response = look(client, upload=upload(READ_TWICE.encode()))
    html = squeezed(response.content.decode())
    assert "2 lines that the other lacks" in html
    assert 'name="take_reading" value="library"' in html
    assert response.context["upload"].taken.text.startswith("# T\n\nIt is small")
    taken = client.post(ADD_SOURCE, form_fields(response, take_reading="library"))
    assert taken.context["upload"].taken.text == CHOSEN[0] + "\n"
    assert "Take our reading" in squeezed(taken.content.decode())
    client.post(ADD_SOURCE, form_fields(taken, kind="independent", _save="1"))
    source = Source.objects.get()
    assert (source.text, source.read_by_library) == (CHOSEN[0] + "\n", True)
    again = look(client, text_url(source), upload=upload(READ_TWICE.encode()))
    assert again.context["upload"].taken.text == source.text
    own = client.post(text_url(source), form_fields(again, take_reading="own"))
    client.post(text_url(source), form_fields(own, _save="1"))
    source.refresh_from_db()
    assert (source.text[:3], source.read_by_library) == ("# T", False)


def test_without_the_library_ours_is_read_and_the_page_says_why() -> None:
    client = as_user(make_user("Editor"))
    Source.objects.filter(pk=(source := make_source()).pk).update(read_by_library=True)
    response = look(client, text_url(source), upload=upload(READ_TWICE.encode()))
    assert "No second reading: It is not installed." in response.content.decode()
    assert response.context["upload"].taken.text.startswith("# T\n\nIt is small")


def test_the_whole_page_gives_way_to_a_reading_that_is_taken(library, monkeypatch) -> None:
    library[:] = CHOSEN
    monkeypatch.setattr(text_upload, "MAX_DROPPED", 0.3)
    client = as_user(make_user("Editor"))
    response = look(client, upload=upload(READ_TWICE.encode()), keep_everything="1")
    assert "Two readings" not in response.content.decode()
    assert "Most of the page was left out" not in squeezed(response.content.decode())
    fields = form_fields(response, keep_everything="1", take_reading="library")
    taken = client.post(ADD_SOURCE, fields)
    assert taken.context["upload"].taken.text == CHOSEN[0] + "\n"
    assert "checked" not in taken.content.decode()
    assert "Most of the page was left out" in squeezed(taken.content.decode())


def test_a_message_without_text_says_so() -> None:
    empty = MHTML.replace(b"text/html\r\nContent-T", b"image/png\r\nContent-T")
    html = look(as_user(make_user("Editor")), upload=upload(empty, "a.eml")).content.decode()
    assert "a message without a text in it" in html


def test_a_page_in_an_encoding_it_declares_can_be_read_in_another() -> None:
    client = as_user(make_user("Editor"))
    page = "<!doctype html><meta charset=iso-2022-jp><p>日本語"
    response = look(client, upload=upload(page.encode("iso-2022-jp"), "page"))
    assert response.context["upload"].taken.text == "日本語\n"
    again = client.post(ADD_SOURCE, form_fields(response, encoding="iso-2022-jp", _look="1"))
    assert again.context["upload"].taken.text == "日本語\n"


def test_documentation_is_stored_with_its_framework() -> None:
    client, framework = as_user(make_user("Editor")), make_framework("Alpha")
    response = look(client, upload=upload(PAGE.encode()))
    fields = form_fields(response, framework=framework.pk, _save="1")
    refused = client.post(ADD_SOURCE, fields | {"kind": "vendor"})
    assert "Only documentation and index metadata belong to a framework." in refused.content.decode()
    assert client.post(ADD_SOURCE, fields | {"kind": "documentation"}).status_code == 302
    assert Source.objects.get().framework == framework


def test_wrong_details_are_reported_and_the_text_is_kept() -> None:
    client = as_user(make_user("Editor"))
    make_source(slug="taken")
    response = look(client, pasted="A title")
    wrong = form_fields(response, kind="independent", slug="taken", published="2999-01-01", accessed="", _save="1")
    html = client.post(ADD_SOURCE, wrong).content.decode()
    assert "already exists" in html
    assert "has not come yet" in html
    assert "A title" in html
    early = client.post(ADD_SOURCE, wrong | {"slug": "free", "published": "1889-01-01"}).content.decode()
    assert "no web before 1990" in early
    assert Source.objects.count() == 1


def test_identical_and_similar_articles_are_recognised() -> None:
    client = as_user(make_user("Editor"))
    source = make_source("Known")
    source.set_text(LONG)
    source.save()
    html = look(client, pasted=LONG).content.decode()
    assert "This very text is stored already" in html
    similar = look(client, pasted=LONG.replace("Line 7 says", "Line 7 tells")).content.decode()
    assert "Much like a source there is" in similar
    assert f'formaction="{text_url(source)}"' in similar
    assert "Much like" not in look(client, pasted="Another text altogether, of other words").content.decode()


NEW = LONG.replace("Line 30 says something", "Line 30 said something").replace(LINES[40], "Nothing")


def test_a_new_capture_shows_which_claims_it_merges() -> None:
    source = make_source()
    source.set_text("So it is.\nSo it is.\nEnd.\n")
    source.save()
    first = make_claim(source=source, start=0, end=8)
    cell = {"framework": first.framework, "criterion": first.criterion, "statement": first.statement}
    second = make_claim(source=source, start=10, end=18, **cell)
    client = as_user(make_user("Editor"))
    response = look(client, text_url(source), pasted="End.\n")
    assert f"Will be merged into claim {first.pk}, which says the same." in response.content.decode()
    client.post(text_url(source), form_fields(response, _save="1"))
    second.refresh_from_db()
    assert second.merged_into == first


def test_a_new_capture_shows_the_fate_of_each_claim_before_it_is_stored() -> None:
    source, claims = source_with_every_fate()
    client = as_user(make_user("Editor"))
    response = look(client, text_url(source), pasted=NEW)
    fates = {anchored.claim.pk: fate for fate, _, group in response.context["fates"] for anchored in group}
    assert fates == {claim.pk: fate for fate, claim in claims.items()}
    heads = '<th scope="col">In the stored text</th><th scope="col">In the new text</th>'
    assert heads in squeezed(response.content.decode()).replace("> <", "><")
    source.refresh_from_db()
    assert source.text == LONG
    assert Claim.objects.published().count() == 4
    done = client.post(text_url(source), form_fields(response, _save="1"), follow=True)
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


def test_a_text_that_changed_meanwhile_is_shown_again_before_it_is_replaced() -> None:
    source, _ = source_with_every_fate()
    client = as_user(make_user("Editor"))
    fields = form_fields(look(client, text_url(source), pasted=NEW), _save="1")
    Source.objects.filter(pk=source.pk).update(text_sha256="a" * 64)
    response = client.post(text_url(source), fields)
    assert "changed while you looked" in response.content.decode()
    source.refresh_from_db()
    assert source.text == LONG
    client.post(text_url(source), form_fields(response, _save="1"))
    source.refresh_from_db()
    assert source.text == NEW


def test_a_post_without_the_digest_of_the_old_text_stores_nothing() -> None:
    source, _ = source_with_every_fate()
    client = as_user(make_user("Editor"))
    client.post(text_url(source), form_fields(look(client, text_url(source), pasted=NEW), seen="", _save="1"))
    source.refresh_from_db()
    assert source.text == LONG


def test_the_day_of_a_new_capture_is_stored() -> None:
    source, _ = source_with_every_fate()
    client = as_user(make_user("Editor"))
    response = look(client, text_url(source), pasted=NEW)
    late = client.post(text_url(source), form_fields(response, fetched="2999-01-01", _save="1"))
    assert "has not come yet" in late.content.decode()
    client.post(text_url(source), form_fields(late, fetched="2025-02-03", _save="1"))
    source.refresh_from_db()
    assert (source.text, str(source.accessed)) == (NEW, "2025-02-03")


def test_a_wrong_encoding_or_format_loses_nothing() -> None:
    client = as_user(make_user("Editor"))
    response = look(client, upload=upload(b"Gr\xf6\xdfe", "a.txt"), encoding="windows-1252")
    wrong = client.post(ADD_SOURCE, form_fields(response, encoding="utf-8", title="My title", _look="1"))
    html = wrong.content.decode()
    assert "Byte 3 is not UTF-8" in html
    assert "My title" in html
    assert wrong.context["upload"].taken.text == "Größe"
    not_html = client.post(ADD_SOURCE, form_fields(look(client, pasted="<p hidden></p>"), form="html", _save="1"))
    assert "no text in it" in not_html.content.decode()
    assert not_html.context["upload"].taken.text == "<p hidden></p>"
    assert not Source.objects.exists()


@pytest.mark.parametrize("name", ["form", "read_as", "encoding", "raw_encoding", "original_sha256", "fetched"])
def test_forged_values_store_nothing_and_break_nothing(name) -> None:
    client = as_user(make_user("Editor"))
    fields = form_fields(look(client, pasted="A title"), kind="independent", _look="1")
    assert client.post(ADD_SOURCE, fields | {name: "klingon"}).status_code == 200
    assert not Source.objects.exists()


def test_an_empty_form_says_what_is_missing() -> None:
    response = as_user(make_user("Editor")).post(ADD_SOURCE)
    assert "Choose a file, or paste the text" in response.content.decode()


def test_only_the_text_that_was_shown_is_stored() -> None:
    client = as_user(make_user("Editor"))
    response = look(client, pasted="Caf\u00c3\u00a9 life")
    unseen = client.post(ADD_SOURCE, form_fields(response, kind="independent", repair="1", _save="1"))
    assert "with your last choices" in unseen.content.decode()
    assert not Source.objects.exists()
    client.post(ADD_SOURCE, form_fields(unseen, kind="independent", repair="1", _save="1"))
    assert Source.objects.get().text == "Café life"


def test_only_the_beginning_of_a_very_long_line_is_shown() -> None:
    client = as_user(make_user("Editor"))
    line = "caf\u00c3\u00a9 and tea " * 100_000
    response = look(client, pasted=line)
    html = response.content.decode()
    assert html.count("and tea") < 101_000  # the whole text in the form, and a little to look at
    assert response.context["upload"].taken.text == line.strip("\r")


def test_a_text_that_takes_too_long_to_repair_is_shown_as_it_is(monkeypatch) -> None:
    client = as_user(make_user("Editor"))
    response = look(client, upload=upload("CafÃ© life".encode(), "a.txt"))
    monkeypatch.setattr("comparison.texts.decode.MAX_REPAIR_SECONDS", -1)
    refused = client.post(ADD_SOURCE, form_fields(response, repair="1", _look="1"))
    assert "There are too many garbled letters to repair them here." in refused.content.decode()
    assert refused.context["upload"].taken.text == "CafÃ© life"


def test_a_pasted_text_that_is_too_long_is_refused_with_its_size() -> None:
    html = look(as_user(make_user("Editor")), pasted="a" * 8_000_001).content.decode()
    assert "8,000,001 characters; at most 8,000,000" in html


def test_the_preview_agrees_with_the_attached_text_if_only_the_digest_was_known() -> None:
    source, claims = source_with_every_fate()
    Source.objects.filter(pk=source.pk).update(text="")
    source.refresh_from_db()
    previewed = {anchored.claim.pk: anchored.fate for anchored in preview(source, "A new line\n" + LONG)}
    attached = {anchored.claim.pk: anchored.fate for anchored in attach(source, "A new line\n" + LONG, changed=True)}
    assert previewed == attached == {claim.pk: "moved" for claim in claims.values()}


def test_marks_of_lines_without_claims_move_with_the_text() -> None:
    source, _ = source_with_every_fate()
    source.silent = [1, 3, 31, 70]
    source.save()
    client = as_user(make_user("Editor"))
    response = look(client, text_url(source), pasted="A new line\n" + NEW)
    client.post(text_url(source), form_fields(response, _save="1"))
    source.refresh_from_db()
    assert source.silent == [2, 4, 71]


def test_the_first_text_of_a_source() -> None:
    source = make_source()
    client = as_user(make_user("Editor"))
    response = look(client, text_url(source), pasted="At last")
    assert "No claim of this source has a place yet" in response.content.decode()
    client.post(text_url(source), form_fields(response, _save="1"))
    source.refresh_from_db()
    assert source.text == "At last"


@pytest.mark.parametrize(("role", "status"), [("", 403), ("Contributor", 403), ("Reviewer", 403), ("Editor", 200)])
def test_only_editors_add_texts(role, status) -> None:
    client, source = as_user(make_user(role)), make_source()
    for address in (ADD_SOURCE, text_url(source)):
        assert client.get(address).status_code == status
        assert look(client, address, pasted="x").status_code == status
        assert Client().get(address).status_code == 302
    assert Source.objects.count() == 1


def test_a_long_article_is_stored_whole() -> None:
    client = as_user(make_user("Editor"))
    article = "\n".join(f"Sentence {number} says that it is quick to learn." for number in range(100_000))
    assert len(article) > 4_500_000
    response = look(client, upload=upload(article.encode(), "long.txt"))
    assert "The first 400 lines are shown" in response.content.decode()
    client.post(ADD_SOURCE, form_fields(response, kind="independent", _save="1"))
    assert Source.objects.get().text == article


def test_a_preview_takes_the_same_number_of_queries_at_any_size() -> None:
    client, costs = as_user(make_user("Editor")), []
    source, _ = source_with_every_fate()
    for size in (2, 20):
        for number in range(size):
            other = make_source()
            other.set_text(f"{size} {number} " + LONG)
            other.save()
            make_claim(source=source, start=number, end=number + 3)
        counts = []
        for address in (ADD_SOURCE, text_url(source)):
            with CaptureQueriesContext(connection) as queries:
                look(client, address, pasted=NEW)
            counts.append(len(queries))
        costs.append(counts)
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 10
