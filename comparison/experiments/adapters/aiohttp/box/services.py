from comparison.experiments import box


def send_mail(host, port):
    box.search("mail", "smtp")


def cache_value(folder):
    box.require("aiocache")


def cache_page(folder):
    box.require("aiocache")


def run_later(done):
    box.require("aiojobs")
