"""Small numbers: what is kept of wards, attacked by subtraction in every way that tables allow."""

import itertools

import numpy as np
import pandas as pd
import pytest

from safer_communities.datasets import load
from safer_communities.datasets.small_cells import SMALLEST_COUNT_SHOWN
from safer_communities.datasets.small_numbers import (
    as_written,
    sensitive_years,
    told_of_wards,
    withheld,
)
from safer_communities.errors import InputError

OFFENCES = load.table("offences")
RELEASES = load.table("releases")
NAMES = sorted(RELEASES.loc[RELEASES["publication"] == "mps_ward_crime", "release"])
MISCELLANEOUS = "Miscellaneous crimes against society"


@pytest.fixture(scope="module")
def kept() -> dict[str, pd.DataFrame]:
    """Every table by ward and month."""
    return {name: load.ward_crime(name) for name in NAMES}


def released(release: str, **offences: int) -> pd.DataFrame:
    """A made release by ward: in W1 to W4 of Barnet so many offences each month; W4 has 0."""
    row = RELEASES[(RELEASES["publication"] == "mps_ward_crime") & (RELEASES["release"] == release)]
    row = row.iloc[0]
    months = pd.date_range(row["first_month"], row["last_month"], freq="MS")
    rows = [
        {"month": month, "ward_code": ward, "area_code": "E09000003", "offence": offence}
        | {"count": 0 if ward == "W4" else count}
        for month, ward, (offence, count) in itertools.product(
            months, ("W1", "W2", "W3", "W4"), offences.items()
        )
    ]
    return pd.DataFrame(rows).assign(classification=row["classification"], release=release)


class TestWhatIsKept:
    def test_no_sensitive_offence_has_a_row_of_its_own(self, kept):
        sensitive = set(OFFENCES.loc[OFFENCES["sensitive"], "offence"])
        assert {"Rape", "Homicide", "Stalking and harassment"} <= sensitive
        for table in kept.values():
            assert sensitive.isdisjoint(table["offence"].unique())

    def test_the_police_s_other_offences_all_have(self, kept):
        for table in kept.values():
            rows = OFFENCES[OFFENCES["classification"] == table["classification"].iloc[0]]
            found = set(table["offence"].unique())
            assert found <= set(rows["ward_offence"])
            assert {"Arson", "Shoplifting", "Violence without injury", MISCELLANEOUS} <= found

    def test_no_group_minus_its_parts_and_no_total_minus_groups(self, kept):
        """No row of a table is the sum of others: there is nothing to subtract from."""
        groups = set(OFFENCES["offence_group"]) - {MISCELLANEOUS, "Possession of weapons"}
        groups -= set(OFFENCES["offence"])
        for table in kept.values():
            assert groups.isdisjoint(table["offence"].unique())

    def test_no_two_releases_differ_by_a_sensitive_offence(self):
        """What is counted within something wider is so in every classification and release."""
        sensitive = OFFENCES[OFFENCES["sensitive"] & (OFFENCES["ward_offence"] != "")]
        for offence, wider in zip(sensitive["offence"], sensitive["ward_offence"], strict=True):
            own = OFFENCES[OFFENCES["offence"] == offence]
            assert set(own["ward_offence"]) == {wider}
            # The rest of the wider one stands nowhere by itself, in no classification.
            group = set(own["offence_group"])
            rest = OFFENCES[OFFENCES["offence_group"].isin(group)]
            if wider in group:
                assert set(rest["ward_offence"]) == {wider}
            assert wider != offence

    def test_the_rule_applied_twice_changes_nothing(self, kept):
        assert told_of_wards(kept["2026-04"], OFFENCES) is kept["2026-04"]

    def test_a_wider_offence_is_the_sum_of_its_parts(self):
        frame = released(
            "2026-04",
            **{"Violence without injury": 3, "Stalking and harassment": 2, "Rape": 1, "Arson": 4},
        )
        told = as_written("recorded_crime_ward", frame, OFFENCES)
        counts = told[told["ward_code"] == "W1"].groupby("offence")["count"].agg(["sum", "size"])
        assert counts["sum"].to_dict() == {"Arson": 96, "Violence without injury": 120}
        assert set(counts["size"]) == {24}
        assert as_written("recorded_crime_borough", frame, OFFENCES) is frame


