"""Reports may be about a framework, and about the whole site."""

from django.db import migrations, models

KINDS = ["claim", "row", "criterion", "source", "framework", "site"]


class Migration(migrations.Migration):
    dependencies = [("comparison", "0033_guided_start")]

    operations = [
        migrations.AlterField(
            model_name="report",
            name="place_kind",
            field=models.CharField(
                choices=[(kind, kind.capitalize()) for kind in KINDS], max_length=10, verbose_name="kind of page"
            ),
        ),
        migrations.RemoveConstraint(model_name="report", name="report_place_known"),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("place_kind__in", KINDS)),
                name="report_place_known",
                violation_error_message=f"The kind of page is one of {', '.join(KINDS)}.",
            ),
        ),
    ]
