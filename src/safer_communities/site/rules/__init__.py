"""What a chapter may hold: checked before anything runs, by the build, `make check` and tests."""

from safer_communities.site.rules.checking import check_before_running, check_keys

__all__ = ["check_before_running", "check_keys"]
