"""Where curators work: Django's admin, with the pages that turn articles into reviewed claims."""

from comparison.admin import batches, checks, claims, comparisons, profiles, sources, subjects
from comparison.admin.access import users
from comparison.admin.pages import reports

__all__ = ["batches", "checks", "claims", "comparisons", "profiles", "reports", "sources", "subjects", "users"]
