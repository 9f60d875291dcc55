"""Profiles in the admin, with a preview of what they would recommend while their weights are edited."""

import re

from django.contrib import admin
from django.http import HttpRequest, QueryDict
from django.urls import URLPattern, URLResolver, path

from comparison.admin.admin_page import Context, admin_page
from comparison.admin.base import CatalogueAdmin
from comparison.admin.inlines import PreloadedInline
from comparison.models import Criterion, Profile, ProfileWeight
from comparison.recommendation.answer import Answer
from comparison.recommendation.load import considered_frameworks, load_evidence
from comparison.recommendation.question import read_question
from comparison.recommendation.sentences.missing import missing_words
from comparison.row_ids import parse_row_id


class ProfileWeightInline(PreloadedInline):
    model = ProfileWeight
    autocomplete_fields = ["criterion"]


@admin.register(Profile)
class ProfileAdmin(CatalogueAdmin):
    list_display = ["name", "slug", "description", "order"]
    search_fields = ["name", "slug", "description"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [ProfileWeightInline]

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [path("preview/", preview, name="comparison_profile_preview"), *super().get_urls()]


@admin_page(
    Profile,
    "comparison.view_profile",
    template="profile/preview.html",
    title="What these weights would recommend",
    methods=("POST",),
)
def preview(request: HttpRequest) -> Context:
    """What the weights in a form would recommend, and which of them lack evidence. Stores nothing."""
    frameworks = considered_frameworks()
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
    rows = [match[1] for name in form if (match := re.fullmatch(r"weights-(\d+)-criterion", name))]
    remaining = [row for row in rows if not form.get(f"weights-{row}-DELETE")]
    ids = {row: parse_row_id(form.get(f"weights-{row}-criterion", "")) for row in remaining}
    valid_ids = [pk for pk in ids.values() if pk is not None]
    slugs = dict(Criterion.objects.filter(pk__in=valid_ids).values_list("pk", "slug"))
    data = QueryDict(mutable=True)
    for row, pk in ids.items():
        if pk in slugs:
            data[f"w.{slugs[pk]}"] = form.get(f"weights-{row}-weight", "") or "0"
            if form.get(f"weights-{row}-must_have"):
                data.appendlist("must", slugs[pk])
    return data
