import csv
import io
import zipfile
from typing import Any

import pytest
import yaml
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from comparison.files.catalogue_dump import selection
from comparison.files.catalogue_load import load
from comparison.files.claims_csv import COLUMNS, NotClaims, bare, guarded, read_rows, written
from comparison.files.claims_import import ChangedMeanwhile, Plan, Planner, store
from comparison.files.documents import defused
from comparison.models import Batch, Claim, ClaimState, Criterion, Framework, Source
from comparison.models.editions import current_batch
from tests.admin_site import as_user, url
from tests.make import make_check, make_claim, make_criterion, make_framework, make_source, make_user
from tests.reading import edition_number

pytestmark = pytest.mark.django_db

IMPORT = "/admin/comparison/claim/import/"
HEAD = "source,framework,criterion,statement,level,support,low,high,item,start,end\n"


@pytest.fixture
def catalogue() -> None:
    make_source("Article")
    make_framework("One")
    for kind in ("rating", "feature", "figure", "list"):
        make_criterion(kind, name=kind.capitalize())


def planned(text: str, by: Any = None) -> Plan:
    return Planner(by).read(read_rows(text))


def said_by(response: Any) -> str:
    return b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()


def test_a_place_in_a_text_that_is_held_brings_its_quote(catalogue) -> None:
    source = Source.objects.get(slug="article")
    source.keep_text("One is quick.\nIt has a mapper." + " And more." * 60)
    source.save()
    head = "source,framework,criterion,statement,level,start,end,quote\n"
    short, long = "article,one,rating,Soon learnt,1,0,13,\n", "article,one,rating,Has much,1,14,600,\n"
    plan = planned(head + short + long)
    assert [claim.quote for _, claim in plan.created] == ["One is quick.", ""]
    list(store(plan, None))
    assert (planned(head + short + long).unchanged, planned(head.replace(",quote", "") + short[:-2]).unchanged) == (
        2,
        1,
    )
    kept = Claim.objects.get(start=0)
    moved = planned(f"id,{head}{kept.pk},article,one,rating,Soon learnt,1,7,13,\n").changed[0]
    assert moved.claim.quote == "quick."
    (wrong,) = planned(head + "article,one,rating,Has one,1,14,29,It has no mapper.\n").wrong
    assert (wrong.column, "“It has a mapper”" in wrong.reason) == ("quote", True)


