"""The three roles as groups, and edition 0: the site before anything was published."""

from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.db import migrations

CATALOGUE = (
    "framework",
    "category",
    "criterion",
    "source",
    "notapplicable",
    "claim",
    "check",
    "profile",
    "profileweight",
    "edition",
)
VIEW = [f"view_{model}" for model in CATALOGUE]
CONTRIBUTOR = [*VIEW, "add_claim", "change_claim"]
REVIEWER = [*CONTRIBUTOR, "publish_claim", "add_check", "change_check"]
EDITOR = [
    *REVIEWER,
    *(f"{action}_{model}" for model in CATALOGUE if model != "edition" for action in ("add", "change", "delete")),
]
ROLES = {"Contributor": CONTRIBUTOR, "Reviewer": REVIEWER, "Editor": EDITOR}


def create_roles(apps, schema_editor):
    # Permissions are made after the last migration, too late for this one; ask for them now.
    app_config = apps.get_app_config("comparison")
    app_config.models_module = True
    create_contenttypes(app_config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    create_permissions(app_config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    app_config.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        found = Permission.objects.filter(content_type__app_label="comparison", codename__in=set(codenames))
        group.permissions.set(found)


def create_first_edition(apps, schema_editor):
    apps.get_model("comparison", "Edition").objects.get_or_create(number=0, defaults={"summary": "The site is set up."})


class Migration(migrations.Migration):
    dependencies = [
        ("comparison", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.RunPython(create_roles, migrations.RunPython.noop),
        migrations.RunPython(create_first_edition, migrations.RunPython.noop),
    ]
