"""Icons drawn in the page, in place of an icon font."""

import re

from bs4 import BeautifulSoup, Tag

ICON_CLASS = re.compile("^fa-")
# Lines on a square of 24 by 24, drawn for this book.
ICONS = {
    "angle-left": "M15 5l-7 7 7 7",
    "angle-right": "M9 5l7 7-7 7",
    "arrow-up": "M12 20V5M5 12l7-7 7 7",
    "bars": "M3 6h18M3 12h18M3 18h18",
    "chevron-down": "M5 9l7 7 7-7",
    "circle-half-stroke": "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM12 3v18M15 4.5v15M18 6.5v11",
    "list": "M8 6h13M8 12h13M8 18h13M3 6h.01M3 12h.01M3 18h.01",
    "magnifying-glass": "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21",
    "moon": "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z",
    "sun": "M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2"
    "M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4",
}


def draw_icons(page: BeautifulSoup) -> None:
    """Puts a drawing in the place of each sign of the theme's icon font (Font Awesome).

    Raises ValueError where there is no drawing for a sign.
    """
    for icon in page.find_all(class_=ICON_CLASS):
        icon.replace_with(_drawn(page, icon))


def _drawn(page: BeautifulSoup, icon: Tag) -> Tag:
    names = [name.removeprefix("fa-") for name in icon["class"] if name.startswith("fa-")]
    known = [name for name in names if name in ICONS]
    if len(known) != 1:
        raise ValueError(f"page: no drawing for the icon {' '.join(icon['class'])}")
    classes = [name for name in icon["class"] if not name.startswith("fa")]
    svg = page.new_tag(
        "svg",
        attrs={
            "class": " ".join([*classes, "icon", f"icon-{known[0]}"]),
            "viewBox": "0 0 24 24",
            "aria-hidden": "true",
            "focusable": "false",
        },
    )
    if icon.get("data-mode"):
        svg["data-mode"] = icon["data-mode"]
    svg.append(page.new_tag("path", attrs={"d": ICONS[known[0]]}))
    return svg
