from django.db import models


class World(models.Model):
    random_number = models.IntegerField(db_column="randomNumber")

    class Meta:
        db_table = "World"

    def __str__(self):
        return str(self.pk)

    def as_dict(self):
        return {"id": self.pk, "randomNumber": self.random_number}


class Fortune(models.Model):
    message = models.CharField(max_length=2048)

    class Meta:
        db_table = "Fortune"

    def __str__(self):
        return self.message
