"""Each edition gets a random token: numbers repeat after a restore, tokens never do."""

from django.db import migrations, models

import comparison.models.editions

BATCH_SIZE = 1000


def fill(apps, schema_editor):
    Edition = apps.get_model("comparison", "Edition")
    editions = Edition.objects.using(schema_editor.connection.alias)
    rows = list(editions.only("number"))
    for row in rows:
        row.token = comparison.models.editions.new_token()
    editions.bulk_update(rows, ["token"], batch_size=BATCH_SIZE)


class Migration(migrations.Migration):
    dependencies = [("comparison", "0014_parts_of_sources_and_measurements")]

    operations = [
        migrations.AddField("edition", "token", models.CharField(max_length=32, default="", editable=False)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            "edition",
            "token",
            models.CharField(max_length=32, default=comparison.models.editions.new_token, editable=False),
        ),
        migrations.AddConstraint(
            "edition", models.UniqueConstraint(fields=("token",), name="edition_token_once")
        ),
    ]
