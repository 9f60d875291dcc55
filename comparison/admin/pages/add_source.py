"""Adding a source, or the text of one: paste or upload, look at what was understood, then save.

Between the steps everything travels in the form itself, so nothing is lost with a session and nothing is kept that
nobody asked for.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.dateparse import parse_date
from django.utils.text import slugify

from comparison.admin.base import person
from comparison.curation.attach_text import Anchored, Overtaken, attach, preview
from comparison.models import Edition, Source, sign
from comparison.texts.decode import (
    ENCODINGS,
    MAX_BYTES,
    Form,
    Repair,
    Taken,
    Unreadable,
    decode,
    digest,
    form_of,
    pieces,
    repairs,
    take,
    unified,
)

LENIENT = ("windows-1252", "iso-8859-1")  # in these most bytes are letters; in the last all are
MUCH_DROPPED = 0.6  # share of a page's words from which the whole page is offered
SHOWN_LINES = 400
SHOWN_LINE = 1_000  # characters
SHOWN_REPAIRS = 50


def urls(admin: ModelAdmin) -> list[URLPattern]:
    def guarded(view: Any) -> Any:
        return admin.admin_site.admin_view(view)

    return [
        path("intake/", guarded(add_source), {"admin": admin}, name="comparison_source_intake"),
        path("<int:pk>/text/", guarded(add_text), {"admin": admin}, name="comparison_source_text"),
    ]


class TextForm(forms.Form):
    """What was uploaded or pasted, and how it is to be read. `raw` holds the upload once it was decoded."""

    upload = forms.FileField(required=False, help_text="A text, Markdown or HTML file.")
    pasted = forms.CharField(required=False, strip=False, widget=forms.Textarea(attrs={"rows": 12, "cols": 90}))
    encoding = forms.ChoiceField(
        required=False,
        choices=[("", "Find out (UTF-8, or what its mark says)"), *ENCODINGS.items()],
        help_text="For a file whose letters look wrong.",
    )
    form = forms.ChoiceField(required=False, choices=[("", "Find out"), *((one.value, one.value) for one in Form)])
    keep_everything = forms.BooleanField(required=False)
    repair = forms.BooleanField(required=False)
    raw = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    raw_encoding = forms.CharField(required=False, widget=forms.HiddenInput)
    original_sha256 = forms.RegexField("^[0-9a-f]{64}$", required=False, widget=forms.HiddenInput)
    # The form the raw text was found to have, and the digest of the text that was shown.
    read_as = forms.ChoiceField(required=False, choices=[(one.value, one.value) for one in Form])
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    fetched = forms.DateField(required=False)

    def clean_fetched(self) -> date | None:
        day: date | None = self.cleaned_data["fetched"]
        if day and day > date.today():
            raise ValidationError("The day on which it was fetched has not come yet.")
        return day


@dataclass
class Read:
    """What was understood of an upload."""

    taken: Taken
    raw: str
    encoding: str
    original: str
    repairs: list[Repair]

    @property
    def much_dropped(self) -> bool:
        return self.taken.dropped > MUCH_DROPPED

    @property
    def lines(self) -> list[str]:
        shown = self.taken.text.split("\n", SHOWN_LINES)[:SHOWN_LINES]
        return [line if len(line) <= SHOWN_LINE else line[:SHOWN_LINE] + "…" for line in shown]

    @property
    def digest(self) -> str:
        return digest(self.taken.text.encode())

    @property
    def line_count(self) -> int:
        return self.taken.text.count("\n") + 1


def understand(given: dict[str, Any]) -> Read:
    """Reads what the form holds. Raises Unreadable."""
    raw, encoding, original = _raw(given)
    name = given["upload"].name if given.get("upload") else ""
    kind = Form(given["form"] or given["read_as"] or form_of(name, raw))
    taken = take(raw, kind, given["keep_everything"], given["repair"])
    return Read(taken, raw, encoding, original, repairs(taken.text) if not given["repair"] else [])


def _raw(given: dict[str, Any]) -> tuple[str, str, str]:
    if upload := given.get("upload"):
        if upload.size > MAX_BYTES:
            raise Unreadable(f"The file has {upload.size:,} bytes; at most {MAX_BYTES:,} are taken.")
        upload.seek(0)
        data = upload.read()
        raw, encoding = decode(data, given["encoding"])
        return raw, encoding, digest(data)
    if given["raw"]:
        raw, before, wanted = unified(given["raw"]), given["raw_encoding"], given["encoding"]
        if wanted and before in ENCODINGS and wanted != before:
            raw, before = decode(raw.encode(before, "replace"), wanted)
        return raw, before, given["original_sha256"]
    raw = unified(given["pasted"])
    if not raw.strip():
        raise Unreadable("Choose a file, or paste the text.")
    if len(raw) > MAX_BYTES:
        raise Unreadable(
            f"The text has {len(raw):,} characters; at most {MAX_BYTES:,} are taken. Paste the article alone."
        )
    return raw, "", digest(raw.encode())


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
        given = super().clean() or self.cleaned_data
        today = date.today()
        for name in ("published", "accessed"):
            if given.get(name) and given[name] > today:
                self.add_error(name, "This day has not come yet.")
        if given.get("published") and given["published"].year < 1990:
            self.add_error("published", "There was no web before 1990. Leave it empty when it is not known.")
        return given


def suggested(taken: Taken) -> dict[str, Any]:
    """What a page tells about itself, or a text's first line."""
    facts = dict(taken.facts)
    first = next((line.lstrip("# ").strip() for line in taken.text.split("\n") if line.strip()), "")
    title = facts.get("title") or first[:300]
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


