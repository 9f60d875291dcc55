import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path

import aiohttp_jinja2
import aiohttp_security
import aiohttp_session
import bcrypt
from aiohttp import web
from aiohttp_session.cookie_storage import EncryptedCookieStorage
from jinja2 import FileSystemLoader
from sqlalchemy import String, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from wtforms import Form, IntegerField, PasswordField, StringField
from wtforms.csrf.session import SessionCSRF
from wtforms.validators import InputRequired, Length, NumberRange


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(150), unique=True)
    password_hash: Mapped[bytes]

    async def has_password(self, password):
        return await asyncio.to_thread(bcrypt.checkpw, password.encode(), self.password_hash)


class Book(Base):
    __tablename__ = "book"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(100))
    year: Mapped[int]


engine = create_async_engine(f"sqlite+aiosqlite:///{os.environ['DATABASE']}")
Session = async_sessionmaker(engine)
routes = web.RouteTableDef()


class SecureForm(Form):
    class Meta:
        csrf = True
        csrf_class = SessionCSRF
        csrf_secret = os.environ["SECRET_KEY"].encode()
        csrf_time_limit = timedelta(hours=12)

    @classmethod
    async def of(cls, request):
        session = await aiohttp_session.get_session(request)
        return cls(await request.post(), meta={"csrf_context": session})

    def is_valid(self, request):
        valid = request.method == "POST" and self.validate()
        if "csrf_token" in self.errors:
            raise web.HTTPForbidden(text="The form’s token is missing or too old.")
        return valid


class BookForm(SecureForm):
    title = StringField("Title", [InputRequired(), Length(max=100)])
    year = IntegerField("Year", [InputRequired(), NumberRange(1450, 2100)])


class LoginForm(SecureForm):
    username = StringField("Username", [InputRequired()])
    password = PasswordField("Password", [InputRequired()])


class Policy(aiohttp_security.AbstractAuthorizationPolicy):
    async def authorized_userid(self, identity):
        return identity

    async def permits(self, identity, permission, context=None):
        return identity is not None


def redirect(request, name):
    return web.HTTPFound(request.app.router[name].url_for())


async def login_required(request):
    if await aiohttp_security.is_anonymous(request):
        raise redirect(request, "log_in")


async def add_navigation(request):
    return {
        "is_logged_in": not await aiohttp_security.is_anonymous(request),
        "logout_form": await SecureForm.of(request),
    }


@routes.get("/", name="book_list")
@aiohttp_jinja2.template("book_list.html")
async def book_list(request):
    async with Session() as session:
        books = await session.scalars(select(Book).order_by(Book.title))
    return {"title": "Books", "books": books}


@routes.get("/new", name="book_create")
@routes.post("/new")
@aiohttp_jinja2.template("form.html")
async def book_create(request):
    await login_required(request)
    form = await BookForm.of(request)
    if form.is_valid(request):
        async with Session.begin() as session:
            session.add(Book(title=form.title.data, year=form.year.data))
        raise redirect(request, "book_list")
    return {"title": "New book", "form": form, "button": "Save"}


@routes.get("/login", name="log_in")
@routes.post("/login")
@aiohttp_jinja2.template("form.html")
async def log_in(request):
    form = await LoginForm.of(request)
    if form.is_valid(request):
        async with Session() as session:
            user = await session.scalar(select(User).filter_by(username=form.username.data))
        if user and await user.has_password(form.password.data):
            response = redirect(request, "book_list")
            await aiohttp_security.remember(request, response, str(user.id))
            raise response
        form.password.errors = ["Wrong username or password."]
    return {"title": "Log in", "form": form, "button": "Log in"}


@routes.post("/logout", name="log_out")
async def log_out(request):
    form = await SecureForm.of(request)
    form.is_valid(request)
    response = redirect(request, "book_list")
    await aiohttp_security.forget(request, response)
    raise response


@routes.get("/admin/")
@aiohttp_jinja2.template("book_list.html")
async def admin(request):
    await login_required(request)
    async with Session() as session:
        books = await session.scalars(select(Book).order_by(Book.id))
    return {"title": "All books", "books": books}


async def create_user(username, password):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session.begin() as session:
        session.add(User(username=username, password_hash=bcrypt.hashpw(password.encode(), bcrypt.gensalt())))


application = web.Application()
application.add_routes(routes)
aiohttp_session.setup(application, EncryptedCookieStorage(os.environ["SECRET_KEY"], httponly=True, samesite="Lax"))
aiohttp_security.setup(application, aiohttp_security.SessionIdentityPolicy(), Policy())
aiohttp_jinja2.setup(
    application,
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    context_processors=[add_navigation],
)

if __name__ == "__main__":
    asyncio.run(create_user(*sys.argv[1:]))
