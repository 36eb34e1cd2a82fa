"""Any figure an analyst draws: shown with its words and data, or refused with what to do."""

import ast
import csv
import hashlib
import io
import json
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator

import matplotlib
import nbformat
import numpy as np
import pandas as pd
import pytest
import seaborn as sns
import seaborn.objects as so
from bs4 import BeautifulSoup
from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from safer_communities import charts
from safer_communities.chapter import Chapter
from safer_communities.charts import style
from safer_communities.charts.chart import Chart
from safer_communities.charts.columns import columns_of
from safer_communities.charts.own import figures, seaborn_defaults
from safer_communities.charts.own.frames import table_of, tidied
from safer_communities.errors import InputError
from safer_communities.facts.output_types import CHART_MIME
from safer_communities.project import ROOT
from safer_communities.settings import Settings
from safer_communities.site.pages.exhibits import published
from safer_communities.site.run import execution, unshown

pytestmark = pytest.mark.slow

# What the files of a chart are called after its name.
FILES = (".svg", "_narrow.svg", "_whole.svg", ".csv", ".csv-metadata.json")
SVG = "{http://www.w3.org/2000/svg}"
WORDS = {"headline": "Calls to {borough}", "alt": "A chart of calls."}
MONTHS = pd.DataFrame(
    [[1200, 2300, 3100], [4400, 5100, None]],
    index=pd.Index([2021, 2022], name="year"),
    columns=["January", "February", "March"],
)
CALLS = pd.DataFrame(
    {"area": ["Ayton", "Ayton", "Beeham", "Beeham"], "calls": [10_000, 30_000, 50_000, 90_000]}
)


def heat_map(ax: Axes) -> None:
    sns.heatmap(MONTHS, ax=ax, cmap="crest")


def bars(ax: Axes) -> None:
    sns.barplot(CALLS, x="area", y="calls", ax=ax)


def histogram(ax: Axes) -> None:
    sns.histplot(CALLS, x="calls", ax=ax)


def scattered(ax: Axes) -> None:
    sns.stripplot(CALLS, x="area", y="calls", ax=ax)


def lines(ax: Axes) -> None:
    ax.plot([1, 2, 3], [-10_000, 20_000, 30_000], label="Calls")
    ax.legend()


def with_pyplot(ax: Axes) -> None:
    plt.plot([1, 2, 3], [1, 10, 100_000])
    plt.yscale("log")
    plt.title("Calls")


FUNCTIONS = [heat_map, bars, histogram, scattered, lines, with_pyplot]
each_function = pytest.mark.parametrize("draw", FUNCTIONS, ids=lambda draw: draw.__name__)


def finished() -> Figure:
    figure, axes = plt.subplots(figsize=(5, 3))
    axes.bar(["Ayton", "Beeham"], [1, 2])
    return figure


def plot() -> so.Plot:
    return so.Plot(CALLS, x="area", y="calls").add(so.Dot())


class Outputs:
    """What a chapter shows, as the outputs of one cell."""

    def __init__(self) -> None:
        self.data: list[dict] = []

    def __call__(self, data: dict, *, raw: bool, metadata: dict | None = None) -> None:
        assert raw
        if metadata is None:
            self.data.append(data)

    def record(self, mime: str = CHART_MIME) -> dict:
        return next(data[mime] for data in self.data if mime in data)

    def page(self) -> tuple[BeautifulSoup, dict[str, str]]:
        """The page that a reader gets, and the files beside it."""
        outputs = [nbformat.v4.new_output("display_data", data=data) for data in self.data]
        return page_of(nbformat.v4.new_code_cell("show()", outputs=outputs))


def page_of(*cells: nbformat.NotebookNode) -> tuple[BeautifulSoup, dict[str, str]]:
    result = published(nbformat.v4.new_notebook(cells=list(cells)))
    shown = [output for cell in result.notebook.cells for output in cell.get("outputs", [])]
    html = "".join(output["data"].get("text/html", "") for output in shown)
    return BeautifulSoup(html, "lxml"), result.files


@pytest.fixture
def outputs() -> Outputs:
    return Outputs()


@pytest.fixture
def chapter(outputs: Outputs) -> Chapter:
    return Chapter("made", Settings(), emit=outputs)


