"""What the site stores. Truths the database can hold are named constraints; rules across rows are in clean()."""

from comparison.models.claims import MOVES, Check, Claim, ClaimState
from comparison.models.editions import Edition, Person, choices, sign
from comparison.models.profiles import Profile, ProfileWeight
from comparison.models.subjects import Category, Criterion, Framework, NotApplicable, Source

__all__ = [
    "MOVES",
    "Category",
    "Check",
    "Claim",
    "ClaimState",
    "Criterion",
    "Edition",
    "Framework",
    "NotApplicable",
    "Person",
    "Profile",
    "ProfileWeight",
    "Source",
    "choices",
    "sign",
]
