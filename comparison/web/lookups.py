"""Lookups of what an address names. Each returns it, or raises Unknown or Moved."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from django.db.models import Prefetch
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comparison.models import Claim, Criterion, FormerCriterion, Framework, Profile, Snapshot, Source
from comparison.models.claim_rules import ClaimState
from comparison.models.subjects import JOINER
from comparison.tables.experiments import Experiment, all_experiments, find_definition
from comparison.web.addresses import page_url
from comparison.wording import join_each

_DECIDING = Prefetch("checks__decided_by", Claim.objects.with_names())


UNKNOWN = {
    "framework": gettext_noop("There is no framework “{name}” here."),
    "criterion": gettext_noop("There is no criterion “{name}” here."),
    "source": gettext_noop("There is no source “{name}” here."),
    "experiment": gettext_noop("There is no experiment “{name}” here."),
    "kind of project": gettext_noop("There is no kind of project “{name}” here."),
    "kept answer": gettext_noop("There is no kept answer “{name}” here."),
}


class Suggestion(NamedTuple):
    """What may have been meant: its name in addresses, a label, and the URL of its page."""

    slug: str
    label: str
    url: str


class Unknown(Http404):
    """Nothing has that name."""

    def __init__(self, message: str, suggestions: Sequence[Suggestion] = ()) -> None:
        super().__init__(message)
        self.suggestions = suggestions

    @property
    def with_hint(self) -> str:
        """The message and the slugs that may have been meant, for programs."""
        slugs = " or ".join(suggestion.slug for suggestion in self.suggestions)
        return f"{self} Did you mean {slugs}?" if slugs else str(self)


class Moved(Exception):
    """What the address names has a new address for good: a route of the pages with its arguments."""

    def __init__(self, route: str, *url_args: object) -> None:
        super().__init__(f"Moved to {route} {url_args}")
        self.route, self.url_args = route, url_args


def unknown(thing: str, slug: str, names: Mapping[str, str], route: str) -> Unknown:
    """Suggests the nearest of `names`, which are the known ones by slug."""
    near = get_close_matches(slug.lower(), names, n=3, cutoff=0.4)
    suggestions = [Suggestion(match, names[match], page_url(route, match)) for match in near]
    return Unknown(_(UNKNOWN[thing]).format(name=slug[:60]), suggestions)


def find_framework(slug: str) -> Framework:
    framework = Framework.objects.filter(slug=slug).first()
    if framework is None:
        raise unknown("framework", slug, dict(Framework.objects.values_list("slug", "name")), "framework")
    return framework


def find_criterion(slug: str, route: str = "criterion", *before: object) -> Criterion:
    """The criterion of its page, or of another `route`, whose address names it after `before`."""
    criterion = Criterion.objects.filter(slug=slug).select_related("category").first()
    if criterion is None and (present_slug := FormerCriterion.objects.current_slug(slug)):
        raise Moved(route, *before, present_slug)
    if criterion is None:
        raise unknown("criterion", slug, dict(Criterion.objects.values_list("slug", "name")), "criterion")
    return criterion


def find_source(slug: str) -> Source:
    """The source without its text."""
    source = Source.objects.public().without_texts().filter(slug=slug).first()
    if source is None:
        raise unknown("source", slug, dict(Source.objects.public().values_list("slug", "title")), "source")
    return source


def find_experiment(slug: str) -> Experiment:
    experiment = find_definition(slug)
    if experiment is None:
        names = {known.slug: known.title for known in all_experiments()}
        raise unknown("experiment", slug, names, "experiment")
    return experiment


def find_profile(slug: str) -> Profile:
    profile = Profile.objects.with_question().filter(slug=slug).first()
    if profile is None:
        raise unknown("kind of project", slug, dict(Profile.objects.values_list("slug", "name")), "recommendation")
    return profile


def find_snapshot(key: str) -> Snapshot:
    snapshot = Snapshot.objects.using("default").filter(key=key).first()  # no replica may have it yet
    if snapshot is None:
        raise unknown("kept answer", key, {}, "kept")
    return snapshot


def find_claim(pk: int) -> Claim:
    """The published claim with its names and checks."""
    claim = Claim.objects.published().with_names().prefetch_related("checks__by", _DECIDING).filter(pk=pk).first()
    if claim is not None:
        return claim
    merged = Claim.objects.filter(pk=pk, merged_into__state=ClaimState.PUBLISHED.value).first()
    if merged is not None:
        raise Moved("claim", merged.merged_into_id)
    retracted = Claim.objects.filter(pk=pk, state=ClaimState.RETRACTED.value).exists()
    message = _("Claim {number} was retracted.") if retracted else _("There is no published claim {number}.")
    raise Unknown(message.format(number=pk), [Suggestion("claims", _("All claims"), reverse("claims"))])


def named_frameworks(names: str) -> list[Framework]:
    """The frameworks whose slugs `-vs-` joins, by slug, in whatever order and case they are named."""
    slugs = [slug for slug in names.lower().split(JOINER) if slug]
    frameworks = {framework.slug: framework for framework in Framework.objects.named(slugs)}
    missing = [slug for slug in slugs if slug not in frameworks]
    if missing or not slugs:
        raise _unknown_frameworks(slugs, missing)
    return [frameworks[slug] for slug in sorted(frameworks)]


def joined_slugs(frameworks: Sequence[Framework]) -> str:
    """How the address of a comparison names these frameworks."""
    return JOINER.join(sorted(framework.slug for framework in frameworks))


def joined_names(frameworks: Iterable[Framework]) -> str:
    return _(" vs ").join(framework.name for framework in frameworks)


def find_frameworks(names: str, route: str = "comparison", *after: object) -> list[Framework]:
    """The frameworks of a comparison or of another `route`, whose address names each once, by slug, before `after`."""
    frameworks = named_frameworks(names)
    if names != joined_slugs(frameworks):
        raise Moved(route, joined_slugs(frameworks), *after)
    return frameworks


def find_row(names: str, criterion_slug: str) -> tuple[list[Framework], list[str]]:
    """The frameworks of a comparison's row, and the slugs of all criteria in their order."""
    frameworks = find_frameworks(names, "row", criterion_slug)
    slugs = list(Criterion.objects.values_list("slug", flat=True))
    if criterion_slug in slugs:
        return frameworks, slugs
    if present_slug := FormerCriterion.objects.current_slug(criterion_slug):
        raise Moved("row", names, present_slug)
    near = get_close_matches(criterion_slug, slugs, n=3)
    suggestions = [Suggestion(slug, slug, page_url("row", names, slug)) for slug in near]
    raise Unknown(_(UNKNOWN["criterion"]).format(name=criterion_slug[:60]), suggestions)


def _unknown_frameworks(slugs: list[str], missing: list[str]) -> Unknown:
    names = dict(Framework.objects.values_list("slug", "name"))
    nearest = {slug: get_close_matches(slug, names, n=1, cutoff=0.5) for slug in missing}
    corrected = sorted({match for slug in slugs for match in nearest.get(slug, [slug])})
    suggestions = []
    if corrected:
        label = _("Compare {names}").format(names=join_each([names[slug] for slug in corrected]))
        joined = JOINER.join(corrected)
        suggestions = [Suggestion(joined, label, page_url("comparison", joined))]
    quoted = ", ".join(_("“{name}”").format(name=slug[:60]) for slug in missing[:5])
    return Unknown(_("There is no framework {names} here.").format(names=quoted), suggestions)
