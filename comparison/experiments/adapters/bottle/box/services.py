from comparison.experiments import box
from comparison.experiments.adapters.bottle import names


def send_mail(host, port):
    names.search("mail", "smtp")


def cache_value(folder):
    box.require("bottle_memcache")


def cache_page(folder):
    box.require("bottle_memcache")


def run_later(done):
    names.search("task", "queue", "background")
