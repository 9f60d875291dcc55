"""Profiles in the admin, with what they would recommend while their weights are edited."""

import re
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_POST

from comparison.admin.base import CatalogueAdmin
from comparison.admin.inlines import PointingInline
from comparison.models import Criterion, Profile, ProfileWeight
from comparison.recommendation.answer import Answer
from comparison.recommendation.load import considered_frameworks, load_evidence
from comparison.recommendation.question import read_question
from comparison.row_ids import whole_id


class ProfileWeightInline(PointingInline):
    model = ProfileWeight
    autocomplete_fields = ["criterion"]


@admin.register(Profile)
class ProfileAdmin(CatalogueAdmin):
    list_display = ["name", "slug", "description", "order"]
    search_fields = ["name", "slug", "description"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [ProfileWeightInline]

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view(preview)
        return [path("preview/", view, {"admin": self}, name="comparison_profile_preview"), *super().get_urls()]


@require_POST
def preview(request: HttpRequest, admin: ProfileAdmin) -> HttpResponse:
    """What the weights of a form would recommend, and which of them rest on nothing. Nothing is stored."""
    if not request.user.has_perm("comparison.view_profile"):
        raise PermissionDenied
    frameworks = considered_frameworks()
    loaded = load_evidence(frameworks)
    asked = read_question(_written(request.POST), None, loaded.criteria, frameworks)
    answer = Answer(loaded, asked)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.model._meta,
        "title": "What these weights would recommend",
        "answer": answer,
        "ranked": answer.ranking.ranked(),
        "silent": [(one, missing, len(missing) == len(frameworks)) for one, missing in answer.silent()],
    }
    return render(request, "admin/comparison/profile/preview.html", context)


def _written(form: QueryDict) -> QueryDict:
    """The weights of an admin form, as an address of a recommendation would say them."""
    rows = [match[1] for name in form if (match := re.fullmatch(r"weights-(\d+)-criterion", name))]
    kept = [row for row in rows if not form.get(f"weights-{row}-DELETE")]
    ids = {row: whole_id(form.get(f"weights-{row}-criterion", "")) for row in kept}
    known = [pk for pk in ids.values() if pk is not None]
    slugs = dict(Criterion.objects.filter(pk__in=known).values_list("pk", "slug"))
    data = QueryDict(mutable=True)
    for row, pk in ids.items():
        if pk in slugs:
            data[f"w.{slugs[pk]}"] = form.get(f"weights-{row}-weight", "") or "0"
            if form.get(f"weights-{row}-must_have"):
                data.appendlist("must", slugs[pk])
    return data
