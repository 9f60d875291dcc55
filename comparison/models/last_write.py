from django.db import models


class LastWrite(models.Model):
    """Its only row is written to find out whether the database accepts writes."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Last write at {self.at}"
