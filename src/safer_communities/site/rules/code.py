"""A notebook reshapes and draws as it likes, and leaves statistics and other files alone."""

import ast
import re
from collections.abc import Iterable, Iterator

from safer_communities.site.rules.cells import Cell

# A statistic belongs where it is tested.
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


def imported_in(trees: Iterable[ast.Module]) -> dict[str, str]:
    """What the names that code imports stand for: {"np": "numpy"}."""
    imported: dict[str, str] = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported |= {name.asname: name.name for name in node.names if name.asname}
            elif isinstance(node, ast.ImportFrom):
                imported |= {n.asname or n.name: f"{node.module}.{n.name}" for n in node.names}
    return imported


def misplaced_calls(cell: Cell, imported: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    """The calls that a notebook may not make: the offset of each, the problem, the remedy.

    `imported` are the names that the notebook imports (see `imported_in`).
    """
    tree = cell.tree()
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = _dotted(call.func, imported)
        if _makes_a_statistic(call, name, in_function=id(call) in inside):
            yield (
                cell.span(call)[0],
                f"{name} makes a statistic that nobody has tested",
                "take the figure from `chapter`, or add a function to "
                "src/safer_communities/statistics/ with a test; of seaborn's plots, draw in a "
                "function, or give errorbar=None",
            )
        elif _opens_elsewhere(call, name):
            yield (
                cell.span(call)[0],
                f"{name} opens a file or an address outside `data/`",
                "take the table from `chapter`, or read it from a path written out as "
                "'../data/...'",
            )


def _dotted(node: ast.expr, imported: dict[str, str]) -> str:
    """For example "numpy.percentile"; for a method of anything else, "?.corr"."""
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, imported)}.{node.attr}"
    return imported.get(node.id, node.id) if isinstance(node, ast.Name) else "?"


def _makes_a_statistic(call: ast.Call, name: str, *, in_function: bool) -> bool:
    """Whether a call makes a statistic, or may have seaborn make one."""
    given = {keyword.arg: getattr(keyword.value, "value", ...) for keyword in call.keywords}
    last = name.rpartition(".")[2]
    # A function that draws for the book has no error bars unless it asks for them.
    needs_none = last == "Est" or (last in WITH_ERROR_BARS and not in_function)
    return (
        name.startswith(STATISTICS_LIBRARIES)
        or last in STATISTICS_CALLS
        or given.get("errorbar") is not None
        or given.get("kind") == "reg"
        or (needs_none and "errorbar" not in given)
    )


def _opens_elsewhere(call: ast.Call, name: str) -> bool:
    """Whether a call opens a file or an address other than one written out as `../data/...`."""
    last = name.rpartition(".")[2]
    opens = last in OPENING_CALLS or last.startswith("read_") or name.startswith(NETWORK_LIBRARIES)
    texts = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant)]
    paths = [text for text in texts if isinstance(text, str)]
    return opens and not any(re.fullmatch(r"\.\./data/(?!.*\.\.).*", path) for path in paths)
