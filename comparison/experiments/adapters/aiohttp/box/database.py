from comparison.experiments import box


def store_and_read(path):
    box.require("gino")


def add_column(folder):
    box.search("migrat")