def base_context(request: HttpRequest, admin: ModelAdmin, **more: Any) -> dict[str, Any]:
    return {**admin.admin_site.each_context(request), "opts": admin.model._meta, **more}


def add_source(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    """A new source with its text."""
    if not request.user.has_perm("comparison.add_source"):
        raise PermissionDenied
    context = base_context(request, admin, title="Add a source")
    found = _look(request, context)
    if found is None:
        return render(request, "admin/comparison/source/intake.html", context)
    first = "title" not in request.POST
    details = SourceForm(None if first else request.POST, initial=suggested(found.taken))
    if "_save" in request.POST and _settled(request, context, found) and details.is_valid():
        source = store(details, found, request)
        messages.success(request, f"“{source}” is stored. Now read it.")
        return redirect("admin:comparison_source_read", source.pk)
    context |= {"details": details, "like": Source.objects.like(found.taken.text)}
    context["same"] = Source.objects.filter(text_sha256=found.digest).defer("text").first()
    return render(request, "admin/comparison/source/intake.html", context)


def _look(request: HttpRequest, context: dict[str, Any]) -> Read | None:
    """Reads what was sent, if anything, and fills the context for the page."""
    form = TextForm(request.POST, request.FILES) if request.method == "POST" else TextForm()
    context["form"] = form
    if not form.is_bound:
        return None
    form.is_valid()
    given = dict.fromkeys(form.fields, "") | form.cleaned_data
    found: Read | None = None
    try:
        found = understand(given)
    except Unreadable as error:
        if "pasted" not in form.errors:  # which says so already
            form.add_error(None, str(error))
        found = _otherwise(given)
    if found is not None:
        context |= {"read": found, "encodings": ENCODINGS.items(), "forms": list(Form), "fetched": _fetched(request)}
        context["changes"] = [(one.number, pieces(one)) for one in found.repairs[:SHOWN_REPAIRS]]
    return found


def _fetched(request: HttpRequest) -> str:
    return request.POST.get("fetched") or date.today().isoformat()


def _otherwise(given: dict[str, Any]) -> Read | None:
    """What cannot be read as was asked, so that it is not lost: as it was before, a file in an encoding it may have."""
    ways = [{"encoding": one} for one in LENIENT] if given["upload"] else [{"encoding": "", "form": ""}]
    for way in ways if given["upload"] or given["raw"] else ():
        try:
            return understand(given | way)
        except Unreadable:
            continue
    return None


def _settled(request: HttpRequest, context: dict[str, Any], found: Read) -> bool:
    """Whether what would be stored is what was shown: choices may have changed since."""
    form: TextForm = context["form"]
    if form.is_valid() and form.cleaned_data["shown"] != found.digest:
        messages.warning(request, "This is what the text is with your last choices. Look at it, then store it.")
        return False
    return form.is_valid()


@transaction.atomic
def store(details: SourceForm, found: Read, request: HttpRequest) -> Source:
    """The source with its text, in one history entry and one edition."""
    source: Source = details.save(commit=False)
    source.keep_text(found.taken.text)
    source.original_sha256 = found.original
    sign(source, person(request), "added with its text")
    source.save()
    Edition.objects.publish(f"Source added: {source}", person(request))
    return source


def add_text(request: HttpRequest, pk: int, admin: ModelAdmin) -> HttpResponse:
    """The text of a source there is, or a new capture of it: what becomes of its claims is shown before it is done."""
    if not request.user.has_perm("comparison.change_source"):
        raise PermissionDenied
    source = get_object_or_404(Source, pk=pk)
    title = "New capture" if source.text_sha256 else "Text"
    context = base_context(request, admin, title=f"{title}: {source}", source=source)
    found = _look(request, context)
    if found is None:
        return render(request, "admin/comparison/source/intake.html", context)
    if "_save" in request.POST and _settled(request, context, found):
        try:
            return _attach(request, source, found, context["form"].cleaned_data["fetched"])
        except Overtaken:
            source.refresh_from_db()
            again = "The source’s text changed while you looked at this. Here is what would happen now."
            messages.warning(request, again)
    fates = preview(source, found.taken.text)
    context |= {"fates": _by_fate(fates), "fate_count": len(fates), "same_text": _same(source, found)}
    return render(request, "admin/comparison/source/intake.html", context)


def _same(source: Source, found: Read) -> bool:
    return source.text_sha256 == found.digest


def _by_fate(fates: list[Anchored]) -> list[tuple[str, int, list[Anchored]]]:
    """What becomes of the claims: those that need a look first, each group with its whole count."""
    found = []
    for fate in ("gone", "changed", "moved", "found"):
        group = [one for one in fates if one.fate == fate]
        if group:
            found.append((fate, len(group), group[:200]))
    return found


def _attach(request: HttpRequest, source: Source, found: Read, accessed: date | None) -> HttpResponse:
    """Raises Overtaken."""
    seen = request.POST.get("seen", "")
    done = attach(
        source,
        found.taken.text,
        changed=True,
        actor=person(request),
        original=found.original,
        instead_of="" if seen == "none" else seen or "unseen",
        accessed=accessed,
    )
    counts = ", ".join(f"{count} {fate}" for fate, count, _ in _by_fate(done)) or "no claims yet"
    messages.success(request, f"The text is stored; passages: {counts}.")
    return redirect("admin:comparison_source_read", source.pk)
