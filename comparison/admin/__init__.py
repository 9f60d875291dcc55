"""Where curators work: Django's admin, with the pages that turn articles into reviewed claims."""

from django.contrib import admin

from comparison.admin import batches, checks, claims, profiles, sources, subjects

__all__ = ["batches", "checks", "claims", "profiles", "sources", "subjects"]

admin.site.site_header = admin.site.site_title = "Curation"
admin.site.index_title = "Catalogue"
