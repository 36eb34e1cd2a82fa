"""Made releases of the profile's publications: the committed figures in the publishers' layouts."""

import tempfile
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
import pyreadr

from made_releases import csv_text, workbook
from safer_communities.datasets import load

LONDON, ENGLAND, CITY = "E12000007", "E92000001", "E09000001"
Rows = list[list[object]]


def names() -> dict[str, str]:
    """What each area is called."""
    boroughs = load.table("boroughs")
    own = dict(zip(boroughs["area_code"], boroughs["borough"], strict=True))
    return own | {LONDON: "London", ENGLAND: "England"}


def rows_of(table: str, release: str = "") -> pd.DataFrame:
    """The rows of a table of the profile, or of one release, with the names of their areas."""
    rows = load.table(table)
    rows = rows[rows["release"] == release] if release else rows
    return rows.assign(area=rows["area_code"].map(names()))


def pivoted(rows: pd.DataFrame, headings: Callable[[pd.DataFrame], pd.Series]) -> pd.DataFrame:
    """A row an area, with its code and name first, and a column a heading."""
    named = rows.assign(heading=headings(rows))
    wide = named.pivot(index=["area_code", "area"], columns="heading", values="value")
    return wide.reset_index()


def sheet(table: pd.DataFrame, blank: object = "") -> Rows:
    """The heading and the rows of a sheet."""
    cells = table.astype(object).where(table.notna(), blank)
    return [list(map(str, table.columns)), *cells.to_numpy().tolist()]


def business_counts() -> dict[str, Rows]:
    """The sheets of the workbook of 2021."""
    rows = rows_of("business_counts", "2021")
    sheets = {}
    for name, own in (("Table 10 ", "enterprises"), ("Table 22", "local_units")):
        part = rows[rows["indicator"].isin([own, f"{own}_0_4"])]
        wide = pivoted(
            part, lambda r: r["indicator"].str.endswith("_0_4").map({True: "0-4", False: "Total"})
        )
        wide = wide.rename(columns={"area_code": "", "area": " "})
        sheets[name] = [["", "", f"{name}, made"], ["", "", "UK, 2021"], *sheet(wide)]
    return sheets


def employment_survey() -> dict[str, Rows]:
    """The sheet of January 2023, with numbers of people that give the shares and intervals."""
    rows = rows_of("employment_survey", "2023-01")
    cells: Rows = [["annual population survey"]]
    cells.append(["ONS Crown Copyright Reserved [from Nomis on 23 January 2023]"])
    for end, part in rows.groupby("period_end"):
        first = end - pd.DateOffset(months=11)
        cells += [[""], ["date", f"{first:%b %Y}-{end:%b %Y}"]]
        cells.append(["confidence", "95% confidence interval (+/-)"])
        whole, employed = (f"(Aged 16-64 - {of} : All People )" for of in ("All", "In employment"))
        cells.append(["Area", f"T01:22 {whole}", "", "", f"T01:28 {employed}"])
        for row in part.itertuples():
            kind = {LONDON: "lep", ENGLAND: "country"}.get(row.area_code, "ladu")
            people = 10_000 * row.value
            error = 10_000 * (row.ci_high - row.value)
            cells.append([f"{kind}:{row.area}", 1e6, "", 0.0, people, "", error])
    return {"Data": cells}


def local_statistics(indicator: str, label: str) -> str:
    """The file of one indicator."""
    rows = rows_of("local_statistics")
    rows = rows[rows["indicator"] == indicator]
    lines = []
    for r in rows.itertuples():
        day = "2021-01-01/P1Y".replace("2021", r.period) if r.period.isdecimal() else ""
        interval = ["", ""] if pd.isna(r.ci_low) else [str(r.ci_low), str(r.ci_high)]
        period = day or f"{r.period_end:%Y-%m-15}"
        lines.append([r.area_code, r.area, "Area", label, period, str(r.value), "Measure", r.unit])
        lines[-1] += [*interval, "", ""]
    header = "areacd areanm geography indicator period observation measure unit lci_95 uci_95"
    return csv_text([*header.split(), "status", "notes"], lines)


def earnings() -> str:
    """The table of 2021; a mean that is withheld is an x."""
    wide = pivoted(rows_of("earnings"), lambda r: r["indicator"])
    return csv_text(
        ["Description", "Code", "Median", "change", "Mean", "change"],
        [
            [
                f"  {r.area}",
                r.area_code,
                f"{r.median_pay:,.0f}",
                "",
                "x" if pd.isna(r.mean_pay) else f"{r.mean_pay:,.0f}",
                "",
            ]
            for r in wide.itertuples()
        ],
    )