@pytest.fixture
def drawn_axes(monkeypatch: pytest.MonkeyPatch) -> list[Axes]:
    """The axes of the figures drawn in a test: wide, narrow."""
    seen: list[Axes] = []
    original = figures.svg_of

    def remembered(figure: Figure) -> str:
        seen.extend(figure.axes[:1])
        return original(figure)

    monkeypatch.setattr(figures, "svg_of", remembered)
    return seen


def chart_of(draw: object, **options: object) -> Chart:
    return figures.chart_of(draw, **{"data": CALLS} | options)


def size_of(svg: str) -> tuple[float, float]:
    root = ET.fromstring(svg)
    return float(root.attrib["width"]), float(root.attrib["height"])


def texts_of(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}text")]


class TestFunction:
    @each_function
    def test_is_drawn_for_desk_and_phone_in_the_books_text(self, draw: Callable) -> None:
        chart = chart_of(draw)
        assert chart.name == draw.__name__
        assert size_of(chart.svg) == (760, 400)
        assert size_of(chart.svg_narrow) == (320, 400)
        for svg in (chart.svg, chart.svg_narrow):
            sizes = [float(size) for size in re.findall(r"([\d.]+)px", svg)]
            # What is raised in a formula, such as the power of ten of a scale, is smaller.
            assert min(sizes) >= (8 if draw is with_pyplot else 11)
            assert style.SHOWN_FONTS in svg
            assert not re.search(r"\d\.\d{3}", "".join(re.findall(r"<[^>]+>", svg)))

    def test_has_the_height_and_the_name_asked_for(self) -> None:
        chart = chart_of(lines, height=250, phone_height=500, name="calls")
        assert (size_of(chart.svg), size_of(chart.svg_narrow)) == ((760, 250), (320, 500))
        assert chart.name == "calls"
        assert size_of(chart_of(lines, height=250).svg_narrow) == (320, 250)

    def test_writes_numbers_as_the_prose_does(self) -> None:
        texts = texts_of(chart_of(lines).svg)
        assert {"−10,000", "30,000", "1.25"} <= set(texts)

    def test_has_the_colours_of_the_book(self, drawn_axes: list[Axes]) -> None:
        chart_of(lines)
        assert all(axes.lines[0].get_color() == style.HIGHLIGHT for axes in drawn_axes)
        assert len(drawn_axes) == 2

    def test_has_the_labels_that_have_room(self) -> None:
        years = [str(year) for year in range(2001, 2031)]
        names = ["Totteridge and Woodside", "Childs Hill", "Golders Green", "West Hendon"]
        for labels, kept in ((years, False), (names, True)):
            narrow = chart_of(lambda ax, labels=labels: ax.bar(labels, 1), name="n").svg_narrow
            shown = set(texts_of(narrow)) & set(labels)
            assert len(shown) >= 4
            assert (shown == set(labels)) is kept
            assert ("rotate(-90)" in narrow) is kept

    def test_has_long_names_beside_it_in_lines_on_a_phone(self, drawn_axes: list[Axes]) -> None:
        chart_of(lambda ax: ax.barh(["Kensington and Chelsea", "Brent"], [1, 2]), name="n")
        wide, narrow = ([tick.get_text() for tick in axes.get_yticklabels()] for axes in drawn_axes)
        assert wide == ["Kensington and Chelsea", "Brent"]
        assert narrow == ["Kensington\nand Chelsea", "Brent"]

    def test_has_its_key_right_above_the_plot(self, drawn_axes: list[Axes]) -> None:
        chart_of(lines)
        assert len(drawn_axes) == 2
        for axes in drawn_axes:
            box = axes.get_legend().get_window_extent()
            assert axes.bbox.y1 <= box.y0 < axes.bbox.y1 + 20
            assert box.x0 < axes.bbox.x0 + 20
            assert box.y1 <= axes.figure.bbox.y1

    def test_has_its_key_in_the_place_that_it_was_given_on_a_desk(
        self, drawn_axes: list[Axes]
    ) -> None:
        def placed(ax: Axes) -> None:
            ax.plot([1, 2, 3], label="Calls")
            ax.legend(loc="lower right")

        chart_of(placed, name="n")
        wide, _ = drawn_axes
        assert wide.get_legend().get_window_extent().y1 <= wide.bbox.y1

    def test_writes_its_numbers_with_a_true_minus(self) -> None:
        def annotated(ax: Axes) -> None:
            ax.imshow([[-1]])
            for place, text in enumerate(("-0.08", "-1 to -.5", "2010-11", "A-1")):
                ax.text(0, place / 10, text)

        chart = chart_of(annotated, name="n")
        for svg in (chart.svg, chart.svg_narrow):
            assert {"−0.08", "−1 to −.5", "2010-11", "A-1"} <= set(texts_of(svg))

    @pytest.mark.parametrize(
        "draw",
        [
            pytest.param(draw, marks=[] if draw in (heat_map, with_pyplot) else pytest.mark.long)
            for draw in FUNCTIONS
        ],
        ids=lambda draw: draw.__name__,
    )
    def test_is_the_same_again_whatever_was_set_before(self, draw: Callable) -> None:
        first = chart_of(draw)
        np.random.seed(7)
        before = np.random.get_state()[1].tolist()
        with matplotlib.rc_context({"font.size": 30, "svg.hashsalt": "other"}):
            second = chart_of(draw)
        assert (first.svg, first.svg_narrow) == (second.svg, second.svg_narrow)
        assert np.random.get_state()[1].tolist() == before

    def test_leaves_nothing_open_or_set(self) -> None:
        before = matplotlib.rcParams.copy()
        chart_of(with_pyplot)
        with pytest.raises(ZeroDivisionError):
            chart_of(lambda ax: 1 / 0, name="n")
        assert plt.get_fignums() == []
        assert matplotlib.rcParams == before

    def test_has_to_draw_on_the_axes_it_gets(self) -> None:
        with pytest.raises(ValueError, match="drew nothing on the axes"):
            chart_of(lambda ax: Figure().subplots().plot([1, 2]), name="n")

    def test_without_a_name_is_refused(self) -> None:
        with pytest.raises(ValueError, match=r"name: '<lambda>' .* name=\"calls_by_month\""):
            chart_of(lambda ax: ax.plot([1, 2]))