def test_each_kind_of_claim_is_read(catalogue) -> None:
    plan = planned(
        HEAD
        + "article,one,rating,Quick,+1,,,,,3,9\n"
        + "article,one,rating,Slow,−2,,,,,,\n"
        + "article,one,feature,Has it,,Built-in,,,,,\n"
        + "article,one,figure,Takes long,,,2.5,3,,,\n"
        + "article,one,list,Named,,,,,Thing,,\n\n"
    )
    assert plan.wrong == []
    found = [(one.level, one.support, one.low, one.item, one.start) for _, one in plan.created]
    assert found == [
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
        ('article,one,figure,x,,,"2,5",3,,,', "low", "Write 2.5 with a point"),
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
def test_what_is_wrong_names_row_column_and_reason(catalogue, row, column, reason) -> None:
    plan = planned(HEAD + "article,one,rating,Fine,1,,,,,,\n" + row + "\n")
    assert [(one.row, one.column) for one in plan.wrong] == [(3, column)]
    assert reason in plan.wrong[0].reason
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
def test_a_file_that_is_no_list_of_claims(text, reason) -> None:
    with pytest.raises(NotClaims, match=reason):
        read_rows(text)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_spreadsheets_write_other_marks(catalogue, mark) -> None:
    text = "\ufeff" + (HEAD + "article,one,rating,Quick,1,,,,,,\n").replace(",", mark).replace("\n", "\r\n")
    assert len(planned(text).created) == 1


def test_the_same_claim_twice_in_a_file(catalogue) -> None:
    row = "article,one,rating,Quick,1,,,,,3,9\n"
    plan = planned(HEAD + row + row.replace("Quick", "Other words"))
    assert [(one.row, one.reason) for one in plan.wrong] == [(3, "Row 2 is the same claim.")]


def test_what_was_exported_comes_back_unchanged() -> None:
    for kind in ("rating", "feature", "figure", "list"):
        make_claim(criterion=make_criterion(kind), statement="=1+1, “quoted”", quote="-a\n b", section="'x")
    text = "".join(written(Claim.objects.select_related("source", "framework", "criterion")))
    assert "'=1+1" in text
    plan = planned(text)
    assert (plan.unchanged, plan.created, plan.changed, plan.wrong) == (4, [], [], [])
    again = io.StringIO()
    csv.writer(again, delimiter=";").writerows(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert planned(again.getvalue()).unchanged == 4


@given(st.text(alphabet="=+-@'\t ab,;\"\n", max_size=12))
def test_guarded_cells_come_back(text) -> None:
    out = io.StringIO()
    csv.writer(out).writerow(["source", "framework", "criterion", "statement"])
    csv.writer(out).writerow(["a", "b", "c", guarded(text)])
    assert read_rows(out.getvalue())[0][1]["statement"] == text
    assert bare(guarded(text)) == text
    assert defused(guarded(text)) == guarded(text)


@pytest.mark.parametrize("typed", ["x", "'x", "'", ""])
def test_cells_without_a_guard_stay_as_they_are(typed) -> None:
    assert bare(typed) == typed


def test_columns_that_a_file_lacks_stay_what_they_are(catalogue) -> None:
    cell = {"source": Source.objects.get(), "framework": Framework.objects.get()}
    claim = make_claim(
        **cell, criterion=Criterion.objects.get(slug="rating"), quote="Its words", section="Here", start=3, end=9
    )
    plan = planned(f"id,source,framework,criterion,statement,level\n{claim.pk},article,one,rating,New,2\n")
    assert [(name, after) for name, _, after in plan.changed[0].fields] == [("statement", "New"), ("level", 2)]
    list(store(plan, None))
    claim.refresh_from_db()
    assert (claim.statement, claim.level, claim.quote, claim.section, claim.start) == ("New", 2, "Its words", "Here", 3)


def test_blanks_and_line_ends_that_no_file_keeps_are_no_change(catalogue) -> None:
    claim = make_claim(statement="Two  blanks", quote="a\r\nb", section=" Here ")
    text = "".join(written(Claim.objects.select_related("source", "framework", "criterion")))
    assert planned(text).unchanged == 1
    plan = planned(text.replace("Here", "There"))
    assert [name for name, _, _ in plan.changed[0].fields] == ["section"]
    assert (plan.changed[0].claim.quote, plan.changed[0].kept.pk) == ("a\r\nb", claim.pk)


def test_texts_with_commas_that_run_over_are_noticed(catalogue) -> None:
    plan = planned("source,framework,criterion,statement,level\narticle,one,rating,Quick, but dear,1\n")
    assert "stands under no heading" in plan.wrong[0].reason
    assert not planned("source,framework,criterion,statement,level,,\narticle,one,rating,Quick,1,,\n").wrong


def test_a_claim_keeps_its_source(catalogue) -> None:
    claim = make_claim(criterion=Criterion.objects.get(slug="rating"))
    plan = planned(f"id,source,framework,criterion,statement,level\n{claim.pk},article,one,rating,New,1\n")
    assert plan.wrong[0].reason == f"Source article has no claim {claim.pk}. Empty the cell to add one."
    for unknown in ("x", "99999999999999999999", "-1", "٣"):
        text = f"id,source,framework,criterion,statement,level\n{unknown},article,one,rating,New,1\n"
        assert planned(text).wrong[0].column == "id"


def test_a_place_is_not_taken_twice_by_moving_and_adding(catalogue) -> None:
    cell = {"source": Source.objects.get(), "framework": Framework.objects.get(), "level": 1}
    rating = Criterion.objects.get(slug="rating")
    claim, other = (make_claim(**cell, criterion=rating, start=start, end=start + 1) for start in (3, 6))
    head = "id,source,framework,criterion,statement,level,start,end\n"
    plan = planned(head + f"{claim.pk},article,one,rating,x,1,30,39\n,article,one,rating,y,1,30,39\n")
    assert [(one.row, one.reason) for one in plan.wrong] == [(3, "Row 2 is the same claim.")]
    plan = planned(head + f"{claim.pk},article,one,rating,x,1,6,9\n")
    assert [one.reason for one in plan.wrong] == [f"Claim {other.pk} has this place already."]


def test_changes_are_told_field_by_field_and_stored(catalogue) -> None:
    claim = make_claim(criterion=make_criterion("rating"), statement="Old", level=1)
    text = "".join(written(Claim.objects.select_related("source", "framework", "criterion"))).replace("Old", "New")
    plan = planned(text, make_user("Reviewer"))
    assert plan.changed[0].fields == [("statement", "Old", "New")]
    number = edition_number()
    list(store(plan, make_user("Reviewer")))
    claim.refresh_from_db()
    assert (claim.statement, claim.state, edition_number()) == ("New", "published", number + 1)


def test_a_contributor_changes_own_drafts_only() -> None:
    author = make_user("Contributor")
    own, foreign = make_claim(ClaimState.DRAFT, created_by=author, statement="Old"), make_claim(statement="Old")
    text = "".join(written(Claim.objects.select_related("source", "framework", "criterion"))).replace("Old", "New")
    plan = planned(text, author)
    assert [one.claim.pk for one in plan.changed] == [own.pk]
    assert [one.reason for one in plan.wrong] == [
        f"Claim {foreign.pk} is not a draft of yours; a reviewer has to change it."
    ]


def look(client: Client, text: str, **more: Any) -> Any:
    return client.post(IMPORT, {"upload": SimpleUploadedFile("claims.csv", text.encode()), "_look": "1"} | more)


def confirm(client: Client, response: Any, **more: Any) -> str:
    sent = {"text": response.context["text"], "fingerprint": response.context["plan"].fingerprint, "_store": "1"}
    return said_by(client.post(IMPORT, sent | more))


def test_nothing_is_stored_before_it_was_seen(catalogue) -> None:
    author = make_user("Contributor")
    client, number = as_user(author), edition_number()
    response = look(client, HEAD + "article,one,rating,Quick,1,,,,,3,9\n")
    assert "1 row: 1 new, 0 changed, 0 unchanged, 0 wrong." in response.content.decode()
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


def test_wrong_rows_stop_it_unless_left_out(catalogue) -> None:
    client = as_user(make_user("Contributor"))
    response = look(client, HEAD + "article,one,rating,Quick,1,,,,,,\narticle,none,rating,x,1,,,,,,\n")
    html = confirm(client, response)
    assert "Leave out the 1 wrong row" in html
    assert not Claim.objects.exists()
    assert "1 left out" in confirm(client, response, leave_out="1")
    assert Claim.objects.count() == 1


def test_what_changed_since_is_looked_at_again(catalogue) -> None:
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


def test_whoever_comes_between_the_look_and_the_storing_is_not_overwritten(catalogue) -> None:
    claim = make_claim(ClaimState.DRAFT, statement="Old", level=1)
    text = "".join(written(Claim.objects.select_related("source", "framework", "criterion")))
    row = HEAD + "article,one,rating,Quick,1,,,,,3,9\n"
    both = [planned(text.replace("Old", "New")), planned(row)]
    Claim.objects.filter(pk=claim.pk).update(section="Elsewhere")
    with pytest.raises(ChangedMeanwhile):
        list(store(both[0], None))
    list(store(planned(row), None))
    with pytest.raises(IntegrityError), transaction.atomic():
        list(store(both[1], None))
    claim.refresh_from_db()
    assert (claim.statement, claim.section, Batch.objects.count()) == ("Old", "Elsewhere", 1)


def test_a_claim_published_since_is_looked_at_again() -> None:
    claim = make_claim(ClaimState.SUBMITTED, statement="Old")
    client = as_user(make_user("Reviewer"))
    text = "".join(written(Claim.objects.select_related("source", "framework", "criterion")))
    response = look(client, text.replace("Old", "New"))
    claim.transition(ClaimState.PUBLISHED)
    assert "changed since you looked" in confirm(client, response)
    claim.refresh_from_db()
    assert claim.statement == "Old"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (IntegrityError("UNIQUE"), "stored one of these claims at the same moment"),
        (OperationalError("locked"), "The database refused: locked."),
        (ChangedMeanwhile("Claim 1 was changed by somebody else."), "was changed by somebody else"),
    ],
)
def test_storing_that_fails_says_so_and_stores_nothing(catalogue, monkeypatch, error, told) -> None:
    client = as_user(make_user("Contributor"))
    response = look(client, HEAD + "article,one,rating,Quick,1,,,,,,\n")

    def fails(*args: Any, **kwargs: Any) -> Any:
        raise error

    monkeypatch.setattr("comparison.files.claims_import.bulk_create_with_history", fails)
    html = confirm(client, response)
    assert "Nothing was stored." in html
    assert told in html
    assert html.rstrip().endswith("</html>")
    assert (Claim.objects.count(), Batch.objects.count()) == (0, 0)


