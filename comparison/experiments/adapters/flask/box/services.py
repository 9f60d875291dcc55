from comparison.experiments import box


def send_mail(host, port):
    box.search("mail", "smtp")


def cache_value(folder):
    box.require("flask_caching")


def cache_page(folder):
    box.require("flask_caching")


def run_later(done):
    box.require("celery")
