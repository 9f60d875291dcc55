"""Which rights each address and each action of the admin requires, and which rights each role has."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import site
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from comparison.models import ClaimState
from tests.admin_site import MODELS, url
from tests.make import make_claim

VIEW = {f"view_{model._meta.model_name}" for model in MODELS} - {"view_report"}
CONTRIBUTOR = VIEW | {"add_claim", "change_claim"}
REVIEWER = CONTRIBUTOR | {"publish_claim", "add_check", "change_check", "view_report", "change_report"}
WRITTEN = {
    "askedcomparison",
    "guidequestion",
    "framework",
    "category",
    "criterion",
    "source",
    "notapplicable",
    "claim",
    "check",
    "profile",
}
EDITOR = REVIEWER | {f"{act}_{name}" for act in ("add", "change", "delete") for name in WRITTEN}
EDITOR |= {"change_snapshot", "delete_snapshot", "delete_report"}
RIGHTS: dict[str, set[str]] = {"": set(), "Contributor": CONTRIBUTOR, "Reviewer": REVIEWER, "Editor": EDITOR}


# What it takes to open a page of our own; Django's own follow from their names.
PAGES: dict[str, set[str]] = {
    "comparison_claim_help": {"view_claim"},
    "comparison_claim_drafts": {"add_claim"},
    "comparison_claim_move_own": {"add_claim"},
    "comparison_claim_queue": {"publish_claim"},
    "comparison_claim_decide": {"publish_claim"},
    "comparison_claim_check": {"view_claim", "add_check"},
    "comparison_check_add": {"nobody"},  # checks are recorded on the page above
    "comparison_snapshot_add": {"nobody"},  # readers keep answers
    "comparison_report_add": {"nobody"},  # readers send them
    "comparison_claim_import": {"add_claim"},
    "comparison_claim_merge": {"publish_claim"},
    "comparison_criterion_merge": {"change_criterion", "delete_criterion", "publish_claim"},
    "comparison_findings": {"view_claim"},
    "comparison_finding": {"view_claim"},
    "comparison_finding_dismiss": {"view_claim", "publish_claim"},  # as mending a contradiction
    "comparison_claim_find": {"view_claim"},
    "comparison_source_intake": {"add_source"},
    "comparison_source_text": {"change_source"},
    "comparison_source_read": {"view_source", "view_claim"},
    "comparison_source_read_names": {"view_source", "view_claim", "add_claim"},
    "comparison_source_read_proposals": {"view_source", "view_claim", "add_claim"},
    "comparison_source_read_tables": {"view_source", "view_claim", "add_claim"},
    "comparison_source_read_decide": {"view_source", "view_claim", "add_claim"},
    "comparison_source_read_save": {"view_source", "view_claim", "add_claim"},
    "comparison_source_read_silent": {"view_source", "view_claim", "add_claim"},
    "comparison_source_read_undo": {"view_source", "view_claim"},
    "comparison_profile_preview": {"view_profile"},
    "comparison_batch_undo": {"view_batch"},
}
SELF_WRITTEN = {"edition", "batch"}
NO_MODEL = {"index", "login", "logout", "password_change", "password_change_done", "jsi18n", "view_on_site"}
NO_MODEL |= {"second_step"}  # of one's own
NO_MODEL |= {"autocomplete", "app_list"}  # these two are told apart below


def patterns(found: Any = None, before: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    """Every named address of the admin: its name, the model it lies below, and its pattern."""
    for one in site.urls[0] if found is None else found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, before + str(one.pattern))
        elif one.name and not before.startswith("auth/"):
            yield one.name, before.rstrip("/").rpartition("/")[2], one


NAMES = sorted({name for name, _, _ in patterns()} - NO_MODEL)
BELOW = {name: model for name, model, _ in patterns()}
PATTERNS = {name: pattern for name, _, pattern in patterns()}


def address_of(name: str, rows: dict[str, Any]) -> str:
    row = rows.get(BELOW[name]) or rows["claim"]
    if name.endswith("_simple_history"):
        return reverse(f"admin:{name}", args=[row.pk, row.history.first().pk])
    given = {"pk": row.pk, "object_id": row.pk, "batch": row.pk, "kind": "contradictions"}
    wanted = getattr(PATTERNS[name].pattern, "converters", {})
    return reverse(f"admin:{name}", kwargs={one: given.get(one, 1) for one in wanted})


def rights_for(name: str, post: bool = False) -> set[str]:
    """The rights an address takes."""
    if name == "comparison_batch_undo" and post:
        return {"view_batch", "publish_claim"}  # the batch is somebody else's
    if name in PAGES:
        return PAGES[name]
    model = BELOW[name]
    act = "change" if name == f"comparison_{model}_simple_history" else name.rpartition("_")[2]
    assert name in (f"comparison_{model}_{act}", f"comparison_{model}_simple_history"), "not in the table above"
    right = act if act in ("add", "delete") or (act == "change" and post) else "view"
    if right != "view" and model in SELF_WRITTEN:
        return {"nobody"}
    if (model, right) == ("claim", "change"):
        return {"change_claim", "publish_claim"}  # the claim is somebody else's
    return {f"{right}_{model}"}


ACTIONS = {
    "submit": "change_claim",
    "redraft": "change_claim",
    "publish_claims": "publish_claim",
    "reject": "publish_claim",
    "retract": "publish_claim",
    "delete_selected": "delete_claim",
}
START_STATES = {  # a state from which the action could go on
    "submit": ClaimState.DRAFT,
    "redraft": ClaimState.SUBMITTED,
    "publish_claims": ClaimState.SUBMITTED,
    "reject": ClaimState.SUBMITTED,
    "retract": ClaimState.PUBLISHED,
    "delete_selected": ClaimState.DRAFT,
}


def offered_actions(client: Client) -> set[str]:
    make_claim()
    return {name for name, _ in client.get(url("claim", "changelist")).context["action_form"].fields["action"].choices}
