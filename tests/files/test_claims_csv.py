import csv
import io
import zipfile
from typing import Any

import pytest
import yaml
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from comparison.files.catalogue_dump import selection
from comparison.files.catalogue_load import load
from comparison.files.claims_csv import COLUMNS, UnreadableFile, csv_pieces, escape_cell, read_rows, unescape_cell
from comparison.files.claims_import import ChangedMeanwhile, Plan, Planner, store
from comparison.files.documents import escape_formula
from comparison.models import Batch, Claim, ClaimState, Criterion, Framework, Source
from comparison.models.editions import current_batch
from tests.admin_site import as_user, url
from tests.make import make_check, make_claim, make_criterion, make_framework, make_source, make_user
from tests.reading import edition_number, squeezed

pytestmark = pytest.mark.django_db

IMPORT = "/admin/comparison/claim/import/"
HEAD = "source,framework,criterion,statement,level,support,low,high,item,start,end\n"


@pytest.fixture
def catalogue() -> None:
    make_source("Article")
    make_framework("One")
    for kind in ("rating", "feature", "figure", "list"):
        make_criterion(kind, name=kind.capitalize())


def plan_rows(text: str, actor: User | None = None) -> Plan:
    return Planner(actor).read(read_rows(text))


def content_of(response: Any) -> str:
    return b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()


def page_of(response: Any) -> str:
    return squeezed(content_of(response))


def test_a_quote_is_filled_from_the_text_that_is_held(catalogue) -> None:
    source = Source.objects.get(slug="article")
    source.set_text("One is quick.\nIt has a mapper." + " And more." * 60)
    source.save()
    head = "source,framework,criterion,statement,level,start,end,quote\n"
    short, long = "article,one,rating,Soon learnt,1,0,13,\n", "article,one,rating,Has much,1,14,600,\n"
    plan = plan_rows(head + short + long)
    assert [claim.quote for _, claim in plan.created] == ["One is quick.", ""]
    list(store(plan, None))
    assert (plan_rows(head + short + long).unchanged, plan_rows(head.replace(",quote", "") + short[:-2]).unchanged) == (
        2,
        1,
    )
    claim = Claim.objects.get(start=0)
    moved = plan_rows(f"id,{head}{claim.pk},article,one,rating,Soon learnt,1,7,13,\n").changed[0]
    assert moved.claim.quote == "quick."
    (error,) = plan_rows(head + "article,one,rating,Has one,1,14,29,It has no mapper.\n").errors
    assert (error.column, "“It has a mapper”" in error.reason) == ("quote", True)


def test_an_exact_quote_gives_the_offsets_of_a_new_claim(catalogue) -> None:
    source = Source.objects.get(slug="article")
    source.set_text("One is quick.\r\nIt has a mapper. It has a mapper.")
    source.save()
    head = "source,framework,criterion,statement,level,quote\n"
    rows = 'article,one,rating,Soon learnt,1,"is quick.\nIt has"\narticle,one,rating,Twice there,1,It has a mapper.\n'
    plan = plan_rows(head + rows + "article,one,rating,Not there,1,Two is quick.\n")
    assert [(claim.start, claim.end) for _, claim in plan.created] == [(4, 21), (None, None), (None, None)]
    assert plan.created[0][1].quote == "is quick.\nIt has"
    list(store(plan, None))
    again = plan_rows(head + rows)
    assert (again.unchanged, again.created, again.changed, again.errors) == (2, [], [], [])


