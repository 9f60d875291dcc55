from django.contrib.admin.apps import AdminConfig


class CurationAdmin(AdminConfig):
    """django.contrib.admin with our doors."""

    default_site = "config.admin_site.CurationSite"
