import csv
import io
import zipfile
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from comparison.claims_csv import COLUMNS, NotClaims, Plan, Planner, read_rows, store, written
from comparison.export import defused
from comparison.models import Batch, Claim, ClaimState, Criterion, Framework, Source
from tests.make import make_claim, make_criterion, make_framework, make_source, make_user
from tests.test_admin import as_user, edition, url

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
        (HEAD + "a\n" * 50_001, "at most 50,000"),
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
    csv.writer(out).writerow(["a", "b", "c", defused(text)])
    rows = read_rows(out.getvalue())
    assert rows[0][1]["statement"].replace("\r", "") in {text, text.removeprefix("'")}


def test_changes_are_told_field_by_field_and_stored(catalogue) -> None:
    claim = make_claim(criterion=make_criterion("rating"), statement="Old", level=1)
    text = "".join(written(Claim.objects.select_related("source", "framework", "criterion"))).replace("Old", "New")
    plan = planned(text, make_user("Reviewer"))
    assert plan.changed[0][2] == [("statement", "Old", "New")]
    number = edition()
    list(store(plan, make_user("Reviewer")))
    claim.refresh_from_db()
    assert (claim.statement, claim.state, edition()) == ("New", "published", number + 1)


def test_a_contributor_changes_own_drafts_only() -> None:
    author = make_user("Contributor")
    own, foreign = make_claim(ClaimState.DRAFT, created_by=author, statement="Old"), make_claim(statement="Old")
    text = "".join(written(Claim.objects.select_related("source", "framework", "criterion"))).replace("Old", "New")
    plan = planned(text, author)
    assert [claim.pk for _, claim, _ in plan.changed] == [own.pk]
    assert [one.reason for one in plan.wrong] == [
        f"Claim {foreign.pk} is not a draft of yours; a reviewer has to change it."
    ]


def look(client: Client, text: str, **more: Any) -> Any:
    return client.post(IMPORT, {"upload": SimpleUploadedFile("claims.csv", text.encode()), "_look": "1"} | more)


def confirm(client: Client, response: Any, **more: Any) -> str:
    sent = {"text": response.context["text"], "seal": response.context["plan"].seal, "_store": "1"}
    return said_by(client.post(IMPORT, sent | more))


def test_nothing_is_stored_before_it_was_seen(catalogue) -> None:
    author = make_user("Contributor")
    client, number = as_user(author), edition()
    response = look(client, HEAD + "article,one,rating,Quick,1,,,,,3,9\n")
    assert "1 rows: 1 new, 0 changed, 0 unchanged, 0 wrong." in response.content.decode()
    assert not Claim.objects.exists()
    html = confirm(client, response)
    assert "1 of 1 stored" in html
    assert "Done: 1 created, 0 changed" in html
    claim = Claim.objects.get()
    assert (claim.state, claim.created_by, edition()) == ("draft", author, number)
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
    assert "1 rows left out" in confirm(client, response, leave_out="1")
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


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"\x89PNG", "a PNG picture"), (b"caf\xe9", "not UTF-8"), (b"a,b\n", "missing: source"), (b"", "empty")],
)
def test_what_is_no_csv_is_told(data, words) -> None:
    client = as_user(make_user("Contributor"))
    html = client.post(IMPORT, {"upload": SimpleUploadedFile("a.csv", data)}).content.decode()
    assert words in html


def test_only_those_who_write_claims_import() -> None:
    assert Client().get(IMPORT).status_code == 302
    assert as_user(make_user("")).get(IMPORT).status_code == 403
    assert as_user(make_user("Contributor")).get(IMPORT).status_code == 200


def test_reading_costs_the_same_at_any_size(catalogue) -> None:
    costs = []
    for size in (5, 500):
        text = HEAD + "".join(
            f"article,one,rating,Says {number},1,,,,,{number},{number + 3}\n" for number in range(size)
        )
        with CaptureQueriesContext(connection) as found:
            planned(text, make_user("Reviewer"))
        costs.append(len(found))
    assert costs[0] == costs[1] <= 20


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


def test_the_selection_is_exported_as_catalogue_files() -> None:
    first, second = make_claim(statement="First"), make_claim(statement="Second")
    make_claim(source=first.source, statement="Left")
    response = export("export_catalogue", [first])
    assert f'filename="{first.source.slug}.yaml"' in response.headers["Content-Disposition"]
    assert [one["statement"] for one in yaml.safe_load(response.content)["claims"]] == ["First"]
    both = zipfile.ZipFile(io.BytesIO(export("export_catalogue", [first, second]).content))
    assert both.namelist() == sorted(f"sources/{one.source.slug}.yaml" for one in (first, second))