class TestSensitiveYears:
    def test_each_year_is_told_once_and_by_the_first_release_that_has_it_whole(self):
        table = load.table("sensitive_ward_crime")
        told = table.groupby("month")["release"].unique().map(list)
        found = {f"{month:%Y-%m}": names for month, names in told.items()}
        assert (
            found.items()
            >= {
                "2022-03": ["2023-04"],
                "2023-03": ["2023-04"],
                "2024-03": ["2025-04"],
                "2025-03": ["2025-04"],
                "2026-03": ["2026-04"],
            }.items()
        )

    def test_no_two_windows_overlap(self):
        months = pd.DatetimeIndex(load.table("sensitive_ward_crime")["month"].unique())
        assert set(months.month) == {3}

    def test_the_old_wards_tell_nothing(self):
        """Two maps of one year would tell of the slivers between them."""
        assert sensitive_years(released("2022-09", Rape=9), OFFENCES, RELEASES).empty
        old = set(load.ward_crime("2022-09")["ward_code"]) - set(
            load.ward_crime("2023-04")["ward_code"]
        )
        assert old.isdisjoint(load.table("sensitive_ward_crime")["ward_code"])

    def test_a_year_that_an_earlier_release_told_is_left_out(self):
        assert sensitive_years(released("2023-12", Rape=9), OFFENCES, RELEASES).empty
        found = sensitive_years(released("2026-04", Rape=9), OFFENCES, RELEASES)
        assert set(found["month"]) == {pd.Timestamp("2026-03-01")}

    def test_kinds_are_added_up_and_none_is_a_count(self):
        frame = released("2026-04", Rape=1, Homicide=2, Arson=50)
        found = sensitive_years(frame, OFFENCES, RELEASES).set_index("ward_code")["count"]
        assert found.to_dict() == {"W1": 36, "W2": 36, "W3": 36, "W4": 0}

    @pytest.mark.parametrize("seed", range(5))
    def test_no_withheld_count_can_be_recovered_from_the_borough_s_total(self, seed):
        """Even by somebody who knows exactly what all wards have together."""
        frame = released("2026-04", Rape=0)
        drawn = np.random.default_rng(seed).poisson(0.25 * (1 + seed), len(frame))
        frame["count"] = drawn
        truth = frame[frame["month"] >= "2025-04-01"].groupby("ward_code")["count"].sum()
        shown = sensitive_years(frame, OFFENCES, RELEASES).set_index("ward_code")["count"]
        hidden = shown.isna()
        assert (shown[~hidden] == truth[~hidden]).all()
        assert (shown[~hidden] >= SMALLEST_COUNT_SHOWN).all()
        if truth.between(1, SMALLEST_COUNT_SHOWN - 1).any() and not hidden.all():
            assert hidden.sum() >= 2
            assert truth.sum() - shown.sum() >= SMALLEST_COUNT_SHOWN

    def test_every_gap_of_the_real_table_has_another_beside_it(self):
        table = load.table("sensitive_ward_crime")
        gaps = table[table["count"].isna()].groupby(["month", "area_code"]).size()
        assert len(gaps) >= 1
        assert (gaps >= 2).all()
        assert not table["count"].between(1, SMALLEST_COUNT_SHOWN - 1).any()

    def test_a_year_told_by_two_releases_is_refused(self):
        table = load.table("sensitive_ward_crime")
        again = table[table["release"] == "2026-04"].assign(release="2026-10")
        both = pd.concat([table, again], ignore_index=True)
        with pytest.raises(InputError, match="the year to March 2026 is told by 2026-04 and"):
            load.check(load.TABLES["sensitive_ward_crime"], both, "the table")


def test_what_is_withheld_is_the_same_in_both_classifications():
    assert set(withheld(OFFENCES, "2019")) == set(withheld(OFFENCES, "2024"))
