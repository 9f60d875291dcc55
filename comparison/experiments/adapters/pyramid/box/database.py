from comparison.experiments import box


def store_and_read(path):
    box.require("sqlalchemy")


def add_column(folder):
    box.require("alembic")
