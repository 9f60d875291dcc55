"""SQLModel, in the thread pool that runs views without async"""

import random
from operator import attrgetter
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from sqlalchemy import event
from sqlmodel import Column, Field, Integer, Session, SQLModel, create_engine, select

from comparison.experiments.techempower import DATABASE

application = FastAPI(openapi_url=None)
templates = Jinja2Templates(directory=Path(__file__).parent / "templates")
engine = create_engine(f"sqlite:///{Path(DATABASE).absolute()}", connect_args={"check_same_thread": False})


@event.listens_for(engine, "connect")
def write_in_time(connection, record):
    connection.execute("PRAGMA synchronous = NORMAL")


class World(SQLModel, table=True):
    __tablename__ = "World"

    id: int | None = Field(default=None, primary_key=True)
    random_number: int = Field(alias="randomNumber", sa_column=Column("randomNumber", Integer))


class Fortune(SQLModel, table=True):
    __tablename__ = "Fortune"

    id: int | None = Field(default=None, primary_key=True)
    message: str


def get_session():
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def random_ids(count):
    return sorted(random.sample(range(1, 10001), count))


@application.get("/db")
def single_query(session: SessionDep) -> World:
    return session.get_one(World, random.randint(1, 10000))


@application.get("/queries")
def several_queries(session: SessionDep, queries: int = 1) -> list[World]:
    return [session.get_one(World, pk) for pk in random_ids(queries)]


@application.get("/rows")
def hundred_rows(session: SessionDep) -> list[World]:
    return session.exec(select(World).order_by(World.id).limit(100)).all()


@application.get("/fortunes", response_class=HTMLResponse)
def fortunes(request: Request, session: SessionDep):
    rows = list(session.exec(select(Fortune)))
    rows.append(Fortune(id=0, message="Additional fortune added at request time."))
    rows.sort(key=attrgetter("message"))
    return templates.TemplateResponse(request, "fortunes.html", {"fortunes": rows})


@application.get("/updates")
def updates(session: SessionDep, queries: int = 1):
    worlds = [session.get_one(World, pk) for pk in random_ids(queries)]
    for world in worlds:
        world.random_number = random.randint(1, 10000)
    answer = [world.model_dump(by_alias=True) for world in worlds]
    session.commit()
    return answer
