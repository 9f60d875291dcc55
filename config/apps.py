from django.contrib.admin.apps import AdminConfig

from config.monitoring import logins


class CurationAdmin(AdminConfig):
    """django.contrib.admin with our doors."""

    default_site = "config.admin_site.CurationSite"

    def ready(self) -> None:
        super().ready()
        logins.connect()
