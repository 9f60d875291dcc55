"""A framework or criterion that the catalogue lacks: added by an editor, proposed by a contributor."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.text import slugify

from comparison.admin.admin_page import ANY, Context, admin_page
from comparison.admin.base import current_user
from comparison.admin.reading.pages import WRITE
from comparison.admin.reading.room import Room
from comparison.curation.proposals.unknown_names import unknown_names
from comparison.evidence import Kind
from comparison.models import Category, Criterion, Edition, Framework, Source, choices, sign
from comparison.row_ids import parse_row_id

MAX_WISHES = 50  # of one source
WHAT = [("criterion", "A criterion"), ("framework", "A framework")]


class NameForm(forms.Form):
    """A new name; a criterion also has a question, a category and a kind."""

    what = forms.ChoiceField(choices=WHAT, widget=forms.RadioSelect, initial="criterion", label="What is missing?")
    name = forms.CharField(max_length=100)
    question = forms.CharField(
        max_length=200, required=False, help_text="Of a criterion: as a reader would ask it, ending in a question mark."
    )
    category = forms.ModelChoiceField(Category.objects.all(), required=False, help_text="Of a criterion.")
    kind = forms.ChoiceField(choices=[("", "Choose"), *choices(Kind)], required=False, help_text="Of a criterion.")
    unit = forms.CharField(max_length=30, required=False, help_text="Of a figure, for example ms.")
    lower_is_better = forms.BooleanField(required=False, help_text="Of a figure.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("what") == "criterion":
            for name in ("question", "category", "kind"):
                if not cleaned.get(name):
                    self.add_error(name, f"Give the criterion’s {name}.")
        return cleaned

    def row(self) -> Framework | Criterion:
        """The framework or criterion, not stored yet; its errors become the form's."""
        data = self.cleaned_data
        if data["what"] == "framework":
            row: Framework | Criterion = Framework(name=data["name"], slug=slugify(data["name"]))
        else:
            is_figure = data["kind"] == Kind.FIGURE.value
            row = Criterion(
                **{name: data[name] for name in ("name", "question", "category", "kind")},
                slug=slugify(data["name"])[:50],
                unit=data["unit"] if is_figure else "",
                lower_is_better=data["lower_is_better"] if is_figure else None,
            )
        try:
            row.full_clean()
        except ValidationError as error:
            self.add_error(None, [message for errors in error.message_dict.values() for message in errors])
        return row

    def as_wish(self, username: str) -> dict[str, Any]:
        return {
            name: value.pk if isinstance(value, Category) else value for name, value in self.cleaned_data.items()
        } | {"by": username}


@admin_page(Source, *WRITE, template="source/names.html", title="Add what is missing", methods=ANY)
def names(request: HttpRequest, pk: int) -> HttpResponse | Context:
    room = Room(request, pk)
    room.select_passage()
    wishes = room.source.wishes
    number = parse_row_id(request.GET.get("wish", "")) or 0
    wish = wishes[number - 1] if 0 < number <= len(wishes) else {}
    form = NameForm(request.POST or None, initial=wish)
    if request.method == "POST" and "dismiss" in request.POST:
        return _without_wish(request, room, request.POST["dismiss"])
    if request.method == "POST" and form.is_valid():
        model = Framework if form.cleaned_data["what"] == "framework" else Criterion
        if request.user.has_perm(f"comparison.add_{model._meta.model_name}"):
            if response := _add(request, room, form):
                return response
        else:
            return _wish(request, room, form)
    return {
        "room": room,
        "source": room.source,
        "form": form,
        "may_add": request.user.has_perms(("comparison.add_criterion", "comparison.add_framework")),
        "unknown": unknown_names(room.article.text, room.reader.subjects.pattern),
        "wishes": list(enumerate(wishes, 1)),
        "back": room.url(room.selected),
    }


def _add(request: HttpRequest, room: Room, form: NameForm) -> HttpResponse | None:
    """Stores what was missing and goes back to the passage, where it is chosen; None if it cannot be stored."""
    row = form.row()
    if form.errors:
        return None
    actor = current_user(request)
    sign(row, actor, f"added while reading {room.source.slug}")
    row.save()
    Edition.objects.publish(f"{type(row).__name__} added: {row}", actor)
    left = [wish for wish in room.source.wishes if wish["name"].casefold() != form.cleaned_data["name"].casefold()]
    if left != room.source.wishes:
        _store_wishes(request, room, left, f"added: {row}")
    messages.success(request, f"Added: {row}.")
    field = "frameworks" if isinstance(row, Framework) else "criterion"
    return redirect(room.url(room.selected, **{field: row.pk}))


def _wish(request: HttpRequest, room: Room, form: NameForm) -> HttpResponse:
    name = form.cleaned_data["name"]
    if any(wish["name"].casefold() == name.casefold() for wish in room.source.wishes):
        messages.warning(request, f"“{name}” is proposed already; an editor decides.")
    elif len(room.source.wishes) >= MAX_WISHES:
        messages.warning(
            request, f"{MAX_WISHES} names are proposed for this source. An editor has to decide on them first."
        )
    else:
        wish = form.as_wish(request.user.get_username())
        _store_wishes(request, room, [*room.source.wishes, wish], f"proposed: {name}")
        messages.success(request, f"Proposed: {name}. An editor sees it here and in the reading room.")
    return redirect(room.url(room.selected))


def _without_wish(request: HttpRequest, room: Room, name: str) -> HttpResponse:
    left = [wish for wish in room.source.wishes if wish["name"] != name]
    if request.user.has_perms(("comparison.add_criterion", "comparison.add_framework")) and left != room.source.wishes:
        _store_wishes(request, room, left, f"not added: {name}")
        messages.success(request, f"Not added: {name}.")
    else:
        messages.warning(request, "There is nothing to dismiss, or it takes an editor.")
    return redirect(reverse("admin:comparison_source_read_names", args=[room.source.pk]))


def _store_wishes(request: HttpRequest, room: Room, wishes: list[dict[str, Any]], reason: str) -> None:
    source = Source.objects.defer("text").get(pk=room.source.pk)
    source.wishes = wishes
    sign(source, current_user(request), reason)
    source.save(update_fields=["wishes"])


urlpatterns = [path("<int:pk>/read/names/", names, name="comparison_source_read_names")]
