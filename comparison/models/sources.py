"""Sources of claims: articles, documentation, package metadata and runs of experiments."""

import hashlib
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, Self

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce, Length, Lower
from django.db.models.lookups import Exact
from django.urls import reverse

from comparison.evidence import SourceKind, Support
from comparison.models.claim_rules import MAX_QUOTE_LENGTH
from comparison.models.editions import EvidenceHistory, choices, history
from comparison.models.subjects import PUBLISHED_CLAIMS, SLUG_HELP, CitedQuerySet, Framework
from comparison.texts.similarity import most_similar, sketch

SPOKEN_FOR = ("source", "source__part_of", "source__repeats")  # from a claim to the sources that it makes public
RECORDS = (SourceKind.DOCUMENTATION, SourceKind.METADATA)  # the kinds of sources that belong to a framework
WHOLES = (*RECORDS, SourceKind.MEASUREMENT)  # the kinds of sources that may have parts
QUOTABLE_LICENCES = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "PSF-2.0", "ZPL-2.1"),
        *("CC0-1.0", "CC-BY-3.0", "CC-BY-4.0"),
    }
)


class SourceQuerySet(CitedQuerySet["Source"]):
    def without_texts(self) -> Self:
        """Loads the framework and the source that each one repeats or is part of, but no texts: private and long."""
        named = self.select_related("repeats", "part_of", "framework")
        return named.defer(*Source.unread(), *Source.unread("repeats__"), *Source.unread("part_of__"))

    def wholes(self) -> Self:
        """Without pages of a documentation and experiments of a run, which their whole speaks for."""
        return self.filter(part_of__isnull=True)

    def public(self) -> Self:
        """Those that readers may see: from their first published claim on, their own, a part's or that of a copy.

        Runs show their measurements, whether claims were made of them or not.
        """
        claims = apps.get_model("comparison", "Claim").objects.filter(  # by name: claims rest on this module
            Q(published_at__isnull=False) | Q(state__in=["published", "retracted"])
        )
        measured = Measurement.objects.filter(Q(part=OuterRef("pk")) | Q(part__part_of=OuterRef("pk")))
        by = [Exists(claims.filter(**{name: OuterRef("pk")})) for name in SPOKEN_FOR]
        return self.filter(reduce(or_, [*by, Exists(measured)]))

    def with_claim_count(self) -> Self:
        """Adds `claim_count`, the number of published claims, with those of the source's parts."""
        counts = apps.get_model("comparison", "SourceClaimCount").objects  # by name: counts rest on this module
        if counts.are_current():
            own = Subquery(counts.filter(source=OuterRef("pk")).values("claim_count"))
            of_parts = counts.filter(source__part_of=OuterRef("pk")).order_by().values("source__part_of")
            parts = Subquery(of_parts.annotate(total=Sum("claim_count")).values("total"))
            return self.annotate(claim_count=Coalesce(own, 0) + Coalesce(parts, 0))
        all_parts = Count("parts__claims", filter=Q(parts__claims__state="published"), distinct=True)
        all_own = Count("claims", filter=PUBLISHED_CLAIMS, distinct=True)
        return self.annotate(claim_count=all_own + all_parts)

    def similar_to(self, text: str) -> "list[tuple[Source, float]]":
        """Up to five sources with a similar text, most similar first, each with its similarity (0 … 1)."""
        sketches = list(self.exclude(sketch=[]).values_list("pk", "sketch"))
        similarities = dict(most_similar(text, sketches)[:5])
        sources = self.defer("text").in_bulk(list(similarities))
        return [(sources[pk], similarity) for pk, similarity in similarities.items()]

    def with_repeating(self, ids: Iterable[int]) -> Self:
        """These sources, their wholes, and every source that repeats another (its origin may not be in `ids`).

        Without texts.
        """
        ids = list(ids)
        wholes = Source.objects.filter(pk__in=ids, part_of__isnull=False).values("part_of")
        return self.filter(Q(pk__in=ids) | Q(pk__in=wholes) | Q(repeats__isnull=False)).defer(*Source.unread())


class SourceHistory(EvidenceHistory):
    """Stores a source's text only if it changed; None means the same text as in the entry before."""

    text = models.TextField(null=True, editable=False)  # noqa: DJ001 (an empty text is not None)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        row: Any = self
        rows, sources = type(row)._default_manager.filter(id=row.id), Source.objects.filter(pk=row.id)
        identity = ("text_sha256", Case(When(text="", then=False), default=True))
        stored = rows.filter(text__isnull=False).order_by("-history_id").values_list(*identity).first()
        if (current := sources.values_list(*identity).first()) and current != stored:
            rows.filter(pk=row.pk).update(text=sources.values("text"))  # copied within the database: texts are long