def test_each_kind_of_claim_is_read(catalogue) -> None:
    plan = plan_rows(
        HEAD
        + "article,one,rating,Quick,+1,,,,,3,9\n"
        + "article,one,rating,Slow,−2,,,,,,\n"
        + "article,one,feature,Has it,,Built-in,,,,,\n"
        + "article,one,figure,Takes long,,,2.5,3,,,\n"
        + "article,one,list,Named,,,,,Thing,,\n\n"
    )
    assert plan.errors == []
    values = [(claim.level, claim.support, claim.low, claim.item, claim.start) for _, claim in plan.created]
    assert values == [
        (1, "", None, "", 3),
        (-2, "", None, "", None),
        (None, "built-in", None, "", None),
        (None, "", 2.5, "", None),
        (None, "", None, "Thing", None),
    ]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("articel,one,rating,x,1,,,,,,", "source", "Did you mean article?"),
        ("article,two,rating,x,1,,,,,,", "framework", "There is no framework “two”"),
        ("article,one,,x,1,,,,,,", "criterion", "There is no criterion “”"),
        ("article,one,rating,,1,,,,,,", "statement", "cannot be blank"),
        ("article,one,rating,x,,,,,,,", "level", "asks for this"),
        ("article,one,rating,x,1.5,,,,,,", "level", "no whole number"),
        ("article,one,rating,x,lots,,,,,,", "level", "no number"),
        ("article,one,rating,x,1_0,,,,,,", "level", "no number"),
        ('article,one,figure,x,,,"2,500",3,,,', "low", "may be 2500 or 2.5. Say which mark parts decimals off"),
        ("article,one,figure,x,,,2.12345,3,,,", "low", "4 decimal places"),
        ("article,one,figure,x,,,1e99,3,,,", "low", "no number"),
        ("article,one,rating,x,NaN,,,,,,", "level", "no number"),
        ("article,one,rating,x,3,,,,,,", "level", "not a valid choice"),
        ("article,one,feature,x,,maybe,,,,,", "support", "none of: built-in"),
        ("article,one,feature,x,1,none,,,,,", "level", "takes no level"),
        ("article,one,figure,x,,,5,3,,,", "high", "below the low"),
        ("article,one,rating,x,1,,,,,9,3", "end", "must end after it starts"),
        ("article,one,rating,x,1,,,,,9,", "end", "both start and end"),
        ("article,one,rating,x,1,,,,,99999999999999999999,9", "start", "no number"),
    ],
)
def test_an_error_names_row_column_and_reason(catalogue, row, column, reason) -> None:
    plan = plan_rows(HEAD + "article,one,rating,Fine,1,,,,,,\n" + row + "\n")
    assert [(error.row, error.column) for error in plan.errors] == [(3, column)]
    assert reason in plan.errors[0].reason
    assert len(plan.created) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        (" ,,\n", "is empty"),
        ("source,framework\n", "missing: criterion, statement"),
        ("source,framework,criterion,statement,colour\n", "no column “colour”"),
        (HEAD + '"open', "no CSV file"),
        (HEAD + "a\n" * 30_001, "at most 30,000"),
        ("source,framework,criterion,statement,statement\n", "Two columns are called “statement”"),
    ],
)
def test_a_file_that_is_no_list_of_claims_is_refused(text, reason) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read_rows(text)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_files_with_other_delimiters_are_read(catalogue, mark) -> None:
    text = "\ufeff" + (HEAD + "article,one,rating,Quick,1,,,,,,\n").replace(",", mark).replace("\n", "\r\n")
    assert len(plan_rows(text).created) == 1


def test_a_claim_may_occur_only_once_in_a_file(catalogue) -> None:
    row = "article,one,rating,Quick,1,,,,,3,9\n"
    plan = plan_rows(HEAD + row + row.replace("Quick", "Other words"))
    assert [(error.row, error.reason) for error in plan.errors] == [(3, "Row 2 is the same claim.")]


