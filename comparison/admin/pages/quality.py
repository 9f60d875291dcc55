"""The lists of findings: what curators should look at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from comparison.admin.admin_page import SAFE, Context, admin_page
from comparison.admin.base import current_user
from comparison.curation.quality import (
    EditClaim,
    EditSource,
    Fix,
    Issue,
    MergeClaims,
    MergeCriteria,
    ReadSource,
    ReplaceText,
    ReviewCell,
    claims_without_place,
    contradictions,
    duplicate_claims,
    gaps,
    incomplete_sources,
    odd_figures,
    overlapping_criteria,
    self_contradictions,
    stale_sources,
)
from comparison.curation.review import dismissals
from comparison.curation.review.dismissals import Finding, open_count
from comparison.models import Claim, Dismissal
from comparison.web.pagination import BadPage, paginate

ISSUES_PER_PAGE = 100
MAX_REASON_LENGTH = 300  # characters


@dataclass(frozen=True, slots=True)
class Listing:
    """One of the lists, with the permissions needed to fix its issues and who has them."""

    title: str
    about: str
    find: Callable[[], Sequence[Issue]]
    permissions: Sequence[str]
    fixed_by: str


REVIEWER = (("comparison.publish_claim",), "a reviewer")
SOURCE_EDITOR = (("comparison.change_source",), "an editor")
CRITERIA_EDITOR = (
    ("comparison.publish_claim", "comparison.change_criterion", "comparison.delete_criterion"),
    "an editor",
)
LISTINGS = {
    "contradictions": Listing(
        "Contradictions",
        "Disputed cells, and those in which a source contradicts itself. Mend misreadings.",
        contradictions,
        *REVIEWER,
    ),
    "self-contradictions": Listing(
        "Sources against themselves", "One source saying both in a cell.", self_contradictions, *REVIEWER
    ),
    "duplicates": Listing(
        "Possible duplicate claims", "Merge those that are one statement.", duplicate_claims, *REVIEWER
    ),
    "criteria": Listing(
        "Overlapping criteria", "Merge those that ask the same question.", overlapping_criteria, *CRITERIA_EDITOR
    ),
    "without-place": Listing(
        "Published without a place", "Readers cannot look these up.", claims_without_place, *REVIEWER
    ),
    "gaps": Listing(
        "Gaps of sources",
        "Sentences without a claim that nobody marked silent.",
        gaps,
        ("comparison.add_claim",),
        "a curator",
    ),
    "figures": Listing("Figures out of scale", "Often another unit.", odd_figures, *REVIEWER),
    "sources": Listing(
        "Sources without date or address",
        "Readers cannot judge their age or find them.",
        incomplete_sources,
        *SOURCE_EDITOR,
    ),
    "stale": Listing("Stale sources", "Older than the site’s limit.", stale_sources, *SOURCE_EDITOR),
}


@dataclass(frozen=True, slots=True)
class Row:
    """An issue on the page, with a link to fix it, and by what it can be dismissed."""

    subject: str
    problem: str
    url: str
    action: str
    key: str
    fingerprint: str
    dismissal: Dismissal | None

    @classmethod
    def of(cls, finding: Finding) -> "Row":
        issue = finding.issue
        action = "Merge" if isinstance(issue.fix, MergeClaims | MergeCriteria) else "Open"
        names = (finding.key, finding.fingerprint, finding.dismissal)
        return cls(issue.subject, issue.problem, fix_url(issue.fix), action, *names)


def fix_url(fix: Fix) -> str:
    """The admin page on which to fix an issue."""
    match fix:
        case EditClaim(claim):
            return reverse("admin:comparison_claim_change", args=[claim])
        case EditSource(source):
            return reverse("admin:comparison_source_change", args=[source])
        case ReadSource(source, start, end):
            return reverse("admin:comparison_source_read", args=[source]) + f"?start={start}&end={end}"
        case ReplaceText(source):
            return reverse("admin:comparison_source_text", args=[source])
        case MergeClaims(keep, gone):
            return reverse("admin:comparison_claim_merge") + "?" + urlencode({"keep": keep, "merge": gone})
        case MergeCriteria(keep, gone):
            return reverse("admin:comparison_criterion_merge", args=[gone]) + f"?into={keep}"
        case ReviewCell(framework, criterion, source):
            query = {"framework__id__exact": framework, "criterion__id__exact": criterion}
            if source is not None:
                query["source__id__exact"] = source
            return reverse("admin:comparison_claim_changelist") + "?" + urlencode(query)


@admin_page(Claim, "comparison.view_claim", template="findings.html", title="Findings", methods=SAFE)
def findings(request: HttpRequest) -> Context:
    """All lists with their counts."""
    rows = LISTINGS.items()
    return {"lists": [(kind, row.title, row.about, open_count(kind, row.find())) for kind, row in rows]}


@admin_page(Claim, "comparison.view_claim", template="finding.html", methods=SAFE)
def finding(request: HttpRequest, kind: str) -> HttpResponse | Context:
    """One list."""
    if kind not in LISTINGS:
        raise Http404(f"There is no list “{kind}”. There are: {', '.join(LISTINGS)}.")
    listing = LISTINGS[kind]
    opened, dismissed = dismissals.findings(kind, listing.find())
    try:
        page = paginate(opened, request.GET, size=ISSUES_PER_PAGE)
    except BadPage as problem:
        messages.warning(request, str(problem))
        return redirect("admin:comparison_finding", kind)
    return {
        "title": listing.title,
        "about": listing.about,
        "page": page,
        "kind": kind,
        "rows": [Row.of(row) for row in page.rows],
        "dismissed": [Row.of(row) for row in dismissed[:ISSUES_PER_PAGE]],
        "may_fix": request.user.has_perms(listing.permissions),
        "fixed_by": listing.fixed_by,
    }


@admin_page(Claim, "comparison.view_claim", methods=("POST",))
def dismiss(request: HttpRequest, kind: str) -> HttpResponse:
    """Puts a finding away with a reason, or brings it back."""
    listing = LISTINGS.get(kind)
    if listing is None:
        raise Http404(f"There is no list “{kind}”.")
    if not request.user.has_perms(listing.permissions):
        raise PermissionDenied
    key, reason = request.POST.get("key", ""), request.POST.get("reason", "").strip()
    if request.POST.get("action") == "back":
        dismissals.bring_back(kind, key)
        return redirect("admin:comparison_finding", kind)
    opened, _ = dismissals.findings(kind, listing.find())
    found = next((row for row in opened if row.key == key), None)
    if not reason:
        messages.warning(request, "Say why it is none.")
    elif found is None or found.fingerprint != request.POST.get("fingerprint"):
        messages.warning(request, "It has changed since you looked. Look at it again.")
    else:
        dismissals.dismiss(kind, found, reason[:MAX_REASON_LENGTH], current_user(request))
        messages.success(request, f"Put away until something changes: {found.issue.subject}.")
    return redirect("admin:comparison_finding", kind)


urlpatterns = [
    path("findings/", findings, name="comparison_findings"),
    path("findings/<slug:kind>/", finding, name="comparison_finding"),
    path("findings/<slug:kind>/dismiss/", dismiss, name="comparison_finding_dismiss"),
]
