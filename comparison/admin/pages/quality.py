"""The lists of findings: what curators should look at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from comparison.admin.admin_page import SAFE, Context, admin_page
from comparison.curation.quality import (
    EditClaim,
    EditSource,
    Fix,
    Issue,
    MergeClaims,
    MergeCriteria,
    ReplaceText,
    ReviewCell,
    claims_without_place,
    contradictions,
    duplicate_claims,
    incomplete_sources,
    odd_figures,
    overlapping_criteria,
    self_contradictions,
    stale_sources,
)
from comparison.models import Claim
from comparison.web.pagination import BadPage, paginate

ISSUES_PER_PAGE = 100


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
    "contradictions": Listing("Contradictions", "Cells with both sides. Mend misreadings.", contradictions, *REVIEWER),
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
    """An issue on the page, with a link to fix it."""

    subject: str
    problem: str
    url: str
    action: str

    @classmethod
    def of(cls, issue: Issue) -> "Row":
        action = "Merge" if isinstance(issue.fix, MergeClaims | MergeCriteria) else "Open"
        return cls(issue.subject, issue.problem, fix_url(issue.fix), action)


def fix_url(fix: Fix) -> str:
    """The admin page on which to fix an issue."""
    match fix:
        case EditClaim(claim):
            return reverse("admin:comparison_claim_change", args=[claim])
        case EditSource(source):
            return reverse("admin:comparison_source_change", args=[source])
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
    return {"lists": [(kind, listing.title, listing.about, len(listing.find())) for kind, listing in LISTINGS.items()]}


@admin_page(Claim, "comparison.view_claim", template="finding.html", methods=SAFE)
def finding(request: HttpRequest, kind: str) -> HttpResponse | Context:
    """One list."""
    if kind not in LISTINGS:
        raise Http404(f"There is no list “{kind}”. There are: {', '.join(LISTINGS)}.")
    listing = LISTINGS[kind]
    try:
        page = paginate(listing.find(), request.GET, size=ISSUES_PER_PAGE)
    except BadPage as problem:
        messages.warning(request, str(problem))
        return redirect("admin:comparison_finding", kind)
    return {
        "title": listing.title,
        "about": listing.about,
        "page": page,
        "rows": [Row.of(issue) for issue in page.rows],
        "may_fix": request.user.has_perms(listing.permissions),
        "fixed_by": listing.fixed_by,
    }


urlpatterns = [
    path("findings/", findings, name="comparison_findings"),
    path("findings/<slug:kind>/", finding, name="comparison_finding"),
]
