from comparison.experiments import box


def store_and_read(path):
    box.search("database", "sql", "mapper")


def add_column(folder):
    box.search("migrat")
