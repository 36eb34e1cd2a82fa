"""What the chapters show of the surveys: order, verdicts and words."""

import re

import pandas as pd
import pytest

from safer_communities.datasets import load
from safer_communities.surveys import findings, shifts
from safer_communities.surveys.findings import SurveyData


@pytest.fixture(scope="module")
def data() -> SurveyData:
    return SurveyData()


def test_claimed_shifts_come_first_and_the_surest_of_them_at_the_top(data):
    table = data.shifts()
    assert list(table["claimed"]) == sorted(table["claimed"], reverse=True)
    claimed = list(table.loc[table["claimed"], "verdict"])
    assert claimed == ["significant"] * 8 + ["cannot tell"] * 2 + ["not significant"]
    assert table["comparison"].iloc[0] == "knife_crime_since_2019"
    assert set(table["comparison"]) == set(data.compared["comparison"])


def test_what_stands_passes_every_hurdle_by_itself(data):
    table = data.shifts()
    standing = set(table.loc[table["stands"], "comparison"])
    assert standing == {
        "knife_crime_since_2019",
        "gangs_since_2019",
        "happy_area_against_adults",
        "safe_in_parks_since_2019",
    }
    effects = data.design_effects().set_index("comparison")
    assert (effects.loc[list(standing), "verdict_20"] == "significant").all()
    assert table.loc[table["stands"], "survives_holm"].all()


def test_eight_headlined_findings_survive_holm(data):
    table = data.findings().table
    assert table["survives_holm"].sum() == 8
    assert set(table.loc[table["headline"], "survives"]) == {"yes", "no"}
    assert set(table.loc[~table["headline"], "survives"]) == {""}
    assert (table.loc[table["survives_holm"], "p_holm"] <= shifts.ALPHA).all()
    assert set(table["survives_all"]) == {"yes", "no"}


def test_every_finding_says_its_bases_interval_and_p(data):
    table = data.findings().table.set_index("comparison")
    row = table.loc["drug_taking_since_2019"]
    assert row["levels"] == "37% \N{RIGHTWARDS ARROW} 34%"
    assert row["shift"] == "\N{MINUS SIGN}3 (\N{MINUS SIGN}8.9 to 2.9)"
    assert row["bases"] == "500 (assumed), 500"
    assert row["p_and_range"] == "0.322 (0.182 to 0.513)"
    assert row["claimed_text"] == "yes"
    assert table.loc["knife_crime_since_2019", "p_and_range"] == "less than 0.001"
    assert table[["levels", "shift", "bases", "p", "p_and_range"]].map(bool).all(axis=None)


def test_fieldwork_is_that_of_the_wave_reported(data):
    assert data.fieldwork() == "November 2021 to March 2022"


def test_the_surest_findings_say_which_way_they_went(data):
    surest = data.findings().facts()["surest"].split("; ")
    assert len(surest) == data.shifts()["stands"].sum()
    assert "concern about gangs, since 2019 (−17 points)" in surest
    assert "feeling safe in parks, since 2019 (+8 points)" in surest


def test_design_effects_are_in_the_order_shown_with_words_for_tiny_p(data):
    table = data.design_effects()
    assert list(table["comparison"]) == list(data.shifts()["comparison"])
    assert table["p_10"].iloc[0] == "less than 0.001"
    assert not any("." in name for name in table)


def test_the_base_that_would_change_the_answer_is_a_number_or_none(data):
    table = data.unknown_bases().set_index("comparison")
    assert table.loc["bullying_in_person_since_2019", "flip"] == "582"
    assert table.loc["drug_taking_since_2019", "flip"] == "none up to 5,000"
    assert table.loc["drug_taking_since_2019", "tried"] == "400 to 600"
    assert table["flip"].map(lambda text: bool(re.match(r"[\d,]+$|none", text))).all()


def test_the_smallest_shifts_are_those_of_the_published_base(data):
    assert data.smallest_shifts()["rise_10"].iloc[0] == pytest.approx(5.9, abs=0.05)