def test_exported_claims_are_unchanged_when_imported() -> None:
    for kind in ("rating", "feature", "figure", "list"):
        make_claim(criterion=make_criterion(kind), statement="=1+1, “quoted”", quote="-a\n b", section="'x")
    text = "".join(csv_pieces(Claim.objects.select_related("source", "framework", "criterion")))
    assert "'=1+1" in text
    plan = plan_rows(text)
    assert (plan.unchanged, plan.created, plan.changed, plan.errors) == (4, [], [], [])
    again = io.StringIO()
    csv.writer(again, delimiter=";").writerows(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert plan_rows(again.getvalue()).unchanged == 4


@given(st.text(alphabet="=+-@'\t ab,;\"\n", max_size=12))
def test_escaped_cells_are_unescaped(text) -> None:
    out = io.StringIO()
    csv.writer(out).writerow(["source", "framework", "criterion", "statement"])
    csv.writer(out).writerow(["a", "b", "c", escape_cell(text)])
    assert read_rows(out.getvalue())[0][1]["statement"] == text
    assert unescape_cell(escape_cell(text)) == text
    assert escape_formula(escape_cell(text)) == escape_cell(text)


@pytest.mark.parametrize("typed", ["x", "'x", "'", ""])
def test_cells_without_an_escape_stay_as_they_are(typed) -> None:
    assert unescape_cell(typed) == typed


def test_fields_without_a_column_stay_as_they_are(catalogue) -> None:
    cell = {"source": Source.objects.get(), "framework": Framework.objects.get()}
    claim = make_claim(
        **cell, criterion=Criterion.objects.get(slug="rating"), quote="Its words", section="Here", start=3, end=9
    )
    plan = plan_rows(f"id,source,framework,criterion,statement,level\n{claim.pk},article,one,rating,New,2\n")
    assert [(name, after) for name, _, after in plan.changed[0].fields] == [("statement", "New"), ("level", 2)]
    list(store(plan, None))
    claim.refresh_from_db()
    assert (claim.statement, claim.level, claim.quote, claim.section, claim.start) == ("New", 2, "Its words", "Here", 3)


def test_other_blanks_and_line_ends_are_no_change(catalogue) -> None:
    claim = make_claim(statement="Two  blanks", quote="a\r\nb", section=" Here ")
    text = "".join(csv_pieces(Claim.objects.select_related("source", "framework", "criterion")))
    assert plan_rows(text).unchanged == 1
    plan = plan_rows(text.replace("Here", "There"))
    assert [name for name, _, _ in plan.changed[0].fields] == ["section"]
    assert (plan.changed[0].claim.quote, plan.changed[0].stored.pk) == ("a\r\nb", claim.pk)


def test_unquoted_commas_are_noticed(catalogue) -> None:
    plan = plan_rows("source,framework,criterion,statement,level\narticle,one,rating,Quick, but dear,1\n")
    assert "stands under no heading" in plan.errors[0].reason
    assert not plan_rows("source,framework,criterion,statement,level,,\narticle,one,rating,Quick,1,,\n").errors


def test_a_claim_keeps_its_source(catalogue) -> None:
    claim = make_claim(criterion=Criterion.objects.get(slug="rating"))
    plan = plan_rows(f"id,source,framework,criterion,statement,level\n{claim.pk},article,one,rating,New,1\n")
    assert plan.errors[0].reason == f"Source article has no claim {claim.pk}. Empty the cell to add one."
    for unknown in ("x", "99999999999999999999", "-1", "٣"):
        text = f"id,source,framework,criterion,statement,level\n{unknown},article,one,rating,New,1\n"
        assert plan_rows(text).errors[0].column == "id"


def test_moving_and_adding_cannot_take_the_same_offsets(catalogue) -> None:
    cell = {"source": Source.objects.get(), "framework": Framework.objects.get(), "level": 1}
    rating = Criterion.objects.get(slug="rating")
    claim, other = (make_claim(**cell, criterion=rating, start=start, end=start + 1) for start in (3, 6))
    head = "id,source,framework,criterion,statement,level,start,end\n"
    plan = plan_rows(head + f"{claim.pk},article,one,rating,x,1,30,39\n,article,one,rating,y,1,30,39\n")
    assert [(error.row, error.reason) for error in plan.errors] == [(3, "Row 2 is the same claim.")]
    plan = plan_rows(head + f"{claim.pk},article,one,rating,x,1,6,9\n")
    assert [error.reason for error in plan.errors] == [f"Claim {other.pk} has this place already."]


def test_changes_are_listed_field_by_field_and_stored(catalogue) -> None:
    claim = make_claim(criterion=make_criterion("rating"), statement="Old", level=1)
    text = "".join(csv_pieces(Claim.objects.select_related("source", "framework", "criterion"))).replace("Old", "New")
    plan = plan_rows(text, make_user("Reviewer"))
    assert plan.changed[0].fields == [("statement", "Old", "New")]
    number = edition_number()
    list(store(plan, make_user("Reviewer")))
    claim.refresh_from_db()
    assert (claim.statement, claim.state, edition_number()) == ("New", "published", number + 1)


def test_a_contributor_changes_only_own_drafts() -> None:
    author = make_user("Contributor")
    own, foreign = make_claim(ClaimState.DRAFT, created_by=author, statement="Old"), make_claim(statement="Old")
    text = "".join(csv_pieces(Claim.objects.select_related("source", "framework", "criterion"))).replace("Old", "New")
    plan = plan_rows(text, author)
    assert [change.claim.pk for change in plan.changed] == [own.pk]
    assert [error.reason for error in plan.errors] == [
        f"Claim {foreign.pk} is not yours, or no longer waits; a reviewer has to change it."
    ]


def look(client: Client, text: str, **more: Any) -> Any:
    return client.post(IMPORT, {"upload": SimpleUploadedFile("claims.csv", text.encode()), "_look": "1"} | more)


def confirm(client: Client, response: Any, **more: Any) -> str:
    sent = {"text": response.context["text"], "fingerprint": response.context["plan"].fingerprint, "_store": "1"}
    return page_of(client.post(IMPORT, sent | more))


def test_nothing_is_stored_before_it_is_confirmed(catalogue) -> None:
    author = make_user("Contributor")
    client, number = as_user(author), edition_number()
    response = look(client, HEAD + "article,one,rating,Quick,1,,,,,3,9\n")
    assert "1 row: 1 new, 0 changed, 0 unchanged, 0 wrong." in page_of(response)
    assert not Claim.objects.exists()
    html = confirm(client, response)
    assert "1 of 1 stored" in html
    assert "Done: 1 created, 0 changed" in html
    claim = Claim.objects.get()
    assert (claim.state, claim.created_by, edition_number()) == ("draft", author, number)
    entry = claim.history.get()
    assert (entry.history_author, entry.history_batch) == (author.username, Batch.objects.get().pk)


def test_new_claims_may_be_submitted_at_once(catalogue) -> None:
    client = as_user(make_user("Contributor"))
    confirm(client, look(client, HEAD + "article,one,rating,Quick,1,,,,,,\n"), submit="1")
    assert Claim.objects.get().state == "submitted"


def test_wrong_rows_stop_an_import_unless_left_out(catalogue) -> None:
    client = as_user(make_user("Contributor"))
    response = look(client, HEAD + "article,one,rating,Quick,1,,,,,,\narticle,none,rating,x,1,,,,,,\n")
    html = confirm(client, response)
    assert "Leave out the 1 wrong row" in html
    assert not Claim.objects.exists()
    assert "1 left out" in confirm(client, response, leave_out="1")
    assert Claim.objects.count() == 1


def test_claims_changed_since_the_preview_are_previewed_again(catalogue) -> None:
    client = as_user(make_user("Reviewer"))
    response = look(client, HEAD + "article,one,rating,Quick,1,,,,,3,9\n")
    make_claim(
        source=Source.objects.get(slug="article"),
        framework=Framework.objects.get(slug="one"),
        criterion=Criterion.objects.get(slug="rating"),
        start=3,
        end=9,
        level=2,
    )
    html = confirm(client, response)
    assert "changed since you looked" in html
    assert "0 new, 1 changed" in html


def test_a_change_between_preview_and_storing_is_not_overwritten(catalogue) -> None:
    claim = make_claim(ClaimState.DRAFT, statement="Old", level=1)
    text = "".join(csv_pieces(Claim.objects.select_related("source", "framework", "criterion")))
    row = HEAD + "article,one,rating,Quick,1,,,,,3,9\n"
    both = [plan_rows(text.replace("Old", "New")), plan_rows(row)]
    Claim.objects.filter(pk=claim.pk).update(section="Elsewhere")
    with pytest.raises(ChangedMeanwhile):
        list(store(both[0], None))
    list(store(plan_rows(row), None))
    with pytest.raises(IntegrityError), transaction.atomic():
        list(store(both[1], None))
    claim.refresh_from_db()
    assert (claim.statement, claim.section, Batch.objects.count()) == ("Old", "Elsewhere", 1)


def test_a_claim_published_since_the_preview_is_previewed_again() -> None:
    claim = make_claim(ClaimState.SUBMITTED, statement="Old")
    client = as_user(make_user("Reviewer"))
    text = "".join(csv_pieces(Claim.objects.select_related("source", "framework", "criterion")))
    response = look(client, text.replace("Old", "New"))
    claim.transition(ClaimState.PUBLISHED)
    assert "changed since you looked" in confirm(client, response)
    claim.refresh_from_db()
    assert claim.statement == "Old"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (IntegrityError("UNIQUE"), "stored one of these claims at the same moment, or removed what one"),
        (OperationalError("locked"), "The database refused: locked."),
        (ChangedMeanwhile("Claim 1 was changed by somebody else."), "was changed by somebody else"),
    ],
)
def test_a_failure_is_reported_and_nothing_is_stored(catalogue, monkeypatch, error, message) -> None:
    client = as_user(make_user("Contributor"))
    response = look(client, HEAD + "article,one,rating,Quick,1,,,,,,\n")

    def fails(*args: Any, **kwargs: Any) -> Any:
        raise error

    monkeypatch.setattr("comparison.files.claims_import.bulk_create_with_history", fails)
    html = confirm(client, response)
    assert "Nothing was stored." in html
    assert message in html
    assert html.rstrip().endswith("</html>")
    assert (Claim.objects.count(), Batch.objects.count()) == (0, 0)


