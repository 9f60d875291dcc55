"""Using the admin as its users do: who is logged in, which address, what a form would send."""

from typing import Any

from django.apps import apps
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from comparison.models import (
    AskedComparison,
    Batch,
    Claim,
    Edition,
    GuideQuestion,
    Profile,
    ProfileWeight,
    Report,
    Snapshot,
)
from tests.database import recorded
from tests.make import make_check, make_claim, make_criterion, make_framework

MODELS = [model for model in site._registry if model._meta.app_label == "comparison"]


def url(name: str, action: str, *args: Any) -> str:
    return reverse(f"admin:comparison_{name}_{action}", args=args)


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def as_admin() -> Client:
    ContentType.objects.get_for_models(*apps.get_models())  # asked once in a process, not once a page
    return as_user(User.objects.create_superuser("root", password="x"))


@recorded
def one_of_each() -> dict[str, Any]:
    """One row of each model."""
    claim = make_claim()
    profile = Profile.objects.create(slug="p", name="P", description="d")
    ProfileWeight.objects.create(profile=profile, criterion=claim.criterion, weight=1)
    profile.exclusions.create(framework=claim.framework, reason="It is too small.")
    make_framework("Zeta")
    asked = AskedComparison.objects.create(slug=f"{claim.framework.slug}-vs-zeta", title="t", reason="r")
    question = GuideQuestion.objects.create(slug="q", text="Who?")
    question.choices.create(slug="a", text="A", because="it is A", sets=f"{claim.criterion.slug} 2")
    check = make_check(claim)
    mark = claim.framework.not_applicable.create(criterion=make_criterion(), reason="It has none.")
    return {
        "framework": claim.framework,
        "category": claim.criterion.category,
        "criterion": claim.criterion,
        "source": claim.source,
        "claim": claim,
        "check": check,
        "profile": profile,
        "askedcomparison": asked,
        "guidequestion": question,
        "notapplicable": mark,
        "edition": Edition.objects.current(),
        "snapshot": Snapshot.objects.create(key="abc", edition=1, query="/recommend/?w.speed=1", answer={}),
        "report": Report.objects.create(place_kind="claim", row_id=claim.pk, about=f"claim/{claim.pk}", text="No."),
        "batch": Batch.objects.create(summary="Something"),
    }


def form_data(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """What the form at the address would send if nothing but `changes` were touched."""
    context = client.get(address).context
    form = context["adminform"].form
    data = {form.add_prefix(name): form[name].value() for name in form.fields}
    hidden = [name for name, field in form.fields.items() if field.show_hidden_initial]
    data |= {form.add_initial_prefix(name): form[name].value() for name in hidden}
    for inline in context["inline_admin_formsets"]:
        for part in (inline.formset.management_form, *inline.formset.forms):
            data |= {part.add_prefix(name): part[name].value() for name in part.fields}
            hidden = [name for name, field in part.fields.items() if field.show_hidden_initial]
            data |= {part.add_initial_prefix(name): part[name].value() for name in hidden}
    return {name: "" if value is None else value for name, value in data.items()} | changes


def run_action(client: Client, action: str, claims: list[Claim], reason: str = "") -> str:
    data = {"action": action, "_selected_action": [claim.pk for claim in claims], "reason": reason}
    data["confirmed"] = "1"
    return client.post(url("claim", "changelist"), data, follow=True).content.decode()
