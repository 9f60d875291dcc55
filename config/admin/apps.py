from django.contrib.admin.apps import AdminConfig

from config.monitoring import logins


class CurationAdmin(AdminConfig):
    """django.contrib.admin with our site, whose logins are counted and written into the log."""

    default_site = "config.admin.site.CurationSite"

    def ready(self) -> None:
        super().ready()
        logins.connect()
