"""Tables of respondents as offices keep them: what is read, what is refused, and in which words."""

import re

import pandas as pd
import pytest

from compared_waves import compared_waves
from safer_communities.errors import InputError, leaves
from safer_communities.surveys.respondents import check_wave, read_respondents, waves_of


def table(answers: list, **columns: object) -> pd.DataFrame:
    """Made respondents of one wave with these answers."""
    made: dict = {"respondent": range(1, len(answers) + 1), "wave": 2022, "weight": 1.0}
    return pd.DataFrame(made | {"safe": answers} | columns)


def faults(responses: pd.DataFrame) -> list[str]:
    """What is said of a table, a text for each fault."""
    with pytest.raises((InputError, ExceptionGroup)) as caught:
        read_respondents(responses)
    errors = leaves(caught.value)
    assert all(isinstance(error, InputError) and error.remedy for error in errors)
    return [f"{error.place}: {error.problem}" for error in errors]


@pytest.mark.parametrize(
    ("answers", "read"),
    [
        (["Yes", "yes", "Yes ", "YES", "Yes"], ["Yes"] * 5),
        (["18-24", "18–24", "18−24"], ["18-24"] * 3),
        (["Don't know", "Don’t know", "don't  know"], ["Don't know"] * 3),
        (["Very safe", "Very\u00a0safe", "\ufeffVery safe"], ["Very safe"] * 3),
        (["Anti-social", "Anti-social", "anti social", "Anti–social."], ["Anti-social"] * 4),
        (["Drugs & drink", "Drugs & drink", "Drugs and drink"], ["Drugs & drink"] * 3),
        (["Dont know", "Don't know", "Don't know"], ["Don't know"] * 3),
        ([1, "1", 1.0, "1.0"], ["1"] * 4),
    ],
)
def test_spellings_of_one_answer_are_joined(answers: list, read: list) -> None:
    assert read_respondents(table(answers)).table["safe"].tolist() == read


@pytest.mark.parametrize(
    "none",
    [
        "",
        "  ",
        "-99",
        -99,
        -8.0,
        "−1",
        "-9. Refused",
        "n/a",
        "N/A",
        "#N/A",
        ".",
        "NULL",
        None,
        float("nan"),
    ],
)
def test_what_stands_for_no_answer_leaves_the_base(none: object) -> None:
    answers = ["Yes"] * 30 + ["No"] * 20 + [none] * 10
    responses = pd.concat([table(answers), table(["Yes"] * 30 + ["No"] * 20).assign(wave=2019)])
    found = compared_waves(responses, "safe", 2019, 2022)
    assert found.answers.index.tolist() == ["No", "Yes"]
    assert found.base_2.base == 50
    assert found.answers.loc["Yes", "percent_2"] == pytest.approx(60)


def test_what_was_changed_is_said() -> None:
    found = read_respondents(table(["Yes", "Yes", "yes ", "-99", "No"], wave=["Spring"] * 5))
    assert found.changed == ["safe: 'yes' read as 'Yes'", "safe: '-99' read as no answer"]


def test_who_was_asked_twice_is_said() -> None:
    both = pd.concat([table(["Yes", "No"] * 10).assign(wave=wave) for wave in (2019, 2022)])
    (said,) = read_respondents(both).changed
    assert said.startswith("20 identifiers of respondents are in several waves: the test takes")


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (["Yes", "No", "99", "Yes"], "a number among answers in words: '99' (row 3)"),
        ([1, 2, 5, 99, 99], "may stand for no answer: '99' (row 4), '99' (row 5)"),
        (["Yes", "Y", "No", "no"], "short for another answer of the question: 'Y' (row 2)"),
        (["Yes", "TRUE", "No", "Yes"], "TRUE or FALSE beside yes or no: 'TRUE' (row 2)"),
        (["0-4", "05-Sep", "10+"], "a date, which a spreadsheet makes of"),
        (["Yes", "#REF!", "No"], "a formula or error of a spreadsheet"),
        (["Yes", "=A1", "No"], "a formula or error of a spreadsheet"),
        (["Donâ€™t know", "Yes", "No"], "letters saved in another encoding"),
        (["Yes", "*", "No"], "a mark for a value that is withheld: '*' (row 2)"),
        (["Yes", "[c]", "No"], "a mark for a value that is withheld: '[c]' (row 2)"),
        (["Yes", "<5", "No"], "a mark for a value that is withheld: '<5' (row 2)"),
    ],
)
def test_what_may_or_may_not_be_an_answer_is_refused(answers: list, said: str) -> None:
    (found,) = faults(table(answers))
    assert found.startswith("survey microdata, column safe: ")
    assert said in found


def test_scales_of_numbers_and_the_answer_none_are_answers() -> None:
    scale = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    found = read_respondents(table(scale * 3)).table
    assert set(found["safe"]) == set(map(str, scale))
    ages = ["<5", "5 to 9", "10+"]
    assert read_respondents(table(ages)).table["safe"].tolist() == ages
    words = ["None", "Litter"]
    assert read_respondents(table(words)).table["safe"].tolist() == words


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("name", ["A", "B"]),
        ("Full_Name", ["A", "B"]),
        ("lastName", ["A", "B"]),
        ("Home address", ["A", "B"]),
        ("postcode", ["NW4", "N12"]),
        ("Date of birth", ["x", "y"]),
        ("e-mail", ["x", "y"]),
        ("contact", ["someone@example.org", "no"]),
        ("where", ["NW4 4BG", "no"]),
        ("born_on", ["03/02/1990", "no"]),
        ("since", ["1990-02-03", "no"]),
        ("call", ["020 8359 2000", "no"]),
        ("lives", ["12 Made Up Road", "no"]),
    ],
)
def test_columns_that_say_who_somebody_is_are_refused(column: str, cells: list) -> None:
    (found,) = faults(table(["Yes", "No"] * 10, **{column: cells * 10}))
    assert found.startswith(f"survey microdata, column {column}: ")
    # The message is no place for what stands in the column.
    assert not any(cell in found.partition(": ")[2] for cell in cells if len(cell) > 4)


