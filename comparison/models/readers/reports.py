"""What readers report about a page, and what became of it. Curators alone read it; the public sees its state."""

import secrets
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from comparison.models.editions import choices

REFERENCE_LENGTH = 10  # digits


class Topic(StrEnum):
    PROBLEM = "problem"
    SOURCE = "source"
    OUTDATED = "outdated"


TOPIC_LABELS = {
    Topic.PROBLEM: gettext_noop("Something is wrong"),
    Topic.SOURCE: gettext_noop("A source is missing"),
    Topic.OUTDATED: gettext_noop("This is out of date"),
}


class PlaceKind(StrEnum):
    CLAIM = "claim"
    ROW = "row"
    CRITERION = "criterion"
    SOURCE = "source"
    FRAMEWORK = "framework"
    SITE = "site"


class ReportState(StrEnum):
    NEW = "new"
    IN_WORK = "in work"
    DONE = "done"
    DECLINED = "declined"


OPEN_STATES = (ReportState.NEW, ReportState.IN_WORK)
STEPS: Mapping[ReportState, Sequence[ReportState]] = {  # the states that may follow each
    ReportState.NEW: (ReportState.IN_WORK, ReportState.DONE, ReportState.DECLINED),
    ReportState.IN_WORK: (ReportState.NEW, ReportState.DONE, ReportState.DECLINED),
    ReportState.DONE: (ReportState.IN_WORK,),
    ReportState.DECLINED: (ReportState.IN_WORK,),
}
OPEN = Q(state__in=[state.value for state in OPEN_STATES])


def new_reference() -> str:
    """A number that says nothing of how many reports there are."""
    return str(secrets.randbelow(9 * 10 ** (REFERENCE_LENGTH - 1)) + 10 ** (REFERENCE_LENGTH - 1))


class ReportQuerySet(models.QuerySet["Report"]):
    def waiting(self) -> "ReportQuerySet":
        """Those that nobody has looked at."""
        return self.filter(state=ReportState.NEW.value)

    def same_as(self, **fields: Any) -> "Report | None":
        """An open report that says the same of the same place: somebody pressed the button twice."""
        return self.filter(OPEN, **fields).first()


class Report(models.Model):
    """What a reader says about a place. It names the place without a foreign key: readers hold up no deletion."""

    MAX_TEXT_LENGTH = 4000
    MAX_TITLE_LENGTH = 300

    reference = models.CharField("number", max_length=REFERENCE_LENGTH, unique=True, default=new_reference)
    at = models.DateTimeField("received", default=timezone.now)
    topic = models.CharField(
        max_length=10,
        choices=[(topic.value, text) for topic, text in TOPIC_LABELS.items()],
        default=Topic.PROBLEM.value,
    )
    place_kind = models.CharField("kind of page", max_length=10, choices=choices(PlaceKind))
    row_id = models.PositiveBigIntegerField()  # of the claim, source, criterion or framework; 0 for the site
    about = models.TextField()  # the place as addresses of forms named it then
    title = models.CharField("about", max_length=MAX_TITLE_LENGTH)  # of the place, as it was then
    text = models.TextField()
    email = models.EmailField("address for an answer", blank=True)
    state = models.CharField(max_length=10, choices=choices(ReportState), default=ReportState.NEW.value)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["state", "-at"], name="report_by_state")]
        constraints = [
            models.CheckConstraint(
                name="report_topic_known",
                condition=Q(topic__in=[topic.value for topic in Topic]),
                violation_error_message=f"The topic is one of {', '.join(Topic)}.",
            ),
            models.CheckConstraint(
                name="report_place_known",
                condition=Q(place_kind__in=[kind.value for kind in PlaceKind]),
                violation_error_message=f"The kind of page is one of {', '.join(PlaceKind)}.",
            ),
            models.CheckConstraint(
                name="report_state_known",
                condition=Q(state__in=[state.value for state in ReportState]),
                violation_error_message=f"The state is one of {', '.join(ReportState)}.",
            ),
            models.CheckConstraint(
                name="report_says_something",
                condition=~Q(text=""),
                violation_error_message="A report needs a text.",
            ),
            models.CheckConstraint(
                name="report_address_while_open",
                condition=Q(email="") | OPEN,
                violation_error_message="The address for an answer is deleted when a report is closed.",
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.reference}"

    @property
    def next_states(self) -> Sequence[ReportState]:
        return STEPS[ReportState(self.state)]

    def check_seen(self, state: str) -> None:
        """Raises ValidationError if the state is not the one that somebody saw."""
        if state != self.state:
            raise ValidationError(f"Somebody made it “{self.state}” meanwhile. Look at it again.")

    def move(self, to: ReportState, actor: User | None = None, note: str = "") -> None:
        """Changes the state and records the step, in one transaction. Closing deletes the address for an answer.

        Raises ValidationError if the state is not the one that was loaded any more, or if `to` cannot follow it.
        """
        with transaction.atomic():
            stored = Report.objects.select_for_update().get(pk=self.pk)
            stored.check_seen(self.state)
            if to not in self.next_states:
                options = ", ".join(self.next_states)
                raise ValidationError(f"A report that is “{self.state}” cannot become “{to}”, but: {options}.")
            self.state = to.value
            if to not in OPEN_STATES:
                self.email = ""
            self.save(update_fields=["state", "email"])
            self.steps.create(state=to.value, by=actor, author=actor.get_username() if actor else "", note=note.strip())


class ReportStep(models.Model):
    """That somebody gave a report a state. The author's name survives the account."""

    MAX_NOTE_LENGTH = 500

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10, choices=choices(ReportState))
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    author = models.CharField(max_length=150)
    note = models.CharField(max_length=MAX_NOTE_LENGTH, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.report}: {self.state}"
