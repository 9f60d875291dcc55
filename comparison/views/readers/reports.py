"""What readers tell the curators: a form about a place of the site, and the state of what was sent."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from comparison.models import Report
from comparison.models.readers.reports import TOPIC_LABELS, PlaceKind, ReportState, Topic
from comparison.reports.form import ReportForm
from comparison.reports.places import Place, find_place, place_of
from comparison.tables.unknown_values import choice_hint
from comparison.web.caching import permanent_redirect, public_page
from comparison.web.pagination import BadPage
from comparison.web.throttle import Limit, TooOften, take
from config.client_address import client_address
from config.cross_site import is_from_another_site

ONLY_POST = "A report is sent by the button of its form, which sends a POST.\n"
MAX_REPORTS_IN_SECONDS = (10, 3600)  # from one address
MAX_WAITING = 2000  # new reports, from all addresses together
FROM_ANOTHER_SITE = gettext_noop(
    "Another site sent this. A report is sent by the form here; open it from the page that you want to report."
)
SENT_TOO_OFTEN = gettext_noop(
    "Very many reports came from here lately; in {duration} more can be sent. Keep your text until then."
)
TOO_MANY_WAIT = gettext_noop(
    "Very many reports wait to be read, so none is taken now. Keep your text, and try again in some days."
)
RETRY_SECONDS = 24 * 3600
GONE = {
    PlaceKind.CLAIM: gettext_noop("A claim that is not public any more"),
    PlaceKind.ROW: gettext_noop("A row that is not public any more"),
    PlaceKind.CRITERION: gettext_noop("A criterion that is not public any more"),
    PlaceKind.SOURCE: gettext_noop("A source that is not public any more"),
    PlaceKind.FRAMEWORK: gettext_noop("A framework that is not public any more"),
}
STATE_SENTENCES = {  # each state in words
    ReportState.NEW: gettext_noop("<strong>New:</strong> nobody has read it yet."),
    ReportState.IN_WORK: gettext_noop("<strong>In work:</strong> a curator looks into it."),
    ReportState.DONE: gettext_noop(
        "<strong>Done:</strong> a curator has acted on it, and what changed is on the page."
    ),
    ReportState.DECLINED: gettext_noop("<strong>Declined:</strong> a curator has read it and changed nothing."),
}


@public_page("topic")
def report_form(request: HttpRequest, about: str) -> HttpResponse:
    """The form, with the place filled in."""
    place = find_place(about)
    if place.about != about:
        return permanent_redirect(reverse("report", args=[place.about]), request.META.get("QUERY_STRING", ""))
    topic = request.GET.get("topic", Topic.PROBLEM.value)
    if topic not in TOPIC_LABELS:
        raise BadPage(f"topic={topic[:40]}: {choice_hint([topic], list(Topic))}")
    return _show(request, place, ReportForm(initial={"topic": topic}))


@csrf_exempt  # public pages set no cookie that a token could be compared with; other sites are refused below
@never_cache
def send_report(request: HttpRequest) -> HttpResponse:
    """Stores a report and leads to its number. What cannot be taken comes back in the form."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"], ONLY_POST, content_type="text/plain")
    if is_from_another_site(request):
        request.refusal = FROM_ANOTHER_SITE  # type: ignore[attr-defined]  # for the log
        context = {"message": _(FROM_ANOTHER_SITE)}
        return render(request, "comparison/report_refused.html", context, status=403)
    place, form = find_place(request.POST.get("about", "")), ReportForm(request.POST)
    if not form.is_valid():
        return _show(request, place, form, 400)
    fields = place.stored | form.stored
    report = Report.objects.same_as(**fields)
    if report is None:
        if Report.objects.waiting().count() >= MAX_WAITING:
            return _show_later(request, place, form, 503, _(TOO_MANY_WAIT), RETRY_SECONDS)
        try:
            take(Limit(("report", client_address(request)), *MAX_REPORTS_IN_SECONDS))
        except TooOften as pause:
            return _show_later(
                request, place, form, 429, _(SENT_TOO_OFTEN).format(duration=pause.duration), pause.seconds
            )
        report = Report.objects.create(**fields)
    return redirect("report-state", report.reference)


@require_safe
@never_cache
def report_state(request: HttpRequest, reference: str) -> HttpResponse:
    """What became of a report, and what it is about: never what somebody wrote."""
    report = Report.objects.using("default").filter(reference=reference).first()  # no replica may have it yet
    if report is None:
        message = _("There is no report {number}. Its number has ten digits; curators delete some reports.")
        raise Http404(message.format(number=reference))
    sentence = mark_safe(_(STATE_SENTENCES[ReportState(report.state)]))  # noqa: S308
    context = {
        "report": report,
        "place": place_of(report),
        "sentence": sentence,
        "gone": _(GONE[PlaceKind(report.place_kind)]) if report.place_kind in GONE else "",
    }
    return render(request, "comparison/report_state.html", context)


def _show(request: HttpRequest, place: Place, form: ReportForm, status: int = 200, message: str = "") -> HttpResponse:
    context = {
        "place": place,
        "form": form,
        "message": message,
        "problems": [problem for problems in form.errors.values() for problem in problems] if form.is_bound else [],
        "max_length": Report.MAX_TEXT_LENGTH,
    }
    return render(request, "comparison/report.html", context, status=status)


def _show_later(
    request: HttpRequest, place: Place, form: ReportForm, status: int, message: str, seconds: int
) -> HttpResponse:
    request.refusal = message  # type: ignore[attr-defined]  # for the log
    response = _show(request, place, form, status, message)
    response.headers["Retry-After"] = str(seconds)
    return response