def test_a_broken_off_request_is_rolled_back(catalogue, monkeypatch) -> None:
    monkeypatch.setattr("comparison.files.claims_import.BATCH_SIZE", 1)
    rows = "".join(f"article,one,rating,Says {number},1,,,,,,\n" for number in range(3))
    storing = store(plan_rows(HEAD + rows), None)
    assert next(storing) == 1
    assert Claim.objects.count() == 1
    storing.close()
    assert (Claim.objects.count(), Batch.objects.count()) == (0, 0)
    assert current_batch() is None


def test_submitting_needs_the_right_to_change_claims(catalogue) -> None:
    writer = make_user("")
    writer.user_permissions.add(Permission.objects.get(codename="add_claim"))
    own = make_claim(ClaimState.DRAFT, created_by=writer, statement="Old")
    plan = plan_rows("".join(csv_pieces([own])).replace("Old", "New"), writer)
    assert "is not yours" in plan.errors[0].reason
    client = as_user(writer)
    response = look(client, HEAD + "article,one,rating,Quick,1,,,,,,\n")
    assert 'name="submit"' not in page_of(response)
    assert "You may not submit claims" in confirm(client, response, submit="1")
    assert Claim.objects.get() == own


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG", "This is a PNG picture, not a CSV file. In the spreadsheet choose"),
        (b"PK\x03\x04", "office documents are such archives too"),
        (HEAD.encode() + b"caf\x81", "Line 2 is neither UTF-8 nor Windows-1252. In the spreadsheet choose “Save as”"),
        (b"a\0b", "NUL bytes"),
        (b"a,b\n", "missing: source"),
        (b"", "empty"),
        (b"x" * 8_000_001, "at most 8,000,000 are taken"),
    ],
)
def test_a_file_that_is_no_csv_is_refused_with_advice(data, words) -> None:
    client = as_user(make_user("Contributor"))
    html = page_of(client.post(IMPORT, {"upload": SimpleUploadedFile("a.csv", data)}))
    assert words in html
    assert "Look at it" in html


