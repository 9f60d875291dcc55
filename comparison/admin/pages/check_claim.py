"""Checking a claim: the page that records a finding and shows what each finding would do to the verdict."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from comparison.admin.admin_page import Context, admin_page
from comparison.admin.base import current_user
from comparison.curation.claim_review import passage_of, source_text
from comparison.curation.effects import effect_of_check
from comparison.evidence import ARTICLES, Finding
from comparison.models import Check, Claim, Criterion, choices, sign
from comparison.models.optimistic_lock import StaleVersion, check_unchanged, current_version
from comparison.models.relations.change import note_saved
from comparison.models.relations.history import no_relations
from comparison.row_ids import parse_row_id
from comparison.tables.verdict_detail import value_of

MEANING = {
    Finding.CONFIRMED: "It is so; you looked elsewhere than in this source.",
    Finding.OUTDATED: "It was so once. The claim no longer counts.",
    Finding.MISLEADING: "True by the letter, but it gives a wrong idea. The claim no longer counts.",
    Finding.FALSE: "It is not so. The claim no longer counts.",
}


class CheckForm(forms.ModelForm):
    """What was found out about one claim. The claim comes with the form; the user does not choose it."""

    finding = forms.ChoiceField(
        choices=choices(Finding),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you found.", "invalid_choice": "Choose one of the four findings."},
    )
    evidence = forms.URLField(
        assume_scheme="https",
        max_length=500,
        required=False,
        label="Address of the evidence",
        help_text="Where anyone can see it: documentation, release notes, a measurement.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)  # of the claim when it was shown
    no_address = forms.BooleanField(required=False, label="There is no address; the note says where it can be seen.")
    decided_by = forms.ModelMultipleChoiceField(
        Claim.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label="Decided by"
    )
    other_claims = forms.CharField(
        required=False,
        max_length=200,
        label="Other claims that decide it",
        help_text="Their numbers, separated by blanks: claims of documentation, package metadata or measurements.",
    )

    class Meta:
        model = Check
        fields = ["finding", "note", "evidence", "on"]
        widgets = {
            "note": forms.Textarea(attrs={"rows": 3, "cols": 60}),
            "on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {"on": "Checked on"}
        error_messages = {"note": {"required": "Say in a sentence or two what you found."}}

    def __init__(self, claim: Claim, data: Any = None) -> None:
        super().__init__(data, instance=Check(claim=claim), initial={"version": current_version(claim)})
        self.fields["on"].widget.attrs |= {"max": timezone.localdate().isoformat()}
        if claim.source.published:
            self.fields["on"].widget.attrs |= {"min": claim.source.published.isoformat()}
        self.candidates = deciding_candidates(claim)
        self.fields["decided_by"].queryset = self.candidates  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        ways = {"evidence", "no_address", "decided_by", "other_claims"}
        if not any(cleaned.get(name) for name in ways) and not ways & self.errors.keys():
            self.add_error(
                "evidence", "Give an address where anyone can see it, or what decides it, or say there is none."
            )
        return cleaned

    def clean_other_claims(self) -> list[Claim]:
        """The claims that the numbers name; each must be published and of a record or a measurement."""
        words = self.cleaned_data["other_claims"].replace(",", " ").split()
        ids = [parse_row_id(word.removeprefix("#")) for word in words]
        claims = Claim.objects.published().with_names().in_bulk([pk for pk in ids if pk])
        unknown = [word for word, pk in zip(words, ids, strict=True) if pk not in claims]
        if unknown:
            raise ValidationError(f"There is no published claim {', '.join(unknown)[:80]}.")
        articles = [str(claim.pk) for claim in claims.values() if claim.source.kind in ARTICLES]
        if articles:
            numbers = ", ".join(articles)
            raise ValidationError(f"Claim {numbers}: articles decide nothing; documentation and measurements do.")
        return list(claims.values())

    def _get_validation_exclusions(self) -> set[str]:
        """Validates the claim too, so that a repeated check is reported here and not refused by the database."""
        exclude: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclude - {"claim"}


def deciding_candidates(claim: Claim) -> QuerySet[Claim]:
    """What documentation, metadata and measurements say on the claim's criterion and those related to it."""
    criteria = Criterion.objects.filter(Q(pk=claim.criterion_id) | Q(related=claim.criterion_id))
    said = Claim.objects.published().exclude(source__kind__in=ARTICLES).filter(criterion__in=criteria.values("pk"))
    own_first = Case(When(framework=claim.framework_id, then=0), default=1)
    return said.with_names().order_by(own_first, "framework__slug", "source__slug", "start", "id")


@admin_page(
    Claim, "comparison.view_claim", "comparison.add_check", template="claim/check.html", title="Check this claim"
)
def check_claim(request: HttpRequest, pk: int) -> HttpResponse | Context:
    claim = get_object_or_404(Claim.objects.with_names(), pk=pk)
    form = CheckForm(claim)
    if request.method == "POST":
        form = CheckForm(claim, request.POST)
        if record(form, request):
            messages.success(request, f"Check recorded: claim {claim.pk} is {form.instance.finding}.")
            return redirect(return_url(request, claim))
    return check_context(claim, form) | {"next": return_url(request, claim)}


def record(form: CheckForm, request: HttpRequest) -> bool:
    """Saves a valid check."""
    check = form.instance
    claim = check.claim
    if form.is_valid() and (expected_version := form.cleaned_data["version"]) is not None:
        try:
            check_unchanged(claim, expected_version)
        except StaleVersion as error:
            form.add_error(None, error)
            form.data = {**request.POST.dict(), "version": str(current_version(claim))}
    if not form.is_valid():
        return False
    check.by = current_user(request)
    sign(check, check.by, "added")
    check.save()
    check.decided_by.set([*form.cleaned_data["decided_by"], *form.cleaned_data["other_claims"]])
    note_saved(check, no_relations(Check))
    announce({check.claim_id}, request)
    return True


def check_context(claim: Claim, form: CheckForm) -> Context:
    effects = [effect_of_check(claim, finding) for finding in Finding]
    effect = effects[0]  # all start from the same verdict
    cell, set_aside = effect.before, effect.before.verdict.set_aside
    return {
        "claim": claim,
        "value": value_of(claim).text,
        "passage": passage_of(claim, source_text(claim)),
        "now": effect.summary_before,
        "others": [
            (other, value_of(other).text, effect.references[other.speaker_id].source, other.pk in set_aside)
            for other in cell.claims.values()
            if other.pk != claim.pk
        ],
        "checks": claim.checks.select_related("by").prefetch_related("decided_by").order_by("on", "id"),
        "deciding": list(zip(form["decided_by"].subwidgets, form.candidates, strict=True)),
        "options": list(zip(form["finding"].subwidgets, map(MEANING.get, Finding), effects, strict=True)),
        "form": form,
    }


def return_url(request: HttpRequest, claim: Claim) -> str:
    """The page the user came from if it is another page of this site, otherwise the claim's own page."""
    own_url = reverse("admin:comparison_claim_check", args=[claim.pk])
    url = request.POST.get("next") or request.GET.get("next") or request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if is_ours and own_url not in url else reverse("admin:comparison_claim_change", args=[claim.pk])


def announce(ids: set[int], request: HttpRequest) -> None:
    """Publishes one edition for the published claims among those whose checks changed."""
    claims = Claim.objects.published().filter(pk__in=ids)
    cells = "; ".join(claim.cell_name for claim in claims.with_names())
    if cells:
        claims.announce(f"Claim checked: {cells}", current_user(request))


urlpatterns = [path("<int:pk>/check/", check_claim, name="comparison_claim_check")]
