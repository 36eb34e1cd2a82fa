"""Counts work, where a clock would say what else the machine is doing."""

from functools import wraps

import pytest


def counted(patch: pytest.MonkeyPatch, owner: object, name: str) -> list:
    """The results of `owner.name` from now on, one for each call, in their order."""
    results: list = []
    function = getattr(owner, name)

    @wraps(function)
    def counting(*arguments: object, **options: object) -> object:
        result = function(*arguments, **options)
        results.append(result)
        return result

    patch.setattr(owner, name, counting)
    return results