def digests() -> dict[str, str]:
    """Of the bytes of every drawing."""
    drawings = {draw.__name__: chart_of(draw) for draw in FUNCTIONS}
    drawings |= {"finished": chart_of(finished()), "plot": chart_of(plot())}
    return {
        name: hashlib.sha256((chart.svg + chart.svg_narrow).encode()).hexdigest()
        for name, chart in drawings.items()
    }


class TestIntervalsOfSeaborn:
    DEFAULTS = (sns.barplot, sns.pointplot, sns.lineplot)

    @pytest.mark.parametrize("function", DEFAULTS, ids=lambda function: function.__name__)
    def test_are_left_out(self, function: Callable, drawn_axes: list[Axes]) -> None:
        def draw(ax: Axes) -> None:
            function(CALLS, x="area", y="calls", ax=ax)

        chart_of(draw)
        for axes in drawn_axes:
            # A line for each bar's interval, or a band, is what seaborn would add.
            assert len(axes.lines) == (0 if function is sns.barplot else 1)
            assert not axes.collections
        assert all(each.__kwdefaults__["errorbar"] == ("ci", 95) for each in self.DEFAULTS)

    @pytest.mark.parametrize("asked", ["sd", ("ci", 90), ("pi", 50), lambda values: (0, 1)])
    def test_are_refused_where_asked_for(self, asked: object) -> None:
        with pytest.raises(ValueError, match="would have seaborn compute an interval"):
            chart_of(
                lambda ax: sns.barplot(CALLS, x="area", y="calls", errorbar=asked, ax=ax),
                name="n",
            )
        figure, axes = plt.subplots()
        sns.barplot(CALLS, x="area", y="calls", errorbar="sd", ax=axes)
        assert axes.lines, "outside a chart seaborn is as it was"
        plt.close(figure)

    def test_are_refused_in_a_plot_of_its_objects(self) -> None:
        layers = so.Plot(CALLS, x="area", y="calls").add(so.Range(), so.Est())
        with pytest.raises(ValueError, match=r"so\.Est\(errorbar=None\)"):
            chart_of(layers)

    def test_are_left_out_where_the_function_itself_imports_seaborn(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls: list[int] = []

        def draw(ax: Axes) -> None:
            calls.append(1)
            sys.modules["seaborn"] = sns
            bars(ax)

        with monkeypatch.context() as patched:
            patched.delitem(sys.modules, "seaborn")
            patched.setattr(seaborn_defaults, "REFUSAL", "{!r}")
            chart = chart_of(draw, name="bars")
        assert len(calls) == 3
        assert chart.svg == chart_of(bars).svg


class TestFinishedFigure:
    @pytest.mark.parametrize("make", [finished, plot, lambda: finished().axes[0]])
    def test_is_shown_once_at_its_own_size(self, make: Callable) -> None:
        chart = chart_of(make(), name="calls")
        inches = (6.4, 4.8) if make is plot else (5, 3)
        # What a plot of seaborn leaves empty at its edges is cut.
        tolerance = 0.05 if make is plot else 1e-6
        assert size_of(chart.svg) == tuple(
            pytest.approx(96 * inch, rel=tolerance) for inch in inches
        )
        assert chart.svg_narrow == ""
        assert style.SHOWN_FONTS in chart.svg
        assert plt.get_fignums() == []

    def test_has_all_that_stands_out(self) -> None:
        figure = finished()
        figure.axes[0].set_xlabel("Calls in the year\nby area", labelpad=60)
        assert size_of(chart_of(figure).svg)[1] > 96 * 3 + 60

    def test_keeps_the_look_that_it_has(self) -> None:
        figure = finished()
        figure.set_facecolor("#123456")
        assert "fill: #123456" in chart_of(figure).svg

    def test_of_a_grid_of_seaborn_is_its_figure(self) -> None:
        grid = sns.relplot(CALLS, x="calls", y="calls", col="area")
        assert size_of(chart_of(grid).svg) == (960, 480)

    def test_has_its_own_height(self) -> None:
        with pytest.raises(ValueError, match="height: a finished figure has its own"):
            chart_of(finished(), height=300)
        plt.close("all")


class TestData:
    def test_has_what_the_index_says_and_no_row_numbers(self) -> None:
        assert list(tidied(MONTHS)) == ["year", "January", "February", "March"]
        assert list(tidied(CALLS)) == ["area", "calls"]
        assert list(tidied(CALLS.sort_values("calls", ascending=False))) == ["area", "calls"]
        assert list(tidied(CALLS.groupby("area")["calls"].sum())) == ["area", "calls"]
        assert list(tidied(pd.Series([1.5, 2.5], index=["a", "b"]))) == ["label", "value"]
        both = CALLS.assign(n=[1, 2, 1, 2]).set_index(["area", "n"])
        assert list(tidied(both)) == ["area", "n", "calls"]
        assert list(tidied(both.unstack())) == ["area", "calls 1", "calls 2"]

    def test_is_read_by_what_it_holds(self) -> None:
        frame = pd.DataFrame(
            {
                "mid_year": [2020, 2021],
                "month": pd.to_datetime(["2020-03-01", "2020-04-01"]),
                "seen": pd.to_datetime(["2020-03-01", "2020-04-02"]),
                "ward_name": ["Ayton", None],
                "count": [1200, 1950],
                "rate": [1.25, None],
                "withheld": [3, "[c]"],
                "sure": [True, False],
                "kind": pd.Categorical(["a", "b"]),
                "ci_low": [0.5, 1],
            }
        )
        columns = columns_of(tidied(frame))
        kinds = [
            "written number",
            "month",
            "date",
            "text",
            *["number"] * 3,
            "text",
            "text",
            "number",
        ]
        assert [column.kind for column in columns] == kinds
        assert [column.row_header for column in columns] == [True] + [False] * 9
        assert [column.heading for column in columns[3:4] + columns[9:]] == [
            "Ward name",
            "Lower end of 95% interval",
        ]
        page = BeautifulSoup(table_of(frame, "made").to_html(), "lxml")
        first = [cell.get_text() for cell in page.select("tbody tr")[0].find_all(["th", "td"])]
        assert first[:7] == ["2020", "March 2020", "1 March 2020", "Ayton", "1,200", "1.3", "3"]
        assert first[7:] == ["yes", "a", "0.5"]
        left = [cell.get_text() for cell in page.select("thead th:not(.number)")]
        assert left == ["Month", "Seen", "Ward name", "Sure", "Kind"]

    def test_the_names_of_the_book_have_its_headings_and_units(self) -> None:
        frame = pd.DataFrame(
            {
                "section": ["One", "One"],
                "area_code": ["E1", "E2"],
                "area": ["Ayton", "Beeby"],
                "rate": [0.125, 3.0],
                "change_percent": [4.0, 5.0],
                "ci_low": [1.0, 2.25],
                "london_percent": [1.0, 2.0],
                "published_text": ["4", "5.0"],
            }
        )
        table = table_of(frame, "made", headings={"london_percent": "In London"})
        assert [column.key for column in table.columns if column.row_header] == ["area"]
        page = BeautifulSoup(table.to_html(), "lxml")
        assert [cell.get_text() for cell in page.select("thead th")] == [
            *("Section", "Area", "Rate per 1,000", "Change (%)"),
            *("Lower end of 95% interval (%)", "In London (%)", "Printed"),
        ]
        first = [cell.get_text() for cell in page.select("tbody tr")[0].find_all(["th", "td"])]
        assert first == ["One", "Ayton", "0.13", "4.0", "1.0", "1", "4"]
        assert [column.key for column in table_of(frame, "made", columns=["rate"]).columns] == [
            "rate"
        ]
        with pytest.raises(ValueError, match=r"headings: the frame has no column 'rates'; .*rate"):
            table_of(frame, "made", headings={"rates": "Rates"})

    def test_counts_that_look_like_years_are_counts(self) -> None:
        frame = pd.DataFrame({"area": ["Ayton"], "count": [2022]})
        assert "2,022" in table_of(frame, "made").to_html()

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (None, "data: chart lines needs the figures that it shows.*as in data=months"),
            ([1, 2], "data: list is not a DataFrame or Series"),
            (CALLS.head(0), "no rows"),
            (CALLS.set_index("area", drop=False), "more than one column is called area"),
        ],
    )
    def test_that_cannot_be_downloaded_is_refused(self, data: object, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            chart_of(lines, data=data)


class TestPage:
    def test_has_the_chart_its_words_and_its_files(
        self, chapter: Chapter, outputs: Outputs
    ) -> None:
        chapter.show(heat_map, data=MONTHS, **WORDS)
        page, files = outputs.page()
        assert set(files) == {f"made_heat_map{end}" for end in FILES}
        assert page.select_one(".exhibit-headline").get_text() == "Calls to Barnet"
        assert page.img["alt"] == "A chart of calls."
        assert page.source["srcset"] == "../downloads/made_heat_map_narrow.svg"
        assert not page.select(".exhibit-subtitle, .chart-scroll")
        assert page.select_one("details caption").get_text() == (
            "What the chart shows: Calls to Barnet"
        )
        rows = list(csv.DictReader(io.StringIO(files["made_heat_map.csv"])))
        assert rows[1] == {"year": "2022", "January": "4400", "February": "5100", "March": ""}
        assert [th.get_text() for th in page.select("tbody th")] == ["2021", "2022"]

    def test_names_the_columns_of_years_as_the_file_does(
        self, chapter: Chapter, outputs: Outputs
    ) -> None:
        years = MONTHS.set_axis(["2010/11", "2011/12", "2012/13"], axis="columns")
        chapter.show(heat_map, data=years, **WORDS)
        _, files = outputs.page()
        about = json.loads(files["made_heat_map.csv-metadata.json"])
        titles = [column["titles"] for column in about["tableSchema"]["columns"]]
        assert ",".join(titles) == files["made_heat_map.csv"].splitlines()[0]

    def test_scrolls_a_finished_figure_in_its_frame_and_says_so(
        self, chapter: Chapter, outputs: Outputs
    ) -> None:
        chapter.show(finished(), data=CALLS, name="calls", subtitle="Calls", **WORDS)
        page, files = outputs.page()
        assert set(files) == {f"made_calls{end}" for end in FILES if end != "_narrow.svg"}
        frame = page.select_one(".chart-scroll")
        assert (frame["tabindex"], frame["role"]) == ("0", "region")
        assert frame["aria-label"] == "Calls to Barnet"
        assert (frame.img["width"], frame.img["height"]) == ("480", "288")
        assert page.select_one(".chart-scroll-cue:not(.wide)") is not None
        assert page.source is None
        assert page.select_one(".exhibit-subtitle").get_text() == "Calls"

    def test_has_the_figures_below_where_asked_for(
        self, chapter: Chapter, outputs: Outputs
    ) -> None:
        own = charts.counts_by_category(
            pd.DataFrame({"category": ["a", "b"], "count": [1, 2]}), name="kinds"
        )
        for exhibit, options, name in ((lines, {"data": CALLS}, "lines"), (own, {}, "kinds")):
            chapter.show(exhibit, subtitle="Calls", table=True, **options, **WORDS)
            page, files = outputs.page()
            figure, below = page.select(".exhibit")
            assert not figure.select("table")
            assert below["id"] == f"made_{name}_table"
            assert below.caption.get_text() == "What the chart shows: Calls"
            assert files[f"made_{name}_table.csv"] == files[f"made_{name}.csv"]
            outputs.data.clear()

    def test_shows_a_frame_as_a_table(self, chapter: Chapter, outputs: Outputs) -> None:
        chapter.show(MONTHS, name="months", headline="Calls to {borough}")
        page, files = outputs.page()
        assert page.caption.get_text() == "Calls to Barnet"
        assert files["made_months.csv"].startswith("year,January")
        with pytest.raises(ValueError, match="headline: table table of made needs one"):
            chapter.show(MONTHS)

    @pytest.mark.parametrize("missing", ["headline", "alt"])
    def test_asks_for_the_words_that_are_missing(self, chapter: Chapter, missing: str) -> None:
        with pytest.raises(
            ValueError, match=f"{missing}: chart bars of made needs one: .*what|its"
        ):
            chapter.show(bars, data=CALLS, **WORDS | {missing: ""})

    @pytest.mark.parametrize("option", ["data", "name", "height", "phone_height"])
    def test_asks_nothing_of_the_books_own_charts(self, chapter: Chapter, option: str) -> None:
        own = Chart("rates", "", "", CALLS)
        with pytest.raises(ValueError, match=f"{option}: only for a figure of your own"):
            chapter.show(own, subtitle="s", **{option: 1}, **WORDS)

    def test_refuses_what_is_no_figure(self, chapter: Chapter) -> None:
        with pytest.raises(ValueError, match="exhibit: int cannot be shown; give a chart"):
            chapter.show(3, data=CALLS, **WORDS)


PYPLOT = "import matplotlib.pyplot as plt\n"
SEABORN = "import seaborn as sns\n"
APART = "from matplotlib.figure import Figure\nfig = Figure()\naxes = fig.subplots()\n"
FRAME = "import pandas as pd\nframe = pd.DataFrame({'a': [1, 2]})\n"
CHARTS = (
    PYPLOT + "fig, ax = plt.subplots()\nax.plot([1, 2, 3])\nplt.show()",
    SEABORN + 'sns.barplot(x=["a", "b"], y=[1, 2])',
    SEABORN + 'sns.barplot(x=["a", "b"], y=[1, 2]);',
    PYPLOT + "fig, ax = plt.subplots()\nlines = ax.plot([1, 2, 3])",
    APART + "fig",
    APART + "axes",
    APART + "axes.plot([1, 2])",
    APART + "axes.boxplot([1, 2])",
    APART + "fig.subplots(2, 2)",
    APART + "display(fig)",
    SEABORN + "import matplotlib.pyplot as plt\ngrid = sns.FacetGrid(sns.matrix.pd.DataFrame("
    "{'a': [1]}), col='a')\nplt.close('all')\ngrid",
    "import seaborn.objects as so\nso.Plot(x=[1, 2], y=[1, 2]).add(so.Dot())",
    "from IPython.display import SVG\nSVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
)
TABLES = (
    FRAME + "frame",
    FRAME + "frame['a']",
    FRAME + "display(frame)",
    FRAME + "for row in [1]:\n    display(frame.T)",
)
SHOWN = (
    "from safer_communities.chapter import open_chapter\nchapter = open_chapter('made')",
    PYPLOT + FRAME + "fig, ax = plt.subplots()\nlines = ax.plot([1, 2])\n"
    "chapter.show(fig, data=frame, name='calls', headline='Calls', alt='A line')\nplt.show()",
    "chapter.show(frame, headline='Calls')\nlen(frame), frame.shape, frame.to_numpy().sum()",
    "def line(ax):\n    ax.plot([1, 2])\n"
    "chapter.show(line, data=frame, headline='Calls', alt='A line')",
)


@pytest.fixture(scope="module")
def run() -> tuple[dict[str, InputError], dict[str, nbformat.NotebookNode]]:
    """The error of each notebook that was refused, and the others."""
    notebooks = {"chart": ["quiet = 1", CHARTS[0]], "table": ["quiet = 1", TABLES[0]]}
    notebooks |= {
        "shown": SHOWN,
        "guide": [SHOWN[0].replace("import", "import charts,"), *guide_code()],
    }
    done: dict[str, execution.Executed] = {}
    with pytest.raises(ExceptionGroup) as caught:
        execution.execute_all(
            {
                ROOT / "notebooks" / f"{name}.ipynb": nbformat.v4.new_notebook(
                    cells=[*map(nbformat.v4.new_code_cell, code)]
                )
                for name, code in notebooks.items()
            },
            Settings(),
            jobs=2,
            report=lambda line: None,
            done=lambda path, executed: done.update({path.stem: executed}),
        )
    errors = {error.place.partition(".")[0]: error for error in caught.value.exceptions}
    return errors, {name: executed.notebook for name, executed in done.items()}


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    """A shell such as runs the cells of a notebook."""
    shell = InteractiveShell.instance(colors="nocolor")
    shell.display_formatter.active_types = shell.display_formatter.format_types
    shell.display_trap.hook = CapturingDisplayHook(shell=shell, outputs=[])
    yield shell
    plt.close("all")
    InteractiveShell.clear_instance()


class TestLeftUnshown:
    """The build stops where a cell leaves a chart or a table to JupyterLab alone."""

    @pytest.mark.parametrize("code", [*CHARTS, *TABLES])
    def test_is_found_whatever_it_is(self, shell: InteractiveShell, code: str) -> None:
        left_unshown = unshown.watch(shell)
        with capture_output():
            shell.run_cell("quiet = 1", store_history=True).raise_error()
            assert left_unshown() == ""
            shell.run_cell(code, store_history=True).raise_error()
        assert left_unshown() == (unshown.CHART if code in CHARTS else unshown.TABLE)

    @pytest.mark.parametrize(
        ("name", "problem", "remedy"),
        [
            ("chart", unshown.CHART, "chapter.show(figure, data=..., headline=..., alt=...)"),
            ("table", unshown.TABLE, "chapter.show(frame, headline=...)"),
        ],
    )
    def test_is_refused_with_its_place_and_what_to_do(
        self, run: tuple, name: str, problem: str, remedy: str
    ) -> None:
        error = run[0][name]
        assert error.place == f"{name}.ipynb, cell 2"
        assert error.problem == problem
        assert remedy in str(error)

    def test_is_nothing_that_was_shown(self, run: tuple) -> None:
        page, files = page_of(*run[1]["shown"].cells)
        assert [exhibit["id"] for exhibit in page.select(".exhibit")] == [
            "made_calls",
            "made_table",
            "made_line",
        ]
        assert files["made_table.csv"] == "a\n1\n2\n"

    def test_is_nothing_of_the_guides_own_chart(self, run: tuple) -> None:
        page, files = page_of(*run[1]["guide"].cells)
        assert set(files) == {
            f"made_{name}{end}" for name in ("rates", "boroughs_by_part") for end in FILES
        }
        name = "made_boroughs_by_part"
        assert all("32 boroughs" in image["alt"] for image in page.select("img"))
        rows = list(csv.DictReader(io.StringIO(files[f"{name}.csv"])))
        assert list(rows[0]) == ["borough", "part", "offences"]
        assert len(rows) == 32
        counts = [int(row["offences"]) for row in rows]
        assert 0 < counts[0] < counts[-1]
        # Long names stand in several lines there.
        words = set(" ".join(texts_of(files[f"{name}_narrow.svg"])).split())
        assert {word for row in rows for word in row["borough"].split()} <= words

    def test_problem_is_that_of_the_values(self) -> None:
        assert unshown.problem_of([]) == unshown.problem_of([1, "x", [None], {"a": 2.5}]) == ""
        assert unshown.problem_of([np.array([1, 2]), pd.Timestamp("2022-03-01")]) == ""
        assert unshown.problem_of([], open_figures=1) == unshown.CHART
        assert unshown.problem_of([{"parts": ([Figure()],)}]) == unshown.CHART
        assert unshown.problem_of([CALLS, Figure()]) == unshown.CHART
        assert unshown.problem_of([CALLS.style]) == unshown.TABLE


def guide_code() -> list[str]:
    """The charts of the guide, letter by letter: one of the book's own, and any other."""
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = guide.partition("\n## Add a chart\n")[2].partition("\n## ")[0]
    return re.findall(r"```python\n(.*?)```", section, re.DOTALL)


def test_the_chart_of_the_guide_is_short() -> None:
    code = guide_code()[-1]
    lines_of_code = code.splitlines()
    assert len(ast.parse(code).body) == 5
    assert len([line for line in lines_of_code if line]) <= 8
    assert max(map(len, lines_of_code)) <= 100
