"""Everybody who curates may see what was done in batches; undoing them takes the rights to the rows themselves."""

from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.db import migrations

ROLES = ("Contributor", "Reviewer", "Editor")


def grant(apps, schema_editor):
    # Permissions are made after the last migration, too late for this one; ask for them now.
    app_config = apps.get_app_config("comparison")
    app_config.models_module = True
    create_contenttypes(app_config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    create_permissions(app_config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    app_config.models_module = None
    seen = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="comparison", codename="view_batch"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=ROLES):
        group.permissions.add(*seen)


class Migration(migrations.Migration):
    dependencies = [("comparison", "0006_batches_merges_snapshots")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
