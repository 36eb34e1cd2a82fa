"""Any figure as a chart of the book: a function that draws on axes, or a finished figure."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from matplotlib.typing import RcKeyType

from safer_communities.charts import style
from safer_communities.charts.chart import (
    NARROW,
    WIDE,
    Chart,
    Layout,
    svg_of,
)
from safer_communities.charts.columns import columns_of
from safer_communities.charts.own.frames import tidied
from safer_communities.charts.own.legible import make_legible
from safer_communities.charts.own.seaborn_defaults import without_intervals
from safer_communities.charts.svg import saved_svg

if TYPE_CHECKING:
    from seaborn.objects import Plot

# Pixels; the proportions of a text column's chart.
HEIGHT = 400
FINISHED_NAME = "figure"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
# CSS has 96 pixels to the inch, a drawing of matplotlib 72 points.
_PIXELS_A_POINT = 96 / 72

# Whatever a finished figure looks like, its bytes are the same on every machine and any day.
_REPEATABLE: dict[RcKeyType, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": style.HASH_SALT,
    "font.sans-serif": [style.MEASURED_FONT],
}


def chart_of(
    figure: object,
    *,
    data: pd.DataFrame | pd.Series | None,
    name: str | None = None,
    height: float | None = None,
    phone_height: float | None = None,
) -> Chart:
    """The chart that `figure` draws, with `data` as its download and its table.

    A function is called with axes to draw on, twice: on a sheet of 760 pixels, `height` high (400
    unless given), and on one of 320 for a phone, `phone_height` high (as high unless given), both
    in the book's style with text measured in pixels. The chart is called `name`, or else what the
    function is called. A finished figure of matplotlib, or what has one or makes one, such as a
    plot of seaborn, is taken as it is, at its own size. Raises ValueError where `data` or a name
    is missing, `figure` cannot be drawn, draws nothing, or asks seaborn for an interval.
    """
    finished = finished_figure(figure)
    if finished is None and not callable(figure):
        raise ValueError(
            f"exhibit: {type(figure).__name__} cannot be shown; give a chart of the book, a "
            "function that draws on axes, a finished figure, a Table or a DataFrame"
        )
    if name is None:
        name = FINISHED_NAME if finished else getattr(figure, "__name__", "")
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"name: {name!r} cannot be part of the address of a download; give the chart one in "
            'lower case with underscores, as in name="calls_by_month"'
        )
    if data is None:
        raise ValueError(
            f"data: chart {name} needs the figures that it shows, for the download and the table; "
            "give the DataFrame or Series that it draws, as in data=months"
        )
    frame = tidied(data)
    if finished is None and callable(figure):
        height = height or HEIGHT
        svgs = _drawn(figure, WIDE, height), _drawn(figure, NARROW, phone_height or height)
    elif height or phone_height:
        raise ValueError("height: a finished figure has its own; give figsize where it is made")
    else:
        svgs = _as_it_is(finished), ""
    return Chart(name, *svgs, frame, columns_of(frame))


def finished_figure(figure: object) -> "Figure | Plot | None":
    """The figure of matplotlib in `figure`, or the plot of seaborn that makes one, else None."""
    objects = sys.modules.get("seaborn._core.plot")
    if objects and isinstance(figure, objects.Plot):
        return figure
    # Axes and the grids of seaborn know the figure that they are part of.
    whole = figure if isinstance(figure, Figure) else getattr(figure, "figure", None)
    return whole if isinstance(whole, Figure) else None


def _drawn(draw: Callable[[Axes], object], layout: Layout, height: float) -> str:
    """What `draw` draws on axes that fill a sheet of the layout's width, as SVG."""
    knew_seaborn = "seaborn" in sys.modules
    with _drawing(layout) as figure:
        axes = figure.subplots()
        figure.set_size_inches(layout.width / 72, height / 72)
        draw(axes)
        if not any(axes.has_data() or axes.texts for axes in figure.axes):
            raise ValueError("exhibit: the function drew nothing on the axes that it was given")
        make_legible(figure, layout)
        if engine := figure.get_layout_engine():
            # Laid out for good: to save it would do so twice more, and draw it twice.
            engine.execute(figure)
            figure.set_layout_engine("none")
        svg = svg_of(figure)
    if not knew_seaborn and "seaborn" in sys.modules:
        # Imported by the function itself, so that its defaults were not the book's.
        return _drawn(draw, layout, height)
    return svg


@contextmanager
def _drawing(layout: Layout) -> Iterator[Figure]:
    """A figure in the book's style that `pyplot` takes for the current one, and closed again."""
    # Imported late: the book's own charts do without it.
    from matplotlib import pyplot

    look: dict[RcKeyType, Any] = dict.fromkeys(
        ("axes.labelsize", "xtick.labelsize", "ytick.labelsize", "legend.fontsize"),
        layout.small_text,
    )
    look |= dict.fromkeys(
        ("font.size", "axes.titlesize", "figure.titlesize", "legend.title_fontsize"), layout.text
    )
    # In a label, as everywhere in matplotlib, "$" begins a formula: a scale of logarithms needs it.
    look |= {"text.parse_math": True, "figure.constrained_layout.use": True}
    with style.applied(), matplotlib.rc_context(look), without_intervals(), _same_random_numbers():
        # At 72 dots an inch a point of matplotlib is a pixel of the SVG.
        figure = pyplot.figure(dpi=72)
        try:
            yield figure
        finally:
            pyplot.close(figure)


@contextmanager
def _same_random_numbers() -> Iterator[None]:
    """The same numbers for each drawing: seaborn scatters dots that would hide one another."""
    before = np.random.get_state()
    np.random.seed(0)
    try:
        yield
    finally:
        np.random.set_state(before)


def _as_it_is(figure: "Figure | Plot") -> str:
    """The finished figure as SVG, as wide as its inches are on a page, with all that stands out."""
    with matplotlib.rc_context(_REPEATABLE), style.unknown_letters_allowed():
        if isinstance(figure, Figure):
            whole = Bbox.union([figure.bbox_inches, figure.get_tightbbox()])
            svg = saved_svg(partial(figure.savefig, bbox_inches=whole))
            if "matplotlib.pyplot" in sys.modules:
                # Shown: neither a notebook nor the build need find it again.
                sys.modules["matplotlib.pyplot"].close(figure)
        else:
            # A plot of seaborn brings a style, in which it has to be saved too.
            with without_intervals():
                drawing = figure.theme({"font.family": [style.MEASURED_FONT]}).plot()
            svg = saved_svg(partial(drawing.save, bbox_inches="tight"))
    return re.sub(
        r'(width|height)="([\d.]+)"',
        lambda size: f'{size[1]}="{float(size[2]) * _PIXELS_A_POINT:.2f}"',
        svg,
        count=2,
    )
