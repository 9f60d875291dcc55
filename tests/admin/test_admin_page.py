"""What every curation page has in common: login, methods, permissions, base context."""

import pytest
from django.test import Client

from tests.admin_rights import PAGES, address_of
from tests.admin_site import as_admin, as_user, one_of_each
from tests.make import make_user

pytestmark = pytest.mark.django_db

READ_ONLY = {"claim_help", "claim_drafts", "claim_queue", "claim_find", "findings", "finding"}
READ_ONLY |= {"source_read", "source_read_proposals", "source_read_tables"}
POST_ONLY = {"claim_move_own", "claim_decide", "source_read_save", "source_read_silent", "source_read_undo"}
POST_ONLY |= {"profile_preview", "finding_dismiss", "source_read_decide"}
WITHOUT_HEAD = {"claim_merge", "criterion_merge"}
NAMES = sorted(
    name.removeprefix("comparison_")
    for name in PAGES.keys() - {"comparison_check_add", "comparison_report_add", "comparison_snapshot_add"}
)


def allowed_methods(name: str) -> set[str]:
    methods = {"GET", "HEAD", "POST"} - ({"HEAD"} if name in WITHOUT_HEAD else set())
    return methods - {"POST"} if name in READ_ONLY else {"POST"} if name in POST_ONLY else methods


@pytest.mark.parametrize("name", NAMES)
def test_a_page_checks_the_login_then_the_method_then_the_permissions(name) -> None:
    address = address_of(f"comparison_{name}", one_of_each())
    client = as_user(make_user(""))
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE"):
        assert client.generic(method, address).status_code == (403 if method in allowed_methods(name) else 405), method
    assert Client().put(address).status_code == 302


@pytest.mark.parametrize("name", sorted(set(NAMES) - POST_ONLY - {"claim_merge"}))
def test_a_page_has_the_context_of_the_admin(name) -> None:
    rows = one_of_each()
    context = as_admin().get(address_of(f"comparison_{name}", rows)).context
    assert (context["site_header"], context["opts"].app_label, context["is_nav_sidebar_enabled"]) == (
        "Curation",
        "comparison",
        True,
    )
    assert context["title"]