def test_who_stops_listening_undoes_it(catalogue, monkeypatch) -> None:
    monkeypatch.setattr("comparison.files.claims_import.BATCH_SIZE", 1)
    rows = "".join(f"article,one,rating,Says {number},1,,,,,,\n" for number in range(3))
    storing = store(planned(HEAD + rows), None)
    assert next(storing) == 1
    assert Claim.objects.count() == 1
    storing.close()
    assert (Claim.objects.count(), Batch.objects.count()) == (0, 0)
    assert current_batch() is None


def test_submitting_takes_the_right_to_change(catalogue) -> None:
    writer = make_user("")
    writer.user_permissions.add(Permission.objects.get(codename="add_claim"))
    own = make_claim(ClaimState.DRAFT, created_by=writer, statement="Old")
    plan = planned("".join(written([own])).replace("Old", "New"), writer)
    assert "not a draft of yours" in plan.wrong[0].reason
    client = as_user(writer)
    response = look(client, HEAD + "article,one,rating,Quick,1,,,,,,\n")
    assert 'name="submit"' not in response.content.decode()
    assert "You may not submit claims" in confirm(client, response, submit="1")
    assert Claim.objects.get() == own


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG", "This is a PNG picture, not a CSV file. In the spreadsheet choose"),
        (b"PK\x03\x04", "office documents are such archives too"),
        (HEAD.encode() + b"caf\xe9", "Line 2 is not UTF-8. In the spreadsheet choose “Save as” and “CSV UTF-8”"),
        (HEAD.encode("utf-16"), "Line 1 is not UTF-8"),
        (b"a\0b", "NUL bytes"),
        (b"a,b\n", "missing: source"),
        (b"", "empty"),
        (b"x" * 8_000_001, "at most 8,000,000 are taken"),
    ],
)
def test_what_is_no_csv_is_told(data, words) -> None:
    client = as_user(make_user("Contributor"))
    html = client.post(IMPORT, {"upload": SimpleUploadedFile("a.csv", data)}).content.decode()
    assert words in html
    assert "Look at it" in html


