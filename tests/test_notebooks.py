"""The committed notebooks: executed, and without a number or a direction typed by hand."""

import ast
import json
import re
from pathlib import Path

import pytest
import yaml

from safer_communities.project import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

# Numbers that may stand in prose: names, standards and the definition of the tests.
TYPED_NUMBERS_ALLOWED = [
    r"Strategy 2022-2027",
    r"Census 2021",
    r"Priority [1-5]",
    r"per 1,000",
    r"in every 1,000",
    r"every 1,000",
    r"95% intervals?",
    r"p <= 0\.05",
    r"classification of 2024",
    r"aged 11 to 18",
    r"aged 85 or over",
    r"[Ii]n 2017 the police widened",
    r"early 2024",
    r"May 2022",
    r"to February 2022",
]
# A direction in prose is a statement about the data: it has to come from a fact.
DIRECTION_WORDS = re.compile(
    r"\b(rose|fell|risen|fallen|increased?|decreased?|grew|shrank|dropped|climbed|soared|"
    r"halved|doubled|higher than|lower than|more than in|fewer than in)\b",
    re.IGNORECASE,
)
# Sentences that explain what would happen, not what did.
DIRECTIONS_ALLOWED = [
    r"It rises when more people report and when recording improves",
    r"Theft and sexual offences fell then and came back",
    r"a fall since then does not show",
]
# A notebook may reshape tables and draw as it likes. A statistic belongs where it is tested.
STATISTICS_LIBRARIES = (
    "scipy.",
    "statsmodels.",
    "sklearn.",
    "statistics.",
    "random.",
    "numpy.random.",
    "numpy.polynomial.",
)
STATISTICS_CALLS = {
    # of numpy and pandas: correlations, spreads, quantiles, resampling, fits
    *("corr", "corrwith", "corrcoef", "cov", "sem", "std", "var", "skew", "kurt", "ewm"),
    *("percentile", "nanpercentile", "quantile", "nanquantile", "sample", "bootstrap"),
    *("polyfit", "lstsq", "curve_fit", "linregress", "fit", "predict", "forecast", "conf_int"),
    # of seaborn: models
    *("regplot", "lmplot", "residplot", "PolyFit"),
}
# They compute a random interval unless told not to.
WITH_ERROR_BARS = {"barplot", "pointplot", "lineplot", "catplot"}
OPENING_CALLS = {
    *("open", "load_dataset", "loadtxt", "genfromtxt", "fromfile", "imread", "savefig"),
    *("write_text", "write_bytes"),
}
NETWORK_LIBRARIES = ("urllib.", "requests.", "httpx.", "http.", "socket.")
GLUE = re.compile(r"\{glue:text\}`[a-z0-9_]+`")
PLACEHOLDER = re.compile(r"\{[a-z0-9_]+\}")
LINK = re.compile(r"\]\([^)]*\)|`[^`]*`")


