"""The searchable texts of claims. Their table is no migration's: see comparison/text_search/index.py."""

import django.db.models.deletion
from django.db import migrations, models

import comparison.text_search.claim_text


def drop_former_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS claim_text")


class Migration(migrations.Migration):
    dependencies = [("comparison", "0018_stored_verdicts")]

    operations = [
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
            options={"managed": False, "default_permissions": ()},
        ),
        migrations.RunPython(drop_former_index, migrations.RunPython.noop),
    ]