def prices_and_pay() -> dict[str, Rows]:
    """The four sheets of medians."""
    rows = rows_of("prices_and_pay")
    sheets = {}
    for name, indicator in (("a", "median_house_price"), ("b", "full_time_pay")):
        for number, wider in (("1", True), ("5", False)):
            part = rows[(rows["indicator"] == indicator)]
            part = part[part["area_code"].isin([LONDON, ENGLAND]) == wider]
            before = "Year ending Sep " if name == "a" else ""
            wide = pivoted(part, lambda r, b=before: b + r["period_end"].dt.strftime("%Y"))
            head = ("Code", "Name") if wider else ("Local authority code", "Local authority name")
            wide = wide.rename(columns=dict(zip(("area_code", "area"), head, strict=True)))
            sheets[number + name] = [["Made for tests"], *sheet(wide, ":")]
    return sheets


def house_price_index() -> dict[str, Rows]:
    """The sheet of the release of August 2023; months that are not kept repeat those before."""
    rows = rows_of("house_price_index", "2023-08")
    wide = rows.pivot(index="period_end", columns="area_code", values="value")
    wide.index = pd.DatetimeIndex(wide.index).to_period("M").to_timestamp()
    every = wide.reindex(pd.date_range(wide.index.min(), wide.index.max(), freq="MS")).ffill()
    called = names()
    months = [[f"{month:%Y-%m-%d}", *values] for month, *values in every.itertuples()]
    return {"Average price": [["", *map(called.get, wide)], ["", *wide], *months]}


def prices_paid() -> dict[str, Rows]:
    """The sheets of means and medians."""
    rows = rows_of("prices_paid")
    sheets = {}
    for name in ("Mean", "Median"):
        part = rows[rows["indicator"] == f"{name.lower()}_house_price"]
        wide = pivoted(part, lambda r: "Year ending Dec " + r["period_end"].dt.strftime("%Y"))
        sheets[name] = sheet(wide.rename(columns={"area_code": "Code", "area": "Area"}))
    return sheets


def life_expectancy() -> str:
    """The file of Fingertips."""
    head = "area_code area_name area_type period indicator measure unit value"
    return csv_text(
        [*head.split(), "compared_to_England", "inequality"],
        [
            [
                *(r.area_code, r.area, "UA", f"{r.period[:4]} - {r.period[-2:]}"),
                *("Life expectancy at birth", "Life expectancy", "Years", str(r.value), ""),
                r.indicator.removeprefix("life_").title(),
            ]
            for r in rows_of("life_expectancy").itertuples()
        ],
    )


def life_expectancy_london() -> dict[str, Rows]:
    """The sheet of the ONS, with another age that is not kept."""
    head = ["Period", "Area code", "Area name", "Sex", "Age group", "Life expectancy"]
    rows: Rows = [["Sheet 1"], [*head, "Lower confidence interval", "Upper confidence interval"]]
    for r in rows_of("life_expectancy_london").itertuples():
        sex = r.indicator.removeprefix("life_").title()
        for age in ("<1", "90+"):
            rows.append([r.period, r.area_code, r.area, sex, age, r.value, r.ci_low, r.ci_high])
    return {"Sheet1": rows}


def subnational_indicators() -> str:
    """The file of subnational indicators."""
    head = "AREACD,AREANM,Tier,Indicator,Category,Period,Measure,Unit,Value"
    own = {
        "schools_good": (
            "Schools and nurseries rated good or outstanding by OFSTED",
            "09/2020 - 08/2021",
        ),
        "employment_rate": ("Employment rate for 16 to 64 year olds", "07/2020 - 06/2021"),
    }
    lines = []
    for r in rows_of("subnational_indicators").itertuples():
        (label, of), area = own[r.indicator], "Area" if pd.isna(r.area) else r.area
        lines.append([r.area_code, area, "", label, "", of, "Percentage", "%", str(r.value)])
    return "There may be some discrepancies,,,,,,,,\n,,,,,,,,\n" + csv_text(head.split(","), lines)


def ethnic_groups() -> bytes:
    """The table saved by R, with people who give the shares, London's and England's too."""
    shares = rows_of("ethnic_groups").pivot(index="area_code", columns="indicator", values="value")
    shares = shares.drop(columns="ethnic_minority")
    # Each share was rounded: what they lack of 100 is spread over all, too little to show.
    shares = shares.sub((shares.sum(axis="columns") - 100) / 5, axis="index")
    people = (10_000 * shares.drop(index=[LONDON, ENGLAND])).round()
    for area, whole, size in ((CITY, LONDON, 10**9), ("E06000001", ENGLAND, 10**11)):
        rest = shares.loc[whole] / 100 * (people.to_numpy().sum() + size) - people.sum()
        people.loc[area] = rest.round()
    kinds = {"asian": 5, "black": 3, "mixed": 4, "other": 2, "white": 5}
    called = names() | {CITY: "City of London", "E06000001": "Elsewhere"}
    rows = [
        (code, called[code], f"{kind.title()}: {number} (number)", float(count * (number == 0)))
        for code, row in people.iterrows()
        for kind, groups in kinds.items()
        for count in [row[f"ethnic_{kind}"]]
        for number in range(groups)
    ]
    columns = ["ltla21_code", "ltla21_name", "ethnic_group", "value"]
    return saved_by_r(pd.DataFrame(rows, columns=columns))


