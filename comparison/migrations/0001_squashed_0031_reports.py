"""A new site in one step: what the migrations up to 0031, which bring older databases forward, make together."""

import comparison.models.editions
import comparison.models.readers.reports
import comparison.text_search.claim_text
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.db import migrations, models

CURATED = (
    *("category", "criterion", "framework", "source", "notapplicable", "claim", "check"),
    *("profile", "profileweight", "profileexclusion", "askedcomparison"),
)
VIEWED = (*CURATED, "edition", "batch", "snapshot")
CONTRIBUTOR = (*(f"view_{model}" for model in VIEWED), "add_claim", "change_claim")
REVIEWER = (*CONTRIBUTOR, "publish_claim", "add_check", "change_check", "view_report", "change_report")
EDITOR = (
    *REVIEWER,
    *(f"{action}_{model}" for model in CURATED for action in ("add", "change", "delete")),
    *("change_snapshot", "delete_snapshot", "delete_report"),
)
ROLES = {"Contributor": CONTRIBUTOR, "Reviewer": REVIEWER, "Editor": EDITOR, "Must set a new password": ()}


def create_roles(apps, schema_editor):
    # Permissions are made after the last migration, too late for this one; ask for them now.
    app_config = apps.get_app_config("comparison")
    app_config.models_module = True
    create_contenttypes(app_config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    create_permissions(app_config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    app_config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="comparison")
    for name, codenames in ROLES.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.set(permissions.filter(codename__in=set(codenames)))


def create_first_edition(apps, schema_editor):
    apps.get_model("comparison", "Edition").objects.get_or_create(number=0, defaults={"summary": "The site is set up."})


class Migration(migrations.Migration):
    replaces = [
        ("comparison", "0001_initial"),
        ("comparison", "0002_roles_and_first_edition"),
        ("comparison", "0003_claim_updated_edition"),
        ("comparison", "0004_claim_once_without_place"),
        ("comparison", "0005_claim_text_index"),
        ("comparison", "0006_batches_merges_snapshots"),
        ("comparison", "0007_roles_see_batches"),
        ("comparison", "0008_sketch_texts"),
        ("comparison", "0009_cells_with_their_values"),
        ("comparison", "0010_merged_claims_may_be_alike"),
        ("comparison", "0011_histories_without_texts_that_stayed"),
        ("comparison", "0012_history_of_former_criteria"),
        ("comparison", "0013_related_criteria_and_frameworks_of_sources"),
        ("comparison", "0014_parts_of_sources_and_measurements"),
        ("comparison", "0015_edition_token"),
        ("comparison", "0016_logins"),
        ("comparison", "0017_last_write"),
        ("comparison", "0018_stored_verdicts"),
        ("comparison", "0019_claim_text"),
        ("comparison", "0020_source_claim_counts"),
        ("comparison", "0021_kept_answers_and_groups"),
        ("comparison", "0022_withdrawals"),
        ("comparison", "0023_debian_packages"),
        ("comparison", "0024_profile_exclusions"),
        ("comparison", "0025_asked_comparisons"),
        ("comparison", "0026_one_voice_for_makers"),
        ("comparison", "0027_declined_and_missing"),
        ("comparison", "0028_names_that_look_alike"),
        ("comparison", "0029_dismissals"),
        ("comparison", "0030_second_reading"),
        ("comparison", "0031_reports"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LastWrite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=32, unique=True)),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="kept at")),
                ("edition", models.PositiveIntegerField()),
                ("profile", models.CharField(blank=True, max_length=50)),
                ("query", models.TextField(blank=True)),
                ("answer", models.JSONField()),
                ("is_pinned", models.BooleanField(default=False, help_text="Stays whatever happens. Others make room for new ones when there are very many.", verbose_name="pinned")),
            ],
            options={
                "ordering": ["-pk"],
                "verbose_name": "kept answer",
            },
        ),
        migrations.CreateModel(
            name="TryCount",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField(default=0)),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="AskedComparison",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(help_text="Slugs of two or more frameworks in alphabetical order, joined by -vs-: the comparison’s address.", max_length=500, unique=True)),
                ("title", models.CharField(help_text="As people ask for it, for example One vs Other.", max_length=200)),
                ("reason", models.CharField(help_text="Why people ask, in one sentence.", max_length=300)),
                ("order", models.PositiveSmallIntegerField(default=0, help_text="Place among the comparisons, lowest first.")),
            ],
            options={
                "verbose_name": "comparison",
                "ordering": ["order", "slug"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("slug__contains", "-vs-")), name="asked_comparison_of_two_or_more", violation_error_message="A comparison names two frameworks or more, joined by -vs-."
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("summary", models.CharField(max_length=300)),
                ("by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ("undoes", models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="undone_by", to="comparison.batch")),
            ],
            options={
                "verbose_name_plural": "batches",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(help_text="Part of addresses; lower-case letters, digits and hyphens. Changing it breaks links to the page.", unique=True)),
                ("name", models.CharField(max_length=100, unique=True)),
                ("order", models.PositiveSmallIntegerField(default=0, help_text="Place among the categories, lowest first.")),
                ("name_key", models.CharField(default="", editable=False, max_length=300)),
            ],
            options={
                "verbose_name_plural": "categories",
                "ordering": ["order", "slug"],
                "constraints": [
                    models.UniqueConstraint(fields=("name_key",), name="category_name_once", violation_error_message="Another one has a name that looks the same."),
                    models.CheckConstraint(condition=models.Q(("name_key", ""), _negated=True), name="category_name_shows", violation_error_message="The name shows nothing."),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("slug"), name="category_slug_once", violation_error_message="Another one has this slug; capitals make no difference."
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(help_text="Part of addresses; lower-case letters, digits and hyphens. Changing it breaks links to the page.", unique=True)),
                ("name", models.CharField(max_length=100, unique=True)),
                ("question", models.CharField(help_text="As a reader would ask it, ending in a question mark.", max_length=200)),
                ("help_text", models.TextField(blank=True, help_text="What belongs here, for curators and readers.")),
                ("order", models.PositiveSmallIntegerField(default=0, help_text="Place within its category, lowest first.")),
                ("synonyms", models.TextField(blank=True, help_text="Other words for it, one a line. Used by search.")),
                (
                    "kind",
                    models.CharField(
                        choices=[("rating", "Rating"), ("feature", "Feature"), ("figure", "Figure"), ("list", "List"), ("fit", "Fit")],
                        help_text="Decides which value a claim carries. It cannot change while claims exist.",
                        max_length=10,
                    ),
                ),
                ("unit", models.CharField(blank=True, help_text="Figures only, for example ms.", max_length=30)),
                ("lower_is_better", models.BooleanField(blank=True, help_text="Figures only.", null=True)),
                ("name_key", models.CharField(default="", editable=False, max_length=300)),
                ("category", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="criteria", to="comparison.category")),
                ("related", models.ManyToManyField(blank=True, help_text="Criteria that ask the same thing another way.", to="comparison.criterion")),
            ],
            options={
                "verbose_name_plural": "criteria",
                "ordering": ["category__order", "category__slug", "order", "slug"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["rating", "feature", "figure", "list", "fit"])),
                        name="criterion_kind_known",
                        violation_error_message="The kind is one of rating, feature, figure, list, fit.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "figure"), models.Q(("unit", ""), _negated=True), ("lower_is_better__isnull", False)),
                            models.Q(models.Q(("kind", "figure"), _negated=True), ("unit", ""), ("lower_is_better__isnull", True)),
                            _connector="OR",
                        ),
                        name="criterion_unit_with_figure",
                        violation_error_message="A figure needs a unit and whether lower is better; other kinds have neither.",
                    ),
                    models.UniqueConstraint(fields=("name_key",), name="criterion_name_once", violation_error_message="Another one has a name that looks the same."),
                    models.CheckConstraint(condition=models.Q(("name_key", ""), _negated=True), name="criterion_name_shows", violation_error_message="The name shows nothing."),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("slug"), name="criterion_slug_once", violation_error_message="Another one has this slug; capitals make no difference."
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dismissal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("listing", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=64)),
                ("fingerprint", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=300)),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("listing", "key"), name="dismissal_once", violation_error_message="This finding is dismissed already."),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="dismissal_has_reason", violation_error_message="Say why it is none."),
                ],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("summary", models.CharField(max_length=500)),
                ("token", models.CharField(default=comparison.models.editions.new_token, editable=False, max_length=32)),
                ("has_verdicts", models.BooleanField(default=False, editable=False)),
                ("withdrawal", models.CharField(default="", editable=False, max_length=32)),
                ("by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["-number"],
                "get_latest_by": "number",
                "constraints": [models.UniqueConstraint(fields=("token",), name="edition_token_once")],
            },
        ),
        migrations.CreateModel(
            name="FormerCriterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(unique=True)),
                ("criterion", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="former", to="comparison.criterion")),
            ],
            options={
                "verbose_name_plural": "former addresses of criteria",
                "verbose_name": "former address of a criterion",
            },
        ),
        migrations.CreateModel(
            name="Framework",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        help_text="Part of addresses; lower-case letters, digits and hyphens. Changing it breaks links to the page. It may not contain -vs-, which joins names.", unique=True
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                ("tagline", models.CharField(blank=True, help_text="One line that says what it is, in our own words.", max_length=200)),
                ("homepage", models.URLField(blank=True)),
                ("repository", models.URLField(blank=True, help_text="Where its source code is kept.")),
                ("licence", models.CharField(blank=True, help_text="SPDX identifier, for example BSD-3-Clause.", max_length=50)),
                (
                    "first_release_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1950), django.core.validators.MaxValueValidator(2100)]),
                ),
                ("aliases", models.TextField(blank=True, help_text="Other names people use for it, one a line. Used by search.")),
                ("name_key", models.CharField(default="", editable=False, max_length=300)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("slug__contains", "-vs-"), _negated=True), models.Q(("slug__startswith", "vs-"), _negated=True), models.Q(("slug__endswith", "-vs"), _negated=True)
                        ),
                        name="framework_slug_splits",
                        violation_error_message="The slug may not contain -vs-, nor start with vs- or end with -vs.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first_release_year__isnull", True), ("first_release_year__range", (1950, 2100)), _connector="OR"),
                        name="framework_year_plausible",
                        violation_error_message="The year of the first release lies between 1950 and 2100.",
                    ),
                    models.UniqueConstraint(fields=("name_key",), name="framework_name_once", violation_error_message="Another one has a name that looks the same."),
                    models.CheckConstraint(condition=models.Q(("name_key", ""), _negated=True), name="framework_name_shows", violation_error_message="The name shows nothing."),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("slug"), name="framework_slug_once", violation_error_message="Another one has this slug; capitals make no difference."
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(help_text="Part of addresses; lower-case letters, digits and hyphens. Changing it breaks links to the page.", max_length=80, unique=True)),
                ("title", models.CharField(max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("documentation", "Documentation"),
                            ("measurement", "Measurement"),
                            ("metadata", "Index metadata"),
                            ("independent", "Independent article"),
                            ("vendor", "Vendor article"),
                        ],
                        help_text="Decides its weight. The publisher of a vendor article sells something about the subject.",
                        max_length=15,
                    ),
                ),
                ("publisher", models.CharField(blank=True, max_length=200)),
                ("author", models.CharField(blank=True, max_length=200)),
                ("address", models.URLField(blank=True, help_text="Leave empty when it is not known.", max_length=500)),
                ("published", models.DateField(blank=True, help_text="Leave empty when it is not known.", null=True)),
                ("accessed", models.DateField(blank=True, help_text="When the text was fetched.", null=True)),
                ("language", models.CharField(default="en", help_text="Language tag, for example en or pt-BR.", max_length=10)),
                ("note", models.CharField(blank=True, help_text="What readers should know of it, such as its interests.", max_length=300)),
                ("text", models.TextField(blank=True, editable=False)),
                ("text_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("text_length", models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ("original_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("silent", models.JSONField(blank=True, default=list, editable=False)),
                ("sketch", models.JSONField(blank=True, default=list, editable=False)),
                ("distribution", models.CharField(blank=True, help_text="File name of the source distribution or Debian package that carries the text.", max_length=200)),
                ("distribution_sha256", models.CharField(blank=True, help_text="SHA-256 digest of that file.", max_length=64)),
                ("experiment", models.SlugField(blank=True, help_text="The experiment that this part of a run is.", max_length=80)),
                ("file", models.CharField(blank=True, help_text="Path of the text inside the distribution or package.", max_length=300)),
                ("framework_version", models.CharField(blank=True, help_text="Version of the framework it describes, for example 5.2.", max_length=50)),
                ("run", models.JSONField(blank=True, default=dict, editable=False)),
                ("text_licence", models.CharField(blank=True, help_text="SPDX identifier of the text’s own licence; passages are shown only where it allows that.", max_length=50)),
                ("declined", models.JSONField(blank=True, default=list, editable=False)),
                ("wishes", models.JSONField(blank=True, default=list, editable=False)),
                ("read_by_library", models.BooleanField(default=False, editable=False)),
                (
                    "framework",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose documentation or record it is; leave empty for articles.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sources",
                        to="comparison.framework",
                    ),
                ),
                (
                    "part_of",
                    models.ForeignKey(
                        blank=True,
                        help_text="The documentation that this is a page of, or the run that this experiment belongs to.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="comparison.source",
                    ),
                ),
                (
                    "repeats",
                    models.ForeignKey(
                        blank=True,
                        help_text="The source this one copies, if any: the two count once.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeated_by",
                        to="comparison.source",
                    ),
                ),
            ],
            options={
                "ordering": ["slug"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("repeats__isnull", True), models.Q(("repeats", models.F("pk")), _negated=True), _connector="OR"),
                        name="source_repeats_another",
                        violation_error_message="A source cannot repeat itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), ("text_length__isnull", True), ("text_sha256", "")),
                            models.Q(django.db.models.lookups.Exact(django.db.models.functions.text.Length("text_sha256"), 64), ("text_length__isnull", False)),
                            _connector="OR",
                        ),
                        name="source_digest_with_length",
                        violation_error_message="A text comes with its SHA-256 digest and its length, both or none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["documentation", "measurement", "metadata", "independent", "vendor"])),
                        name="source_kind_known",
                        violation_error_message="The kind is one of documentation, measurement, metadata, independent, vendor.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("framework__isnull", True), ("kind__in", ["documentation", "metadata"]), _connector="OR"),
                        name="source_framework_of_a_record",
                        violation_error_message="Only documentation and index metadata belong to a framework.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("part_of__isnull", True), models.Q(models.Q(("part_of", models.F("pk")), _negated=True), ("repeats__isnull", True)), _connector="OR"),
                        name="source_part_of_another",
                        violation_error_message="A part is part of another source, and repeats none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("part_of__isnull", True), ("kind__in", ["documentation", "metadata", "measurement"]), _connector="OR"),
                        name="source_part_of_a_record",
                        violation_error_message="Only documentation, index metadata and measurements have parts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("distribution", ""), ("distribution_sha256", "")),
                            models.Q(models.Q(("distribution", ""), _negated=True), django.db.models.lookups.Exact(django.db.models.functions.text.Length("distribution_sha256"), 64)),
                            _connector="OR",
                        ),
                        name="source_distribution_with_digest",
                        violation_error_message="A distribution comes with its SHA-256 digest of 64 characters, both or none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("experiment", ""), models.Q(("kind", "measurement"), ("part_of__isnull", False)), _connector="OR"),
                        name="source_experiment_of_a_run",
                        violation_error_message="Only a part of a measurement is an experiment.",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("slug"), name="source_slug_once", violation_error_message="Another source has this slug; capitals make no difference."
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("statement", models.CharField(help_text="What the source says, in our own words, without the name.", max_length=300)),
                (
                    "level",
                    models.SmallIntegerField(
                        blank=True,
                        choices=[(2, "+2 very favourable"), (1, "+1 favourable"), (0, "0 neither"), (-1, "−1 unfavourable"), (-2, "−2 very unfavourable")],
                        help_text="Ratings and fits: how favourable the source is.",
                        null=True,
                    ),
                ),
                (
                    "support",
                    models.CharField(
                        blank=True, choices=[("built-in", "Built in"), ("extension", "By extension"), ("partial", "In part"), ("none", "None")], help_text="Features only.", max_length=10
                    ),
                ),
                ("low", models.DecimalField(blank=True, decimal_places=4, help_text="Figures: the number, or the low end.", max_digits=16, null=True)),
                ("high", models.DecimalField(blank=True, decimal_places=4, help_text="Figures: the high end; the same when it is one number.", max_digits=16, null=True)),
                ("item", models.CharField(blank=True, help_text="Lists: the one thing named.", max_length=100)),
                ("section", models.CharField(blank=True, help_text="Heading under which it stands.", max_length=200)),
                ("start", models.PositiveIntegerField(blank=True, help_text="First character, counted from 0 in code points.", null=True)),
                ("end", models.PositiveIntegerField(blank=True, help_text="The character after the last.", null=True)),
                ("quote", models.CharField(blank=True, help_text="The exact passage, if it may be shown.", max_length=500)),
                ("version_range", models.CharField(blank=True, help_text="Versions it speaks of, for example >=4.2,<5.", max_length=50)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("submitted", "Submitted"), ("published", "Published"), ("rejected", "Rejected"), ("retracted", "Retracted")],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("state_reason", models.CharField(blank=True, editable=False, max_length=300)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("published_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("updated_edition", models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ("created_by", models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="claims_created", to=settings.AUTH_USER_MODEL)),
                ("merged_into", models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="merged", to="comparison.claim")),
                ("published_by", models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="claims_published", to=settings.AUTH_USER_MODEL)),
                ("criterion", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="comparison.criterion")),
                ("framework", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="comparison.framework")),
                ("source", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="comparison.source")),
            ],
            options={
                "permissions": [("publish_claim", "Can publish, reject and retract claims")],
                "indexes": [
                    models.Index(fields=["criterion", "state"], name="claim_by_criterion"),
                    models.Index(fields=["state", "-id"], name="claim_by_state"),
                    models.Index(fields=["state", "framework", "criterion", "source", "level", "support", "low", "high"], name="claim_by_cell"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("high__isnull", True), ("item", ""), ("level__isnull", False), ("low__isnull", True), ("support", "")),
                            models.Q(("high__isnull", True), ("item", ""), ("level__isnull", True), ("low__isnull", True), models.Q(("support", ""), _negated=True)),
                            models.Q(("high__isnull", False), ("item", ""), ("level__isnull", True), ("low__isnull", False), ("support", "")),
                            models.Q(("high__isnull", True), ("level__isnull", True), ("low__isnull", True), ("support", ""), models.Q(("item", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="claim_one_value",
                        violation_error_message="Give exactly one kind of value: a level, a support, low and high, or an item.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__isnull", True), ("level__range", (-2, 2)), _connector="OR"), name="claim_level_in_range", violation_error_message="A level lies between −2 and +2."
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("support__in", ["", "built-in", "extension", "partial", "none"])),
                        name="claim_support_known",
                        violation_error_message="The support is one of built-in, extension, partial, none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("low__isnull", True), models.Q(("low__gte", 0), ("low__lte", models.F("high"))), _connector="OR"),
                        name="claim_low_to_high",
                        violation_error_message="The low number may not be negative nor exceed the high one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end__isnull", True), ("start__isnull", True)), models.Q(("end__isnull", False), ("start__isnull", False), ("start__lt", models.F("end"))), _connector="OR"
                        ),
                        name="claim_start_before_end",
                        violation_error_message="Give both start and end or neither; the start comes before the end.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length("quote"), 500),
                        name="claim_quote_short",
                        violation_error_message="A quote has at most 500 characters.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThan(django.db.models.functions.text.Length("statement"), 0),
                        name="claim_says_something",
                        violation_error_message="A claim needs a statement.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "submitted", "published", "rejected", "retracted"])),
                        name="claim_state_known",
                        violation_error_message="The state is one of draft, submitted, published, rejected, retracted.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("state__in", ["rejected", "retracted"]), _negated=True), models.Q(("state_reason", ""), _negated=True), _connector="OR"),
                        name="claim_reason_given",
                        violation_error_message="Rejecting and retracting need a reason.",
                    ),
                    models.UniqueConstraint(
                        fields=("source", "framework", "criterion", "start"), name="claim_once_per_place", violation_error_message="This source already has a claim on this cell at this place."
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("merged_into__isnull", True), ("start__isnull", True)),
                        fields=("source", "framework", "criterion", "statement", "quote"),
                        name="claim_once_without_place",
                        violation_error_message="This source already has this claim on this framework and criterion.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimText",
            fields=[
                (
                    "claim",
                    models.OneToOneField(
                        db_column="rowid",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        related_query_name="claim_text",
                        serialize=False,
                        to="comparison.claim",
                    ),
                ),
                ("text", comparison.text_search.claim_text.FoldedField()),
                ("quote", comparison.text_search.claim_text.FoldedField()),
            ],
            options={
                "managed": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CellVerdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("edition", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("no evidence", "No evidence"),
                            ("one source", "One source"),
                            ("agreed", "Agreed"),
                            ("mostly agreed", "Mostly agreed"),
                            ("disputed", "Disputed"),
                            ("not applicable", "Not applicable"),
                        ],
                        max_length=15,
                    ),
                ),
                ("position", models.FloatField(null=True)),
                ("weight", models.PositiveIntegerField()),
                ("supports", models.JSONField(default=list)),
                ("median", models.FloatField(null=True)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("width", models.FloatField()),
                ("claim_count", models.PositiveIntegerField()),
                ("opinion_count", models.PositiveIntegerField()),
                ("supporting_count", models.PositiveIntegerField()),
                ("opposing_count", models.PositiveIntegerField()),
                ("is_contested", models.BooleanField()),
                ("speakers", models.JSONField(default=list)),
                ("criterion", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="comparison.criterion")),
                ("framework", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="comparison.framework")),
            ],
            options={
                "indexes": [models.Index(fields=["state", "-width"], name="verdict_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("framework", "criterion"), name="verdict_once_per_cell", violation_error_message="A cell has one verdict."),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["no evidence", "one source", "agreed", "mostly agreed", "disputed", "not applicable"])),
                        name="verdict_state_known",
                        violation_error_message="The state is one of no evidence, one source, agreed, mostly agreed, disputed, not applicable.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalAskedComparison",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_author", models.CharField(blank=True, max_length=150)),
                ("history_batch", models.PositiveBigIntegerField(db_index=True, default=comparison.models.editions.current_batch, null=True)),
                ("slug", models.SlugField(help_text="Slugs of two or more frameworks in alphabetical order, joined by -vs-: the comparison’s address.", max_length=500)),
                ("title", models.CharField(help_text="As people ask for it, for example One vs Other.", max_length=200)),
                ("reason", models.CharField(help_text="Why people ask, in one sentence.", max_length=300)),
                ("order", models.PositiveSmallIntegerField(default=0, help_text="Place among the comparisons, lowest first.")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                ("history_user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "historical comparison",
                "verbose_name_plural": "historical comparisons",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCategory",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_author", models.CharField(blank=True, max_length=150)),
                ("slug", models.SlugField(help_text="Part of addresses; lower-case letters, digits and hyphens. Changing it breaks links to the page.")),
                ("name", models.CharField(db_index=True, max_length=100)),
                ("order", models.PositiveSmallIntegerField(default=0, help_text="Place among the categories, lowest first.")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                ("history_batch", models.PositiveBigIntegerField(db_index=True, default=comparison.models.editions.current_batch, null=True)),
                ("history_user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "historical category",
                "verbose_name_plural": "historical categories",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCheck",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_author", models.CharField(blank=True, max_length=150)),
                (
                    "finding",
                    models.CharField(
                        choices=[("confirmed", "Confirmed"), ("outdated", "Outdated"), ("misleading", "Misleading"), ("false", "False")],
                        help_text="Claims found false, outdated or misleading no longer count; they stay visible, struck through.",
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(help_text="What was found, in one or two sentences.", max_length=500)),
                ("evidence", models.URLField(blank=True, help_text="Where anyone can see it.", max_length=500)),
                ("on", models.DateField(default=django.utils.timezone.localdate)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                ("history_batch", models.PositiveBigIntegerField(db_index=True, default=comparison.models.editions.current_batch, null=True)),
                ("history_edition", models.PositiveIntegerField(db_index=True, null=True)),
                ("by", models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("claim", models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="comparison.claim")),
                ("history_user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "historical check",
                "verbose_name_plural": "historical checks",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCriterion",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_author", models.CharField(blank=True, max_length=150)),
                ("slug", models.SlugField(help_text="Part of addresses; lower-case letters, digits and hyphens. Changing it breaks links to the page.")),
                ("name", models.CharField(db_index=True, max_length=100)),
                ("question", models.CharField(help_text="As a reader would ask it, ending in a question mark.", max_length=200)),
                ("help_text", models.TextField(blank=True, help_text="What belongs here, for curators and readers.")),
                ("order", models.PositiveSmallIntegerField(default=0, help_text="Place within its category, lowest first.")),
                ("synonyms", models.TextField(blank=True, help_text="Other words for it, one a line. Used by search.")),
                (
                    "kind",
                    models.CharField(
                        choices=[("rating", "Rating"), ("feature", "Feature"), ("figure", "Figure"), ("list", "List"), ("fit", "Fit")],
                        help_text="Decides which value a claim carries. It cannot change while claims exist.",
                        max_length=10,
                    ),
                ),
                ("unit", models.CharField(blank=True, help_text="Figures only, for example ms.", max_length=30)),
                ("lower_is_better", models.BooleanField(blank=True, help_text="Figures only.", null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                ("history_batch", models.PositiveBigIntegerField(db_index=True, default=comparison.models.editions.current_batch, null=True)),
                ("history_edition", models.PositiveIntegerField(db_index=True, null=True)),
                ("category", models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="comparison.category")),
                ("history_user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "historical criterion",
                "verbose_name_plural": "historical criteria",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalFormerCriterion",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_author", models.CharField(blank=True, max_length=150)),
                ("history_batch", models.PositiveBigIntegerField(db_index=True, default=comparison.models.editions.current_batch, null=True)),
                ("slug", models.SlugField()),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                ("criterion", models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="comparison.criterion")),
                ("history_user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "historical former address of a criterion",
                "verbose_name_plural": "historical former addresses of criteria",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalFramework",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_author", models.CharField(blank=True, max_length=150)),
                ("slug", models.SlugField(help_text="Part of addresses; lower-case letters, digits and hyphens. Changing it breaks links to the page. It may not contain -vs-, which joins names.")),
                ("name", models.CharField(db_index=True, max_length=100)),
                ("tagline", models.CharField(blank=True, help_text="One line that says what it is, in our own words.", max_length=200)),
                ("homepage", models.URLField(blank=True)),
                ("repository", models.URLField(blank=True, help_text="Where its source code is kept.")),
                ("licence", models.CharField(blank=True, help_text="SPDX identifier, for example BSD-3-Clause.", max_length=50)),
                (
                    "first_release_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1950), django.core.validators.MaxValueValidator(2100)]),
                ),
                ("aliases", models.TextField(blank=True, help_text="Other names people use for it, one a line. Used by search.")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                ("history_batch", models.PositiveBigIntegerField(db_index=True, default=comparison.models.editions.current_batch, null=True)),
                ("history_user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "historical framework",
                "verbose_name_plural": "historical frameworks",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalNotApplicable",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_author", models.CharField(blank=True, max_length=150)),
                ("reason", models.CharField(max_length=200)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                ("history_batch", models.PositiveBigIntegerField(db_index=True, default=comparison.models.editions.current_batch, null=True)),
                ("history_edition", models.PositiveIntegerField(db_index=True, null=True)),
                ("criterion", models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="comparison.criterion")),
                ("framework", models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="comparison.framework")),
                ("history_user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "historical not applicable",
                "verbose_name_plural": "historical not applicable",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalProfile",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_author", models.CharField(blank=True, max_length=150)),
                ("slug", models.SlugField(help_text="Part of addresses; lower-case letters, digits and hyphens. Changing it breaks links to the page.")),
                ("name", models.CharField(db_index=True, max_length=100)),
                ("description", models.CharField(help_text="Whose project it is, in one sentence.", max_length=300)),
                ("order", models.PositiveSmallIntegerField(default=0, help_text="Place among the profiles, lowest first.")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                ("history_batch", models.PositiveBigIntegerField(db_index=True, default=comparison.models.editions.current_batch, null=True)),
                ("history_user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "historical profile",
                "verbose_name_plural": "historical profiles",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="KnownClient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("used_at", models.DateTimeField(db_index=True)),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="known_clients", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "digest"), name="known_client_once")],
            },
        ),
        migrations.CreateModel(
            name="NotApplicable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200)),
                ("criterion", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="not_applicable", to="comparison.criterion")),
                ("framework", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="not_applicable", to="comparison.framework")),
            ],
            options={
                "verbose_name_plural": "not applicable",
                "constraints": [
                    models.UniqueConstraint(fields=("framework", "criterion"), name="not_applicable_once", violation_error_message="This criterion is marked not applicable to this framework already.")
                ],
            },
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(help_text="Part of addresses; lower-case letters, digits and hyphens. Changing it breaks links to the page.", unique=True)),
                ("name", models.CharField(max_length=100, unique=True)),
                ("description", models.CharField(help_text="Whose project it is, in one sentence.", max_length=300)),
                ("order", models.PositiveSmallIntegerField(default=0, help_text="Place among the profiles, lowest first.")),
                ("name_key", models.CharField(default="", editable=False, max_length=300)),
            ],
            options={
                "ordering": ["order", "slug"],
                "constraints": [
                    models.UniqueConstraint(fields=("name_key",), name="profile_name_once", violation_error_message="Another one has a name that looks the same."),
                    models.CheckConstraint(condition=models.Q(("name_key", ""), _negated=True), name="profile_name_shows", violation_error_message="The name shows nothing."),
                    models.UniqueConstraint(django.db.models.functions.text.Lower("slug"), name="profile_slug_once", violation_error_message="Another one has this slug; capitals make no difference."),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalProfileWeight",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_author", models.CharField(blank=True, max_length=150)),
                ("weight", models.PositiveSmallIntegerField(choices=[(1, "nice to have"), (2, "important"), (3, "essential")])),
                ("must_have", models.BooleanField(default=False, help_text="A framework that fails this is ruled out.")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                ("history_batch", models.PositiveBigIntegerField(db_index=True, default=comparison.models.editions.current_batch, null=True)),
                ("criterion", models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="comparison.criterion")),
                ("history_user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("profile", models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="comparison.profile")),
            ],
            options={
                "verbose_name": "historical profile weight",
                "verbose_name_plural": "historical profile weights",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalProfileExclusion",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_author", models.CharField(blank=True, max_length=150)),
                ("history_batch", models.PositiveBigIntegerField(db_index=True, default=comparison.models.editions.current_batch, null=True)),
                ("reason", models.CharField(help_text="Why it is left out, as a sentence that readers see.", max_length=200)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                ("framework", models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="comparison.framework")),
                ("history_user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("profile", models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="comparison.profile")),
            ],
            options={
                "verbose_name": "historical framework left out",
                "verbose_name_plural": "historical frameworks left out",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="ProfileExclusion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(help_text="Why it is left out, as a sentence that readers see.", max_length=200)),
                ("framework", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="profile_exclusions", to="comparison.framework")),
                ("profile", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="exclusions", to="comparison.profile")),
            ],
            options={
                "verbose_name": "framework left out",
                "verbose_name_plural": "frameworks left out",
                "ordering": ["profile", "framework__slug"],
                "constraints": [
                    models.UniqueConstraint(fields=("profile", "framework"), name="profile_exclusion_once", violation_error_message="The profile leaves out this framework already."),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="profile_exclusion_has_reason", violation_error_message="Say why the framework is left out."),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProfileWeight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("weight", models.PositiveSmallIntegerField(choices=[(1, "nice to have"), (2, "important"), (3, "essential")])),
                ("must_have", models.BooleanField(default=False, help_text="A framework that fails this is ruled out.")),
                ("criterion", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="profile_weights", to="comparison.criterion")),
                ("profile", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="weights", to="comparison.profile")),
            ],
            options={
                "ordering": ["profile", "-weight", "criterion__slug"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("weight__range", (1, 3))), name="profile_weight_in_range", violation_error_message="A weight lies between 1 and 3."),
                    models.UniqueConstraint(fields=("profile", "criterion"), name="profile_weight_once", violation_error_message="The profile weighs this criterion already."),
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(default=comparison.models.readers.reports.new_reference, max_length=10, unique=True, verbose_name="number")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="received")),
                ("topic", models.CharField(choices=[("problem", "Something is wrong"), ("source", "A source is missing"), ("outdated", "This is out of date")], default="problem", max_length=10)),
                ("place_kind", models.CharField(choices=[("claim", "Claim"), ("row", "Row"), ("criterion", "Criterion"), ("source", "Source")], max_length=10, verbose_name="kind of page")),
                ("row_id", models.PositiveBigIntegerField()),
                ("about", models.TextField()),
                ("title", models.CharField(max_length=300, verbose_name="about")),
                ("text", models.TextField()),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="address for an answer")),
                ("state", models.CharField(choices=[("new", "New"), ("in work", "In work"), ("done", "Done"), ("declined", "Declined")], default="new", max_length=10)),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["state", "-at"], name="report_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("topic__in", ["problem", "source", "outdated"])), name="report_topic_known", violation_error_message="The topic is one of problem, source, outdated."
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place_kind__in", ["claim", "row", "criterion", "source"])),
                        name="report_place_known",
                        violation_error_message="The kind of page is one of claim, row, criterion, source.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["new", "in work", "done", "declined"])),
                        name="report_state_known",
                        violation_error_message="The state is one of new, in work, done, declined.",
                    ),
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="report_says_something", violation_error_message="A report needs a text."),
                    models.CheckConstraint(
                        condition=models.Q(("email", ""), ("state__in", ["new", "in work"]), _connector="OR"),
                        name="report_address_while_open",
                        violation_error_message="The address for an answer is deleted when a report is closed.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(choices=[("new", "New"), ("in work", "In work"), ("done", "Done"), ("declined", "Declined")], max_length=10)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("author", models.CharField(max_length=150)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("report", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="comparison.report")),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SourceClaimCount",
            fields=[
                ("source", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to="comparison.source")),
                ("claim_count", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Measurement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("variant", models.CharField(max_length=100)),
                ("unit", models.CharField(blank=True, max_length=30)),
                ("median", models.FloatField(blank=True, null=True)),
                ("low", models.FloatField(blank=True, null=True)),
                ("high", models.FloatField(blank=True, null=True)),
                ("samples", models.JSONField(blank=True, default=list)),
                ("is_noisy", models.BooleanField(default=False)),
                ("outcome", models.CharField(blank=True, choices=[("built-in", "Built in"), ("extension", "By extension"), ("partial", "In part"), ("none", "None")], max_length=10)),
                ("detail", models.CharField(blank=True, max_length=500)),
                ("failure", models.CharField(blank=True, max_length=500)),
                ("framework", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="measurements", to="comparison.framework")),
                ("part", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="measurements", to="comparison.source")),
            ],
            options={
                "ordering": ["part", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("part", "framework", "variant"), name="measurement_once", violation_error_message="This variant was measured once already in this run."),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failure", ""), ("high__isnull", False), ("low__isnull", False), ("median__isnull", False), ("outcome", "")),
                            models.Q(("failure", ""), ("high__isnull", True), ("low__isnull", True), ("median__isnull", True), models.Q(("outcome", ""), _negated=True)),
                            models.Q(("high__isnull", True), ("low__isnull", True), ("median__isnull", True), ("outcome", ""), models.Q(("failure", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="measurement_one_result",
                        violation_error_message="Give either median, low and high, or an outcome, or a failure.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("median__isnull", True), models.Q(("low__gte", 0), ("low__lte", models.F("median")), ("median__lte", models.F("high"))), _connector="OR"),
                        name="measurement_low_to_high",
                        violation_error_message="The median lies between low and high, none of them negative.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalSource",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_author", models.CharField(blank=True, max_length=150)),
                ("slug", models.SlugField(help_text="Part of addresses; lower-case letters, digits and hyphens. Changing it breaks links to the page.", max_length=80)),
                ("title", models.CharField(max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("documentation", "Documentation"),
                            ("measurement", "Measurement"),
                            ("metadata", "Index metadata"),
                            ("independent", "Independent article"),
                            ("vendor", "Vendor article"),
                        ],
                        help_text="Decides its weight. The publisher of a vendor article sells something about the subject.",
                        max_length=15,
                    ),
                ),
                ("publisher", models.CharField(blank=True, max_length=200)),
                ("author", models.CharField(blank=True, max_length=200)),
                ("address", models.URLField(blank=True, help_text="Leave empty when it is not known.", max_length=500)),
                ("published", models.DateField(blank=True, help_text="Leave empty when it is not known.", null=True)),
                ("accessed", models.DateField(blank=True, help_text="When the text was fetched.", null=True)),
                ("language", models.CharField(default="en", help_text="Language tag, for example en or pt-BR.", max_length=10)),
                ("note", models.CharField(blank=True, help_text="What readers should know of it, such as its interests.", max_length=300)),
                ("text", models.TextField(editable=False, null=True)),
                ("text_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("text_length", models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                ("history_batch", models.PositiveBigIntegerField(db_index=True, default=comparison.models.editions.current_batch, null=True)),
                ("original_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("silent", models.JSONField(blank=True, default=list, editable=False)),
                ("distribution", models.CharField(blank=True, help_text="File name of the source distribution or Debian package that carries the text.", max_length=200)),
                ("distribution_sha256", models.CharField(blank=True, help_text="SHA-256 digest of that file.", max_length=64)),
                ("experiment", models.SlugField(blank=True, help_text="The experiment that this part of a run is.", max_length=80)),
                ("file", models.CharField(blank=True, help_text="Path of the text inside the distribution or package.", max_length=300)),
                ("framework_version", models.CharField(blank=True, help_text="Version of the framework it describes, for example 5.2.", max_length=50)),
                ("run", models.JSONField(blank=True, default=dict, editable=False)),
                ("text_licence", models.CharField(blank=True, help_text="SPDX identifier of the text’s own licence; passages are shown only where it allows that.", max_length=50)),
                ("history_edition", models.PositiveIntegerField(db_index=True, null=True)),
                ("declined", models.JSONField(blank=True, default=list, editable=False)),
                ("wishes", models.JSONField(blank=True, default=list, editable=False)),
                ("read_by_library", models.BooleanField(default=False, editable=False)),
                (
                    "framework",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Whose documentation or record it is; leave empty for articles.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="comparison.framework",
                    ),
                ),
                ("history_user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "part_of",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The documentation that this is a page of, or the run that this experiment belongs to.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="comparison.source",
                    ),
                ),
                (
                    "repeats",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The source this one copies, if any: the two count once.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="comparison.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical source",
                "verbose_name_plural": "historical sources",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalClaim",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("history_author", models.CharField(blank=True, max_length=150)),
                ("statement", models.CharField(help_text="What the source says, in our own words, without the name.", max_length=300)),
                (
                    "level",
                    models.SmallIntegerField(
                        blank=True,
                        choices=[(2, "+2 very favourable"), (1, "+1 favourable"), (0, "0 neither"), (-1, "−1 unfavourable"), (-2, "−2 very unfavourable")],
                        help_text="Ratings and fits: how favourable the source is.",
                        null=True,
                    ),
                ),
                (
                    "support",
                    models.CharField(
                        blank=True, choices=[("built-in", "Built in"), ("extension", "By extension"), ("partial", "In part"), ("none", "None")], help_text="Features only.", max_length=10
                    ),
                ),
                ("low", models.DecimalField(blank=True, decimal_places=4, help_text="Figures: the number, or the low end.", max_digits=16, null=True)),
                ("high", models.DecimalField(blank=True, decimal_places=4, help_text="Figures: the high end; the same when it is one number.", max_digits=16, null=True)),
                ("item", models.CharField(blank=True, help_text="Lists: the one thing named.", max_length=100)),
                ("section", models.CharField(blank=True, help_text="Heading under which it stands.", max_length=200)),
                ("start", models.PositiveIntegerField(blank=True, help_text="First character, counted from 0 in code points.", null=True)),
                ("end", models.PositiveIntegerField(blank=True, help_text="The character after the last.", null=True)),
                ("quote", models.CharField(blank=True, help_text="The exact passage, if it may be shown.", max_length=500)),
                ("version_range", models.CharField(blank=True, help_text="Versions it speaks of, for example >=4.2,<5.", max_length=50)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("submitted", "Submitted"), ("published", "Published"), ("rejected", "Rejected"), ("retracted", "Retracted")],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("state_reason", models.CharField(blank=True, editable=False, max_length=300)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("published_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                ("history_type", models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1)),
                ("history_batch", models.PositiveBigIntegerField(db_index=True, default=comparison.models.editions.current_batch, null=True)),
                ("history_edition", models.PositiveIntegerField(db_index=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("criterion", models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="comparison.criterion")),
                ("framework", models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="comparison.framework")),
                ("history_user", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("merged_into", models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="comparison.claim")),
                (
                    "published_by",
                    models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("source", models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="comparison.source")),
            ],
            options={
                "verbose_name": "historical claim",
                "verbose_name_plural": "historical claims",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "finding",
                    models.CharField(
                        choices=[("confirmed", "Confirmed"), ("outdated", "Outdated"), ("misleading", "Misleading"), ("false", "False")],
                        help_text="Claims found false, outdated or misleading no longer count; they stay visible, struck through.",
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(help_text="What was found, in one or two sentences.", max_length=500)),
                ("evidence", models.URLField(blank=True, help_text="Where anyone can see it.", max_length=500)),
                ("on", models.DateField(default=django.utils.timezone.localdate)),
                ("by", models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ("claim", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="comparison.claim")),
                (
                    "decided_by",
                    models.ManyToManyField(blank=True, help_text="The claims of documentation, package metadata or measurements that decide it.", related_name="decides", to="comparison.claim"),
                ),
            ],
            options={
                "ordering": ["claim", "on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("finding__in", ["confirmed", "outdated", "misleading", "false"])),
                        name="check_finding_known",
                        violation_error_message="The finding is one of confirmed, outdated, misleading, false.",
                    ),
                    models.UniqueConstraint(
                        fields=("claim", "finding", "on", "evidence"), name="check_once_a_day", violation_error_message="The same finding with the same evidence was recorded on that day."
                    ),
                ],
            },
        ),
        migrations.RunPython(create_roles, migrations.RunPython.noop),
        migrations.RunPython(create_first_edition, migrations.RunPython.noop),
    ]
