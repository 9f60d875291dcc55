"""Readers' reports in the admin: what they say, what they are about, and giving them a state."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from comparison.admin.base import alone_if_posted, current_user, public_link
from comparison.models import Report, ReportStep
from comparison.models.readers.reports import PlaceKind, ReportState
from comparison.reports.places import place_of
from comparison.wording import label

EDITED = {  # what curators edit when a report is right, by what it is about
    PlaceKind.CLAIM: "claim",
    PlaceKind.ROW: "criterion",
    PlaceKind.CRITERION: "criterion",
    PlaceKind.SOURCE: "source",
    PlaceKind.FRAMEWORK: "framework",
}
HELP_ON_NOTE = "For curators: what was done, or why nothing. Readers see only the state."


class MoveForm(forms.ModelForm):
    """The next state of a report. What the reader sent cannot be changed."""

    to = forms.ChoiceField(label="Next state", widget=forms.RadioSelect)
    note = forms.CharField(
        max_length=ReportStep.MAX_NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=HELP_ON_NOTE,
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = Report
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast(forms.ChoiceField, self.fields["to"])
        choice.choices = [(state.value, label(state)) for state in self.instance.next_states]
        self.fields["seen"].initial = self.instance.state

    def clean(self) -> None:
        self.instance.check_seen(self.cleaned_data.get("seen", ""))


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    """What readers sent. It gets states and is deleted, never changed."""

    form = MoveForm
    list_display = ["reference", "topic", "place", "state", "at"]
    list_filter = ["state", "topic", "place_kind", "at"]
    search_fields = ["reference", "title", "text"]
    list_per_page = 50
    show_full_result_count = False
    readonly_fields = ["said", "topic", "place", "public", "at", "email", "state", "work"]
    actions = ["decline"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The address for an answer is for those who may answer."""
        may_move = self.has_change_permission(request, obj)
        shown = [name for name in self.readonly_fields if may_move or name != "email"]
        moving = ("Give it a state", {"fields": ["to", "note", "seen"]})
        return [(None, {"fields": shown}), *([moving] if may_move else [])]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        only_save = {"show_save_and_continue": False, "show_save_and_add_another": False}
        with alone_if_posted(request):
            return super().changeform_view(request, object_id, form_url, only_save | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: Report, form: Any, change: bool) -> None:
        obj.move(ReportState(form.cleaned_data["to"]), current_user(request), form.cleaned_data["note"])

    @admin.action(description="Decline the chosen reports; addresses for answers are deleted", permissions=["change"])
    def decline(self, request: HttpRequest, reports: QuerySet[Report]) -> None:
        with alone_if_posted(request):
            declined = [report for report in reports if ReportState.DECLINED in report.next_states]
            for report in declined:
                report.move(ReportState.DECLINED, current_user(request))
        messages.success(request, f"{len(declined)} report{'s are' if len(declined) != 1 else ' is'} declined.")

    @admin.display(description="the reader’s words")
    def said(self, report: Report) -> SafeString:
        return format_html('<div class="said" dir="auto">{}</div>', report.text)

    @admin.display(description="about", ordering="title")
    def place(self, report: Report) -> SafeString:
        """A link to what curators would edit; the admin says so where it is gone. Of the whole site its name."""
        if report.place_kind not in EDITED:
            return format_html("{}", report.title)
        url = reverse(f"admin:comparison_{EDITED[PlaceKind(report.place_kind)]}_change", args=[report.row_id])
        return format_html('<a href="{}" dir="auto">{}</a>', url, report.title)

    @admin.display(description="on the site")
    def public(self, report: Report) -> str:
        place = place_of(report)
        return public_link(place.url, place.title) if place else "Not public any more"

    @admin.display(description="what was done")
    def work(self, report: Report) -> SafeString | str:
        lines = (
            (date_format(step.at, "j M Y, H:i"), label(ReportState(step.state)), step.author or "the site", step.note)
            for step in report.steps.all()
        )
        return format_html_join("", '<div dir="auto">{}: {}, by {}. {}</div>', lines) or "Nothing yet"
