from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=100)
    year = models.IntegerField(validators=[MinValueValidator(1450), MaxValueValidator(2100)])

    class Meta:
        ordering = ["title"]

    def __str__(self):
        return self.title
