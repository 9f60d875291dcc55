"""Weights as lines of text, as a curator writes them: "admin 3 must". Pure functions."""

from comparison.recommend import MAX_WEIGHT, Weights

MUST = "must"
EXPECTED = f"a line is a criterion’s slug and a weight from 1 to {MAX_WEIGHT}, and “{MUST}” for a must-have"


class WeightLineError(Exception):
    """A line that says no weight, or one that says another for the same criterion."""


def read_weight_lines(text: str) -> Weights:
    weights: dict[str, int] = {}
    musts = set()
    for line in filter(None, map(str.strip, text.splitlines())):
        slug, weight, must = _read(line)
        if slug in weights:
            raise WeightLineError(f"{slug} is weighed twice.")
        weights[slug] = weight
        if must:
            musts.add(slug)
    return Weights(weights, frozenset(musts))


def _read(line: str) -> tuple[str, int, bool]:
    match line.split():
        case [slug, weight, *rest] if weight in _WEIGHTS and rest in ([], [MUST]):
            return slug, int(weight), bool(rest)
    raise WeightLineError(f"“{line[:80]}” is no weight: {EXPECTED}.")


_WEIGHTS = tuple(map(str, range(1, MAX_WEIGHT + 1)))


def write_weight_lines(weights: Weights) -> str:
    """The heaviest first."""
    ordered = sorted(weights.weights.items(), key=lambda row: (-row[1], row[0]))
    return "\n".join(f"{slug} {weight}{f' {MUST}' * (slug in weights.must)}" for slug, weight in ordered)
