"""Names that look alike and slugs that differ in case only are refused from here on; rows that are so get a number."""

from django.db import migrations, models
from django.db.models.functions import Lower

from comparison.text_search.name_keys import name_key

NAMED = ("framework", "category", "criterion", "profile")
MAX_KEY_LENGTH = 300


def fill(apps, schema_editor):
    for name in (*NAMED, "source"):
        rows = apps.get_model("comparison", name)._default_manager.using(schema_editor.connection.alias)
        keys, slugs = set(), set()
        for row in rows.order_by("pk").only("pk", "slug", *(["name", "name_key"] if name in NAMED else [])):
            slug = row.slug
            if slug.lower() in slugs:
                slug = f"{slug[: row._meta.get_field('slug').max_length - 20]}-{row.pk}"
            slugs.add(slug.lower())
            values = {"slug": slug} if slug != row.slug else {}
            if name in NAMED:
                key = name_key(row.name)[:MAX_KEY_LENGTH]
                if not key or key in keys:
                    key = f"{key[: MAX_KEY_LENGTH - 30]} (another, {row.pk})"
                keys.add(key)
                values["name_key"] = key
            if values:
                rows.filter(pk=row.pk).update(**values)


def constraints(name):
    slug_once = models.UniqueConstraint(
        Lower("slug"),
        name=f"{name}_slug_once",
        violation_error_message="Another one has this slug; capitals make no difference.",
    )
    if name == "source":
        slug_once.violation_error_message = "Another source has this slug; capitals make no difference."
        return [slug_once]
    return [
        models.UniqueConstraint(
            fields=["name_key"],
            name=f"{name}_name_once",
            violation_error_message="Another one has a name that looks the same.",
        ),
        models.CheckConstraint(
            condition=~models.Q(name_key=""),
            name=f"{name}_name_shows",
            violation_error_message="The name shows nothing.",
        ),
        slug_once,
    ]


class Migration(migrations.Migration):
    dependencies = [("comparison", "0027_declined_and_missing")]

    operations = [
        *(
            migrations.AddField(
                name, "name_key", models.CharField(default="", editable=False, max_length=MAX_KEY_LENGTH)
            )
            for name in NAMED
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        *(
            migrations.AddConstraint(name, constraint)
            for name in (*NAMED, "source")
            for constraint in constraints(name)
        ),
    ]
