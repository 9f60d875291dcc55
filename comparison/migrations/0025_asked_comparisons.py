"""Comparisons that people ask for. Who curates sees them and what profiles leave out; editors change both."""

import comparison.models.editions
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.db import migrations, models

MODELS = ("profileexclusion", "askedcomparison")
VIEW = [f"view_{model}" for model in MODELS]
EDIT = [f"{action}_{model}" for model in MODELS for action in ("add", "change", "delete")]
ROLES = {"Contributor": VIEW, "Reviewer": VIEW, "Editor": VIEW + EDIT}


def grant(apps, schema_editor):
    # Permissions are made after the last migration, too late for this one; ask for them now.
    app_config = apps.get_app_config("comparison")
    app_config.models_module = True
    create_contenttypes(app_config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    create_permissions(app_config, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    app_config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="comparison")
    for name, codenames in ROLES.items():
        for group in apps.get_model("auth", "Group").objects.filter(name=name):
            group.permissions.add(*permissions.filter(codename__in=codenames))


class Migration(migrations.Migration):

    dependencies = [
        ('comparison', '0024_profile_exclusions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AskedComparison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='Slugs of two or more frameworks in alphabetical order, joined by -vs-: the comparison’s address.', max_length=500, unique=True)),
                ('title', models.CharField(help_text='As people ask for it, for example One vs Other.', max_length=200)),
                ('reason', models.CharField(help_text='Why people ask, in one sentence.', max_length=300)),
                ('order', models.PositiveSmallIntegerField(default=0, help_text='Place among the comparisons, lowest first.')),
            ],
            options={
                'verbose_name': 'comparison',
                'ordering': ['order', 'slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(('slug__contains', '-vs-')), name='asked_comparison_of_two_or_more', violation_error_message='A comparison names two frameworks or more, joined by -vs-.')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalAskedComparison',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_author', models.CharField(blank=True, max_length=150)),
                ('history_batch', models.PositiveBigIntegerField(db_index=True, default=comparison.models.editions.current_batch, null=True)),
                ('slug', models.SlugField(help_text='Slugs of two or more frameworks in alphabetical order, joined by -vs-: the comparison’s address.', max_length=500)),
                ('title', models.CharField(help_text='As people ask for it, for example One vs Other.', max_length=200)),
                ('reason', models.CharField(help_text='Why people ask, in one sentence.', max_length=300)),
                ('order', models.PositiveSmallIntegerField(default=0, help_text='Place among the comparisons, lowest first.')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical comparison',
                'verbose_name_plural': 'historical comparisons',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
