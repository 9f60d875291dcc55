"""History of the relations of many to many: of criteria, and of the claims that decide checks."""

from django.db import migrations, models

RELATIONS = {  # by model: the relation, and the two ends of its pairs
    "criterion": ("related", "from_criterion_id", "to_criterion_id"),
    "check": ("decided_by", "check_id", "claim_id"),
}
BATCH_SIZE = 500


def note_present_relations(apps, schema_editor) -> None:
    """Completes the newest entry of each row; what was related at the time of the older ones nobody knows."""
    using = schema_editor.connection.alias
    for name, (relation, row, other) in RELATIONS.items():
        model = apps.get_model("comparison", name)
        entries = apps.get_model("comparison", f"Historical{name}").objects.using(using)
        pairs = getattr(model, relation).through.objects.using(using).order_by(row, other).values_list(row, other)
        relations = {pk: {relation: []} for pk in model.objects.using(using).values_list("pk", flat=True)}
        for pk, key in pairs:
            relations[pk][relation].append(key)
        newest = entries.order_by().values("id").annotate(newest=models.Max("history_id")).values("newest")
        changed = []
        for entry in entries.filter(history_id__in=newest, id__in=model.objects.using(using).values("pk")):
            entry.relations = relations[entry.id]
            changed.append(entry)
        entries.bulk_update(changed, ["relations"], batch_size=BATCH_SIZE)


class Migration(migrations.Migration):
    dependencies = [("comparison", "0031_reports")]

    operations = [
        migrations.AddField(
            model_name="historicalcheck",
            name="relations",
            field=models.JSONField(editable=False, null=True, verbose_name="related rows"),
        ),
        migrations.AddField(
            model_name="historicalcriterion",
            name="relations",
            field=models.JSONField(editable=False, null=True, verbose_name="related rows"),
        ),
        migrations.RunPython(note_present_relations, migrations.RunPython.noop, elidable=True),
    ]
