from comparison.experiments import box


def log_in(folder, name, password):
    box.search("login", "password", "account")


def refuse_without_permission(folder, name, password):
    box.search("permission")


def add_in_admin(folder, name, password):
    box.search("admin", besides="falcon.bench")


def remember_visitor(folder):
    box.search("session")


def sign_cookie():
    box.search("signed", "signing", "signer")
