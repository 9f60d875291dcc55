"""The forms for claims: one for a single claim, one for a passage in the reading room."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator

from comparison.admin.editing.fields import RowChoiceField, RowMultipleChoiceField
from comparison.admin.editing.versioned_form import VersionedForm, VersionField
from comparison.evidence import Kind, Support
from comparison.models import Check, Claim, Criterion, Framework, Source, choices
from comparison.models.claim_rules import MAX_QUOTE_LENGTH
from comparison.models.optimistic_lock import signature
from comparison.texts.decode import normalize_newlines
from comparison.wording import words_of

VALUE_FIELDS: dict[Kind, tuple[str, ...]] = {  # the values that a criterion of each kind has
    Kind.RATING: ("level",),
    Kind.FIT: ("level",),
    Kind.FEATURE: ("support",),
    Kind.FIGURE: ("low", "high"),
    Kind.LIST: ("item",),
}
LEVELS = [(-2, "−2 poor"), (-1, "−1 weak"), (0, "0 neither"), (1, "+1 good"), (2, "+2 strong")]


class CriterionSelect(forms.Select):
    """Gives each option its criterion's kind, so that the style sheet shows only the value fields of that kind, and the
    words by which it is searched for.
    """

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if criterion := getattr(value, "instance", None):
            option["attrs"]["data-kind"] = criterion.kind
            option["attrs"]["data-search"] = " ".join([*criterion.synonyms.split(), criterion.question])
        return option


class CriteriaByCategory(ModelChoiceIterator):
    def __iter__(self) -> Iterator[Any]:
        yield ("", "Choose a criterion")
        ordered = self.queryset.select_related("category").order_by(
            "category__order", "category__slug", "order", "slug"
        )
        for category, criteria in groupby(ordered, key=lambda criterion: criterion.category):
            yield (category.name, [self.choice(criterion) for criterion in criteria])


class CriterionField(RowChoiceField):
    iterator = CriteriaByCategory
    widget = CriterionSelect

    def label_from_instance(self, obj: Any) -> str:
        unit = f", {obj.unit}" if obj.unit else ""
        return f"{obj.name} ({obj.kind}{unit})"


def clear_other_values(cleaned: dict[str, Any]) -> None:
    """Empties the values that the criterion's kind does not have; the page hides their controls."""
    criterion = cleaned.get("criterion")
    if criterion is None:
        return
    value_fields = VALUE_FIELDS[Kind(criterion.kind)]
    for name in Claim.VALUES:
        if name not in value_fields:
            cleaned[name] = "" if name in ("support", "item") else None
    if "high" in value_fields and cleaned.get("high") is None:
        cleaned["high"] = cleaned.get("low")


class QuoteField(forms.CharField):
    """A verbatim quote with its white space; line ends from browsers become those of stored texts."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"strip": False})

    def to_python(self, value: Any) -> str:
        quote = normalize_newlines(super().to_python(value) or "")
        return quote if quote.strip() else ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.to_python(initial), data)


def newest_check(claim: Claim) -> int:
    """The number of the newest version of a claim's checks; 0 if it has none."""
    versions = Check.history.filter(claim=claim.pk).order_by("-history_id").values_list("history_id", flat=True)
    return versions.first() or 0


