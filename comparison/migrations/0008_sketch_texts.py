"""Sketches of the texts that are held already, so that like ones are recognised."""

from django.db import migrations

from comparison.texts.similarity import sketch


def sketch_all(apps, schema_editor):
    for source in apps.get_model("comparison", "Source").objects.exclude(text="").only("pk", "text").iterator():
        type(source).objects.filter(pk=source.pk).update(sketch=sketch(source.text))


class Migration(migrations.Migration):
    dependencies = [("comparison", "0007_roles_see_batches")]

    operations = [migrations.RunPython(sketch_all, migrations.RunPython.noop)]
