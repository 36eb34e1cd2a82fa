"""Books that are no books: small archives in their place, for the machines that pass them on.

Workers of a cluster import this, so it stands in a file of its own.
"""

import multiprocessing
import os
import signal
import tempfile
from pathlib import Path

from safer_communities.errors import InputError
from safer_communities.site.london.archives import Order, packed
from safer_communities.site.rebuilding import STAMP, tree_digest

BROKEN = "Camden"
SPOILT = "Harrow"
# The process ends while it builds them: of the one always, of the other the first time.
DEADLY, DEADLY_ONCE = "Hackney", "Brent"


def made(order: Order, page: str = "") -> bytes:
    """The archive of a site of one page, with the stamp of a finished one."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        (site / "index.html").write_text(page or f"The book of {order.borough}")
        (site / STAMP).write_text(f"{tree_digest(site)}\n{order.stamp}")
        return packed(site)


def made_by_worker(order: Order) -> bytes:
    """The same, in the process of a worker, and what can go wrong there.

    `sources` of the order is a folder to leave a note in for each time that a book was begun.
    """
    # A book starts processes of its own, which a daemon must not.
    assert not multiprocessing.current_process().daemon
    begun = Path(order.sources) / f"{order.borough} {os.getpid()}"
    again = any(begun.parent.glob(f"{order.borough} *"))
    begun.touch()
    if order.borough == DEADLY or (order.borough == DEADLY_ONCE and not again):
        os.kill(os.getpid(), signal.SIGKILL)
    if order.borough == BROKEN:
        raise ExceptionGroup("1 of 14", [InputError("wards, cell 3", "no wards", "add them")])
    archive = made(order)
    return archive[: len(archive) // 2] if order.borough == SPOILT else archive