def test_starred_shifts_name_their_levels(data):
    row = data.starred_shifts().set_index("comparison").loc["priority_reading_since_2019"]
    assert row["face_value"] == "at most 7% or at least 96%"
    assert row["surely"] == "at most 3% or at least 99%"
    assert row["never"] == "15% to 89%"
    assert row["bases"] == "500 (assumed), 500"


@pytest.mark.parametrize(
    ("up_to", "since", "outer", "between"),
    [
        (7, 96, "at most 7% or at least 96%", "8% to 95%"),
        (None, 96, "at least 96%", "0% to 95%"),
        (7, None, "at most 7%", "8% to 100%"),
        (None, None, "none", "0% to 100%"),
        (100, 0, "any", "none"),
        (40, 41, "any", "none"),
    ],
)
def test_runs_of_levels_in_words(up_to, since, outer, between):
    assert findings._outer(up_to, since) == outer
    assert findings._between(up_to, since) == between


def test_a_later_wave_leaves_the_strategys_comparisons_as_they_are(data, monkeypatch):
    """A wave of 2024, with a comparison of its own that is significant beyond doubt."""
    read = load.table
    wave = {"survey": "ypps", "wave": "2024", "label": "Later survey", "base": 2000}
    answer = {"survey": "ypps", "wave": "2024", "question": "knife_crime", "percent": 5.0}
    compared = {
        "comparison": "knife_crime_later", "label": "Concern about knife crime, later",
        "question": "knife_crime", "survey_1": "ypps", "wave_1": "2021_22", "survey_2": "ypps",
        "wave_2": "2024", "strategy_says": "none", "headline": False, "edition": 2024,
    }  # fmt: skip

    def added(table: pd.DataFrame, **row) -> pd.DataFrame:
        return pd.concat([table, table.tail(1).assign(**row)], ignore_index=True)

    tables = {
        "waves": added(read("waves"), base_low=2000, base_high=2000, **wave),
        "percentages": added(read("percentages"), **answer),
        "comparisons": added(read("comparisons"), **compared),
    }
    monkeypatch.setattr(load, "table", lambda name: tables.get(name, read(name)))
    with_wave = SurveyData(data.area, data.waves, 2022, 2022)
    pd.testing.assert_frame_equal(with_wave.findings().table, data.findings().table)
    pd.testing.assert_frame_equal(with_wave.tables.waves, data.tables.waves)
    assert with_wave.later() == ""
    assert "Concern about knife crime, later: 51% → 5%" in SurveyData(until=2024).later()


def test_later_surveys_are_told_from_the_edition_that_shows_them():
    assert SurveyData(until=2023).later() == ""
    assert (
        SurveyData(until=2025)
        .later()
        .startswith(
            "Adults: satisfied with the local area, since 2021/22: 85% → 85%, 0 percentage points "
            "(95% interval −4.4 to 4.4; not significant for every likely number of people asked)."
        )
    )


def test_what_is_open_is_not_called_contradicted(data):
    found = data.findings()
    assert list(found.of("overstated")["comparison"]) == ["drug_taking_since_2019"]
    assert set(found.of("claimed_open")["verdict"]) == {"cannot tell"}
    kinds = ("sure", "overstated", "claimed_open", "unclaimed")
    assert sum(len(found.of(kind)) for kind in kinds) == len(found.table)
    # 89% beside 84% would be significant if the percentages were exact (p = 0.021).
    family = found.of("unclaimed").set_index("comparison").loc["family_friendly_since_2019"]
    assert family["p_value"] == pytest.approx(0.0206, abs=5e-4)
    facts = found.facts()
    assert facts["unclaimed_face_value"].value >= 1
    assert facts["published_bases"] == (
        "Adult Residents' Perception Survey, autumn 2020 and Young People's Perception Survey "
        "2021/22"
    )
