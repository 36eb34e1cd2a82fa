"""The survey tables and what they can say, in the shape that the chapters show."""

from functools import cached_property, partial
from typing import Any

import pandas as pd

from safer_communities.datasets import load
from safer_communities.facts import wording
from safer_communities.facts.quantity import Quantity
from safer_communities.settings import DEFAULT_EDITION
from safer_communities.statistics.significance import LARGEST_BASE_SEARCHED, wilson_interval
from safer_communities.surveys import shifts
from safer_communities.surveys.told import Concerns, Findings

# The order in which verdicts are shown.
_VERDICTS = (shifts.SIGNIFICANT, shifts.CANNOT_TELL, shifts.NOT_SIGNIFICANT)
_YES_NO = {True: "yes", False: "no"}


class SurveyData:
    """The printed percentages of the surveys, compared and tested.

    `area` is where people were asked, `waves` are those that the strategy reports: "arps_2021_22".
    `edition` is the strategy's, whose comparisons are tested as one family whatever was asked
    since; `until` is the edition of the book, which lists later ones too.
    """

    def __init__(
        self,
        area: str = "",
        waves: tuple[str, ...] = (),
        edition: int = DEFAULT_EDITION,
        until: int = DEFAULT_EDITION,
    ) -> None:
        self.area = area
        self.waves = waves
        self.edition = edition
        self.until = until

    @cached_property
    def tables(self) -> shifts.SurveyTables:
        """The strategy's comparisons, and the waves and percentages that they are of."""
        return self._tables(self.edition, self.edition)

    def _tables(self, first: int, last: int) -> shifts.SurveyTables:
        """The comparisons of some editions, with the waves that they name."""
        comparisons, waves = load.table("comparisons"), load.table("waves")
        own = comparisons[comparisons["edition"].between(first, last)].reset_index(drop=True)
        named = {
            (row[f"survey_{side}"], row[f"wave_{side}"])
            for row in own.to_dict("records")
            for side in (1, 2)
        }
        used = [pair in named for pair in zip(waves["survey"], waves["wave"], strict=True)]
        return shifts.SurveyTables(
            waves=waves[used].reset_index(drop=True),
            percentages=load.table("percentages"),
            comparisons=own,
        )

    def later(self) -> str:
        """What surveys since the strategy's found, in a sentence each; empty where there are none.

        Each is tested by itself: it belongs to no family of the strategy's.
        """
        tables = self._tables(self.edition + 1, self.until)
        if tables.comparisons.empty:
            return ""
        found = shifts.compare_shifts(tables)
        return " ".join(
            f"{row['label']}: {_levels(row['percent_1'], row['percent_2'])}, "
            f"{wording.points(row['difference_points'], 0)} "
            f"(95% interval {wording.interval(row['ci_low'], row['ci_high'])}; "
            f"{row['verdict_any_base']} for every likely number of people asked)."
            for row in found.to_dict("records")
        )

    @cached_property
    def compared(self) -> pd.DataFrame:
        """Every comparison that can be tested (see `shifts.compare_shifts`), in table order."""
        return shifts.compare_shifts(self.tables)

    def shifts(self) -> pd.DataFrame:
        """Every comparison that can be tested, for a chart and its sentences.

        First those that the strategy calls significant (`claimed`), within them the significant
        ones, then by p. The two levels are called before and after, their difference in points
        difference; `verdict` holds at every base of the stated ranges. `survives_holm` and
        `survives_bh` say whether a finding survives the correction for many tests (the former is
        false outside the headlined family), `stands` whether a claimed one is significant at every
        base and rounding, at the largest design effect, and after Holm's correction.
        """
        table = self.compared.rename(
            columns={
                "percent_1": "before",
                "percent_2": "after",
                "difference_points": "difference",
                "verdict": "verdict_at_base",
            }
        )
        strictest = shifts.design_effects(self.compared)[f"verdict_{max(shifts.DESIGN_EFFECTS)}"]
        claimed = table["strategy_says"].isin(shifts.SIGNIFICANCE_CLAIMS)
        survives_holm = table["p_holm"] <= shifts.ALPHA
        table = table.assign(
            verdict=table["verdict_any_base"],
            claimed=claimed,
            survives_holm=survives_holm,
            survives_bh=table["p_bh"] <= shifts.ALPHA,
            stands=claimed & survives_holm & (strictest == shifts.SIGNIFICANT),
            unclaimed=~claimed,
            place=table["verdict_any_base"].map(_VERDICTS.index),
        )
        order = ["unclaimed", "place", "p_value"]
        return table.sort_values(order, ignore_index=True).drop(columns=["unclaimed", "place"])

    def fieldwork(self) -> str:
        """When the wave that the strategy reports was asked: "November 2021 to March 2022"."""
        waves = self.tables.waves.set_index("label")
        wave = waves.loc[self.shifts()["wave_2"].iloc[0]]
        return f"{wave['fieldwork_start']:%B %Y} to {wave['fieldwork_end']:%B %Y}"

    def claims(self) -> dict[str, Quantity]:
        """How many shifts are `claimed` significant, and how many of these are (`carried`)."""
        claimed = self.shifts().query("claimed")
        carried = (claimed["verdict"] == shifts.SIGNIFICANT).sum()
        about = partial(Quantity, unit="comparisons", source="survey", area=self.area)
        return {
            "claimed": about(len(claimed), label="Survey shifts called significant"),
            "carried": about(carried, label="Of these, significant in the printed figures"),
        }

    def findings(self) -> Findings:
        """`shifts` with its numbers as text for the tables of a page.

        The added columns: levels ("37% → 34%"), shift (points, with the interval), p (at face
        value), p_and_range (with the range over every rounding and base), bases, claimed_text
        ("yes" or "no"), p_after_holm, p_after_bh, and whether the finding survives them: survives
        (both empty outside the headlined family) and survives_all.
        """
        table = self.shifts()
        rows: list[Any] = list(table.itertuples())
        table = table.assign(
            levels=[_levels(r.before, r.after) for r in rows],
            shift=[
                f"{wording.signed(r.difference)} ({wording.interval(r.ci_low, r.ci_high)})"
                for r in rows
            ],
            p=[wording.p_value(r.p_value) for r in rows],
            p_and_range=[_with_range(r.p_value, r.p_low_any_base, r.p_high_any_base) for r in rows],
            bases=[_bases(r) for r in rows],
            claimed_text=table["claimed"].map(_YES_NO),
            p_after_holm=[wording.p_value(r.p_holm) if r.headline else "" for r in rows],
            survives=[_YES_NO[r.survives_holm] if r.headline else "" for r in rows],
            p_after_bh=[wording.p_value(r.p_bh) for r in rows],
            survives_all=table["survives_bh"].map(_YES_NO),
        )
        return Findings(table, self.starred_shifts(), self.fieldwork(), self.area)

    def design_effects(self) -> pd.DataFrame:
        """Every comparison at each design effect (see `shifts.design_effects`), in shown order.

        The columns are named by the design effect without its point: verdict_10, verdict_15,
        verdict_20, and the p-values as text p_10, p_15, p_20.
        """
        table = shifts.design_effects(self.compared).set_index("comparison")
        table = table.loc[self.shifts()["comparison"]].reset_index()
        p_values = [name for name in table.columns if name.startswith("p_")]
        table[p_values] = table[p_values].map(wording.p_value)
        return table.rename(columns=lambda name: name.replace(".", ""))

    def unknown_bases(self) -> pd.DataFrame:
        """Every comparison with an assumed base (see `shifts.unknown_bases`), in shown order.

        The added columns: tried ("400 to 600"), p_range, and flip, the base at which the answer at
        face value changes, as text.
        """
        table = shifts.unknown_bases(self.tables)
        order = {name: place for place, name in enumerate(self.shifts()["comparison"])}
        table = table.sort_values("comparison", key=lambda names: names.map(order), kind="stable")
        rows: list[Any] = list(table.itertuples())
        return table.assign(
            tried=[wording.interval(r.base_low, r.base_high, 0) for r in rows],
            p_range=[_p_range(r.p_low, r.p_high) for r in rows],
            flip=[
                f"none up to {wording.number(LARGEST_BASE_SEARCHED)}"
                if pd.isna(r.flip_base)
                else wording.number(r.flip_base)
                for r in rows
            ],
        ).reset_index(drop=True)

    def smallest_shifts(self) -> pd.DataFrame:
        """The smallest shifts that two waves of the survey's published base would have found.

        See `shifts.smallest_shifts`; the columns are named without the point: rise_10, fall_20.
        """
        base = int(self.shifts()["base_2"].iloc[0])
        table = shifts.smallest_shifts(base, base)
        return table.rename(columns=lambda name: name.replace(".", ""))

    def starred_shifts(self) -> pd.DataFrame:
        """The shifts printed without a level (see `shifts.shifts_without_level`).

        The added columns face_value, surely and never say for which later levels the shift is
        significant at face value, is so over all roundings and bases, and cannot be; bases, how
        many people were asked.
        """
        table = shifts.shifts_without_level(self.tables)
        rows: list[Any] = list(table.itertuples())
        return table.assign(
            face_value=[_outer(r.up_to, r.since) for r in rows],
            surely=[_outer(r.surely_up_to, r.surely_from) for r in rows],
            never=[_between(r.possibly_up_to, r.possibly_from) for r in rows],
            bases=[_bases(r) for r in rows],
        )

    def concerns(self, survey: str, questions: list[str]) -> Concerns:
        """Shares printed of a survey's wave with their 95% interval (Wilson), largest first.

        Columns: question, label, percent, ci_low, ci_high (per cent), base, and the base as text,
        bases ("500 (assumed)").
        """
        names = (each.removeprefix(f"{survey}_") for each in self.waves if survey in each)
        wave, waves = next(names), self.tables.waves
        asked = waves[(waves["survey"] == survey) & (waves["wave"] == wave)].iloc[0]
        base = int(asked["base"])
        printed = self.tables.percentages
        rows = printed[
            (printed["survey"] == survey)
            & (printed["wave"] == wave)
            & printed["question"].isin(questions)
        ]
        count = (rows["percent"] / 100 * base).round().astype(int)
        interval = wilson_interval(count, base)
        table = rows[["question", "label"]].assign(
            percent=rows["percent"],
            ci_low=100 * interval.ci_low,
            ci_high=100 * interval.ci_high,
            base=base,
            bases=_base(base, asked["base_status"]),
        )
        table = table.sort_values("percent", ascending=False, ignore_index=True)
        return Concerns(table, wave.replace("_", "/"), str(asked["label"]), self.area)


