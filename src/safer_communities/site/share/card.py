"""The picture that stands beside a shared link to the first page: its headline and first chart."""

import io

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from safer_communities.analysis.recorded_crime import PANDEMIC
from safer_communities.chapter.book import Book
from safer_communities.charts import style
from safer_communities.charts.cards import card_figure
from safer_communities.site.share.description import CARD_SIZE

_MARGIN, _CHART_WIDTH, _TEXT_WIDTH = 48, 660, 400


def draw_card(book: Book) -> bytes:
    """PNG, 1200 by 630 pixels: how all crime moved in the year, in words and as a chart.

    Headline, months and source stand in it. The same book gives the same bytes.
    """
    message = book.messages().total
    width, height = CARD_SIZE
    with style.applied():
        chart = card_figure(message.changes, message.trend.table, PANDEMIC, message.trend.breaks)
        pixels = _pixels(chart, _CHART_WIDTH)
        sheet = Figure(figsize=(width / 72, height / 72), dpi=72)
        sheet.figimage(pixels, width - _MARGIN - _CHART_WIDTH, (height - len(pixels)) // 2)
        y = height - _MARGIN
        for words, size, look in (
            ("Safer Communities book", 22, {"color": style.QUIET_INK}),
            (f"{message.headline} in {book.borough}", 40, {"weight": "bold"}),
            (message.badge, 26, {"color": style.HIGHLIGHT, "weight": "bold"}),
            (book.edition.period.label, 24, {}),
            (book.citation("crime").line, 16, {"color": style.QUIET_INK}),
        ):
            weight = look.get("weight", "normal")
            for line in style.wrapped(words, _TEXT_WIDTH, size, weight):
                sheet.text(_MARGIN / width, y / height, line, size=size, va="top", **look)
                y -= round(size * 1.25)
            y -= 20
        picture = Image.fromarray(_pixels(sheet, width)).convert("RGB")
    png = io.BytesIO()
    # As many colours as its letters and lines need: a third of the bytes.
    picture.quantize(64).save(png, "png", optimize=True)
    return png.getvalue()


def _pixels(figure: Figure, width: int) -> np.ndarray:
    """The figure on white as an array of its pixels, `width` of them in a row."""
    raw = io.BytesIO()
    figure.savefig(raw, format="rgba", facecolor="white", dpi=width / figure.get_figwidth())
    return np.frombuffer(raw.getvalue(), dtype=np.uint8).reshape(-1, width, 4)
