"""SQLAlchemy’s asyncio extension with aiosqlite, which hands each call to a thread"""

import random
from operator import attrgetter
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from comparison.experiments.techempower import DATABASE

templates = Jinja2Templates(directory=Path(__file__).parent / "templates")
engine = create_async_engine(f"sqlite+aiosqlite:///{Path(DATABASE).absolute()}")
Session = async_sessionmaker(engine)


@event.listens_for(engine.sync_engine, "connect")
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


async def single_query(request):
    async with Session() as session:
        world = await session.get_one(World, random.randint(1, 10000))
        return JSONResponse(world.as_dict())


async def several_queries(request):
    async with Session() as session:
        worlds = [await session.get_one(World, pk) for pk in random_ids(request)]
        return JSONResponse([world.as_dict() for world in worlds])


async def hundred_rows(request):
    async with Session() as session:
        worlds = await session.scalars(select(World).order_by(World.id).limit(100))
        return JSONResponse([world.as_dict() for world in worlds])


async def fortunes(request):
    async with Session() as session:
        rows = list(await session.scalars(select(Fortune)))
    rows.append(Fortune(id=0, message="Additional fortune added at request time."))
    rows.sort(key=attrgetter("message"))
    return templates.TemplateResponse(request, "fortunes.html", {"fortunes": rows})


async def updates(request):
    async with Session() as session:
        worlds = [await session.get_one(World, pk) for pk in random_ids(request)]
        for world in worlds:
            world.random_number = random.randint(1, 10000)
        answer = [world.as_dict() for world in worlds]
        await session.commit()
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
