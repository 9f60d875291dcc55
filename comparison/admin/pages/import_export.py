"""Exporting claims to files, and importing them from spreadsheets."""

import io
import zipfile
from collections.abc import Iterator

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from comparison.admin.admin_page import Context, admin_page, base_context
from comparison.admin.base import current_user
from comparison.files.catalogue_dump import selection
from comparison.files.claims_csv import (
    COLUMNS,
    MAX_ROWS,
    REQUIRED_COLUMNS,
    UnreadableFile,
    csv_pieces,
    decode_upload,
    read_rows,
)
from comparison.files.claims_import import ChangedMeanwhile, Plan, Planner, store
from comparison.models import Claim
from comparison.tables.verdict_detail import value_of
from comparison.texts.decode import ENCODINGS
from comparison.texts.number_marks import DecimalMark

MAX_LISTED = 200  # rows of each kind on the page
PROGRESS_MARK = "<!-- progress -->"  # where the template wants the lines of progress
CONCURRENT_CHANGE = (
    "Somebody else stored one of these claims at the same moment, or removed what one of them refers to."
)


def export_csv(claims: QuerySet[Claim]) -> HttpResponseBase:
    rows = claims.select_related("source", "framework", "criterion").defer("source__text")
    response = StreamingHttpResponse(csv_pieces(rows.iterator(chunk_size=2000)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="claims.csv"'
    return response


def export_catalogue(claims: QuerySet[Claim]) -> HttpResponseBase:
    """One file for each source, as load_catalogue reads them; several files in a ZIP archive."""
    files = selection(claims)
    if len(files) == 1:
        ((name, content),) = files.items()
        response = HttpResponse(content, content_type="application/yaml; charset=utf-8")
    else:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for file_name, text in files.items():
                archive.writestr(f"sources/{file_name}", text)
        name, response = "claims.zip", HttpResponse(out.getvalue(), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


MARKS = [
    ("", "as the file’s own numbers show"),
    (DecimalMark.POINT.value, "after a point: 1,440.5"),
    (DecimalMark.COMMA.value, "after a comma: 1.440,5"),
]


class ImportForm(forms.Form):
    """A file, or its text after the preview: the text travels in the form, so that what was shown is what is stored."""

    upload = forms.FileField(required=False, allow_empty_file=True, label="CSV file")
    text = forms.CharField(required=False, strip=False, widget=forms.Textarea(attrs={"rows": 8, "cols": 90}))
    submit = forms.BooleanField(required=False)
    mark = forms.TypedChoiceField(
        choices=MARKS, coerce=DecimalMark, empty_value=None, required=False, label="Decimals in this file"
    )
    leave_out = forms.BooleanField(required=False)
    fingerprint = forms.CharField(required=False, max_length=64)

    def rows(self) -> tuple[str, str]:
        """The file's text and its encoding, empty for text that was pasted. Raises UnreadableFile."""
        upload = self.cleaned_data.get("upload")
        return decode_upload(upload.read()) if upload is not None else (self.cleaned_data["text"], "")


@admin_page(Claim, "comparison.add_claim", template="claim/import.html", title="Import claims", is_long=True)
def import_claims(request: HttpRequest) -> HttpResponseBase | Context:
    """Shows what a file would do; stores nothing until that is confirmed."""
    form = ImportForm(request.POST or None, request.FILES or None)
    context = {"form": form, "columns": COLUMNS, "required_columns": REQUIRED_COLUMNS, "max_rows": MAX_ROWS}
    if request.method != "POST" or not form.is_valid():
        return context
    try:
        text, encoding = form.rows()
        plan = Planner(current_user(request), form.cleaned_data["mark"]).read(read_rows(text))
    except UnreadableFile as error:
        form.add_error(None, str(error))
        return context
    is_current = form.cleaned_data["fingerprint"] == plan.fingerprint
    if "_store" in request.POST and is_current and (not plan.errors or form.cleaned_data["leave_out"]):
        return _streamed(_progress(request, plan, form.cleaned_data["submit"]))
    is_guess = encoding not in ("", "utf-8")
    context |= {"encoding": ENCODINGS[encoding] if is_guess else "", "text": text}
    return context | _preview(plan, "_store" in request.POST, is_current)


def _preview(plan: Plan, confirmed: bool, is_current: bool) -> Context:
    return {
        "plan": plan,
        "created": [(row, claim, value_of(claim).text) for row, claim in plan.created[:MAX_LISTED]],
        "changed": plan.changed[:MAX_LISTED],
        "wrong": plan.errors[:MAX_LISTED],
        "listed": MAX_LISTED,
        "changed_since": confirmed and not is_current,
        "still_wrong": confirmed and is_current,
    }


def _streamed(pieces: Iterator[str]) -> StreamingHttpResponse:
    """Sends each piece as it is made; a proxy that buffers the response would hide the progress."""
    response = StreamingHttpResponse(pieces)
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _progress(request: HttpRequest, plan: Plan, submit: bool) -> Iterator[str]:
    """The page in pieces: its beginning, a line for each batch of rows stored, and the result."""
    context = base_context(request, Claim, "Import claims")
    page = render_to_string("admin/comparison/claim/imported.html", context, request)
    before, after = page.split(PROGRESS_MARK)
    yield before
    total = f"{len(plan.created) + len(plan.changed):,}"
    try:
        for done in store(plan, current_user(request), submit):
            yield format_html("<li>{} of {} stored</li>\n", f"{done:,}", total)
    except (ChangedMeanwhile, PermissionDenied) as error:
        yield _failed(error)
    except IntegrityError:
        yield _failed(CONCURRENT_CHANGE)
    except DatabaseError as error:
        yield _failed(f"The database refused: {error}.")
    else:
        yield _done(plan)
    yield after


def _failed(reason: object) -> SafeString:
    text = "Nothing was stored. {} Look at the file again: go back one page and press the button once more."
    return format_html('<li><p class="errornote" role="alert">' + text + "</p></li>", str(reason))


def _done(plan: Plan) -> SafeString:
    counts = (len(plan.created), len(plan.changed), plan.unchanged, plan.rows_with_errors)
    text = "Done: {} created, {} changed, {} left as they were, {} left out."
    link = reverse("admin:comparison_batch_undo", args=[plan.batch.pk]) if plan.batch else ""
    return format_html(
        '<li><p role="status"><strong>' + text + '</strong> <a href="{}">Look at it once more, or undo it</a></p></li>',
        *(f"{count:,}" for count in counts),
        link,
    )


urlpatterns = [path("import/", import_claims, name="comparison_claim_import")]
