"""What a clean installation has for the people who use a site."""

from comparison.experiments import box
from comparison.experiments.box import Check, Deed, Partly, expect, expect_answer
from comparison.experiments.calling import Answer, Visitor
from comparison.experiments.spec import Experiment, Finding, Job

EXPERIMENT = Experiment(
    slug="box-accounts",
    title="In the box: accounts, admin, sessions",
    question="Does a clean installation log people in, offer an admin interface and remember visitors?",
    method=(
        "In an environment with nothing but the framework and what it brings along: an account is made, and a private "
        "page is refused before logging in and with a wrong password, and shown afterwards; a page that needs a "
        "permission is refused to an account without it; a record is added in the admin interface; a value is kept "
        "for one visitor and not shown to another; a cookie that is Secure, HttpOnly and SameSite is read back, and "
        "refused once it was changed: if it is taken all the same, that counts in part. "
        "Accounts and passwords count where the framework has means for them, and not where the application keeps them "
        "by hand. A page refused for want of a permission counts however the visitor is known, and in part where the "
        "framework refuses strangers alone. "
        f"{box.LACK}"
    ),
    group="box",
    variants=("login", "admin", "sessions", "signed cookies"),
    feeds={
        "authentication": "login",
        "admin": "admin",
        "sessions": "sessions",
        "secure-cookies": "signed cookies",
    },
    statement="A clean installation {detail}",
    exact=True,
)
NAME, PASSWORD = "ann", "correct horse"


def take(job: Job) -> Finding:
    return box.examine(job, "box.accounts", PARTS[job.variant])


def is_refused(answer: Answer) -> bool:
    return answer.status in (302, 401, 403)


def log_in(job: Job, deed: Deed) -> str:
    """The deed gives an application with the account, a form at /login and a private page at /private."""
    visitor = Visitor(box.caller(job, deed(job.folder, NAME, PASSWORD)))
    expect(is_refused(visitor.ask("/private")), "showed the private page before logging in")
    visitor.fill_in("/login", {"username": NAME, "password": "wrong"})
    expect(is_refused(visitor.ask("/private")), "logged in with a wrong password")
    visitor.fill_in("/login", {"username": NAME, "password": PASSWORD})
    expect_answer(visitor.ask("/private"), 200, f"Hello, {NAME}")
    return "logged in with the right password alone"


def refuse_without_permission(job: Job, deed: Deed) -> str:
    """The deed gives an application with a page at /delete, for a permission that Ann lacks; /login makes one Ann."""
    visitor = Visitor(box.caller(job, deed(job.folder, NAME, PASSWORD)))
    expect(is_refused(visitor.ask("/delete")), "showed the page to a stranger")
    visitor.fill_in("/login", {"username": NAME, "password": PASSWORD})
    answer = visitor.ask("/delete")
    if answer.status == 200:
        raise Partly("refused a page to strangers, but not to an account for want of a permission")
    expect_answer(answer, 403)
    return "refused a page that needs a permission"


def add_in_admin(job: Job, deed: Deed) -> str:
    """The deed gives an application with an account for its admin interface, and where to log in, add and list."""
    application, login, add, listing = deed(job.folder, NAME, PASSWORD)
    visitor = Visitor(box.caller(job, application))
    expect(visitor.ask(listing).status != 200, "showed the list before logging in")
    visitor.fill_in(login, {"username": NAME, "password": PASSWORD})
    visitor.fill_in(add, {"name": "Milk"})
    expect_answer(visitor.ask(listing), 200, "Milk")
    return "added a record in it and found it in its list"


def remember_visitor(job: Job, deed: Deed) -> str:
    """The deed gives an application: /set keeps “blue” for the visitor, /get answers with it or with “nothing”."""
    caller = box.caller(job, deed(job.folder))
    first, second = Visitor(caller), Visitor(caller)
    first.ask("/set")
    expect_answer(first.ask("/get"), 200, "blue")
    expect_answer(second.ask("/get"), 200, "nothing")
    return "kept a value for one visitor alone"


def sign_cookie(job: Job, deed: Deed) -> str:
    """The deed gives an application: /set puts “blue” into a safe cookie, signed if the framework can sign.

    /get answers with it or with “nothing”.
    """
    visitor = Visitor(box.caller(job, deed()))
    flags = visitor.ask("/set").header("Set-Cookie").lower()
    expect(all(flag in flags for flag in ("secure", "httponly", "samesite=lax")), f"the cookie is {flags}")
    expect_answer(visitor.ask("/get"), 200, "blue")
    (name,) = visitor.cookies
    value = visitor.cookies[name]
    visitor.cookies[name] = ("A" if value[0] != "A" else "B") + value[1:]
    answer = visitor.ask("/get")
    if visitor.cookies[name] in answer.text:
        raise Partly("made a cookie Secure, HttpOnly and SameSite, but took it back changed")
    expect_answer(answer, 200, "nothing")
    return "refused a changed cookie; it was Secure, HttpOnly and SameSite"


PARTS: dict[str, dict[str, Check]] = {
    "login": {"log_in": log_in, "refuse_without_permission": refuse_without_permission},
    "admin": {"add_in_admin": add_in_admin},
    "sessions": {"remember_visitor": remember_visitor},
    "signed cookies": {"sign_cookie": sign_cookie},
}
