"""Django's admin with our doors: logins and password changes are counted.

It lies outside the app and imports its forms late, as Django does: the app's admin needs this site while it is loaded.
"""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest

Extra = dict[str, Any] | None


class CurationSite(AdminSite):
    site_header = site_title = "Curation"
    index_title = "Catalogue"
    login_template = "admin/comparison/login.html"

    def login(self, request: HttpRequest, extra_context: Extra = None) -> Any:
        from comparison.admin.access.login import LoginForm, with_retry_after  # noqa: PLC0415

        self.login_form = LoginForm
        return with_retry_after(super().login(request, extra_context))