class ClaimForm(VersionedForm):
    """A single claim. If the source's text is held, its offsets and its quote complete and check each other."""

    criterion = CriterionField(queryset=Criterion.objects.all())
    checked = VersionField(required=False)  # the newest version of the claim's checks

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "checked" in self.fields:
            self.fields["checked"].initial = newest_check(self.instance)
        for name, options in (("level", LEVELS), ("support", choices(Support))):
            if name in self.fields:  # no empty option: without this value the criterion is of another kind
                field: Any = self.fields[name]
                field.choices = options

    class Meta:
        model = Claim
        fields = "__all__"
        field_classes = {"quote": QuoteField}
        widgets = {
            "statement": forms.Textarea(attrs={"rows": 2, "cols": 80}),
            "quote": forms.Textarea(attrs={"rows": 3, "cols": 80}),
            "level": forms.RadioSelect,
            "support": forms.RadioSelect,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["statement"] = " ".join((cleaned.get("statement") or "").split())
        clear_other_values(cleaned)
        source = cleaned.get("source")
        if source is not None:
            self._match_text(cleaned, source, Source.objects.values_list("text", flat=True).get(pk=source.pk))
        return cleaned

    def changes_meanwhile(self, cleaned: dict[str, Any]) -> list[str]:
        changes, shown = super().changes_meanwhile(cleaned), cleaned.get("checked")
        if not self.instance.pk or shown is None:
            return changes
        entries = list(Check.history.filter(claim=self.instance.pk, history_id__gt=shown).order_by("history_id"))
        if entries:
            self.show_value("checked", entries[-1].history_id)
        removed = {"-": " (removed)"}
        return [
            *changes,
            *(
                f"Check{removed.get(entry.history_type, '')}: {entry.finding}, “{entry.note}” ({signature(entry)})."
                for entry in entries
            ),
        ]

    def _match_text(self, cleaned: dict[str, Any], source: Source, text: str) -> None:
        """Makes offsets and quote agree with the source's text if it is held."""
        start, end, quote = (cleaned.get(name) for name in ("start", "end", "quote"))
        if not text:
            return
        if start is None and end is None and quote:
            offset = text.find(quote)
            if offset < 0:
                self.add_error("quote", "These words do not stand in the source's text. Copy them as they are.")
            elif text.find(quote, offset + 1) < 0:
                cleaned["start"], cleaned["end"] = offset, offset + len(quote)
        elif start is not None and end is not None and end <= len(text):
            passage = text[start:end]
            if not quote:
                cleaned["quote"] = source.quote_from(passage)
            elif quote == normalize_newlines(passage):
                cleaned["quote"] = passage
            else:
                changed = {"start", "end", "quote"} & set(self.changed_data)
                self._resolve_conflict(cleaned, passage, changed)

    def _resolve_conflict(self, cleaned: dict[str, Any], passage: str, changed: set[str]) -> None:
        """New offsets replace the quote; a new quote must be the passage at the offsets."""
        if changed and "quote" not in changed and len(passage) <= MAX_QUOTE_LENGTH:
            cleaned["quote"] = passage
        elif changed:
            words = " ".join(words_of(passage)[:12])
            self.add_error("quote", f"At this place the text says otherwise: “{words} …”. Empty the quote to take it.")


class PassageForm(forms.Form):
    """Turns a passage of a text into claims, one for each framework chosen."""

    frameworks = RowMultipleChoiceField(
        queryset=Framework.objects.order_by("name"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Say which framework it speaks of."},
    )
    criterion = CriterionField(
        queryset=Criterion.objects.all(), error_messages={"required": "Say which question it answers."}
    )
    level = forms.TypedChoiceField(
        choices=LEVELS, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    support = forms.ChoiceField(choices=choices(Support), required=False, widget=forms.RadioSelect)
    low = forms.DecimalField(required=False, max_digits=16, decimal_places=4, label="Number")
    high = forms.DecimalField(required=False, max_digits=16, decimal_places=4, label="to")
    item = forms.CharField(required=False, max_length=100)
    statement = forms.CharField(
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say in your own words what the source says."},
    )
    version_range = forms.CharField(required=False, max_length=50, label="Versions")
    section = forms.CharField(required=False, max_length=200)
    start = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, source: Source, *args: Any, to_store: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source, self.to_store = source, to_store
        self.claims: list[Claim] = []

    def clean_statement(self) -> str:
        return " ".join(self.cleaned_data["statement"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        clear_other_values(cleaned)
        if not self.errors:
            self.claims = [self._claim(framework) for framework in cleaned["frameworks"]]
        return cleaned

    def _claim(self, framework: Framework) -> Claim:
        values = {name: value for name, value in self.cleaned_data.items() if name != "frameworks"}
        passage = self.source.text[values["start"] : values["end"]]
        quote = self.source.quote_from(passage)
        claim = Claim(framework=framework, source=self.source, quote=quote, **values)
        try:
            if self.to_store:
                claim.full_clean()
            else:
                claim.clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                named = [f"{framework}: {message}" for message in messages]
                self.add_error(name if name in self.fields else None, named)
        return claim


def unsaved_claim(source: Source, data: dict[str, Any]) -> Claim | None:
    """The claim on the first framework, to show its effect before it is saved; None while the form is incomplete."""
    completed = data | {
        "frameworks": data.get("frameworks", [])[:1],
        "statement": data.get("statement") or "not written yet",
    }
    form = PassageForm(source, completed, to_store=False)
    return form.claims[0] if form.is_valid() and form.claims else None
