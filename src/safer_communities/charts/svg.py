"""The text of a drawing: the same bytes on any machine, small, and with its words to take away."""

import io
import re
from collections.abc import Callable, Sequence
from html import escape

from safer_communities.charts import style

_TAG = re.compile(r"<[^>]+>")
_COORDINATE = re.compile(r"-?\d+\.\d+")
# An "m" (marker), "p" (clip path) and the like before ten digits of a digest.
_DIGEST_NAME = re.compile(
    r'(?P<before>id="|href="#|url\(#)(?P<digest>\w*[0-9a-f]{10})(?=["\)])', re.ASCII
)
# What matplotlib calls a group that nobody gave a name.
_NUMBERED = re.compile(r'<g id="(?:matplotlib\.)?[A-Za-z0-9]+_\d+">')
# The empty grounds of a figure and of its axes.
_UNSEEN = re.compile(r'<path d="[^"]*"(?: clip-path="[^"]*")? style="fill: none"/>')
# Marks that follow each other and are cut off at the edges of one and the same part.
_CLIPPED = re.compile(r'(?:<(?:path|use) [^>]*clip-path="(url\(#\w+\))"[^>]*/>\s*){2,}')
_STYLE = re.compile(r' style="([^"]*)"')
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_EDGE, _HEADLINE, _WORDS = 20, 19, 13


def saved_svg(save: Callable[..., object]) -> str:
    """What `save` (a figure's own `savefig`) writes as SVG text, without what differs by chance."""
    buffer = io.StringIO()
    undated = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    save(buffer, format="svg", metadata=undated)
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    # matplotlib repeats every text in a comment, and calls its units points.
    svg = re.sub(r"\n\s*<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(width|height)="([\d.]+)pt"', r'\1="\2"', svg, count=2)
    svg = _with_plain_names(_TAG.sub(_with_short_coordinates, svg))
    return _small(svg.replace(f"'{style.MEASURED_FONT}'", style.SHOWN_FONTS))


def _with_short_coordinates(tag: re.Match) -> str:
    """A tag with its numbers to a hundredth of a pixel: matplotlib's own end in six digits.

    Those are rounded again, so that a last bit that differs between processors is gone for good.
    """
    return _COORDINATE.sub(lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), tag[0])


def _with_plain_names(svg: str) -> str:
    """The drawing with its own parts named in their order.

    matplotlib names what it refers to by a digest of coordinates, to the last bit.
    """
    names: dict[str, str] = {}

    def plain(found: re.Match) -> str:
        name = names.setdefault(found["digest"], f"part{len(names) + 1}")
        return f"{found['before']}{name}"

    return _DIGEST_NAME.sub(plain, svg)


def _small(svg: str) -> str:
    """The drawing at about half its size: each look once as a class, no group without a name."""
    svg = re.sub(r' d="([^"]*)"', lambda path: f' d="{_short_path(path[1])}"', svg)
    svg = re.sub(r' transform="rotate\(-?0 [^)]*\)"', "", svg)
    svg = _UNSEEN.sub("", svg)
    looks: dict[str, str] = {}

    def as_class(found: re.Match) -> str:
        return f' class="{looks.setdefault(found[1], f"l{len(looks) + 1}")}"'

    svg = _STYLE.sub(as_class, _without_numbered_groups(svg))
    rules = "".join(f".{name}{{{look}}}" for look, name in looks.items())
    svg = svg.replace("</style>", f"{rules}</style>", 1)
    return re.sub(r">\s*\n\s*<", "><", svg).strip() + "\n"


def _short_path(path: str) -> str:
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", path).strip()


def _without_numbered_groups(svg: str) -> str:
    kept: list[bool] = []

    def needed(tag: re.Match) -> str:
        if tag[0] == "</g>":
            return tag[0] if kept.pop() else ""
        kept.append(_NUMBERED.fullmatch(tag[0]) is None)
        return tag[0] if kept[-1] else ""

    return re.sub(r"<g(?: [^>]*[^/])?>|</g>", needed, svg)


def clipped_once(svg: str) -> str:
    """The same drawing, a twentieth smaller: marks in a row say once where they are cut off."""

    def grouped(run: re.Match) -> str:
        said = f' clip-path="{run[1]}"'
        marks = run[0].replace(said, "")
        return run[0] if " clip-path=" in marks else f"<g{said}>{marks}</g>"

    return _CLIPPED.sub(grouped, svg)


def size_of(svg: str) -> tuple[int, int]:
    """Width and height of a drawing in CSS pixels: what it says, or else those of its view box.

    Raises ValueError where it says neither.
    """
    match = re.search(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"', svg) or re.search(
        r'viewBox="[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)"', svg
    )
    if match is None:
        raise ValueError("svg: the drawing has no viewBox")
    return round(float(match[1])), round(float(match[2]))


def with_words(svg: str, headline: str, subtitle: str, below: Sequence[str]) -> str:
    """The drawing on a white ground, its headline and subtitle above, the lines `below` under it.

    It says by itself what it shows, wherever it is pasted.
    """
    wide, high = size_of(svg)
    room = max(wide, 300)
    parts: list[str] = []
    y = float(_EDGE) - 4
    written = [(headline, _HEADLINE, "bold", style.INK), (subtitle, _WORDS, "normal", "#4D4D4D")]
    y = _written(parts, written, room, y)
    drawing = svg.strip().replace("<svg", f'<svg x="{_EDGE}" y="{y:g}"', 1)
    parts.append(drawing)
    y = _written(parts, [(line, 12, "normal", "#4D4D4D") for line in below], room, y + high + 8)
    width, height = room + 2 * _EDGE, round(y + _EDGE - 8)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="{style.SHOWN_FONTS}">'
        f"<title>{escape(_NOT_IN_XML.sub('', headline), quote=False)}</title>"
        f'<rect width="{width}" height="{height}" fill="#FFFFFF"/>{"".join(parts)}</svg>\n'
    )


def _written(
    parts: list[str], lines: Sequence[tuple[str, int, str, str]], room: float, y: float
) -> float:
    """Adds the text of the lines, wrapped, to `parts` from `y` down; returns where they end."""
    for words, size, weight, colour in lines:
        for line in style.wrapped(_NOT_IN_XML.sub("", words), room, size, weight):
            y += size * 1.3
            parts.append(
                f'<text x="{_EDGE}" y="{y - size * 0.3:g}" font-size="{size}" '
                f'font-weight="{weight}" fill="{colour}">{escape(line, quote=False)}</text>'
            )
    return round(y + 8, 1)
