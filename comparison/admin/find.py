"""Search over everything from the admin's front page: what is public and what is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import path, reverse

from comparison.admin.admin_page import SAFE, Context, admin_page
from comparison.models import Claim, Criterion, Framework, Profile, Source
from comparison.text_search.folding import holds, needles

MAX_RESULTS = 50  # of each kind of row
MAX_QUERY_LENGTH = 200
SEARCHED: Sequence[tuple[str, type[Model], Sequence[str]]] = (
    ("Frameworks", Framework, ("name", "slug", "aliases", "tagline")),
    ("Criteria", Criterion, ("name", "slug", "synonyms", "question", "help_text", "category__name")),
    ("Sources", Source, ("title", "slug", "publisher", "author", "address", "note")),
    ("Profiles", Profile, ("name", "slug", "description")),
)


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind: each row's name, page and what is said beside it."""

    title: str
    rows: Sequence[tuple[str, str, str]]
    has_more: bool


@admin_page(Claim, "comparison.view_claim", template="claim/find.html", title="Search", methods=SAFE)
def find(request: HttpRequest) -> Context:
    query = request.GET.get("q", "").strip()[:MAX_QUERY_LENGTH]
    groups = [_named(query, *kind) for kind in SEARCHED] + [_claims(query)] if needles(query) else []
    return {"query": query, "groups": [group for group in groups if group.rows]}


def _named(query: str, title: str, model: type[Model], names: Sequence[str]) -> Group:
    wanted = needles(query)
    rows: QuerySet[Any, Any] = model._default_manager.order_by(names[0]).values_list("pk", *names)
    found = [row for row in rows if holds([text for text in row[1:] if text], wanted)]
    address = f"admin:comparison_{model._meta.model_name}_change"
    listed = [(name, reverse(address, args=[pk]), slug) for pk, name, slug, *_ in found[:MAX_RESULTS]]
    return Group(title, listed, len(found) > MAX_RESULTS)


def _claims(query: str) -> Group:
    """Claims of every state, also by their quotes and criteria."""
    claims = list(Claim.objects.containing_anywhere(query).with_names().order_by("-pk")[: MAX_RESULTS + 1])
    rows = [
        (str(claim), reverse("admin:comparison_claim_change", args=[claim.pk]), f"{claim.state}, {claim.source}")
        for claim in claims[:MAX_RESULTS]
    ]
    return Group("Claims", rows, len(claims) > MAX_RESULTS)


urlpatterns = [path("find/", find, name="comparison_claim_find")]
