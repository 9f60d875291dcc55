"""Profiles in the admin, with a preview of what they would recommend while their weights are edited; kept answers."""

import re
from typing import cast
from urllib.parse import unquote

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from comparison.admin.admin_page import Context, admin_page
from comparison.admin.base import CatalogueAdmin
from comparison.admin.editing.inlines import RowInline
from comparison.models import Criterion, Edition, Profile, ProfileExclusion, ProfileWeight, Snapshot
from comparison.models.editions import writing
from comparison.recommendation.answer import Answer
from comparison.recommendation.load import considered_frameworks, load_evidence
from comparison.recommendation.question import read_question
from comparison.recommendation.sentences.missing import missing_words
from comparison.row_ids import parse_row_id

MAX_SHOWN_LENGTH = 100  # characters of a question in the list of kept answers


class ProfileWeightInline(RowInline):
    model = ProfileWeight
    autocomplete_fields = ["criterion"]


class ProfileExclusionInline(RowInline):
    model = ProfileExclusion
    autocomplete_fields = ["framework"]


@admin.register(Profile)
class ProfileAdmin(CatalogueAdmin):
    list_display = ["name", "slug", "description", "order"]
    search_fields = ["name", "slug", "description"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [ProfileWeightInline, ProfileExclusionInline]

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [path("preview/", preview, name="comparison_profile_preview"), *super().get_urls()]


@admin.register(Snapshot)
class SnapshotAdmin(admin.ModelAdmin):
    """Answers that readers keep. They may be pinned and deleted, never changed."""

    list_display = ["key", "at", "edition", "profile", "question", "is_pinned"]
    list_filter = ["is_pinned", "at"]
    search_fields = ["key", "profile", "query"]
    list_per_page = 50
    show_full_result_count = False
    fields = ["is_pinned", "key", "at", "edition", "profile", "question"]
    readonly_fields = ["key", "at", "edition", "profile", "question"]
    actions = ["pin"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Snapshot]:
        return super().get_queryset(request).defer("answer")

    @admin.display(ordering="query")
    def question(self, snapshot: Snapshot) -> SafeString:
        """A link to the answer."""
        text = Truncator(unquote(snapshot.query)).chars(MAX_SHOWN_LENGTH)
        return format_html('<a href="{}">{}</a>', reverse("kept", args=[snapshot.key]), text)

    @admin.action(description="Pin the chosen answers, so that they stay", permissions=["change"])
    def pin(self, request: HttpRequest, snapshots: QuerySet[Snapshot]) -> None:
        count = snapshots.update(is_pinned=True)
        messages.success(request, f"{count} kept answer{'s are' if count != 1 else ' is'} pinned.")

    @writing()
    def delete_model(self, request: HttpRequest, obj: Snapshot) -> None:
        super().delete_model(request, obj)
        self.publish(request, 1)

    @writing()
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Snapshot]) -> None:
        deleted, _ = queryset.delete()
        self.publish(request, deleted)

    def publish(self, request: HttpRequest, deleted: int) -> None:
        """So that their pages, which are kept with the edition, are gone at once."""
        Edition.objects.publish(f"Kept answers deleted: {deleted}", cast(User, request.user))


@admin_page(
    Profile,
    "comparison.view_profile",
    template="profile/preview.html",
    title="What these weights would recommend",
    methods=("POST",),
    is_long=True,
)
def preview(request: HttpRequest) -> Context:
    """What the weights in a form would recommend, and which of them lack evidence. Stores nothing."""
    excluded = _rows(request.POST, "exclusions", "framework").values()
    all_frameworks = considered_frameworks()
    frameworks = [framework for framework in all_frameworks if framework.pk not in excluded] or all_frameworks
    loaded = load_evidence(frameworks)
    answer = Answer(loaded, read_question(_question_of(request.POST), None, loaded.criteria, frameworks))
    missing_evidence = [
        (loaded.criteria[row.criterion], missing_words(row, answer.names), len(row.unknown) == len(frameworks))
        for row in answer.missing_evidence()
    ]
    return {
        "answer": answer,
        "ranked": answer.ranking.rows(),
        "missing_evidence": missing_evidence,
    }


def _question_of(form: QueryDict) -> QueryDict:
    """The weights of an admin form as the parameters of a recommendation's address."""
    ids = _rows(form, "weights", "criterion")
    slugs = dict(Criterion.objects.filter(pk__in=ids.values()).values_list("pk", "slug"))
    data = QueryDict(mutable=True)
    for row, pk in ids.items():
        if pk in slugs:
            data[f"w.{slugs[pk]}"] = form.get(f"weights-{row}-weight", "") or "0"
            if form.get(f"weights-{row}-must_have"):
                data.appendlist("must", slugs[pk])
    return data


def _rows(form: QueryDict, prefix: str, field: str) -> dict[str, int]:
    """What the rows of an inline form refer to, by the row's number; without rows that are empty or to be deleted."""
    rows = [match[1] for name in form if (match := re.fullmatch(rf"{prefix}-(\d+)-{field}", name))]
    ids = {row: parse_row_id(form.get(f"{prefix}-{row}-{field}", "")) for row in rows}
    return {row: pk for row, pk in ids.items() if pk is not None and not form.get(f"{prefix}-{row}-DELETE")}