class Source(models.Model):
    """Something that makes claims: an article, a documentation or a page of it, a run of experiments or one of them.

    A whole speaks with one voice: what its parts say counts as said by it.
    """

    slug = models.SlugField(max_length=80, unique=True, help_text=SLUG_HELP)
    title = models.CharField(max_length=300)
    kind = models.CharField(
        max_length=15,
        choices=choices(SourceKind),
        help_text="Decides its weight. The publisher of a vendor article sells something about the subject.",
    )
    publisher = models.CharField(max_length=200, blank=True)
    author = models.CharField(max_length=200, blank=True)
    address = models.URLField(max_length=500, blank=True, help_text="Leave empty when it is not known.")
    published = models.DateField(null=True, blank=True, help_text="Leave empty when it is not known.")
    accessed = models.DateField(null=True, blank=True, help_text="When the text was fetched.")
    language = models.CharField(max_length=10, default="en", help_text="Language tag, for example en or pt-BR.")
    note = models.CharField(
        max_length=300, blank=True, help_text="What readers should know of it, such as its interests."
    )
    repeats = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="repeated_by",
        help_text="The source this one copies, if any: the two count once.",
    )
    framework = models.ForeignKey(
        Framework,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sources",
        help_text="Whose documentation or record it is; leave empty for articles.",
    )
    part_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        help_text="The documentation that this is a page of, or the run that this experiment belongs to.",
    )
    framework_version = models.CharField(
        max_length=50, blank=True, help_text="Version of the framework it describes, for example 5.2."
    )
    text_licence = models.CharField(
        max_length=50,
        blank=True,
        help_text="SPDX identifier of the text’s own licence; passages are shown only where it allows that.",
    )
    distribution = models.CharField(
        max_length=200,
        blank=True,
        help_text="File name of the source distribution or Debian package that carries the text.",
    )
    distribution_sha256 = models.CharField(max_length=64, blank=True, help_text="SHA-256 digest of that file.")
    file = models.CharField(
        max_length=300, blank=True, help_text="Path of the text inside the distribution or package."
    )
    experiment = models.SlugField(max_length=80, blank=True, help_text="The experiment that this part of a run is.")
    run = models.JSONField(default=dict, blank=True, editable=False)  # of a run: rounds, machine, versions
    text = models.TextField(blank=True, editable=False)
    text_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    text_length = models.PositiveIntegerField(null=True, blank=True, editable=False)
    original_sha256 = models.CharField(max_length=64, blank=True, editable=False)  # digest of the bytes as uploaded
    read_by_library = models.BooleanField(default=False, editable=False)  # which lines of its page are the article
    sketch = models.JSONField(default=list, blank=True, editable=False)  # hashes that recognise similar texts
    silent = models.JSONField(default=list, blank=True, editable=False)  # numbers, from 1, of lines that make no claims
    declined = models.JSONField(default=list, blank=True, editable=False)  # digests of proposed claims that are none
    wishes = models.JSONField(default=list, blank=True, editable=False)  # frameworks and criteria proposed by readers

    objects = SourceQuerySet.as_manager()
    history = history(without=["sketch", "text"], base=SourceHistory)

    TEXT_FIELDS = (
        *("text", "text_sha256", "text_length", "original_sha256", "read_by_library"),
        *("sketch", "silent", "declined"),
    )

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(
                Lower("slug"),
                name="source_slug_once",
                violation_error_message="Another source has this slug; capitals make no difference.",
            ),
            models.CheckConstraint(
                name="source_kind_known",
                condition=Q(kind__in=[kind.value for kind in SourceKind]),
                violation_error_message="The kind is one of documentation, measurement, metadata, independent, vendor.",
            ),
            models.CheckConstraint(
                name="source_framework_of_a_record",
                condition=Q(framework__isnull=True) | Q(kind__in=[kind.value for kind in RECORDS]),
                violation_error_message="Only documentation and index metadata belong to a framework.",
            ),
            models.CheckConstraint(
                name="source_repeats_another",
                condition=Q(repeats__isnull=True) | ~Q(repeats=F("pk")),
                violation_error_message="A source cannot repeat itself.",
            ),
            models.CheckConstraint(
                name="source_part_of_another",
                condition=Q(part_of__isnull=True) | (~Q(part_of=F("pk")) & Q(repeats__isnull=True)),
                violation_error_message="A part is part of another source, and repeats none.",
            ),
            models.CheckConstraint(
                name="source_part_of_a_record",
                condition=Q(part_of__isnull=True) | Q(kind__in=[kind.value for kind in WHOLES]),
                violation_error_message="Only documentation, index metadata and measurements have parts.",
            ),
            models.CheckConstraint(
                name="source_distribution_with_digest",
                condition=Q(distribution="", distribution_sha256="")
                | (~Q(distribution="") & Q(Exact(Length("distribution_sha256"), 64))),
                violation_error_message="A distribution comes with its SHA-256 digest of 64 characters, both or none.",
            ),
            models.CheckConstraint(
                name="source_experiment_of_a_run",
                condition=Q(experiment="") | Q(kind=SourceKind.MEASUREMENT.value, part_of__isnull=False),
                violation_error_message="Only a part of a measurement is an experiment.",
            ),
            models.CheckConstraint(
                name="source_digest_with_length",
                condition=Q(text_sha256="", text_length__isnull=True, text="")
                | (Q(Exact(Length("text_sha256"), 64)) & Q(text_length__isnull=False)),
                violation_error_message="A text comes with its SHA-256 digest and its length, both or none.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.slug])

    @staticmethod
    def unread(prefix: str = "") -> list[str]:
        """The fields that no list needs, as a query names them: private, long, or slow to decode."""
        return [f"{prefix}{field}" for field in ("text", "sketch", "silent", "declined", "wishes")]

    def clean(self) -> None:
        if self.framework_id and self.kind not in RECORDS:
            message = "Only documentation and index metadata belong to a framework. Leave it empty, or change the kind."
            raise ValidationError({"framework": message})
        self._clean_part()
        visited, origin = {self.pk}, self.repeats
        while origin is not None:
            if origin.pk in visited:
                raise ValidationError({"repeats": "These sources would repeat one another in a circle."})
            visited.add(origin.pk)
            origin = origin.repeats

    def _clean_part(self) -> None:
        """A part and its whole are of one kind and about one framework, and a part has no parts."""
        if self.part_of is not None:
            if self.part_of.part_of_id or (self.pk and self.parts.exists()):
                raise ValidationError({"part_of": "A part cannot have parts of its own."})
            if (self.kind, self.framework_id) != (self.part_of.kind, self.part_of.framework_id):
                message = f"A part has the kind and the framework of its whole, {self.part_of}."
                raise ValidationError({"part_of": message})
        elif self.pk and self.parts.exclude(kind=self.kind, framework=self.framework_id).exists():
            raise ValidationError({"kind": "Its parts are of another kind or about another framework."})

    @property
    def full_title(self) -> str:
        """Its title; a part's after that of its whole."""
        return f"{self.part_of.title}: {self.title}" if self.part_of else self.title

    @property
    def speaker_id(self) -> int:
        """Whose opinion its claims are: the whole's, if this is a part of one."""
        return self.part_of_id or self.id

    @property
    def may_be_quoted(self) -> bool:
        """Whether passages of the text may be shown: a licence that is named must allow it."""
        return not self.text_licence or self.text_licence in QUOTABLE_LICENCES

    def quote_from(self, passage: str) -> str:
        """The passage as a quote; empty if it is too long or the text's licence does not let it be shown."""
        return passage if self.may_be_quoted and len(passage) <= MAX_QUOTE_LENGTH else ""

    def set_text(self, text: str) -> None:
        """Sets the text with its digest (of its UTF-8 bytes), length (in code points) and sketch. Does not save."""
        self.text, self.text_length = text, len(text)
        self.text_sha256 = hashlib.sha256(text.encode()).hexdigest()
        self.sketch = sketch(text)


class Measurement(models.Model):
    """What one experiment of a run measured or found out about a framework, in one variant.

    Measured: `median`, first and third quartile (`low`, `high`) and the raw `samples` in `unit`. Found out: a support
    as `outcome`, with what was seen as `detail`. Failed: the reason as `failure`. `is_noisy` marks samples that spread
    too far to be published.
    """

    part = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="measurements")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="measurements")
    variant = models.CharField(max_length=100)
    unit = models.CharField(max_length=30, blank=True)
    median = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    samples = models.JSONField(default=list, blank=True)
    is_noisy = models.BooleanField(default=False)
    outcome = models.CharField(max_length=10, blank=True, choices=choices(Support))
    detail = models.CharField(max_length=500, blank=True)
    failure = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["part", "id"]
        constraints = [
            models.UniqueConstraint(
                name="measurement_once",
                fields=["part", "framework", "variant"],
                violation_error_message="This variant was measured once already in this run.",
            ),
            models.CheckConstraint(
                name="measurement_one_result",
                condition=Q(median__isnull=False, low__isnull=False, high__isnull=False, outcome="", failure="")
                | (Q(median__isnull=True, low__isnull=True, high__isnull=True, failure="") & ~Q(outcome=""))
                | (Q(median__isnull=True, low__isnull=True, high__isnull=True, outcome="") & ~Q(failure="")),
                violation_error_message="Give either median, low and high, or an outcome, or a failure.",
            ),
            models.CheckConstraint(
                name="measurement_low_to_high",
                condition=Q(median__isnull=True) | Q(low__gte=0, low__lte=F("median"), median__lte=F("high")),
                violation_error_message="The median lies between low and high, none of them negative.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part}, {self.framework}, {self.variant}"

    def clean(self) -> None:
        """Says of one row what the constraints say of all: rows that come in bulk are checked here."""
        numbers = [number for number in (self.low, self.median, self.high) if number is not None]
        if (bool(numbers), bool(self.outcome), bool(self.failure)).count(True) != 1 or len(numbers) not in (0, 3):
            raise ValidationError({"median": "Give either median, low and high, or an outcome, or a failure."})
        if numbers != sorted(numbers) or any(number < 0 for number in numbers):
            raise ValidationError({"median": "The median lies between low and high, none of them negative."})
