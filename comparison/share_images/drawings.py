"""What pages show of themselves where their address is shared: the answer at a glance, as a picture."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import ngettext, pgettext

from comparison.evidence import Kind, State, Verdict
from comparison.files.exports.tables import short_verdict
from comparison.models import Criterion, Edition, Framework
from comparison.recommendation.ranking import Ranking
from comparison.row_outcomes import RowResult, positions
from comparison.share_images.canvas import (
    HEIGHT,
    INK,
    LINE,
    MARGIN,
    QUIET,
    ROOM,
    WIDTH,
    Canvas,
    drawable_name,
    drawable_sentence,
    fitted,
    shares,
    text_width,
)
from comparison.tables.table import Cell, Row, Table
from comparison.vocabulary import gettext as _
from comparison.wording import join_shortened, position_band

MAX_HEADS = 5  # frameworks with a column or a line of their own
FOR, AGAINST, EVEN, DOUBT, UNKNOWN = "#0c6656", "#9f3714", "#1c4c9c", "#b26b00", "#84807a"
TEXT_SIZE, SMALL_SIZE = 30, 24
LINE_HEIGHT = 54


@dataclass(frozen=True)
class Imprint:
    """What stands at the foot of every picture."""

    site_name: str
    edition: Edition

    def draw(self, canvas: Canvas) -> None:
        day = date_format(self.edition.at, pgettext("date format", "j F Y"))
        edition, y = _("Edition {number}, {day}").format(number=self.edition.number, day=day), HEIGHT - MARGIN + 8
        canvas.text(MARGIN, y, edition, SMALL_SIZE, QUIET, anchor="ls")
        name = fitted(drawable_sentence(self.site_name), SMALL_SIZE, ROOM / 2, is_bold=True)
        canvas.text(WIDTH - MARGIN, y, name, SMALL_SIZE, INK, is_bold=True, anchor="rs")


@dataclass(frozen=True, slots=True)
class Count:
    number: int
    words: str  # with the number
    colour: str


def site_image(imprint: Imprint, sentence: str) -> bytes:
    canvas = Canvas()
    y = canvas.title(drawable_sentence(imprint.site_name), y=190)
    canvas.paragraph(y + 24, sentence, TEXT_SIZE + 4, 3)
    imprint.draw(canvas)
    return canvas.png()


def comparison_image(table: Table, imprint: Imprint) -> bytes:
    """The head of the table with who leads how many rows (of many columns those that lead most), and how rows end."""
    canvas = Canvas()
    heads = [(_name(framework), len(table.led_by(framework))) for framework in table.frameworks]
    if len(heads) > MAX_HEADS:
        heads.sort(key=lambda head: -head[1])
    names = [name for name, _ in heads]
    canvas.title(_(" vs ").join(names), join_shortened(names, MAX_HEADS))
    _draw_heads(canvas, heads)
    _draw_counts(canvas, outcome_counts(table.rows), 340)
    imprint.draw(canvas)
    return canvas.png()


def outcome_counts(rows: Sequence[Row]) -> list[Count]:
    """How many rows end how."""

    ended = Counter(row.outcome.result for row in rows)
    led, even = ended[RowResult.LEAD], ended[RowResult.EVEN]
    unsettled, unranked = ended[RowResult.UNSETTLED], ended[RowResult.UNRANKED]
    return _counted(
        (led, ngettext("{count} led by one", "{count} led by one", led), FOR),
        (even, ngettext("{count} even", "{count} even", even), EVEN),
        (unsettled, ngettext("{count} unsettled", "{count} unsettled", unsettled), DOUBT),
        (unranked, ngettext("{count} not ranked", "{count} not ranked", unranked), LINE),
    )


def framework_image(framework: Framework, table: Table, imprint: Imprint) -> bytes:
    """How many verdicts on it are of which sort."""
    canvas = Canvas()
    y = canvas.title(_name(framework))
    canvas.paragraph(y + 8, drawable_sentence(framework.tagline), TEXT_SIZE, 3)
    verdicts = [row.cells[0].verdict for row in table.rows]
    _draw_counts(canvas, verdict_counts(verdicts, len(table.uncited)), 340)
    imprint.draw(canvas)
    return canvas.png()


def verdict_counts(verdicts: Sequence[Verdict], uncited: int) -> list[Count]:
    known = [verdict for verdict in verdicts if verdict.is_known]
    facts = sum(verdict.kind in (Kind.FIGURE, Kind.LIST) for verdict in known)
    opinions = [verdict for verdict in known if verdict.kind not in (Kind.FIGURE, Kind.LIST)]
    disputed = sum(verdict.state is State.DISPUTED for verdict in opinions)
    bands = [position_band(row.position or 0.0) for row in opinions if row.state is not State.DISPUTED]
    unknown = uncited + sum(verdict.state is State.NO_EVIDENCE for verdict in verdicts)
    good, between, bad = sum(band < 2 for band in bands), bands.count(2), sum(band > 2 for band in bands)
    return _counted(
        (good, ngettext("{count} favourable", "{count} favourable", good), FOR),
        (between, ngettext("{count} in between", "{count} in between", between), EVEN),
        (bad, ngettext("{count} unfavourable", "{count} unfavourable", bad), AGAINST),
        (disputed, _("{count} disputed"), DOUBT),
        (facts, ngettext("{count} figure or list", "{count} figures and lists", facts), QUIET),
        (unknown, ngettext("{count} without evidence", "{count} without evidence", unknown), LINE),
    )


def _counted(*counts: tuple[int, str, str]) -> list[Count]:
    return [Count(number, words.format(count=number), colour) for number, words, colour in counts if number]


def criterion_image(criterion: Criterion, row: Row | None, imprint: Imprint) -> bytes:
    """The question, and the verdict on each framework."""
    canvas = Canvas()
    canvas.text(MARGIN, MARGIN, drawable_name(criterion.name, criterion.slug), TEXT_SIZE, QUIET)
    y = canvas.title(drawable_sentence(criterion.question or criterion.name), y=MARGIN + 48)
    y = max(y + 24, 230)
    canvas.line(y - 12)
    cells = _by_position(row) if row else []
    for cell, position in cells[:MAX_HEADS]:
        _draw_verdict(canvas, y, cell, position, criterion.unit)
        y += LINE_HEIGHT
    _draw_rest(canvas, y, len(cells) - MAX_HEADS)
    if not any(cell.verdict.is_known for cell, _ in cells):
        canvas.text(MARGIN, HEIGHT - 2 * MARGIN - 24, _("No evidence yet."), TEXT_SIZE, QUIET)
    imprint.draw(canvas)
    return canvas.png()


def _by_position(row: Row) -> list[tuple[Cell, float | None]]:
    """The cells, the best first and the unknown ones last."""
    stand = positions((cell.verdict for cell in row.cells), bool(row.criterion.lower_is_better))
    cells = list(zip(row.cells, stand, strict=True))
    return sorted(cells, key=lambda pair: (not pair[0].verdict.is_known, -(pair[1] or 0.0)))


def _draw_verdict(canvas: Canvas, y: float, cell: Cell, position: float | None, unit: str) -> None:
    """The name, a line from −1 to +1 with a dot, and the words."""
    canvas.text(MARGIN, y, fitted(_name(cell.framework), TEXT_SIZE, 300), TEXT_SIZE)
    left, right, middle = 400, 600, y + 20
    if position is not None and cell.verdict.is_known:
        canvas.box(left, middle - 1, right, middle + 1, LINE)
        canvas.dot(left + (right - left) * (position + 1) / 2, middle, 11, _colour(cell.verdict, position))
    words = drawable_sentence(short_verdict(cell, unit))
    colour = INK if cell.verdict.is_known else QUIET
    canvas.text(640, y + 3, fitted(words, TEXT_SIZE - 4, WIDTH - MARGIN - 640), TEXT_SIZE - 4, colour)


def _colour(verdict: Verdict, position: float) -> str:
    if verdict.state is State.DISPUTED:
        return DOUBT
    return (FOR, FOR, EVEN, AGAINST, AGAINST)[position_band(position)]


def answer_image(about: str, headline: str, sentence: str, ranking: Ranking, imprint: Imprint) -> bytes:
    """Who comes first, how firmly, and the scores; `about` is what is asked for."""
    canvas = Canvas()
    canvas.text(MARGIN, MARGIN - 8, fitted(drawable_sentence(about), TEXT_SIZE, ROOM), TEXT_SIZE, QUIET)
    y = canvas.title(drawable_sentence(headline), y=MARGIN + 40)
    y = max(canvas.paragraph(y, drawable_sentence(sentence), SMALL_SIZE + 2, 3) + 20, 260)
    rows, scores = ranking.rows()[:MAX_HEADS], [row.score for row in ranking.scores[:MAX_HEADS]]
    low, high = min([0.0, *scores]), max([0.0, *scores])
    left, room = 420.0, WIDTH - MARGIN - 420 - 130
    zero = left - room * low / (high - low) if high > low else left
    for row, ranked, score in zip(rows, ranking.scores, scores, strict=False):
        name = fitted(drawable_name(row.name, ranked.framework), TEXT_SIZE, left - MARGIN - 24)
        canvas.text(MARGIN, y, name, TEXT_SIZE, QUIET if row.ruled_out else INK)
        end = zero + room * score / (high - low) if high > low else zero
        colour = UNKNOWN if row.ruled_out else FOR if ranked.framework == ranking.leader else EVEN
        canvas.box(min(zero, end), y + 6, max(zero, end), y + 34, colour)
        canvas.text(max(zero, end) + 12, y, row.score, TEXT_SIZE, QUIET)
        y += LINE_HEIGHT - 8
    _draw_rest(canvas, y, len(ranking.scores) - MAX_HEADS)
    imprint.draw(canvas)
    return canvas.png()


def _name(framework: Framework) -> str:
    return drawable_name(framework.name, framework.slug)


def _draw_rest(canvas: Canvas, y: float, more: int) -> None:
    if more > 0:
        canvas.text(MARGIN, y, _("and {count} more").format(count=more), SMALL_SIZE, QUIET)


def _draw_heads(canvas: Canvas, heads: Sequence[tuple[str, int]]) -> None:
    """The columns side by side: the name of each and how many rows it leads."""
    more = len(heads) - MAX_HEADS
    room = ROOM / (min(len(heads), MAX_HEADS) + (more > 0))
    canvas.line(190, INK, 3)
    for index, (name, leads) in enumerate(heads[:MAX_HEADS]):
        x = MARGIN + index * room
        canvas.text(x, 208, fitted(name, TEXT_SIZE, room - 16), TEXT_SIZE)
        canvas.text(x, 252, fitted(_("leads {count}").format(count=leads), SMALL_SIZE, room - 16), SMALL_SIZE, QUIET)
    if more > 0:
        text = fitted(_("and {count} more").format(count=more), SMALL_SIZE, room)
        canvas.text(MARGIN + MAX_HEADS * room, 208, text, SMALL_SIZE, QUIET)
    canvas.line(300)


def _draw_counts(canvas: Canvas, counts: Sequence[Count], y: float) -> None:
    """One bar in proportion, and below it the numbers in words."""
    x = float(MARGIN)
    for count, length in zip(counts, shares(ROOM, [count.number for count in counts]), strict=True):
        canvas.box(x, y, x + length - 3, y + 50, count.colour)
        x += length
    x, y = float(MARGIN), y + 78
    for count in counts:
        room = text_width(count.words, TEXT_SIZE) + 34
        if x > MARGIN and x + room > WIDTH - MARGIN:
            x, y = float(MARGIN), y + 48
        canvas.box(x, y + 7, x + 22, y + 29, count.colour)
        canvas.text(x + 34, y, count.words, TEXT_SIZE)
        x += room + 40
