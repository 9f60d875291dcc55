"""What an address asks: weights, must-haves and frameworks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.http import QueryDict

from comparison.models import Criterion, FormerCriterion, Framework, Profile, ProfileExclusion
from comparison.recommend import MAX_WEIGHT, Weights
from comparison.tables.unknown_values import no_such
from comparison.vocabulary import gettext as _

PREFIX = "w."  # of a weight's parameter: w.<criterion>=<weight>
PARAMETERS = (f"{PREFIX}*", "must", "framework")  # all that read_question reads
MAX_FORMER_SLUGS = 100  # looked up for one address


@dataclass(frozen=True)
class Question:
    """A question as read from an address; `problems` lists the parameters that could not be used."""

    profile: Profile | None
    weights: Weights
    frameworks: Sequence[Framework]
    problems: Sequence[str]
    is_adjusted: bool  # differs from the profile's own weights
    all_frameworks: Sequence[Framework]  # those that could be considered
    exclusions: Sequence[ProfileExclusion] = ()  # what the profile leaves out and the address did not ask for

    @property
    def is_narrowed(self) -> bool:
        """Whether only some of the frameworks are considered."""
        return len(self.frameworks) < len(self.all_frameworks)

    def with_weight(self, slug: str, weight: int) -> "Question":
        """The same with another weight for one criterion."""
        weights = Weights({**self.weights.weights, slug: weight}, self.weights.must)
        return replace(self, weights=weights, is_adjusted=True)

    def with_must(self, slug: str, is_must: bool) -> "Question":
        """The same with a must-have more or fewer; what it weighs stays."""
        musts = self.weights.must | {slug} if is_must else self.weights.must - {slug}
        weights = {**self.weights.weights, slug: self.weights.counted[slug]}
        return replace(self, weights=Weights(weights, musts), is_adjusted=True)

    @cached_property
    def names_frameworks(self) -> bool:
        """Whether the address must name the frameworks: they are others than the profile alone would consider."""
        excluded = profile_exclusions(self.profile, self.all_frameworks)
        return {framework.pk for framework in self.frameworks} != {
            framework.pk for framework in self.all_frameworks if framework.pk not in excluded
        }

    @property
    def query(self) -> str:
        """The canonical query string for the weights and must-haves; empty for an unchanged profile."""
        is_own = self.is_adjusted or self.profile is None
        return weights_data(self.weights).urlencode() if is_own else ""


def weights_data(weights: Weights) -> QueryDict:
    """The parameters for weights and must-haves, in their canonical order."""
    data = QueryDict(mutable=True)
    for slug, weight in sorted(weights.weights.items()):
        data[f"{PREFIX}{slug}"] = str(weight)
    data.setlist("must", sorted(weights.must))
    return data


def read_question(
    data: QueryDict, profile: Profile | None, criteria: Mapping[str, Criterion], frameworks: Sequence[Framework]
) -> Question:
    """Reads an address; parameters that cannot be used are left out and listed as problems."""
    problems: list[str] = []
    profile_rows = list(profile.weights.all()) if profile else []
    profile_weights = {row.criterion.slug: row.weight for row in profile_rows}
    profile_musts = {row.criterion.slug for row in profile_rows if row.must_have}
    values = {name.removeprefix(PREFIX): values[-1] for name, values in data.lists() if name.startswith(PREFIX)}
    current = _current_slugs([*values, *data.getlist("must")], criteria)
    weights = profile_weights | _read_weights(values, current, criteria, problems)
    musts = profile_musts
    if values or "must" in data:
        musts = _read_musts([current.get(slug, slug) for slug in data.getlist("must") if slug], criteria, problems)
    excluded = profile_exclusions(profile, frameworks)
    named = _read_frameworks(data.getlist("framework"), frameworks, problems)
    considered = named or [framework for framework in frameworks if framework.pk not in excluded]
    exclusions = [row for pk, row in excluded.items() if pk not in {framework.pk for framework in considered}]
    weights = {slug: weight for slug, weight in weights.items() if weight or slug in profile_weights}
    is_adjusted = weights != profile_weights or musts != profile_musts
    asked = Weights(weights, frozenset(musts))
    return Question(profile, asked, considered, problems, is_adjusted, frameworks, () if named else exclusions)


def profile_exclusions(profile: Profile | None, frameworks: Sequence[Framework]) -> dict[int, ProfileExclusion]:
    """What a profile leaves out of some frameworks, by the framework's id; nothing if it leaves out all."""
    rows = {row.framework_id: row for row in profile.exclusions.all()} if profile else {}
    excluded = {framework.pk: rows[framework.pk] for framework in frameworks if framework.pk in rows}
    return excluded if len(excluded) < len(frameworks) else {}


def _read_weights(
    values: Mapping[str, str], current: Mapping[str, str], criteria: Mapping[str, Criterion], problems: list[str]
) -> dict[str, int]:
    weights = {}
    for name, value in values.items():
        slug = current.get(name, name)
        if slug not in criteria:
            problems.append(no_such("weighed criterion", f"{PREFIX}{name[:60]}", slug, criteria))
        elif value not in map(str, range(MAX_WEIGHT + 1)):
            problems.append(f"{PREFIX}{name[:60]}={value[:40]}: " + _("a weight is 0, 1, 2 or 3."))
        else:
            weights[slug] = int(value)
    return weights


def _read_musts(slugs: Sequence[str], criteria: Mapping[str, Criterion], problems: list[str]) -> set[str]:
    unknown = [slug for slug in slugs if slug not in criteria]
    problems += [no_such("criterion", f"must={slug[:60]}", slug, criteria) for slug in unknown]
    return {slug for slug in slugs if slug in criteria}


def _read_frameworks(slugs: Sequence[str], frameworks: Sequence[Framework], problems: list[str]) -> list[Framework]:
    """The frameworks that the address names; none if it names none, or only unknown ones."""
    by_slug = {framework.slug: framework for framework in frameworks}
    wanted = [slug for slug in dict.fromkeys(slugs) if slug]
    unknown = [slug for slug in wanted if slug not in by_slug]
    problems += [no_such("framework", f"framework={slug[:60]}", slug, by_slug) for slug in unknown]
    return [by_slug[slug] for slug in sorted(wanted) if slug in by_slug]


def _current_slugs(slugs: Sequence[str], criteria: Mapping[str, Criterion]) -> dict[str, str]:
    """The current slugs of criteria that were merged into others, by their former slugs."""
    former = [slug for slug in slugs if slug not in criteria]
    return FormerCriterion.objects.current_slugs(former[:MAX_FORMER_SLUGS]) if former else {}
