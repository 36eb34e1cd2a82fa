"""The one look of every chart: the afcharts style, its colours, and text measured in pixels."""

import warnings
from bisect import bisect
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import matplotlib.style
from afcharts.af_colours import get_af_colours
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags

_CATEGORICAL = get_af_colours("categorical")
HIGHLIGHT = _CATEGORICAL[0]
BENCHMARK = _CATEGORICAL[2]
# From light (low) to dark (high).
SEQUENTIAL = tuple(reversed(get_af_colours("sequential", number_of_colours=5)))
# The grey of the afcharts focus palette has a contrast of 1.8:1 on white; marks need 3:1.
OTHER = "#767676"
# Half seen through, it stands out from a white ground and from a black one.
BAND: dict[str, Any] = {"color": OTHER, "alpha": 0.25, "linewidth": 0}
# For a heat map, from low to high: each shade is light enough to write its number on, also where
# the dark theme turns light and dark round.
SHADES = LinearSegmentedColormap.from_list("shades", ["#F4F8FC", "#A9CDEB", "#7DB6E6"])
INK = "#1A1A1A"
QUIET_INK = "#4D4D4D"
GRID = "#CCCCCC"

# Text is written as text: small, sharp, and the reader's own font where Arial is missing. The
# layout is measured with DejaVu Sans, which matplotlib brings along: it is the same on every
# machine (so the bytes are), and about a sixth wider than Arial, so that other fonts fit as well.
MEASURED_FONT = "DejaVu Sans"
SHOWN_FONTS = "Arial, Helvetica, sans-serif"
# In letters. The longest in a name of an area, an offence or a question has 19.
LONGEST_WORD = 24

# Large, so that nothing is lost in rounding. FreeType gives lengths in parts of 65,536.
_LOADED_SIZE = 100
_FIXED_POINT = 65536

# What the names of a drawing's parts are made with, so that they are the same in every run.
HASH_SALT = "safer-communities"

_OVERRIDES = {
    "svg.fonttype": "none",
    "svg.hashsalt": HASH_SALT,
    "font.family": MEASURED_FONT,
    "text.parse_math": False,
    # Letters are drawn by the reader's browser, at any size: fitted to no grid of pixels, they are
    # measured in two thirds of the time.
    "text.hinting": "none",
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "axes.spines.bottom": False,
    "axes.grid": False,
    "grid.color": GRID,
    "xtick.bottom": False,
    "ytick.left": False,
    "xtick.labelcolor": QUIET_INK,
    "ytick.labelcolor": QUIET_INK,
}


@contextmanager
def applied() -> Iterator[None]:
    """The style as a context; whatever the reader's or the notebook's settings are, none leaks in.

    Unlike `pyplot.style.use` it leaves nothing behind.
    """
    look = matplotlib.style.context(["afcharts.afcharts", _OVERRIDES], after_reset=True)
    with look, unknown_letters_allowed():
        yield


@contextmanager
def unknown_letters_allowed() -> Iterator[None]:
    """No warning of a letter that the measured font lacks: it is drawn, in the reader's font."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        yield


def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Pixels that one line of `text` takes at most: its letters side by side, none moved closer."""
    return size * sum(_advance(letter, weight) for letter in text)


@cache
def _advance(letter: str, weight: str) -> float:
    """Pixels from the start of a letter of size 1 to the start of the next."""
    font = get_font(findfont(FontProperties(family=MEASURED_FONT, weight=weight)))
    font.set_size(_LOADED_SIZE, 72)
    # A letter that the font lacks is as wide as the box that stands for it.
    glyph = font.load_glyph(font.get_char_index(ord(letter)), flags=LoadFlags.NO_HINTING)
    return glyph.linearHoriAdvance / _FIXED_POINT / _LOADED_SIZE


def widest(texts: list[str], size: float, weight: str = "normal") -> float:
    """Pixels that the widest of `texts` takes; 0 for none."""
    return max((text_width(text, size, weight) for text in texts), default=0.0)


def wrapped(text: str, width: float, size: float, weight: str = "normal") -> list[str]:
    """`text` in lines of at most `width` pixels; a single longer word keeps its own line.

    A word with more letters than any name has is broken, so that it cannot push the drawing out.
    """
    lines: list[str] = []
    for word in text.split():
        for number, part in enumerate(_parts(word, width, size, weight)):
            longer = f"{lines[-1]} {part}" if lines else part
            if lines and number == 0 and text_width(longer, size, weight) <= width:
                lines[-1] = longer
            else:
                lines.append(part)
    return lines


def _parts(word: str, width: float, size: float, weight: str) -> list[str]:
    """The word; one of too many letters in parts of at most `width` pixels."""
    if len(word) <= LONGEST_WORD:
        return [word]
    parts = []
    while word:
        # The most letters that fit, by halves: a word may have thousands.
        lengths = range(1, len(word) + 1)
        fits = max(1, bisect(lengths, width, key=lambda end: text_width(word[:end], size, weight)))
        parts.append(word[:fits])
        word = word[fits:]
    return parts
