import os
import sys
from asyncio import run

from pwdlib import PasswordHash
from sqladmin import Admin, ModelView
from sqladmin.authentication import AuthenticationBackend as AdminBackend
from sqlalchemy import String, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from starlette.applications import Starlette
from starlette.authentication import AuthCredentials, AuthenticationBackend, SimpleUser, requires
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import RedirectResponse
from starlette.routing import Route
from starlette.templating import Jinja2Templates
from starlette_wtf import CSRFProtectMiddleware, StarletteForm, csrf_protect, csrf_token
from wtforms import IntegerField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

SECRET_KEY = os.environ["SECRET_KEY"]
engine = create_async_engine(f"sqlite+aiosqlite:///{os.environ['DATABASE']}")
Session = async_sessionmaker(engine)
templates = Jinja2Templates(directory=os.path.join(os.path.dirname(__file__), "templates"))
templates.env.globals["csrf_token"] = csrf_token
password_hash = PasswordHash.recommended()


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(150), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))


class Book(Base):
    __tablename__ = "book"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(100))
    year: Mapped[int]


class BookForm(StarletteForm):
    title = StringField("Title", [InputRequired(), Length(max=100)])
    year = IntegerField("Year", [InputRequired(), NumberRange(1450, 2100)])


class LoginForm(StarletteForm):
    username = StringField("Username", [InputRequired()])
    password = PasswordField("Password", [InputRequired()])


class SessionBackend(AuthenticationBackend):
    async def authenticate(self, conn):
        if username := conn.session.get("username"):
            return AuthCredentials(["authenticated"]), SimpleUser(username)
        return None


class BookAdmin(ModelView, model=Book):
    column_list = [Book.title, Book.year]


class AdminLogin(AdminBackend):
    async def authenticate(self, request):
        return request.user.is_authenticated or RedirectResponse(request.url_for("log_in"), 303)


def page(request, name, **context):
    return templates.TemplateResponse(request, name, context)


async def book_list(request):
    async with Session() as session:
        books = await session.scalars(select(Book).order_by(Book.title))
    return page(request, "book_list.html", books=books)


@requires("authenticated", redirect="log_in")
@csrf_protect
async def book_create(request):
    form = await BookForm.from_formdata(request)
    if await form.validate_on_submit():
        async with Session.begin() as session:
            session.add(Book(title=form.title.data, year=form.year.data))
        return RedirectResponse(request.url_for("book_list"), 303)
    return page(request, "form.html", form=form, title="New book", button="Save")


@csrf_protect
async def log_in(request):
    form = await LoginForm.from_formdata(request)
    if await form.validate_on_submit():
        async with Session() as session:
            user = await session.scalar(select(User).filter_by(username=form.username.data))
        if user and password_hash.verify(form.password.data, user.password_hash):
            request.session["username"] = user.username
            return RedirectResponse(request.url_for("book_list"), 303)
        form.password.errors = ["Wrong username or password."]
    return page(request, "form.html", form=form, title="Log in", button="Log in")


@csrf_protect
async def log_out(request):
    request.session.clear()
    return RedirectResponse(request.url_for("book_list"), 303)


async def create_user(username, password):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session.begin() as session:
        session.add(User(username=username, password_hash=password_hash.hash(password)))
    await engine.dispose()


application = Starlette(
    routes=[
        Route("/", book_list),
        Route("/new", book_create, methods=["GET", "POST"]),
        Route("/login", log_in, methods=["GET", "POST"]),
        Route("/logout", log_out, methods=["POST"]),
    ],
    middleware=[
        Middleware(SessionMiddleware, secret_key=SECRET_KEY),
        Middleware(AuthenticationMiddleware, backend=SessionBackend()),
        Middleware(CSRFProtectMiddleware, csrf_secret=SECRET_KEY),
    ],
)
admin = Admin(application, engine, title="Bookshelf", authentication_backend=AdminLogin(SECRET_KEY))
admin.add_view(BookAdmin)

if __name__ == "__main__":
    run(create_user(*sys.argv[1:]))
