"""Reports in the admin: who sees them, what states they go through, and what is deleted when."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError

from comparison.models import Report, ReportStep
from comparison.models.readers.reports import STEPS, ReportState
from tests.admin_site import as_user, url
from tests.make import make_claim, make_framework, make_user
from tests.reading import page, queries, squeezed

pytestmark = pytest.mark.django_db

EMAIL = "reader@example.org"


def make_report(claim: Any = None, **fields: Any) -> Report:
    claim = claim or make_claim()
    place = {"place_kind": "claim", "row_id": claim.pk, "about": f"claim/{claim.pk}", "title": f"Claim {claim.pk}"}
    return Report.objects.create(**place | {"topic": "problem", "text": "It is not so.", "email": EMAIL} | fields)


def move(client: Any, report: Report, to: str, **fields: str) -> Any:
    report.refresh_from_db()
    data = {"to": to, "note": "Looked it up.", "seen": report.state} | fields
    response = client.post(url("report", "change", report.pk), data)
    report.refresh_from_db()
    return response


def test_a_report_leads_to_what_would_be_edited(client) -> None:
    framework, curator = make_framework("Alpha"), as_user(make_user("Reviewer"))
    of_framework = {"row_id": framework.pk, "about": "framework/alpha", "title": "Alpha"}
    reports = [
        make_report(place_kind="framework", **of_framework),
        make_report(place_kind="site", row_id=0, about="about", title="Crosscheck"),
    ]
    listed = page(curator, url("report", "changelist"))
    assert f'<a href="{url("framework", "change", framework.pk)}" dir="auto">Alpha</a>' in listed
    assert '<td class="field-place">Crosscheck</td>' in listed
    opened = [page(curator, url("report", "change", report.pk)) for report in reports]
    assert '<a href="/frameworks/alpha/">' in opened[0]
    assert '<a href="/about/">' in opened[1]


def test_a_reviewer_finds_the_new_ones_and_gives_them_states(client) -> None:
    claim, reviewer = make_claim(), make_user("Reviewer", username="rita")
    report, curator = make_report(claim), as_user(reviewer)
    link = f'<a href="{url("report", "changelist")}?state__exact=new"><b>1</b> new report from readers</a>'
    assert link in squeezed(page(curator, "/admin/"))
    listed = page(curator, f"{url('report', 'changelist')}?state__exact=new")
    assert url("report", "change", report.pk) in listed
    assert f'<a href="{url("claim", "change", claim.pk)}" dir="auto">Claim {claim.pk}</a>' in listed
    opened = page(curator, url("report", "change", report.pk))
    assert f'<a href="/claims/{claim.pk}/">' in opened
    assert url("claim", "change", claim.pk) in opened
    assert EMAIL in opened
    assert move(curator, report, "in work").status_code == 302
    assert (report.state, report.email) == ("in work", EMAIL)
    assert move(curator, report, "done", note="The claim is right now.").status_code == 302
    assert (report.state, report.email) == ("done", "")
    steps = list(report.steps.values_list("state", "author", "note"))
    assert steps == [("in work", "rita", "Looked it up."), ("done", "rita", "The claim is right now.")]
    opened = page(curator, url("report", "change", report.pk))
    assert "Done, by rita. The claim is right now." in opened
    shown = page(client, f"/reports/{report.reference}/")
    assert re.findall(r"<strong>(.+?):</strong>", shown) == ["Done"]
    assert "right now" not in shown
    assert "<b>0</b>" in squeezed(page(curator, "/admin/")).partition("new reports from readers")[0][-40:]
    reviewer.delete()
    assert report.steps.first().author == "rita"


def test_no_state_is_left_but_by_its_steps() -> None:
    for start, options in STEPS.items():
        for end in ReportState:
            report = make_report(state=start.value, email="")
            if end in options:
                report.move(end)
                assert (report.state, report.steps.count()) == (end.value, 1)
                continue
            with pytest.raises(ValidationError, match="cannot become"):
                report.move(end)
            assert not report.steps.exists()


@pytest.mark.parametrize("end", [ReportState.DONE, ReportState.DECLINED])
def test_closing_deletes_the_address_for_an_answer(end) -> None:
    report = make_report()
    report.move(end)
    assert Report.objects.get(email="").pk == report.pk
    report.move(ReportState.IN_WORK)
    assert Report.objects.get().email == ""


def test_nobody_decides_over_somebody_else() -> None:
    report, curator = make_report(), as_user(make_user("Reviewer"))
    Report.objects.get().move(ReportState.DECLINED)
    response = move(curator, report, "in work", seen="new")
    assert (response.status_code, report.state) == (200, "declined")
    assert "Somebody made it “declined” meanwhile." in response.content.decode()
    stale = Report(pk=report.pk, state="new")
    with pytest.raises(ValidationError, match="meanwhile"):
        stale.move(ReportState.DONE)


@pytest.mark.parametrize("forged", ["", "new", "x", "published"])
def test_a_forged_state_is_refused(forged) -> None:
    report, curator = make_report(), as_user(make_user("Editor"))
    assert move(curator, report, forged, text="changed", email="", state="done").status_code == 200
    assert (report.state, report.text, report.email) == ("new", "It is not so.", EMAIL)


def test_what_readers_write_is_text_in_the_admin() -> None:
    bad = "<script>x</script> https://evil.example \"'><x-bad onbad=1>"
    report, curator = make_report(text=bad, title=bad), as_user(make_user("Editor"))
    for address in (
        url("report", "changelist"),
        url("report", "change", report.pk),
        url("report", "delete", report.pk),
    ):
        html = page(curator, address)
        assert "<x-bad" not in html
        assert "<script>x" not in html
        assert 'href="https://evil' not in html


def test_contributors_see_none_and_reviewers_delete_none() -> None:
    report = make_report()
    contributor, reviewer = as_user(make_user("Contributor")), as_user(make_user("Reviewer"))
    assert "from readers" not in page(contributor, "/admin/")
    for action in ("change", "delete", "history"):
        assert contributor.get(url("report", action, report.pk)).status_code == 403
    assert contributor.get(url("report", "changelist")).status_code == 403
    assert reviewer.post(url("report", "delete", report.pk), {"post": "yes"}).status_code == 403
    editor = as_user(make_user("Editor"))
    report.move(ReportState.IN_WORK)
    assert editor.post(url("report", "delete", report.pk), {"post": "yes"}).status_code == 302
    assert not Report.objects.exists()
    assert not ReportStep.objects.exists()


def test_many_are_declined_at_once() -> None:
    reports = [make_report() for _ in range(3)]
    reports[0].move(ReportState.DONE)
    data = {"action": "decline", "_selected_action": [report.pk for report in reports]}
    response = as_user(make_user("Reviewer")).post(url("report", "changelist"), data, follow=True)
    assert "2 reports are declined." in response.content.decode()
    assert sorted(Report.objects.values_list("state", flat=True)) == ["declined", "declined", "done"]
    assert not Report.objects.exclude(email="").exists()


def test_who_may_only_view_them_sees_no_addresses() -> None:
    user, report = make_user(), make_report()
    user.user_permissions.add(Permission.objects.get(codename="view_report"))
    html = page(as_user(user), url("report", "change", report.pk))
    assert "It is not so." in html
    assert EMAIL not in html
    assert 'name="to"' not in html


def test_the_queue_takes_as_many_queries_at_any_size() -> None:
    claim, curator, costs = make_claim(), as_user(make_user("Editor")), []
    for count in (2, 30):
        report, *_ = (make_report(claim) for _ in range(count))
        for state in (ReportState.IN_WORK, ReportState.NEW) * count:
            report.move(state)
        addresses = (url("report", "changelist"), url("report", "change", report.pk), "/admin/")
        costs.append([queries(curator, address) for address in addresses])
    assert costs[0] == costs[1]
