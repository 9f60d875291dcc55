"""Who tries how often, and from where people have logged in. Digests only: no address, name or password is stored."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

KNOWN_DAYS = 180  # days for which the browser and the address of a login are remembered
MAX_KNOWN = 20  # clients remembered for each user, the latest


NEW_PASSWORD_GROUP = "Must set a new password"  # users whose password somebody else has seen  # noqa: S105


def require_new_password(user: Any) -> None:
    """Lets the user do nothing else after the next login. Administrators do the same by the group."""
    user.groups.add(Group.objects.get_or_create(name=NEW_PASSWORD_GROUP)[0])


def must_set_password(user: Any) -> bool:
    return bool(user.groups.filter(name=NEW_PASSWORD_GROUP).exists())


def password_was_set(user: Any) -> None:
    user.groups.remove(*Group.objects.filter(name=NEW_PASSWORD_GROUP))


def digest(*parts: str) -> str:
    """A name for something that must not be stored itself. Nobody can test guesses without the secret key."""
    return salted_hmac("access", "\n".join(parts), algorithm="sha256").hexdigest()


class TryCount(models.Model):
    """How often something was tried lately, counted in the database so that all hosts share it."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(db_index=True)  # when the count begins anew

    def __str__(self) -> str:
        return f"{self.count} until {self.until:%H:%M}"


class KnownClientQuerySet(models.QuerySet["KnownClient"]):
    def remember(self, user: Any, digests: list[str]) -> None:
        now = timezone.now()
        rows = [self.model(user=user, digest=each, used_at=now) for each in digests]
        self.bulk_create(rows, update_conflicts=True, unique_fields=["user", "digest"], update_fields=["used_at"])
        self.filter(used_at__lt=now - timedelta(days=KNOWN_DAYS)).delete()
        latest = self.filter(user=user).order_by("-used_at", "-pk").values_list("pk", flat=True)
        self.filter(user=user).exclude(pk__in=list(latest[:MAX_KNOWN])).delete()

    def current(self) -> "KnownClientQuerySet":
        return self.filter(used_at__gte=timezone.now() - timedelta(days=KNOWN_DAYS))


class KnownClient(models.Model):
    """A browser or an address from which a user has logged in."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_clients")
    digest = models.CharField(max_length=64, db_index=True)
    used_at = models.DateTimeField(db_index=True)

    objects = KnownClientQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="known_client_once", fields=["user", "digest"])]

    def __str__(self) -> str:
        return f"{self.user}, {self.used_at:%Y-%m-%d}"
