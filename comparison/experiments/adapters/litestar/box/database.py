from comparison.experiments import box
from comparison.experiments.adapters.litestar.box import SQLALCHEMY


def store_and_read(path):
    box.require("advanced_alchemy", SQLALCHEMY)


def add_column(folder):
    box.require("advanced_alchemy", SQLALCHEMY)
