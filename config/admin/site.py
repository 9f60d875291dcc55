"""Django's admin with our logins: tries are counted, a second step is asked for, and a new password where one is due.

It lies outside the app and imports from it late, as Django does: the app's admin needs this site while it is loaded.
"""

from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import path, reverse

Extra = dict[str, Any] | None
View = Any


class CurationSite(AdminSite):
    site_header = site_title = "Curation"
    index_title = "Catalogue"
    login_template = "admin/comparison/login.html"

    def get_urls(self) -> list[Any]:
        from comparison.admin.access import second_factor  # noqa: PLC0415

        return [path("second-step/", self.admin_view(second_factor.page), name="second_step"), *super().get_urls()]

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        from comparison.admin.access.first_steps import lead_to_first_step  # noqa: PLC0415

        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            return lead_to_first_step(request) or view(request, *args, **kwargs)

        return super().admin_view(gated, cacheable)

    def login(self, request: HttpRequest, extra_context: Extra = None) -> Any:
        from comparison.admin.access.counted_form import with_retry_after  # noqa: PLC0415
        from comparison.admin.access.login import LoginForm  # noqa: PLC0415

        self.login_form = LoginForm
        return with_retry_after(super().login(request, extra_context))

    def password_change(self, request: HttpRequest, extra_context: Extra = None) -> Any:
        """As Django's, which names its form."""
        from django.contrib.auth.views import PasswordChangeView  # noqa: PLC0415

        from comparison.admin.access.counted_form import PasswordForm, with_retry_after  # noqa: PLC0415

        view = PasswordChangeView.as_view(
            form_class=PasswordForm,
            success_url=reverse("admin:password_change_done"),
            extra_context=self.each_context(request) | (extra_context or {}),
        )
        request.current_app = self.name
        return with_retry_after(view(request))
