"""Claims out to files and in from spreadsheets."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from comparison.admin.base import person
from comparison.catalogue_dump import selection
from comparison.claims_csv import COLUMNS, NotClaims, Plan, Planner, read_rows, store, written
from comparison.intake import Unreadable, decode, unified
from comparison.models import Claim

LISTED = 200
MARK = "<!-- progress -->"


def urls(admin: ModelAdmin) -> list[URLPattern]:
    view = admin.admin_site.admin_view(import_claims)
    return [path("import/", view, {"admin": admin}, name="comparison_claim_import")]


def export_csv(claims: QuerySet[Claim]) -> HttpResponseBase:
    rows = claims.select_related("source", "framework", "criterion").defer("source__text")
    response = StreamingHttpResponse(written(rows.iterator(chunk_size=2000)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="claims.csv"'
    return response


def export_catalogue(claims: QuerySet[Claim]) -> HttpResponseBase:
    """One file for each source, as load_catalogue reads them; several come as an archive."""
    files = selection(claims)
    if len(files) == 1:
        ((name, content),) = files.items()
        response = HttpResponse(content, content_type="application/yaml; charset=utf-8")
    else:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for each, text in files.items():
                archive.writestr(f"sources/{each}", text)
        name, response = "claims.zip", HttpResponse(out.getvalue(), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class ImportForm(forms.Form):
    """The file, or its text once it was looked at."""

    upload = forms.FileField(required=False, label="CSV file")
    text = forms.CharField(required=False, strip=False, widget=forms.Textarea(attrs={"rows": 8, "cols": 90}))
    submit = forms.BooleanField(required=False, label="Submit the new claims for review at once")
    leave_out = forms.BooleanField(required=False)
    seal = forms.CharField(required=False, max_length=64)

    def rows(self) -> str:
        """The file's text. Raises Unreadable."""
        if upload := self.cleaned_data.get("upload"):
            return decode(upload.read())[0]
        return unified(self.cleaned_data["text"])


@require_http_methods(["GET", "HEAD", "POST"])
def import_claims(request: HttpRequest, admin: ModelAdmin) -> HttpResponseBase:
    """Shows what a file would do; nothing is stored until that was seen and confirmed."""
    if not request.user.has_perm("comparison.add_claim"):
        raise PermissionDenied
    form = ImportForm(request.POST or None, request.FILES or None)
    context = {**admin.admin_site.each_context(request), "opts": admin.model._meta, "title": "Import claims"}
    context |= {"form": form, "columns": COLUMNS}
    if request.method != "POST" or not form.is_valid():
        return render(request, "admin/comparison/claim/import.html", context)
    try:
        text = form.rows()
        plan = Planner(person(request)).read(read_rows(text))
    except (Unreadable, NotClaims) as error:
        form.add_error(None, str(error))
        return render(request, "admin/comparison/claim/import.html", context)
    sealed = form.cleaned_data["seal"] == plan.seal
    if "_store" in request.POST and sealed and (not plan.wrong or form.cleaned_data["leave_out"]):
        return StreamingHttpResponse(_progress(request, context, plan, form.cleaned_data["submit"]))
    return render(request, "admin/comparison/claim/import.html", context | _shown(plan, text, request, sealed))


def _shown(plan: Plan, text: str, request: HttpRequest, sealed: bool) -> dict[str, Any]:
    return {
        "plan": plan,
        "text": text,
        "created": plan.created[:LISTED],
        "changed": plan.changed[:LISTED],
        "wrong": plan.wrong[:LISTED],
        "listed": LISTED,
        "changed_since": "_store" in request.POST and not sealed,
    }


def _progress(request: HttpRequest, context: dict[str, Any], plan: Plan, submit: bool) -> Iterator[str]:
    """The page in pieces: its beginning, a line for each stretch stored, and how it ended."""
    whole = len(plan.created) + len(plan.changed)
    page = render_to_string("admin/comparison/claim/imported.html", context | {"plan": plan}, request)
    before, after = page.split(MARK)
    yield before
    try:
        for done in store(plan, person(request), submit):
            yield format_html("<li>{} of {} stored</li>\n", f"{done:,}", f"{whole:,}")
    except DatabaseError as error:
        yield format_html('<li class="errornote">Nothing was stored: {}. Import the file again.</li>', error)
    else:
        told = "{} created, {} changed, {} left as they were, {} rows left out."
        yield format_html(
            '<li role="status"><strong>Done: ' + told + "</strong></li>",
            *(f"{one:,}" for one in (len(plan.created), len(plan.changed), plan.unchanged, plan.wrong_rows)),
        )
    yield after