def test_pasted_text_stays_in_the_form(catalogue) -> None:
    client = as_user(make_user("Contributor"))
    assert "kept &lt;b&gt;" in page_of(client.post(IMPORT, {"text": "kept <b>"}))
    html = page_of(client.post(IMPORT, {"text": HEAD + "article,one,rating,<b>,1,,,,,,\n"}))
    assert "1 row: 1 new" in html
    assert "<b>," not in html


def test_a_preview_writes_nothing(catalogue) -> None:
    client = as_user(make_user("Contributor"))
    with CaptureQueriesContext(connection) as executed:
        client.get(IMPORT)
        look(client, HEAD + "article,one,rating,Quick,1,,,,,3,9\n")
    assert not [query["sql"] for query in executed if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_only_users_who_may_add_claims_may_import() -> None:
    assert Client().get(IMPORT).status_code == 302
    assert as_user(make_user("")).get(IMPORT).status_code == 403
    assert as_user(make_user("Contributor")).get(IMPORT).status_code == 200


def test_a_preview_takes_equally_many_queries_at_any_size(catalogue) -> None:
    costs = []
    client = as_user(make_user("Reviewer"))
    for size in (5, 500):
        text = HEAD + "".join(
            f"article,one,rating,Says {number},1,,,,,{number},{number + 3}\n" for number in range(size)
        )
        with CaptureQueriesContext(connection) as executed:
            assert "0 wrong" in page_of(look(client, text))
        costs.append(len(executed))
    assert costs[0] == costs[1] <= 20


def test_an_unknown_slug_is_looked_up_once(catalogue, monkeypatch) -> None:
    looked_up: list[str] = []
    monkeypatch.setattr(
        "comparison.files.claims_import.get_close_matches", lambda slug, *args, **kwargs: looked_up.append(slug)
    )
    plan = plan_rows(HEAD + "nobody,one,rating,x,1,,,,,,\n" * 5)
    assert (len(plan.errors), looked_up) == (5, ["nobody"])


def export(action: str, claims: list[Claim]) -> Any:
    data = {"action": action, "_selected_action": [claim.pk for claim in claims]}
    return as_user(make_user("Contributor")).post(url("claim", "changelist"), data)


def test_the_selection_is_exported_as_csv() -> None:
    chosen = make_claim(statement="Chosen", level=-1)
    make_claim(statement="Left")
    text = content_of(export("export_csv", [chosen]))
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == COLUMNS
    assert len(rows) == 2
    assert rows[1][COLUMNS.index("level")] == "-1"
    assert "Left" not in text


def test_the_whole_list_is_exported(django_assert_max_num_queries) -> None:
    for number in range(3):
        make_claim(statement=f"Wanted {number}")
    make_claim(statement="Left")
    address = url("claim", "changelist") + "?q=Wanted"
    first = Claim.objects.earliest("pk")
    data = {"action": "export_csv", "_selected_action": [first.pk], "select_across": "1", "index": "0"}
    client = as_user(make_user("Contributor"))
    with django_assert_max_num_queries(15):
        text = content_of(client.post(address, data))
    assert (text.count("Wanted"), "Left" in text) == (3, False)


def test_a_selection_loads_again(tmp_path) -> None:
    claims = [make_claim(ClaimState.DRAFT, statement=f"Says {number}") for number in range(3)]
    make_check(make_claim(source=claims[0].source, statement="Left"))
    (tmp_path / "sources").mkdir()
    for name, content in selection(Claim.objects.filter(pk__in=[claim.pk for claim in claims])).items():
        (tmp_path / "sources" / name).write_text(content)
    before = list(Claim.objects.values_list("pk", "statement", "state"))
    report = load(tmp_path)
    assert (report.unchanged["claims"], report.changes) == (3, 0)
    assert list(Claim.objects.values_list("pk", "statement", "state")) == before
    Claim.objects.filter(pk=claims[0].pk).delete()
    assert load(tmp_path).created["claims"] == 1


def test_the_selection_is_exported_as_catalogue_files() -> None:
    first, second = make_claim(statement="First"), make_claim(statement="Second")
    make_claim(source=first.source, statement="Left")
    response = export("export_catalogue", [first])
    assert f'filename="{first.source.slug}.yaml"' in response.headers["Content-Disposition"]
    assert [claim["statement"] for claim in yaml.safe_load(response.content)["claims"]] == ["First"]
    both = zipfile.ZipFile(io.BytesIO(export("export_catalogue", [first, second]).content))
    assert both.namelist() == sorted(f"sources/{claim.source.slug}.yaml" for claim in (first, second))
