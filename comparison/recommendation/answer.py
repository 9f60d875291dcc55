"""An answer as its page shows it: ranking, what each criterion adds, reasons, firmness, and what the sources advise."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.urls import reverse

from comparison.evidence import WEIGHTS, Evidence, Kind, State
from comparison.models import Claim, Criterion, Framework, Profile
from comparison.recommend import Ending, Reason, merits, reasons, recommend
from comparison.recommendation import sentences
from comparison.recommendation.cautions import cautions
from comparison.recommendation.load import LoadedEvidence, considered_frameworks, load_evidence, rankable_criteria
from comparison.recommendation.question import Question, read_question
from comparison.recommendation.ranking import MAX_COLUMNS, FirmnessView, Part, Place, Ranking, firmness_view
from comparison.sensitivity import Firmness, Sensitivity
from comparison.tables.cells import Citation, Citer, ReferenceView
from comparison.tables.table import Reference
from comparison.wording import Names, verdict_word

SHOWN_REASONS = 3
SHOWN_FLIPS = 5  # sources, and unknowns, that are named as changing the answer


@dataclass(frozen=True, slots=True)
class CitedReason:
    """A reason with the strongest claim behind it and every source of that side."""

    criterion: Criterion
    weight: str
    about: str
    claim: Claim
    citations: Sequence[Citation]
    one_source: bool
    note: str


@dataclass(frozen=True, slots=True)
class Side:
    """The strongest reasons on one side, how many more there are, and what is said where there are none."""

    heading: str
    css: str
    told: Sequence[CitedReason]
    more: int
    empty: str


@dataclass(frozen=True, slots=True)
class ReasonLink:
    """A reason by its criterion alone."""

    criterion: str
    name: str
    address: str
    note: str


@dataclass(frozen=True, slots=True)
class PairReasons:
    """In short what speaks for the first over one of the others, and the other way round, strongest first."""

    framework: str
    name: str
    for_first: Sequence[ReasonLink]
    for_it: Sequence[ReasonLink]


@dataclass(frozen=True, slots=True)
class Situation:
    criterion: Criterion
    advice: Sequence[tuple[Framework, Claim, Sequence[Citation]]]
    against: Sequence[tuple[Framework, Claim, Sequence[Citation]]]

    def is_against(self, slug: str) -> bool:
        """Whether sources advise against a framework here, and none for it."""
        spoken_for = any(one.slug == slug for one, _, _ in self.advice)
        return not spoken_for and any(one.slug == slug for one, _, _ in self.against)


class Answer:
    """A question answered from what is weighed."""

    def __init__(self, loaded: LoadedEvidence, asked: Question) -> None:
        self.loaded, self.asked = loaded, asked
        self.matrix = loaded.matrix
        self.found = recommend(self.matrix, asked.weights)
        self.change = Sensitivity(self.found)
        self.names = Names(
            {slug: one.name for slug, one in loaded.frameworks.items()},
            {slug: one.name for slug, one in loaded.criteria.items()},
            {slug: one.kind for slug, one in self.matrix.by_slug.items()},
        )

    @cached_property
    def firm(self) -> Firmness | None:
        return self.change.firmness() if self.change.rivalled else None

    @property
    def about(self) -> str:
        return self.asked.profile.name if self.asked.profile else ""

    @property
    def one_sentence(self) -> str:
        return sentences.one_sentence(self.found, self.firm, self.names)

    @property
    def untested(self) -> str:
        return sentences.untested(self.found, self.names)

    @cached_property
    def claims(self) -> dict[int, Claim]:
        """The claims the page tells, read in one query."""
        wanted = {self._strongest(*cell, positive) for cell, positive in self._told_cells()}
        return self.loaded.claims({one for one in wanted if one is not None})

    @cached_property
    def references(self) -> dict[int, Reference]:
        ordered = sorted(self.loaded.sources.values(), key=lambda one: one.slug)
        return {one.pk: Reference(place, one) for place, one in enumerate(ordered, 1)}

    def _told_cells(self) -> Iterable[tuple[tuple[str, str], bool]]:
        for some in self._rivalry:
            for reason in some[:SHOWN_REASONS]:
                yield self._cell_of(reason)
        for slug in self._situations():
            for name in self.matrix.frameworks:
                yield ((name, slug), True)
                yield ((name, slug), False)

    @cached_property
    def order(self) -> list[str]:
        """Those told of, best first; nobody where the evidence ranks nobody."""
        ranked = self.found.ending in (Ending.CLEAR, Ending.CLOSE, Ending.ONLY_ONE)
        return [one.framework for one in self.found.ranking] if ranked else []

    @cached_property
    def _rivalry(self) -> tuple[list[Reason], list[Reason]]:
        """What speaks for the first over the second and the other way round; for one alone, for and against it."""
        if not self.order:
            return [], []
        first, *others = self.order
        if not others:
            own = merits(self.found, first)
            return [one for one in own if one.gap > 0], [one for one in own if one.gap < 0]
        return reasons(self.found, first, others[0]), reasons(self.found, others[0], first)

    def _cell_of(self, reason: Reason) -> tuple[tuple[str, str], bool]:
        """Whose words tell a reason: what speaks for the one, else what speaks against the other."""
        if not reason.other:
            return (reason.framework, reason.criterion), reason.gap > 0
        value = self.matrix.values[reason.criterion][self.matrix.frameworks.index(reason.framework)]
        if value is not None and value > 0:
            return (reason.framework, reason.criterion), True
        other = self.matrix.values[reason.criterion][self.matrix.frameworks.index(reason.other)]
        if other is not None and other < 0:
            return (reason.other, reason.criterion), False
        return (reason.framework, reason.criterion), True

    def _side(self, framework: str, slug: str, positive: bool) -> list[Evidence]:
        """The counted claims of one side of a cell; of features and figures all that bear the verdict out."""
        found = self.matrix.verdicts[framework, slug]
        ids = set(found.supporting)
        if found.kind in (Kind.RATING, Kind.FIT):
            ids = set(found.supporting if positive else found.opposing)
            if positive and not ids and found.kind is Kind.RATING:
                ids = set(found.neutral)
        return [one for one in self.matrix.evidence.get((framework, slug), ()) if one.claim in ids]

    def _strongest(self, framework: str, slug: str, positive: bool) -> int | None:
        rows = self._side(framework, slug, positive)
        best = max(rows, key=lambda one: (WEIGHTS[one.source_kind], abs(one.level or 0), -one.claim), default=None)
        return best.claim if best else None

    def _cited(self, rows: Iterable[Evidence], place: tuple[str, str]) -> list[Citation]:
        both = {one.source for one in self.matrix.verdicts[place].opinions if one.contradicts_itself}
        return Citer(self.references, both).of_sources({one.source for one in rows})

    @cached_property
    def ranking(self) -> Ranking:
        return Ranking(
            self.places(told=MAX_COLUMNS),
            self.found.ending,
            self.found.leader,
            self.names,
            lambda slug: self.loaded.frameworks[slug].get_absolute_url(),
            self.row_address,
        )

    def places(self, told: int) -> list[Place]:
        """The ranking; so many of its first with what each criterion adds."""
        return [
            Place(
                one.framework,
                one.score,
                one.coverage,
                bool(one.failed),
                [(slug, must, self._must_told(one.framework, slug)) for slug, must in one.musts.items()],
                [Part(each.criterion, each.weight, each.contribution, each.state) for each in one.contributions]
                if at < told
                else (),
            )
            for at, one in enumerate(self.found.ranking)
        ]

    def row_address(self, slug: str) -> str:
        return reverse("row", args=[self.pair, slug])

    @property
    def pair(self) -> str:
        """The frameworks of the table's columns, as the address of a comparison names them."""
        return "-vs-".join(sorted(one.framework for one in self.found.ranking[:MAX_COLUMNS]))

    def _must_told(self, framework: str, slug: str) -> str:
        found = self.matrix.verdicts[framework, slug]
        said = verdict_word(found).lower() if found.known else "not known"
        if found.state is State.NOT_APPLICABLE:
            said = "not applicable"
        return said + (", disputed" if found.state is State.DISPUTED else "")

    def told(self, some: Sequence[Reason]) -> list[CitedReason]:
        found = []
        for reason in some:
            place, positive = self._cell_of(reason)
            claim = self.claims.get(self._strongest(*place, positive) or 0)
            if claim is None:
                continue
            rows = self._side(*place, positive)
            found.append(
                CitedReason(
                    self.loaded.criteria[reason.criterion],
                    sentences.WEIGHT_WORDS[reason.weight],
                    "" if place[0] == reason.framework else self.names.frameworks[place[0]],
                    claim,
                    self._cited(rows, place),
                    self.matrix.verdicts[place].state is State.ONE_SOURCE,
                    sentences.reason_note(reason, self.names),
                )
            )
        return found

    @cached_property
    def sides(self) -> list[Side]:
        """What speaks for the first and what against it, or for the second; none where nothing speaks."""
        speaks_for, speaks_against = self._rivalry
        if not (speaks_for or speaks_against):
            return []
        first, second, *_ = [*(self.names.frameworks[slug] for slug in self.order), ""]
        nothing = "Nothing that is weighed speaks"
        if not second:
            return [
                self._side_of(f"For {first}", "for", speaks_for, f"{nothing} for it."),
                self._side_of(f"Against {first}", "against", speaks_against, f"{nothing} against it."),
            ]
        tie = self.found.ending is Ending.CLOSE
        heading, css = (f"For {second}", "for") if tie else (f"Against it, for {second}", "against")
        return [
            self._side_of(f"For {first}", "for", speaks_for, f"{nothing} for it over {second}."),
            self._side_of(heading, css, speaks_against, f"{nothing} for it over {first}."),
        ]

    def _side_of(self, heading: str, css: str, some: Sequence[Reason], empty: str) -> Side:
        return Side(heading, css, self.told(some[:SHOWN_REASONS]), max(len(some) - SHOWN_REASONS, 0), empty)

    def others(self) -> list[PairReasons]:
        """The first beside the third and the fourth: as many as the table has columns."""
        first = self.order[0] if self.order else ""
        return [
            PairReasons(
                slug,
                self.names.frameworks[slug],
                self._mentions(reasons(self.found, first, slug)),
                self._mentions(reasons(self.found, slug, first)),
            )
            for slug in self.order[2:MAX_COLUMNS]
        ]

    def _mentions(self, some: Sequence[Reason]) -> list[ReasonLink]:
        return [
            ReasonLink(
                one.criterion,
                self.names.criteria[one.criterion],
                self.row_address(one.criterion),
                sentences.reason_note(one, self.names),
            )
            for one in some
        ]

    def _situations(self) -> list[str]:
        """The fits that somebody speaks of."""
        asked = [one.slug for one in self.matrix.specs if one.kind is Kind.FIT]
        return [slug for slug in asked if any((name, slug) in self.matrix.evidence for name in self.matrix.frameworks)]

    @cached_property
    def situations(self) -> list[Situation]:
        """What the sources advise; those the chooser weighs come first."""
        loaded = self.asked.weights.counted
        ordered = sorted(self._situations(), key=lambda slug: (-loaded.get(slug, 0), self.names.criteria[slug]))
        return [
            Situation(self.loaded.criteria[slug], self._advice(slug, True), self._advice(slug, False))
            for slug in ordered
        ]

    def _advice(self, slug: str, positive: bool) -> list[tuple[Framework, Claim, Sequence[Citation]]]:
        found: list[tuple[Framework, Claim, Sequence[Citation]]] = []
        for name in self.matrix.frameworks:
            claim = self.claims.get(self._strongest(name, slug, positive) or 0)
            if claim is not None:
                cited = self._cited(self._side(name, slug, positive), (name, slug))
                found.append((self.loaded.frameworks[name], claim, cited))
        return found

    @cached_property
    def changes(self) -> list[tuple[str, str, Sequence[Citation]]]:
        """What would change the answer: a term, a sentence, and the sources it speaks of."""
        if not self.changeable:
            return []
        found: list[tuple[str, str, Sequence[Citation]]] = []
        for said, told in sentences.weight_changes(self.change.weight_flips(), self.names):
            found.append((f"One weight: {said}", told, ()))
        if not found:
            found.append(("One weight", "No single weight changes this answer.", ()))
        found += self._source_changes() or [("One source", "No single source changes this answer.", ())]
        found += self._unknown_changes()
        if musts := sentences.musts_told(self.found, self.names):
            found.append(("Must-haves", musts, ()))
        return found

    def _source_changes(self) -> list[tuple[str, str, Sequence[Citation]]]:
        found: list[tuple[str, str, Sequence[Citation]]] = []
        flips, citer = self.change.source_flips(), Citer(self.references)
        for flip in flips[:SHOWN_FLIPS]:
            title = self.loaded.sources[flip.source].title
            said = f"Without “{title}” {sentences.source_change(flip, self.names)}"
            found.append(("One source", said, citer.of_sources([flip.source])))
        if (rest := len(flips) - SHOWN_FLIPS) > 0:
            found.append(("One source", f"And {rest} more, each of which would change the answer if left out.", ()))
        return found

    def _unknown_changes(self) -> list[tuple[str, str, Sequence[Citation]]]:
        flips, together = self.change.unknown_flips(), self.change.together_flips()
        found = [("One unknown", sentences.unknown_change(one, self.names)) for one in flips[:SHOWN_FLIPS]]
        if (rest := len(flips) - SHOWN_FLIPS) > 0:
            found.append(("One unknown", f"And {rest} more that would change the answer, once known."))
        found += [("All unknowns", sentences.unknown_change(one, self.names)) for one in together[:SHOWN_FLIPS]]
        if (rest := len(together) - SHOWN_FLIPS) > 0:
            found.append(("All unknowns", f"And {rest} more that would change the answer, once all of them are known."))
        return [(term, text, ()) for term, text in found]

    @property
    def changeable(self) -> bool:
        """Whether something is weighed for at least two frameworks, so that a change could matter."""
        ends = (Ending.NOTHING_WEIGHED, Ending.NO_EVIDENCE)
        return len(self.matrix.frameworks) > 1 and self.found.ending not in ends

    def silent(self) -> list[tuple[Criterion, list[Framework]]]:
        """The weighed criteria on which nobody speaks of some framework."""
        found = []
        for slug in sorted(self.asked.weights.counted.keys() & self.matrix.values.keys()):
            cells = zip(self.matrix.frameworks, self.matrix.values[slug], strict=True)
            unknown = [
                name for name, value in cells if value is None and (name, slug) not in self.matrix.not_applicable
            ]
            if unknown:
                found.append((self.loaded.criteria[slug], [self.loaded.frameworks[name] for name in unknown]))
        return found

    @cached_property
    def cautions(self) -> list[str]:
        """When not to follow the answer; in a tie what to mind of those that are level."""
        named = [one.framework for one in self.found.tied] if self.found.ending is Ending.CLOSE else self.order[:1]
        against = [
            f"Your situation is “{one.criterion.name}”: sources advise against {self.names.frameworks[name]} there."
            for one in self.situations
            for name in named
            if one.is_against(name)
        ]
        return cautions(self.found, self.loaded, self.names, self._rivalry, against)

    def reference_views(self) -> list[ReferenceView]:
        """The sources, with how many of their claims bear on what is weighed."""
        counts: Counter[int] = Counter()
        alone: Counter[int] = Counter()
        for slug in {*self.asked.weights.counted, *self._situations()} & self.matrix.by_slug.keys():
            for name in self.matrix.frameworks:
                counts.update(one.source for one in self.matrix.evidence.get((name, slug), ()))
                if lone := self.matrix.lone_source((name, slug)):
                    alone[lone] += 1
        return [ReferenceView(one, counts[pk], 0, alone[pk], 0) for pk, one in self.references.items() if counts[pk]]

    def firmness_view(self) -> FirmnessView | None:
        if self.firm is None or self.untested:
            return None
        return firmness_view(self.firm, self.found.qualified[0].framework, self.names)


def answer_query(data: QueryDict, profile: Profile | None) -> Answer:
    """Answers what an address asks: a profile, weights of one's own, or both."""
    question = read_question(data, profile, rankable_criteria(), considered_frameworks())
    return Answer(load_evidence(question.frameworks), question)
