import os
import sys
from typing import Annotated

from fastapi import Depends, FastAPI, Form, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from fastapi.templating import Jinja2Templates
from fastapi_csrf_protect import CsrfProtect
from fastapi_csrf_protect.exceptions import CsrfProtectError
from pwdlib import PasswordHash
from sqladmin import Admin, ModelView
from sqladmin.authentication import AuthenticationBackend
from sqlmodel import Field, Session, SQLModel, create_engine, select
from starlette.middleware.sessions import SessionMiddleware

SECRET_KEY = os.environ["SECRET_KEY"]
engine = create_engine(f"sqlite:///{os.environ['DATABASE']}", connect_args={"check_same_thread": False})
templates = Jinja2Templates(directory=os.path.join(os.path.dirname(__file__), "templates"))
password_hash = PasswordHash.recommended()


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(max_length=150, unique=True)
    password_hash: str


class BookCreate(SQLModel):
    title: str = Field(min_length=1, max_length=100)
    year: int = Field(ge=1450, le=2100)


class Book(BookCreate, table=True):
    id: int | None = Field(default=None, primary_key=True)


class BookAdmin(ModelView, model=Book):
    column_list = [Book.title, Book.year]


class AdminLogin(AuthenticationBackend):
    async def authenticate(self, request):
        return "username" in request.session or RedirectResponse(request.url_for("show_login"), 303)


@CsrfProtect.load_config
def csrf_settings():
    return [("secret_key", SECRET_KEY), ("token_location", "body"), ("token_key", "csrf_token")]


def get_session():
    with Session(engine) as session:
        yield session


def current_user(request: Request):
    if "username" not in request.session:
        raise HTTPException(303, headers={"Location": str(request.url_for("show_login"))})
    return request.session["username"]


async def check_token(request: Request, csrf_protect: Annotated[CsrfProtect, Depends()]):
    await csrf_protect.validate_csrf(request)


SessionDep = Annotated[Session, Depends(get_session)]
logged_in = Depends(current_user)
protected = Depends(check_token)

application = FastAPI()
application.add_middleware(SessionMiddleware, secret_key=SECRET_KEY)
admin = Admin(application, engine, title="Bookshelf", authentication_backend=AdminLogin(SECRET_KEY))
admin.add_view(BookAdmin)


def page(request, name, status_code=200, **context):
    csrf_protect = CsrfProtect()
    token, signed_token = csrf_protect.generate_csrf_tokens()
    response = templates.TemplateResponse(request, name, {"csrf_token": token, **context}, status_code)
    csrf_protect.set_csrf_cookie(signed_token, response)
    return response


@application.exception_handler(CsrfProtectError)
def refuse_forgery(request: Request, error: CsrfProtectError):
    return PlainTextResponse(error.message, error.status_code)


@application.exception_handler(RequestValidationError)
def show_mistakes(request: Request, error: RequestValidationError):
    return page(request, "book_form.html", 422, book=error.body, errors=error.errors())


@application.get("/", response_class=HTMLResponse)
def book_list(request: Request, session: SessionDep):
    books = session.exec(select(Book).order_by(Book.title))
    return page(request, "book_list.html", books=books)


@application.get("/new", response_class=HTMLResponse, dependencies=[logged_in])
def show_book_form(request: Request):
    return page(request, "book_form.html", book={})


@application.post("/new", dependencies=[logged_in, protected])
def book_create(request: Request, session: SessionDep, book: Annotated[BookCreate, Form()]):
    session.add(Book.model_validate(book))
    session.commit()
    return RedirectResponse(request.url_for("book_list"), 303)


@application.get("/login", response_class=HTMLResponse)
def show_login(request: Request):
    return page(request, "login.html")


@application.post("/login", response_class=HTMLResponse, dependencies=[protected])
def log_in(request: Request, session: SessionDep, username: Annotated[str, Form()], password: Annotated[str, Form()]):
    user = session.exec(select(User).where(User.username == username)).first()
    if user and password_hash.verify(password, user.password_hash):
        request.session["username"] = username
        return RedirectResponse(request.url_for("book_list"), 303)
    return page(request, "login.html", 401, error="Wrong username or password.")


@application.post("/logout", dependencies=[protected])
def log_out(request: Request):
    request.session.clear()
    return RedirectResponse(request.url_for("book_list"), 303)


def create_user(username, password):
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(User(username=username, password_hash=password_hash.hash(password)))
        session.commit()


if __name__ == "__main__":
    create_user(*sys.argv[1:])
