"""The guided start. Who curates sees its questions; editors change them."""

import comparison.models.editions
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.db import migrations, models

MODELS = ("guidequestion", "guidechoice")
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
        ('comparison', '0032_history_of_relations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GuideQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='Part of addresses; lower-case letters, digits and hyphens. Changing it breaks links to the page.', unique=True)),
                ('text', models.CharField(help_text='In plain words, for example “Who will build it?”', max_length=120, unique=True)),
                ('order', models.PositiveSmallIntegerField(default=0, help_text='Place among the questions, lowest first.')),
            ],
            options={
                'verbose_name': 'question of the guided start',
                'verbose_name_plural': 'questions of the guided start',
                'ordering': ['order', 'slug'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalGuideChoice',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_author', models.CharField(blank=True, max_length=150)),
                ('history_batch', models.PositiveBigIntegerField(db_index=True, default=comparison.models.editions.current_batch, null=True)),
                ('slug', models.SlugField(help_text='Its name in addresses.')),
                ('text', models.CharField(help_text='As a reader chooses it, for example “One person”.', max_length=120)),
                ('because', models.CharField(help_text='What it says of the project, to follow “Because”: “one person builds it”.', max_length=200)),
                ('order', models.PositiveSmallIntegerField(default=0, help_text='Place among the choices, lowest first.')),
                ('sets', models.TextField(blank=True, help_text='One criterion a line: its slug, a weight from 1 (nice to have) to 3 (essential), and “must” if a framework that fails it is ruled out. For example: admin 3 must', verbose_name='weights')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='comparison.guidequestion')),
            ],
            options={
                'verbose_name': 'historical choice of the guided start',
                'verbose_name_plural': 'historical choices of the guided start',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalGuideQuestion',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_author', models.CharField(blank=True, max_length=150)),
                ('history_batch', models.PositiveBigIntegerField(db_index=True, default=comparison.models.editions.current_batch, null=True)),
                ('slug', models.SlugField(help_text='Part of addresses; lower-case letters, digits and hyphens. Changing it breaks links to the page.')),
                ('text', models.CharField(db_index=True, help_text='In plain words, for example “Who will build it?”', max_length=120)),
                ('order', models.PositiveSmallIntegerField(default=0, help_text='Place among the questions, lowest first.')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical question of the guided start',
                'verbose_name_plural': 'historical questions of the guided start',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='GuideChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='Its name in addresses.')),
                ('text', models.CharField(help_text='As a reader chooses it, for example “One person”.', max_length=120)),
                ('because', models.CharField(help_text='What it says of the project, to follow “Because”: “one person builds it”.', max_length=200)),
                ('order', models.PositiveSmallIntegerField(default=0, help_text='Place among the choices, lowest first.')),
                ('sets', models.TextField(blank=True, help_text='One criterion a line: its slug, a weight from 1 (nice to have) to 3 (essential), and “must” if a framework that fails it is ruled out. For example: admin 3 must', verbose_name='weights')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='choices', to='comparison.guidequestion')),
            ],
            options={
                'verbose_name': 'choice of the guided start',
                'verbose_name_plural': 'choices of the guided start',
                'ordering': ['question', 'order', 'slug'],
                'constraints': [models.UniqueConstraint(fields=('question', 'slug'), name='guide_choice_slug_once', violation_error_message='The question has a choice with this slug already.'), models.UniqueConstraint(fields=('question', 'text'), name='guide_choice_text_once', violation_error_message='The question has a choice with this text already.'), models.UniqueConstraint(fields=('question', 'sets'), name='guide_choice_weights_once', violation_error_message='Another choice of the question sets the same weights.'), models.CheckConstraint(condition=models.Q(('sets', ''), _negated=True), name='guide_choice_has_effect', violation_error_message='A choice sets at least one weight.')],
            },
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
