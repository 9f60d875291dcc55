"""Adding a source, or the text of a source: upload or paste, look at what was read, then save.

Between the steps all data travels in the form itself: nothing is lost with a session, and nothing is stored before the
user saves it.
"""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.dateparse import parse_date
from django.utils.text import slugify

from comparison.admin.admin_page import Context, admin_page
from comparison.admin.base import current_user
from comparison.admin.pages.text_upload import LIBRARY, TextForm, UploadedText, read_leniently, read_upload
from comparison.curation.attach_text import PassageChange, TextReplaced, attach, preview
from comparison.models import Edition, Source, sign
from comparison.models.editions import writing
from comparison.texts.decode import ENCODINGS, ExtractedText, TextFormat, Unreadable, repair_pieces
from comparison.texts.html_article import DroppedPart

MIN_YEAR = 1990  # of a web page
MAX_SHOWN_REPAIRS = 50
MAX_SHOWN_DROPS = 40
MAX_SHOWN_CLAIMS = 200  # of each fate
TEMPLATE = "source/intake.html"


class SourceForm(forms.ModelForm):
    address = forms.URLField(
        required=False, max_length=500, assume_scheme="https", help_text="Leave empty when it is not known."
    )

    class Meta:
        model = Source
        fields = [
            "title",
            "slug",
            "kind",
            "framework",
            "publisher",
            "author",
            "address",
            "published",
            "accessed",
            "language",
            "note",
            "repeats",
        ]
        widgets = {
            "title": forms.TextInput(attrs={"size": 60}),
            "published": forms.DateInput(attrs={"type": "date"}),
            "accessed": forms.DateInput(attrs={"type": "date"}),
            "note": forms.TextInput(attrs={"size": 60}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        repeats: Any = self.fields["repeats"]
        repeats.queryset = Source.objects.defer("text").order_by("title")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        today = date.today()
        for name in ("published", "accessed"):
            if cleaned.get(name) and cleaned[name] > today:
                self.add_error(name, "This day has not come yet.")
        if cleaned.get("published") and cleaned["published"].year < MIN_YEAR:
            self.add_error("published", "There was no web before 1990. Leave it empty when it is not known.")
        return cleaned


def suggest_details(taken: ExtractedText) -> dict[str, Any]:
    """Initial values for SourceForm: from the page's metadata, or the title from the first line of the text."""
    facts = dict(taken.facts)
    first_line = next((line.lstrip("# ").strip() for line in taken.text.split("\n") if line.strip()), "")
    title = facts.get("title") or first_line[:300]
    published = facts.get("published", "")[:10]
    address = facts.get("address", "")
    return {
        "title": title[:300],
        "slug": slugify(title)[:80],
        "author": "" if facts.get("author", "").startswith("http") else facts.get("author", "")[:200],
        "publisher": facts.get("publisher", "")[:200],
        "address": address if address.startswith("http") else "",
        "published": parse_date(published) if len(published) == 10 and _is_day(published) else None,
        "accessed": date.today(),
        "language": facts.get("language") or "en",
    }


def _is_day(value: str) -> bool:
    try:
        return parse_date(value) is not None
    except ValueError:
        return False


@admin_page(Source, "comparison.add_source", template=TEMPLATE, title="Add a source", is_long=True)
def add_source(request: HttpRequest) -> HttpResponse | Context:
    """A new source with its text."""
    form, upload = _read(request)
    if upload is None:
        return {"form": form}
    is_first_look = "title" not in request.POST
    details = SourceForm(None if is_first_look else request.POST, initial=suggest_details(upload.taken))
    if "_save" in request.POST and _is_confirmed(request, form, upload):
        with writing():
            source = store(details, upload, request) if details.is_valid() else None
        if source is not None:
            messages.success(request, f"“{source}” is stored. Now read it.")
            return redirect("admin:comparison_source_read", source.pk)
    return _preview_context(request, form, upload) | {
        "details": details,
        "similar_sources": Source.objects.similar_to(upload.taken.text),
        "identical_source": Source.objects.filter(text_sha256=upload.digest).defer("text").first(),
    }


def _read(request: HttpRequest, reading: str = "") -> tuple[TextForm, UploadedText | None]:
    """The form and what it holds; None if nothing was sent or nothing can be read.

    A given `reading` of a page is taken, unless a button asks for one.
    """
    if request.method != "POST":
        return TextForm(), None
    data = request.POST.copy()
    if asked := request.POST.get("take_reading"):
        data["reading"] = asked
        data.pop("keep_everything", None)
    elif reading:
        data["reading"] = reading
    form = TextForm(data, request.FILES)
    form.is_valid()
    try:
        return form, read_upload(form.values())
    except Unreadable as error:
        if "pasted" not in form.errors:  # whose own error says the same
            form.add_error(None, str(error))
        return form, read_leniently(form.values())


def _preview_context(request: HttpRequest, form: TextForm, upload: UploadedText) -> Context:
    return {
        "form": form,
        "upload": upload,
        "encodings": ENCODINGS.items(),
        "text_formats": list(TextFormat),
        "fetched": request.POST.get("fetched") or date.today().isoformat(),
        "shown_drops": _longest(upload.taken.dropped),
        "changes": [(repair.number, repair_pieces(repair)) for repair in upload.repairs[:MAX_SHOWN_REPAIRS]],
    }


def _longest(parts: list[DroppedPart]) -> list[DroppedPart]:
    """The longest parts that a page's article leaves out, in the order of the page."""
    longest = {part.number for part in sorted(parts, key=lambda part: -part.word_count)[:MAX_SHOWN_DROPS]}
    return [part for part in parts if part.number in longest]


def _is_confirmed(request: HttpRequest, form: TextForm, upload: UploadedText) -> bool:
    """Whether the text to be stored is the one that was shown: the settings may have changed since."""
    if form.is_valid() and form.cleaned_data["shown"] != upload.digest:
        messages.warning(request, "This is what the text is with your last choices. Look at it, then store it.")
        return False
    return form.is_valid()


def store(details: SourceForm, upload: UploadedText, request: HttpRequest) -> Source:
    """Saves the source with its text in one history entry and one edition."""
    source: Source = details.save(commit=False)
    source.set_text(upload.taken.text)
    source.original_sha256 = upload.original_sha256
    source.read_by_library = upload.by_library
    sign(source, current_user(request), "added with its text")
    source.save()
    Edition.objects.publish(f"Source added: {source}", current_user(request))
    return source


@admin_page(Source, "comparison.change_source", template=TEMPLATE, is_long=True)
def add_text(request: HttpRequest, pk: int) -> HttpResponse | Context:
    """A text for a stored source, or a new capture of it: shows what happens to its claims before it is saved."""
    source = get_object_or_404(Source, pk=pk)
    title = f"{'New capture' if source.text_sha256 else 'Text'}: {source}"
    is_first_look = "seen" not in request.POST
    form, upload = _read(request, LIBRARY if is_first_look and source.read_by_library else "")
    if upload is None:
        return {"title": title, "source": source, "form": form}
    if "_save" in request.POST and _is_confirmed(request, form, upload):
        try:
            return _attach(request, source, upload, form.cleaned_data["fetched"])
        except TextReplaced:
            source.refresh_from_db()
            warning = "The source’s text changed while you looked at this. Here is what would happen now."
            messages.warning(request, warning)
    fates = preview(source, upload.taken.text)
    return _preview_context(request, form, upload) | {
        "title": title,
        "source": source,
        "fates": _by_fate(fates),
        "fate_count": len(fates),
        "same_text": source.text_sha256 == upload.digest,
    }


def _by_fate(anchored: list[PassageChange]) -> list[tuple[str, int, list[PassageChange]]]:
    """Fate, number of claims, and the first of them; fates that need a look come first."""
    groups = []
    for fate in ("gone", "changed", "moved", "found"):
        group = [claim for claim in anchored if claim.fate == fate]
        if group:
            groups.append((fate, len(group), group[:MAX_SHOWN_CLAIMS]))
    return groups


def _attach(request: HttpRequest, source: Source, upload: UploadedText, accessed: date | None) -> HttpResponse:
    """Raises TextReplaced."""
    seen = request.POST.get("seen", "")
    anchored = attach(
        source,
        upload.taken.text,
        changed=True,
        actor=current_user(request),
        original_digest=upload.original_sha256,
        read_by_library=upload.by_library,
        expected_digest="" if seen == "none" else seen or "unseen",
        accessed=accessed,
    )
    counts = ", ".join(f"{count} {fate}" for fate, count, _ in _by_fate(anchored)) or "no claims yet"
    messages.success(request, f"The text is stored; passages: {counts}.")
    return redirect("admin:comparison_source_read", source.pk)


urlpatterns = [
    path("intake/", add_source, name="comparison_source_intake"),
    path("<int:pk>/text/", add_text, name="comparison_source_text"),
]
