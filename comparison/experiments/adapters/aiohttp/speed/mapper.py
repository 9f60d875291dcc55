"""SQLAlchemy, in a thread by asyncio.to_thread"""

import asyncio
import random
from operator import attrgetter
from pathlib import Path

import aiohttp_jinja2
from aiohttp import web
from jinja2 import FileSystemLoader
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

from comparison.experiments.techempower import DATABASE

routes = web.RouteTableDef()


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


engine = create_engine(f"sqlite:///{Path(DATABASE).absolute()}")
Session = sessionmaker(engine)


@event.listens_for(engine, "connect")
def write_in_time(connection, record):
    connection.execute("PRAGMA synchronous = NORMAL")


def random_ids(request):
    count = int(request.query.get("queries", 1))
    return sorted(random.sample(range(1, 10001), count))


def read_worlds(ids):
    with Session() as session:
        return [session.get_one(World, pk).as_dict() for pk in ids]


def read_first_worlds():
    with Session() as session:
        worlds = session.scalars(select(World).order_by(World.id).limit(100))
        return [world.as_dict() for world in worlds]


def read_fortunes():
    with Session() as session:
        return list(session.scalars(select(Fortune)))


def update_worlds(ids):
    with Session() as session:
        worlds = [session.get_one(World, pk) for pk in ids]
        for world in worlds:
            world.random_number = random.randint(1, 10000)
        answer = [world.as_dict() for world in worlds]
        session.commit()
        return answer


@routes.get("/db")
async def single_query(request):
    (world,) = await asyncio.to_thread(read_worlds, [random.randint(1, 10000)])
    return web.json_response(world)


@routes.get("/queries")
async def several_queries(request):
    return web.json_response(await asyncio.to_thread(read_worlds, random_ids(request)))


@routes.get("/rows")
async def hundred_rows(request):
    return web.json_response(await asyncio.to_thread(read_first_worlds))


@routes.get("/fortunes")
@aiohttp_jinja2.template("fortunes.html")
async def fortunes(request):
    rows = await asyncio.to_thread(read_fortunes)
    rows.append(Fortune(id=0, message="Additional fortune added at request time."))
    rows.sort(key=attrgetter("message"))
    return {"fortunes": rows}


@routes.get("/updates")
async def updates(request):
    return web.json_response(await asyncio.to_thread(update_worlds, random_ids(request)))


application = web.Application()
application.add_routes(routes)
aiohttp_jinja2.setup(application, loader=FileSystemLoader(Path(__file__).parent / "templates"))
