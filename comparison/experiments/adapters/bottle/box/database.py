from comparison.experiments import box
from comparison.experiments.adapters.bottle import names


def store_and_read(path):
    box.require("bottle_sqlalchemy")


def add_column(folder):
    names.search("migrat")
