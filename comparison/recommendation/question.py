"""What a chooser asks for: weights, must-haves and frameworks, read from an address."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.http import QueryDict

from comparison.models import Criterion, FormerCriterion, Framework, Profile
from comparison.recommend import MAX_WEIGHT, Weights

PREFIX = "w."


@dataclass(frozen=True)
class Question:
    """A question put to the evidence. `problems` name what of the address could not be used."""

    profile: Profile | None
    weights: Weights
    frameworks: Sequence[Framework]
    problems: Sequence[str]
    adjusted: bool  # differs from the profile's own weights
    known: Sequence[Framework]  # all that could be considered

    @property
    def narrowed(self) -> bool:
        """Not all frameworks are considered."""
        return len(self.frameworks) < len(self.known)

    @property
    def query(self) -> str:
        """The address that asks the same, in one order only; empty for a profile as it is."""
        data = QueryDict(mutable=True)
        if self.adjusted or self.profile is None:
            for slug, weight in sorted(self.weights.weights.items()):
                data[f"{PREFIX}{slug}"] = str(weight)
            data.setlist("must", sorted(self.weights.must))
        return data.urlencode()


def read_question(
    data: QueryDict, profile: Profile | None, criteria: Mapping[str, Criterion], frameworks: Sequence[Framework]
) -> Question:
    """Reads an address; what cannot be used is left out and named."""
    problems: list[str] = []
    own = {one.criterion.slug: one.weight for one in profile.weights.all()} if profile else {}
    own_must = {one.criterion.slug for one in profile.weights.all() if one.must_have} if profile else set()
    given = {name: values[-1] for name, values in data.lists() if name.startswith(PREFIX)}
    now = _present([name[len(PREFIX) :] for name in given] + data.getlist("must"), criteria)
    weights = dict(own)
    for name, value in given.items():
        slug = now.get(name[len(PREFIX) :], name[len(PREFIX) :])
        if slug not in criteria:
            problems.append(no_such(name, slug, criteria, "criterion that can be weighed"))
        elif value not in map(str, range(MAX_WEIGHT + 1)):
            problems.append(f"{name}={value[:40]}: a weight is 0, 1, 2 or 3.")
        else:
            weights[slug] = int(value)
    must = set(own_must)
    if given or "must" in data:
        wanted = [now.get(slug, slug) for slug in data.getlist("must") if slug]
        must = {slug for slug in wanted if slug in criteria}
        problems += [
            no_such(f"must={slug[:60]}", slug, criteria, "criterion") for slug in wanted if slug not in criteria
        ]
    considered = _considered(data.getlist("framework"), frameworks, problems)
    weights = {slug: weight for slug, weight in weights.items() if weight or slug in own}
    adjusted = weights != own or must != own_must
    return Question(profile, Weights(weights, frozenset(must)), considered, problems, adjusted, frameworks)


def _considered(wanted: Sequence[str], frameworks: Sequence[Framework], problems: list[str]) -> list[Framework]:
    known = {one.slug: one for one in frameworks}
    asked = [slug for slug in dict.fromkeys(wanted) if slug]
    problems += [no_such(f"framework={slug[:60]}", slug, known, "framework") for slug in asked if slug not in known]
    chosen = [known[slug] for slug in sorted(asked) if slug in known]
    return chosen or list(frameworks)


def _present(slugs: Sequence[str], criteria: Mapping[str, Criterion]) -> dict[str, str]:
    """The present slugs of criteria that were merged."""
    former = [slug for slug in slugs if slug not in criteria]
    if not former:
        return {}
    return FormerCriterion.objects.present(former[:100])


def no_such(said: str, slug: str, known: Iterable[str], thing: str) -> str:
    """What is said of a value in an address that names nothing, with what may have been meant."""
    near = get_close_matches(slug, known, n=1)
    return f"{said}: there is no such {thing}." + (f" Did you mean {near[0]}?" if near else "")
