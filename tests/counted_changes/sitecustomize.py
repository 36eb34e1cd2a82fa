"""Made for a test: every Python program that finds this folder first notes what it changes.

`CHANGES_LOG` names the file to which each change of a file or folder adds a letter: s for the site
that `CHANGED_SITE` names and what stands beside it, c for all else, in capitals where the site has
no first page at that moment. At change number n of a kind, where `KILLED_AT` says "s n" or "c n",
the whole group of processes is killed, before it makes the change.
"""

import os
import signal
import sys

EVENTS = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.symlink", "shutil.rmtree"}
opened: dict[int, int] = {}


def is_change(event: str, arguments: tuple) -> bool:
    """Whether an audit event tells of a change; an exchange of folders is known by its call."""
    if event == "open":
        return bool((arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR))
    return event in EVENTS or (event == "ctypes.dlsym" and arguments[1] == "renameat2")


def is_beside(event: str, arguments: tuple, site: str) -> bool:
    """Whether a change is of the site or of what stands beside it."""
    paths = [os.path.abspath(each) for each in arguments if isinstance(each, (str, os.PathLike))]
    if event in ("open", "ctypes.dlsym"):
        return event == "ctypes.dlsym"
    return any(path == site or os.path.dirname(path) == os.path.dirname(site) for path in paths)


def heard(event: str, arguments: tuple) -> None:
    """Notes a change, and kills at the one that was named."""
    log = os.environ.get("CHANGES_LOG")
    if not log or not is_change(event, arguments) or arguments[0] == log:
        return
    if os.getpid() not in opened:
        opened[os.getpid()] = os.open(log, os.O_RDWR | os.O_CREAT | os.O_APPEND)
    file, site = opened[os.getpid()], os.environ["CHANGED_SITE"]
    letter = "s" if is_beside(event, arguments, site) else "c"
    is_there = os.path.isfile(os.path.join(site, "index.html"))
    os.write(file, (letter if is_there else letter.upper()).encode())
    kind, _, number = os.environ.get("KILLED_AT", "").partition(" ")
    if kind == letter:
        made = os.pread(file, os.fstat(file).st_size, 0).decode().lower()
        if made.count(kind) >= int(number):
            os.killpg(0, signal.SIGKILL)


sys.addaudithook(heard)