def saved_by_r(table: pd.DataFrame) -> bytes:
    """A table as R would save it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.rda"
        pyreadr.write_rdata(str(path), table, df_name="made")
        return path.read_bytes()


def borough_profiles() -> dict[str, Rows]:
    """The sheet of the London Borough Profiles."""
    headings = {
        "ethnic_minority": "% of population from BAME groups (2016)",
        "life_female": "Female life expectancy, (2012-14)",
        "life_male": "Male life expectancy, (2012-14)",
        "green_space": "% of area that is Greenspace, 2005",
    }
    wide = pivoted(rows_of("borough_profiles"), lambda r: r["indicator"].map(headings))
    return {"Data": sheet(wide.rename(columns={"area_code": "New code", "area": "Area name"}))}


def libraries() -> str:
    """The file of libraries."""
    return csv_text(
        ["Local authority", "Library name", "Postcode"],
        [
            [r.area, f"Library {number}", "NW4 4BQ"]
            for r in rows_of("libraries").itertuples()
            for number in range(int(r.value))
        ],
    )


def fly_tipping() -> bytes:
    """The OpenDocument workbook; a number that was not reported is a colon."""
    rows = rows_of("fly_tipping_actions")
    wide = rows.pivot(index=["period", "area_code"], columns="indicator", values="value")
    boroughs = load.table("boroughs")["area_code"]
    every = pd.MultiIndex.from_product([sorted(rows["period"].unique()), boroughs])
    headings = {
        "penalty_notices": "Total Fixed Penalty Notice Actions",
        "fly_tipping_notices": "Fixed Penalty Notices issued specifically for fly-tipping",
    }
    wide = wide.reindex(every)[list(headings)].rename(columns=headings)
    wide = wide.rename_axis(["Year", "ONS Code"]).reset_index()
    wide["Year"] = wide["Year"].str.replace("/", "-")
    return opendocument({"LA_actions": [["Made for tests"], *sheet(wide, ":")]})


def opendocument(sheets: dict[str, Rows]) -> bytes:
    """A small OpenDocument workbook."""
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    content = (
        f'<office:document-content xmlns:office="{space}office:1.0" '
        f'xmlns:table="{space}table:1.0" xmlns:text="{space}text:1.0"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml", f'<m:manifest xmlns:m="{space}manifest:1.0"></m:manifest>'
        )
    return buffer.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, str):
        text = escape(value)
        kind = 'office:value-type="string"'
        return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


def projected_residents() -> str:
    """The file of the projection: the residents under 85 are all made newborn."""
    rows = rows_of("projected_residents")
    wide = rows.pivot(index=["indicator", "area_code"], columns="period_end", values="value")
    years = [f"{end:%Y}" for end in wide.columns]
    lines = []
    for code, name in names().items():
        if ("residents_projected", code) not in wide.index:
            continue
        whole, old = (
            wide.loc[(f"{kind}_projected", code)].astype(int) for kind in ("residents", "aged_85")
        )
        for age, people in (("0", whole - old), ("85", old), ("All Persons", whole)):
            lines.append([code, name, "Population", "Persons", age, *map(str, people)])
    return csv_text(["gss_code", "district", "Component", "sex", "age", *years], lines)


def files() -> dict[str, bytes | str]:
    """A made release of every publication of the profile, by its path among the releases."""
    return {
        "profile/ons_ukbusinessworkbook2021.xlsx": workbook(business_counts()),
        "profile/nomis_aps_t01_oct-sep.xlsx": workbook(employment_survey()),
        "profile/ons_els_employment_rate.csv": local_statistics(
            "employment_rate", "Employment rate"
        ),
        "profile/ons_els_claimant_count.csv": local_statistics("claimants", "Claimant Count"),
        "profile/ons_els_pay.csv": local_statistics("weekly_pay", "Gross median weekly pay"),
        "profile/ashe_table8_7a_all_2021.csv": earnings(),
        "profile/ons_ratio_house_price_made.xlsx": workbook(prices_and_pay()),
        "profile/gla_uk_hpi_made.xlsx": workbook(house_price_index()),
        "profile/gla_land_registry_house_prices_made.xlsx": workbook(prices_paid()),
        "profile/fingertips_90366_life_expectancy_made.csv": life_expectancy(),
        "profile/ons_life_expectancy_made.xlsx": workbook(life_expectancy_london()),
        "profile/ons_subnational_indicators_made.csv": subnational_indicators(),
        "profile/made_ethnicity21_ltla21.rda": ethnic_groups(),
        "profile/gla_london_borough_profiles_made.xlsx": workbook(borough_profiles()),
        "profile/ace_basic_dataset_made.csv": libraries(),
        "profile/defra_flytipping_made.ods": fly_tipping(),
        "profile/gla_2016based_housing_led_made.csv": projected_residents(),
    }
