"""Claims out to files and in from spreadsheets."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from comparison.admin.base import person
from comparison.files.catalogue_dump import selection
from comparison.files.claims_csv import COLUMNS, MAX_ROWS, NEEDED, NotClaims, decoded, read_rows, written
from comparison.files.claims_import import ChangedMeanwhile, Plan, Planner, store
from comparison.models import Claim
from comparison.tables.verdict_detail import value_of

LISTED = 200
MARK = "<!-- progress -->"
MEANWHILE = "Somebody else stored one of these claims at the same moment."


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
    """The file, or its text once it was looked at: it travels in the form, so that what was seen is what is stored."""

    upload = forms.FileField(required=False, allow_empty_file=True, label="CSV file")
    text = forms.CharField(required=False, strip=False, widget=forms.Textarea(attrs={"rows": 8, "cols": 90}))
    submit = forms.BooleanField(required=False)
    leave_out = forms.BooleanField(required=False)
    fingerprint = forms.CharField(required=False, max_length=64)

    def rows(self) -> str:
        """The file's text. Raises NotClaims."""
        upload = self.cleaned_data.get("upload")
        return decoded(upload.read()) if upload is not None else self.cleaned_data["text"]


@require_http_methods(["GET", "HEAD", "POST"])
def import_claims(request: HttpRequest, admin: ModelAdmin) -> HttpResponseBase:
    """Shows what a file would do; nothing is stored until that was seen and confirmed."""
    if not request.user.has_perm("comparison.add_claim"):
        raise PermissionDenied
    form = ImportForm(request.POST or None, request.FILES or None)
    context = {**admin.admin_site.each_context(request), "opts": admin.model._meta, "title": "Import claims"}
    context |= {"form": form, "columns": COLUMNS, "needed": NEEDED, "most": MAX_ROWS}
    if request.method != "POST" or not form.is_valid():
        return render(request, "admin/comparison/claim/import.html", context)
    try:
        text = form.rows()
        plan = Planner(person(request)).read(read_rows(text))
    except NotClaims as error:
        form.add_error(None, str(error))
        return render(request, "admin/comparison/claim/import.html", context)
    sealed = form.cleaned_data["fingerprint"] == plan.fingerprint
    if "_store" in request.POST and sealed and (not plan.wrong or form.cleaned_data["leave_out"]):
        return _streamed(_progress(request, context, plan, form.cleaned_data["submit"]))
    return render(request, "admin/comparison/claim/import.html", context | _shown(plan, text, request, sealed))


def _shown(plan: Plan, text: str, request: HttpRequest, sealed: bool) -> dict[str, Any]:
    return {
        "plan": plan,
        "text": text,
        "created": [(row, claim, value_of(claim).text) for row, claim in plan.created[:LISTED]],
        "changed": plan.changed[:LISTED],
        "wrong": plan.wrong[:LISTED],
        "listed": LISTED,
        "changed_since": "_store" in request.POST and not sealed,
        "still_wrong": "_store" in request.POST and sealed,
    }


def _streamed(pieces: Iterator[str]) -> StreamingHttpResponse:
    """Sent as it is made; a proxy that gathers it first would hide the progress."""
    response = StreamingHttpResponse(pieces)
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _progress(request: HttpRequest, context: dict[str, Any], plan: Plan, submit: bool) -> Iterator[str]:
    """The page in pieces: its beginning, a line for each stretch stored, and how it ended."""
    page = render_to_string("admin/comparison/claim/imported.html", context, request)
    before, after = page.split(MARK)
    yield before
    whole = f"{len(plan.created) + len(plan.changed):,}"
    try:
        for done in store(plan, person(request), submit):
            yield format_html("<li>{} of {} stored</li>\n", f"{done:,}", whole)
    except (ChangedMeanwhile, PermissionDenied) as error:
        yield _failed(error)
    except IntegrityError:
        yield _failed(MEANWHILE)
    except DatabaseError as error:
        yield _failed(f"The database refused: {error}.")
    else:
        yield _done(plan)
    yield after


def _failed(why: object) -> SafeString:
    told = "Nothing was stored. {} Look at the file again: go back one page and press the button once more."
    return format_html('<li><p class="errornote" role="alert">' + told + "</p></li>", str(why))


def _done(plan: Plan) -> SafeString:
    counts = (len(plan.created), len(plan.changed), plan.unchanged, plan.wrong_rows)
    told = "Done: {} created, {} changed, {} left as they were, {} left out."
    link = reverse("admin:comparison_batch_undo", args=[plan.batch.pk]) if plan.batch else ""
    return format_html(
        '<li><p role="status"><strong>' + told + '</strong> <a href="{}">Look at it once more, or undo it</a></p></li>',
        *(f"{one:,}" for one in counts),
        link,
    )
