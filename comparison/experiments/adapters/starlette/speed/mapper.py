"""SQLAlchemy, in views that run in a thread because they are not asynchronous"""

import random
from operator import attrgetter
from pathlib import Path

from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from comparison.experiments.techempower import DATABASE

templates = Jinja2Templates(directory=Path(__file__).parent / "templates")
engine = create_engine(f"sqlite:///{Path(DATABASE).absolute()}")
Session = sessionmaker(engine)


@event.listens_for(engine, "connect")
def write_in_time(connection, record):
    connection.execute("PRAGMA synchronous = NORMAL")


class Base(DeclarativeBase):
    pass


class World(Base):
    __tablename__ = "World"

    id: Mapped[int] = mapped_column(primary_key=True)
    random_number: Mapped[int] = mapped_column("randomNumber")

    def as_dict(self):
        return {"id": self.id, "randomNumber": self.random_number}


class Fortune(Base):
    __tablename__ = "Fortune"

    id: Mapped[int] = mapped_column(primary_key=True)
    message: Mapped[str]


def random_ids(request):
    return sorted(random.sample(range(1, 10001), int(request.query_params["queries"])))


def single_query(request):
    with Session() as session:
        world = session.get_one(World, random.randint(1, 10000))
        return JSONResponse(world.as_dict())


def several_queries(request):
    with Session() as session:
        worlds = [session.get_one(World, pk) for pk in random_ids(request)]
        return JSONResponse([world.as_dict() for world in worlds])


def hundred_rows(request):
    with Session() as session:
        worlds = session.scalars(select(World).order_by(World.id).limit(100))
        return JSONResponse([world.as_dict() for world in worlds])


def fortunes(request):
    with Session() as session:
        rows = list(session.scalars(select(Fortune)))
    rows.append(Fortune(id=0, message="Additional fortune added at request time."))
    rows.sort(key=attrgetter("message"))
    return templates.TemplateResponse(request, "fortunes.html", {"fortunes": rows})


def updates(request):
    with Session() as session:
        worlds = [session.get_one(World, pk) for pk in random_ids(request)]
        for world in worlds:
            world.random_number = random.randint(1, 10000)
        answer = [world.as_dict() for world in worlds]
        session.commit()
    return JSONResponse(answer)


application = Starlette(
    routes=[
        Route("/db", single_query),
        Route("/queries", several_queries),
        Route("/rows", hundred_rows),
        Route("/fortunes", fortunes),
        Route("/updates", updates),
    ]
)
