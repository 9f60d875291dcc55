"""What the site stores. Rules the database can check are named constraints; rules across rows are in clean()."""

from comparison.models.access import KnownClient, TryCount
from comparison.models.checks import Check, Dismissal
from comparison.models.claim_rules import TRANSITIONS, ClaimState
from comparison.models.claims import Claim
from comparison.models.comparisons import AskedComparison
from comparison.models.editions import Batch, Edition, choices, sign
from comparison.models.last_write import LastWrite
from comparison.models.profiles import Profile, ProfileExclusion, ProfileWeight, Snapshot
from comparison.models.readers.guide import GuideChoice, GuideQuestion
from comparison.models.readers.reports import Report, ReportStep
from comparison.models.sources import Measurement, Source
from comparison.models.subjects import Category, Criterion, FormerCriterion, Framework, NotApplicable
from comparison.models.verdicts.stored import CellVerdict, SourceClaimCount
from comparison.text_search.claim_text import ClaimText

__all__ = [
    "TRANSITIONS",
    "AskedComparison",
    "Batch",
    "Category",
    "CellVerdict",
    "Check",
    "Claim",
    "ClaimState",
    "ClaimText",
    "Criterion",
    "Dismissal",
    "Edition",
    "FormerCriterion",
    "Framework",
    "GuideChoice",
    "GuideQuestion",
    "KnownClient",
    "LastWrite",
    "Measurement",
    "NotApplicable",
    "Profile",
    "ProfileExclusion",
    "ProfileWeight",
    "Report",
    "ReportStep",
    "Snapshot",
    "Source",
    "SourceClaimCount",
    "TryCount",
    "choices",
    "sign",
]
