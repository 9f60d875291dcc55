"""What readers report. Reviewers and editors read it and give it states; editors delete it."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.db import migrations, models

import comparison.models.readers.reports

WORK = ("view_report", "change_report")
ROLES = {"Reviewer": WORK, "Editor": (*WORK, "delete_report")}
STATES = [("new", "New"), ("in work", "In work"), ("done", "Done"), ("declined", "Declined")]
TOPICS = [
    ("problem", "Something is wrong"),
    ("source", "A source is missing"),
    ("outdated", "This is out of date"),
]
KINDS = [("claim", "Claim"), ("row", "Row"), ("criterion", "Criterion"), ("source", "Source")]


def grant(apps, schema_editor):
    # Permissions are made after the last migration, too late for this one; ask for them now.
    app_config = apps.get_app_config("comparison")
    app_config.models_module = True
    create_contenttypes(app_config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    create_permissions(app_config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    app_config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="comparison")
    for name, codenames in ROLES.items():
        for group in apps.get_model("auth", "Group").objects.filter(name=name):
            group.permissions.add(*permissions.filter(codename__in=codenames))


class Migration(migrations.Migration):
    dependencies = [
        ("comparison", "0030_second_reading"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=comparison.models.readers.reports.new_reference,
                        max_length=10,
                        unique=True,
                        verbose_name="number",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="received")),
                ("topic", models.CharField(choices=TOPICS, default="problem", max_length=10)),
                ("place_kind", models.CharField(choices=KINDS, max_length=10, verbose_name="kind of page")),
                ("row_id", models.PositiveBigIntegerField()),
                ("about", models.TextField()),
                ("title", models.CharField(max_length=300, verbose_name="about")),
                ("text", models.TextField()),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="address for an answer")),
                ("state", models.CharField(choices=STATES, default="new", max_length=10)),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["state", "-at"], name="report_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("topic__in", ["problem", "source", "outdated"])),
                        name="report_topic_known",
                        violation_error_message="The topic is one of problem, source, outdated.",
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
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="report_says_something",
                        violation_error_message="A report needs a text.",
                    ),
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
                ("state", models.CharField(choices=STATES, max_length=10)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("author", models.CharField(max_length=150)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="comparison.report"
                    ),
                ),
            ],
            options={"ordering": ["pk"], "default_permissions": ()},
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