def notebook(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def prose(path: Path) -> list[str]:
    """The Markdown of a notebook, and the words given to its charts and tables."""
    texts = []
    for cell in notebook(path)["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            texts.append(LINK.sub("", GLUE.sub("", source)))
        else:
            texts += [PLACEHOLDER.sub("", text) for text in shown_texts(source)]
    return texts


def shown_texts(source: str) -> list[str]:
    """The headline, subtitle, alt and description of every `chapter.show` in a cell."""
    return [
        keyword.value.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in {"headline", "subtitle", "alt", "description"}
        and isinstance(keyword.value, ast.Constant)
    ]


def code_of(path: Path) -> list[str]:
    return ["".join(c["source"]) for c in notebook(path)["cells"] if c["cell_type"] == "code"]


def calls_in(code: str) -> list[tuple[str, ast.Call, bool]]:
    """Every call with its dotted name, imports resolved, and whether it is inside a function."""
    tree = ast.parse(code)
    imported = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {name.asname: name.name for name in node.names if name.asname}
        elif isinstance(node, ast.ImportFrom):
            imported |= {n.asname or n.name: f"{node.module}.{n.name}" for n in node.names}
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    return [
        (dotted(node.func, imported), node, id(node) in inside)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    ]


def dotted(node: ast.expr, imported: dict[str, str]) -> str:
    """For example "numpy.percentile"; for a method of anything else, "?.corr"."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value, imported)}.{node.attr}"
    return imported.get(node.id, node.id) if isinstance(node, ast.Name) else "?"


def statistics_in(code: str) -> list[str]:
    """The calls that make a statistic, or may have seaborn make one."""
    found = []
    for name, call, in_function in calls_in(code):
        given = {keyword.arg: getattr(keyword.value, "value", ...) for keyword in call.keywords}
        last = name.rpartition(".")[2]
        # A function that draws for the book has no error bars unless it asks for them.
        needs_none = last == "Est" or (last in WITH_ERROR_BARS and not in_function)
        if (
            name.startswith(STATISTICS_LIBRARIES)
            or last in STATISTICS_CALLS
            or given.get("errorbar") is not None
            or given.get("kind") == "reg"
            or (needs_none and "errorbar" not in given)
        ):
            found.append(ast.unparse(call))
    return found


def opened_outside_data(code: str) -> list[str]:
    """The calls that open a file or an address other than one written out as `../data/...`."""
    found = []
    for name, call, _ in calls_in(code):
        last = name.rpartition(".")[2]
        if last in OPENING_CALLS or last.startswith("read_") or name.startswith(NETWORK_LIBRARIES):
            texts = [n.value for n in ast.walk(call) if isinstance(n, ast.Constant)]
            paths = [text for text in texts if isinstance(text, str)]
            if not any(re.fullmatch(r"\.\./data/(?!.*\.\.).*", path) for path in paths):
                found.append(ast.unparse(call))
    return found


def without(patterns: list[str], text: str) -> str:
    return re.sub("|".join(patterns), "", text)


def test_every_notebook_is_a_chapter_of_the_book_and_every_chapter_is_there() -> None:
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    pages = [contents["root"]]
    for part in contents["parts"]:
        pages += [page["file"] for page in part["chapters"]]
    chapters = [page for page in pages if page.startswith("notebooks/")]
    assert contents["root"] == "notebooks/summary"
    assert sorted(chapters) == [f"notebooks/{path.stem}" for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestNotebook:
    def test_every_code_cell_was_executed_in_order(self, path: Path) -> None:
        code = [cell for cell in notebook(path)["cells"] if cell["cell_type"] == "code"]
        assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))

    def test_outputs_that_prose_quotes_are_in_the_notebook(self, path: Path) -> None:
        cells = notebook(path)["cells"]
        quoted = set()
        for cell in cells:
            if cell["cell_type"] == "markdown":
                source = "".join(cell["source"])
                quoted |= set(re.findall(r"\{glue:text\}`([a-z0-9_]+)`", source))
                quoted |= set(re.findall(r"\{glue:\} ([a-z0-9_]+)", source))
        glued = {
            output["metadata"]["scrapbook"]["name"]
            for cell in cells
            for output in cell.get("outputs", [])
            if "scrapbook" in output.get("metadata", {})
        }
        assert quoted
        assert quoted <= glued

    def test_opens_its_chapter_first(self, path: Path) -> None:
        first = next(code for code in code_of(path) if code)
        assert f'chapter = open_chapter("{path.stem}")' in first.splitlines()

    def test_no_number_is_typed_into_prose(self, path: Path) -> None:
        typed = [
            (number, text)
            for text in prose(path)
            for number in re.findall(r"\d[\d,.]*", without(TYPED_NUMBERS_ALLOWED, text))
        ]
        assert not typed

    def test_no_direction_is_typed_into_prose(self, path: Path) -> None:
        typed = [
            (match.group(), text)
            for text in prose(path)
            for match in DIRECTION_WORDS.finditer(without(DIRECTIONS_ALLOWED, text))
        ]
        assert not typed

    def test_no_cell_is_long(self, path: Path) -> None:
        assert all(len(code.splitlines()) <= 20 for code in code_of(path))

    def test_makes_no_statistic_and_opens_nothing_outside_the_data(self, path: Path) -> None:
        code = "\n".join(code_of(path))
        assert statistics_in(code) == []
        assert opened_outside_data(code) == []


class TestRules:
    """What the rules about statistics and files find, on made code."""

    IMPORTS = (
        "import numpy as np, pandas as pd, seaborn as sns, statsmodels.api as sm\n"
        "import seaborn.objects as so\nfrom scipy import stats\n"
        "from statsmodels.stats.proportion import proportions_ztest as z_test\n"
    )

    @pytest.mark.parametrize(
        "code",
        [
            "stats.ttest_ind(a, b)",
            "z_test(count, base)",
            "sm.OLS(y, x).fit().predict()",
            "import scipy.stats\nscipy.stats.norm.ppf(0.975)",
            "np.percentile(means, [2.5, 97.5])",
            "np.random.default_rng(1)",
            "np.polyfit(x, y, 1)",
            "frame.corr()",
            "frame.groupby('area')['rate'].sem()",
            "frame.sample(frac=1, replace=True)",
            "frame['rate'].quantile(0.95)",
            "def draw(ax):\n    sns.regplot(frame, x='a', y='b', ax=ax)",
            "def draw(ax):\n    sns.barplot(frame, x='a', y='b', ax=ax, errorbar='sd')",
            "sns.pairplot(frame, kind='reg')",
            "so.Plot(frame).add(so.Line(), so.PolyFit())",
            "grid = sns.catplot(frame, x='a', y='b', kind='bar')",
            "sns.lineplot(frame, x='a', y='b', ax=axes)",
            "so.Plot(frame).add(so.Line(), so.Est())",
        ],
    )
    def test_a_statistic_is_found(self, code: str) -> None:
        assert statistics_in(self.IMPORTS + code)

    @pytest.mark.parametrize(
        "code",
        [
            "years = frame.groupby('year')['count'].sum().unstack()",
            "both = wards.merge(names).pivot_table(index='year', columns='month').apply(round)",
            "def draw(ax):\n    sns.barplot(frame, x='a', y='b', ax=ax)",
            "sns.lineplot(frame, x='a', y='b', errorbar=None)",
            "so.Plot(frame).add(so.Line(), so.Agg()).add(so.Dot(), so.Est(errorbar=None))",
            "sns.histplot(frame, x='a', bins=20)",
            "np.arange(12), frame['rate'].mean(), frame.rolling(3).sum()",
        ],
    )
    def test_a_reshaped_table_is_no_statistic(self, code: str) -> None:
        assert statistics_in(self.IMPORTS + code) == []

    @pytest.mark.parametrize(
        "code",
        [
            "open('/etc/hosts')",
            "pd.read_csv('../../elsewhere.csv')",
            "pd.read_csv('../data/../../elsewhere.csv')",
            "pd.read_excel(file)",
            "from pathlib import Path\nPath('notes.txt').read_text()",
            "sns.load_dataset('tips')",
            "import urllib.request\nurllib.request.urlopen('https://example.org')",
            "fig.savefig('chart.png')",
        ],
    )
    def test_a_file_elsewhere_is_found(self, code: str) -> None:
        assert opened_outside_data(self.IMPORTS + code)

    @pytest.mark.parametrize(
        "code",
        ["pd.read_csv('../data/reference/offences.csv')", "chapter.crime.monthly()"],
    )
    def test_a_table_of_the_book_may_be_read(self, code: str) -> None:
        assert opened_outside_data(self.IMPORTS + code) == []
