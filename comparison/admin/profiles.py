"""Profiles in the admin."""

from django.contrib import admin

from comparison.admin.base import CatalogueAdmin
from comparison.models import Profile, ProfileWeight


class ProfileWeightInline(admin.TabularInline):
    model = ProfileWeight
    extra = 0
    autocomplete_fields = ["criterion"]


@admin.register(Profile)
class ProfileAdmin(CatalogueAdmin):
    list_display = ["name", "slug", "description", "order"]
    search_fields = ["name", "slug", "description"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [ProfileWeightInline]
