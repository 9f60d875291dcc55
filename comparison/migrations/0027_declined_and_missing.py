"""Proposals that are no claims, and frameworks and criteria that readers of a source miss."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comparison", "0026_one_voice_for_makers")]

    operations = [
        migrations.AddField(model, name, models.JSONField(blank=True, default=list, editable=False))
        for model in ("source", "historicalsource")
        for name in ("declined", "wishes")
    ]
