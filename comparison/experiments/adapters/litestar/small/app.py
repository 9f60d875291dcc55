import os
import sys
from pathlib import Path
from typing import Annotated

from advanced_alchemy.extensions.litestar import SQLAlchemyPlugin, SQLAlchemySyncConfig, base
from litestar import Litestar, Request, get, post
from litestar.config.csrf import CSRFConfig
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotAuthorizedException, ValidationException
from litestar.middleware.session.server_side import ServerSideSessionConfig
from litestar.params import Body
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Redirect, Template
from litestar.security.session_auth import SessionAuth
from litestar.template.config import TemplateConfig
from msgspec import Meta, Struct
from pwdlib import PasswordHash
from sqladmin import ModelView
from sqladmin_litestar_plugin import SQLAdminPlugin
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

SECRET_KEY = os.environ["SECRET_KEY"]
config = SQLAlchemySyncConfig(connection_string=f"sqlite:///{os.environ['DATABASE']}")
password_hash = PasswordHash.recommended()


class User(base.BigIntBase):
    username: Mapped[str] = mapped_column(String(150), unique=True)
    password_hash: Mapped[str]


class Book(base.BigIntBase):
    title: Mapped[str] = mapped_column(String(100))
    year: Mapped[int]


class BookForm(Struct):
    title: Annotated[str, Meta(min_length=1, max_length=100)]
    year: Annotated[int, Meta(ge=1450, le=2100)]


class LoginForm(Struct):
    username: str
    password: str


class BookAdmin(ModelView, model=Book):
    column_list = [Book.title, Book.year]


async def retrieve_user(session, connection):
    return session.get("username")


def ask_to_log_in(request, error):
    return Redirect("/login", status_code=303)


def show_mistakes(request, error):
    return Template("book_form.html", context={"errors": error.extra}, status_code=400)


@get("/", name="book_list", sync_to_thread=True, exclude_from_auth=True)
def book_list(db_session: Session) -> Template:
    return Template("book_list.html", context={"books": db_session.scalars(select(Book).order_by(Book.title))})


@get("/new", name="show_book_form")
async def show_book_form() -> Template:
    return Template("book_form.html")


@post("/new", sync_to_thread=True, exception_handlers={ValidationException: show_mistakes})
def book_create(
    data: Annotated[BookForm, Body(media_type=RequestEncodingType.URL_ENCODED)], db_session: Session
) -> Redirect:
    db_session.add(Book(title=data.title, year=data.year))
    db_session.commit()
    return Redirect("/", status_code=303)


@get("/login", name="show_login", exclude_from_auth=True)
async def show_login() -> Template:
    return Template("login.html")


@post("/login", sync_to_thread=True, exclude_from_auth=True)
def log_in(
    request: Request, data: Annotated[LoginForm, Body(media_type=RequestEncodingType.URL_ENCODED)], db_session: Session
) -> Redirect | Template:
    user = db_session.scalar(select(User).filter_by(username=data.username))
    if user and password_hash.verify(data.password, user.password_hash):
        request.set_session({"username": user.username})
        return Redirect("/", status_code=303)
    return Template("login.html", context={"error": "Wrong username or password."}, status_code=401)


@post("/logout", name="log_out")
async def log_out(request: Request) -> Redirect:
    request.clear_session()
    return Redirect("/login", status_code=303)


def create_user(username, password):
    base.BigIntBase.metadata.create_all(config.get_engine())
    with config.get_session() as session:
        session.add(User(username=username, password_hash=password_hash.hash(password)))
        session.commit()


session_auth = SessionAuth(session_backend_config=ServerSideSessionConfig(), retrieve_user_handler=retrieve_user)
admin = SQLAdminPlugin(engine=config.get_engine(), views=[BookAdmin], title="Bookshelf")
application = Litestar(
    [book_list, show_book_form, book_create, show_login, log_in, log_out],
    on_app_init=[session_auth.on_app_init],
    plugins=[SQLAlchemyPlugin(config=config), admin],
    csrf_config=CSRFConfig(secret=SECRET_KEY),
    exception_handlers={NotAuthorizedException: ask_to_log_in},
    template_config=TemplateConfig(directory=Path(__file__).parent / "templates", engine=JinjaTemplateEngine),
)

if __name__ == "__main__":
    create_user(*sys.argv[1:])
