"""Whether a library chose the lines of a source's page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comparison", "0029_dismissals")]

    operations = [
        migrations.AddField(model, "read_by_library", models.BooleanField(default=False, editable=False))
        for model in ("source", "historicalsource")
    ]
