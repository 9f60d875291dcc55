"""Users, with the second step of each. Its secrets have no pages of their own."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from comparison.admin.access import second_factor

for secret in (StaticDevice, TOTPDevice):
    admin.site.unregister(secret)
admin.site.unregister(User)


@admin.register(User)
class CuratorAdmin(UserAdmin):
    list_display = ("username", "email", "first_name", "last_name", "is_staff", "second_step")
    actions = ["take_second_step_off"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        has_phone = Exists(second_factor.phones().filter(user=OuterRef("pk")))
        return super().get_queryset(request).annotate(has_phone=has_phone)

    @admin.display(boolean=True, ordering="has_phone")
    def second_step(self, user: User) -> bool:
        return bool(user.has_phone)  # type: ignore[attr-defined]  # annotated

    def has_superuser_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    @admin.action(description="Take the second step off (the phone is lost)", permissions=["superuser"])
    def take_second_step_off(self, request: HttpRequest, users: QuerySet[Any]) -> None:
        others = users.filter(has_phone=True).exclude(pk=request.user.pk)  # one's own takes a code
        names = [user.get_username() for user in others]
        for user in others:
            second_factor.take_off(user, request.user, second_factor.TAKEN_OFF)
        if names:
            messages.success(request, f"The second step is off for {', '.join(names)}.")
        else:
            messages.warning(request, "Nobody chosen has a second step. You switch yours off on your own page.")
