from django.db import migrations


def build_again(apps, schema_editor):
    """Stored verdicts count each source of a maker: leaves them to `prepare` or to the next edition."""
    apps.get_model("comparison", "Edition").objects.filter(has_verdicts=True).update(has_verdicts=False)


class Migration(migrations.Migration):
    dependencies = [("comparison", "0025_asked_comparisons")]

    operations = [migrations.RunPython(build_again, build_again)]
