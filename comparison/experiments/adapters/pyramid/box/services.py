from comparison.experiments import box


def send_mail(host, port):
    box.search("mail", "smtp", besides="setuptools")


def cache_value(folder):
    box.search("caching", "memcache", besides="setuptools")


def cache_page(folder):
    box.search("caching", "memcache", besides="setuptools")


def run_later(done):
    box.search("task", "queue", "background", besides="setuptools")
