"""What a message offers in place of a name that does not exist."""

import pytest

from safer_communities.errors import FEW, NEAREST, did_you_mean

MANY = [f"name {number:02}" for number in range(FEW + 1)]


@pytest.mark.parametrize(
    ("name", "known", "text"),
    [
        ("Burglry", ["Robbery", "Burglary"], "write 'Burglary'"),
        ("burglary ", ["Robbery", "Burglary"], "write 'Burglary'"),
        (
            "knife",
            ["Theft", "Violence with a knife"],
            "write 'Violence with a knife'",
        ),
        (2032, [2022, 2025], "write '2025' or '2022'"),
        ("zebra", ["b", "a", "c"], "write 'a', 'b' or 'c'"),
        ("", ["b", "a"], "write 'a' or 'b'"),
        ("zebra", ["a"], "write 'a'"),
        ("zebra", [], "none is known"),
        ("zebra", MANY, f"write one of {len(MANY)} names, such as 'name 00', 'name 01', 'name 02'"),
    ],
)
def test_the_nearest_names_are_offered_or_all_where_few(
    name: object, known: list, text: str
) -> None:
    assert did_you_mean(name, known).startswith(text)


def test_no_more_than_a_few_of_many_near_names_are_offered() -> None:
    assert did_you_mean("name 1", MANY).count("'") == 2 * NEAREST


def test_many_names_are_listed_elsewhere() -> None:
    assert did_you_mean("zebra", MANY, listed_in="data/list.csv").endswith(
        "(all of them: data/list.csv)"
    )