def test_what_was_pasted_stays_in_the_form(catalogue) -> None:
    client = as_user(make_user("Contributor"))
    assert "kept &lt;b&gt;" in client.post(IMPORT, {"text": "kept <b>"}).content.decode()
    html = client.post(IMPORT, {"text": HEAD + "article,one,rating,<b>,1,,,,,,\n"}).content.decode()
    assert "1 row: 1 new" in html
    assert "<b>," not in html


def test_looking_writes_nothing(catalogue) -> None:
    client = as_user(make_user("Contributor"))
    with CaptureQueriesContext(connection) as found:
        client.get(IMPORT)
        look(client, HEAD + "article,one,rating,Quick,1,,,,,3,9\n")
    assert not [one["sql"] for one in found.captured_queries if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_only_those_who_write_claims_import() -> None:
    assert Client().get(IMPORT).status_code == 302
    assert as_user(make_user("")).get(IMPORT).status_code == 403
    assert as_user(make_user("Contributor")).get(IMPORT).status_code == 200


def test_reading_costs_the_same_at_any_size(catalogue) -> None:
    costs = []
    client = as_user(make_user("Reviewer"))
    for size in (5, 500):
        text = HEAD + "".join(
            f"article,one,rating,Says {number},1,,,,,{number},{number + 3}\n" for number in range(size)
        )
        with CaptureQueriesContext(connection) as found:
            assert "0 wrong" in look(client, text).content.decode()
        costs.append(len(found))
    assert costs[0] == costs[1] <= 20


def test_an_unknown_slug_is_looked_up_once(catalogue, monkeypatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        "comparison.files.claims_import.get_close_matches", lambda slug, *rest, **more: asked.append(slug)
    )
    plan = planned(HEAD + "nobody,one,rating,x,1,,,,,,\n" * 5)
    assert (len(plan.wrong), asked) == (5, ["nobody"])


def export(action: str, claims: list[Claim]) -> Any:
    data = {"action": action, "_selected_action": [claim.pk for claim in claims]}
    return as_user(make_user("Contributor")).post(url("claim", "changelist"), data)


def test_the_selection_is_exported_as_csv() -> None:
    chosen = make_claim(statement="Chosen", level=-1)
    make_claim(statement="Left")
    text = said_by(export("export_csv", [chosen]))
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == COLUMNS
    assert len(rows) == 2
    assert rows[1][COLUMNS.index("level")] == "'-1" or rows[1][COLUMNS.index("level")] == "-1"
    assert "Left" not in text


def test_the_whole_list_is_exported(django_assert_max_num_queries) -> None:
    for number in range(3):
        make_claim(statement=f"Wanted {number}")
    make_claim(statement="Left")
    address = url("claim", "changelist") + "?q=Wanted"
    first = Claim.objects.earliest("pk")
    data = {"action": "export_csv", "_selected_action": [first.pk], "select_across": "1", "index": "0"}
    client = as_user(make_user("Contributor"))
    with django_assert_max_num_queries(12):
        text = said_by(client.post(address, data))
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
    assert [one["statement"] for one in yaml.safe_load(response.content)["claims"]] == ["First"]
    both = zipfile.ZipFile(io.BytesIO(export("export_catalogue", [first, second]).content))
    assert both.namelist() == sorted(f"sources/{one.source.slug}.yaml" for one in (first, second))
