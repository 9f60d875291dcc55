from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comparison", "0021_kept_answers_and_groups")]

    operations = [
        migrations.AddField("edition", "withdrawal", models.CharField(default="", editable=False, max_length=32)),
    ]
