"""The files of this site that a page asks for, by the addresses that stand in it."""

from bs4 import BeautifulSoup


def addresses_of(page: BeautifulSoup) -> list[str]:
    """The addresses of all files of this site that `page` asks for, seen from the page."""
    found = {
        without_query(str(tag.get(attribute) or ""))
        for tag in page.find_all(True)
        for attribute in ("src", "href", "srcset")
    }
    return sorted(address for address in found if address and ":" not in address)


def from_top(address: str) -> str:
    """The address of a file in `_static`, seen from the top of the site."""
    return without_query(address).removeprefix("../")


def without_query(address: str) -> str:
    """`address` without its query and the place in the page that it names."""
    return address.split("?")[0].split("#")[0]