def _levels(before: float, after: float) -> str:
    return f"{wording.percent(before, 0)} → {wording.percent(after, 0)}"


def _bases(row) -> str:
    """ "500 (assumed), 500" of a row with both bases and where they come from."""
    return f"{_base(row.base_1, row.base_1_status)}, {_base(row.base_2, row.base_2_status)}"


def _base(base: int, status: str) -> str:
    """ "500", or "500 (assumed)"."""
    return wording.number(base) + (f" ({status})" if status == shifts.ASSUMED else "")


def _with_range(p_value: float, low: float, high: float) -> str:
    """ "0.020 (0.003 to 0.082)", or one of them where all read alike."""
    text, ends = wording.p_value(p_value), _p_range(low, high)
    return text if text == ends else f"{text} ({ends})"


def _p_range(low: float, high: float) -> str:
    """ "0.005 to 0.062", or one of them where both read alike."""
    ends = wording.p_value(low), wording.p_value(high)
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _outer(up_to: float | None, since: float | None) -> str:
    """ "at most 7% or at least 96%"; "any" where the two meet, "none" where neither exists."""
    if pd.notna(up_to) and pd.notna(since) and since <= up_to + 1:
        return "any"
    ends = [
        f"{word} {wording.percent(level, 0)}"
        for word, level in (("at most", up_to), ("at least", since))
        if pd.notna(level)
    ]
    return " or ".join(ends) or "none"


def _between(up_to: float | None, since: float | None) -> str:
    """The levels between the two ends, "12% to 91%"; "none" where the ends meet."""
    low = 0 if pd.isna(up_to) else up_to + 1
    high = 100 if pd.isna(since) else since - 1
    return wording.interval(low, high, 0, "%") if low <= high else "none"