@pytest.mark.parametrize("cells", [[f"I said {n}" for n in range(20)], ["word " * 40] * 20])
def test_free_text_is_refused(cells: list[str]) -> None:
    (found,) = faults(table(["Yes", "No"] * 10, comment=cells))
    assert found.startswith("survey microdata, column comment: free text: ")


@pytest.mark.parametrize("question", ["theft_of_phone", "safe_at_home", "street_lighting"])
def test_questions_about_phones_and_streets_are_questions(question: str) -> None:
    read_respondents(table(["Yes", "No"]).rename(columns={"safe": question}))


@pytest.mark.parametrize(
    ("respondents", "said"),
    [
        (["Jo Made", "Al Made"], "an identifier without a digit, which may be a name"),
        (["a1@example.org", "b@example.org"], "an e-mail address in row 1 and 1 more"),
        (["1", " 1"], "comes twice in its wave: ' 1' (row 2)"),
        (["1", "  "], "is missing: '  ' (row 2)"),
    ],
)
def test_respondents_are_numbered_and_not_named(respondents: list[str], said: str) -> None:
    assert faults(table(["Yes", "No"], respondent=respondents)) == [
        f"survey microdata, column respondent: {said}"
        + (": 'Jo Made' (row 1), 'Al Made' (row 2)" if "digit" in said else "")
    ]


def test_waves_are_of_one_type_and_a_mismatch_names_them() -> None:
    both = pd.concat([table(["Yes", "No"] * 10).assign(wave=wave) for wave in (2019, 2022)])
    with pytest.raises(InputError, match=r"no wave '2019'; the table has 2019, 2022 \(as numbers"):
        check_wave("2019", waves_of(read_respondents(both).table))
    text = both.assign(wave=both["wave"].astype(str))
    with pytest.raises(InputError, match=r"no wave 2019; the table has '2019', '2022' \(as text"):
        check_wave(2019, waves_of(read_respondents(text).table))
    (said,) = faults(pd.concat([both, text]))
    assert "column wave: numbers in some rows and text in others: 2019 (row 1), '2019'" in said


def test_waves_with_gaps_and_spaces_keep_their_type_and_order() -> None:
    whole = read_respondents(table(["Yes", "No"], wave=[2019.0, 2022.0])).table
    assert whole["wave"].tolist() == [2019, 2022]
    named = table(["Yes"] * 4, wave=["Wave 10", "wave 9 ", "Wave 9", "Wave 9"])
    assert waves_of(read_respondents(named).table) == ["Wave 9", "Wave 10"]
    days = [f"{day} June" for day in range(1, 26)]
    assert "25 different waves" in faults(table(["Yes"] * 25, wave=days))[0]
    (said,) = faults(table(["Yes"] * 2, wave=["43525", "44621"]))
    assert "column wave: a day as a spreadsheet counts days: '43525' (row 1)" in said


def test_headings_in_capitals_blank_rows_and_weights_with_a_comma() -> None:
    responses = table(["Yes", "No"]).rename(columns={"wave": " Wave", "weight": "WEIGHT"})
    blank = pd.DataFrame([[None, " ", None, ""]], columns=responses.columns)
    assert len(read_respondents(pd.concat([responses.astype(object), blank])).table) == 2
    assert (
        "column weight: is not a number above 0: '1,25' (row 1)"
        in faults(table(["Yes", "No"], weight=["1,25", "1"]))[0]
    )
    assert re.search(
        "two columns are named 'safe'",
        faults(table(["Yes"]).assign(again="No").rename(columns={"again": "safe"}))[0],
    )


@pytest.mark.parametrize(("weight", "taken"), [(45.0, True), (120.0, False)])
def test_no_respondent_stands_for_the_whole_wave(weight: float, taken: bool) -> None:
    answers = table(["Yes", "No"] * 10)
    answers.loc[3, "weight"] = weight
    if taken:
        assert read_respondents(answers).table["weight"].max() == weight
    else:
        (found,) = faults(answers)
        assert (
            "column weight: more than 50 times the usual weight of its wave: 120.0 (row 4)" in found
        )


def test_a_total_and_a_weight_of_more_than_all_people_have_one_message_each() -> None:
    answers = table(["Yes", "No"] * 10).astype({"respondent": str})
    total = pd.DataFrame([["Total", None, None, ""]], columns=answers.columns)
    (found,) = faults(pd.concat([answers, total]))
    assert found.endswith("column respondent: has no wave and no weight: 'Total' (row 21)")
    (found,) = faults(answers.assign(weight=1e300))
    assert "column weight: more people than a country has: 1e+300 (row 1)" in found


def test_two_questions_that_differ_in_capitals_alone_are_refused() -> None:
    (found,) = faults(table(["Yes", "No"] * 10).assign(Safe="Yes"))
    assert "two columns are named 'Safe', 'safe'" in found
