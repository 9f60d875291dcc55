"""Once an index for `icontains` on PostgreSQL; a later migration drops it, so it is no longer made."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("comparison", "0004_claim_once_without_place")]

    operations = []
