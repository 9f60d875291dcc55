import django
from django.conf import settings

from comparison.experiments.adapters.django.box import project

FIRST = """
from django.db import models

class Note(models.Model):
    title = models.CharField(max_length=50)
"""
SECOND = f"{FIRST}    done = models.BooleanField(default=False)\n"


def store_and_read(path):
    """django.db.models"""
    settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": path}})
    django.setup()
    from django.db import connection, models

    class Note(models.Model):
        title = models.CharField(max_length=50)

        class Meta:
            app_label = "box"

    with connection.schema_editor() as editor:
        editor.create_model(Note)
    for title in ("Milk", "Bread"):
        Note.objects.create(title=title)
    return [note.title for note in Note.objects.order_by("title")]


def add_column(folder):
    """makemigrations and migrate"""
    project.start(folder)
    models = folder / "notes" / "models.py"
    models.write_text(FIRST)
    project.manage(folder, "makemigrations")
    project.manage(folder, "migrate", "notes")
    project.manage(folder, "shell", "-c", "from notes.models import Note; Note.objects.create(title='Milk')")
    models.write_text(SECOND)
    project.manage(folder, "makemigrations")
    project.manage(folder, "migrate", "notes")
    return folder / "db.sqlite3"
