"""Tables: what a screen reader hears and what a spreadsheet program opens."""

import csv
import io
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from safer_communities.charts.table import Column, Table, csv_text


def offences(**changed: object) -> Table:
    given = {
        "name": "changes",
        "frame": pd.DataFrame(
            {
                "offence": ["Theft & <robbery>", "Burglary", "Homicide"],
                "count": [27826, 3582, None],
                "change": [6.65, -8.35, "[c]"],
            }
        ),
        "columns": [
            Column("offence", "Offence", kind="text", row_header=True),
            Column("count", "Recorded offences", decimals=0),
            Column("change", "Change", unit="%", decimals=1),
        ],
        "caption": 'Changes in "crime"',
        "note": "Counts are revised.",
    }
    return Table(**(given | changed))


def parsed(table: Table) -> ET.Element:
    return ET.fromstring(f"<page>{table.to_html()}</page>")


def body(table: Table) -> list[list[str]]:
    return [[cell.text or "" for cell in row] for row in parsed(table).iter("tr")][1:]


def test_caption_scopes_and_region() -> None:
    page = parsed(offences())
    (region,) = page.findall("div")
    assert region.attrib == {
        "class": "table-scroll",
        "role": "region",
        "tabindex": "0",
        "aria-label": 'Changes in "crime"',
    }
    (table,) = region.findall("table")
    assert [child.tag for child in table] == ["caption", "thead", "tbody"]
    assert table.find("caption").text == 'Changes in "crime"'
    assert [head.attrib["scope"] for head in table.find("thead").iter("th")] == ["col"] * 3
    heads = table.find("tbody").iter("th")
    assert [(head.attrib["scope"], head.text) for head in heads] == [
        ("row", "Theft & <robbery>"),
        ("row", "Burglary"),
        ("row", "Homicide"),
    ]


def test_numbers_are_written_as_readers_know_them() -> None:
    assert body(offences()) == [
        ["Theft & <robbery>", "27,826", "6.7"],
        ["Burglary", "3,582", "−8.4"],
        ["Homicide", "[x]", "[c]"],
    ]


def test_the_row_of_ones_own_is_marked() -> None:
    rows = list(parsed(offences(own="Burglary")).iter("tr"))
    assert [row[0].text for row in rows if row.get("class") == "own"] == ["Burglary"]
    assert not [row for row in parsed(offences()).iter("tr") if row.get("class")]


def test_unit_is_in_the_heading_only() -> None:
    heading = list(parsed(offences()).iter("th"))[2]
    assert "".join(heading.itertext()) == "Change (%)"
    assert not any("%" in cell for row in body(offences()) for cell in row)


def test_numbers_are_aligned_by_class_alone() -> None:
    html = offences().to_html()
    assert "style=" not in html
    classes = [cell.attrib.get("class") for cell in parsed(offences()).iter("td")]
    assert classes == ["number"] * 6


def test_only_the_shorthand_used_is_explained() -> None:
    note = parsed(offences()).find("p").text
    assert note == "Counts are revised. Shorthand: [x] = not available, [c] = confidential."
    plain = offences(frame=pd.DataFrame({"offence": ["a"], "count": [1], "change": [2.0]}), note="")
    assert parsed(plain).find("p") is None


def test_what_is_missing_because_there_are_too_few_is_said_to_be_so() -> None:
    frame = pd.DataFrame({"offence": ["a", "b"], "change": [2.5, None], "count": [1, None]})
    table = offences(frame=frame.assign(verdict=["rose", "too few to compare"]), note="")
    assert body(table) == [["a", "1", "2.5"], ["b", "too few", "too few"]]
    note = parsed(table).find("p").text
    assert note == "Shorthand: too few = the numbers are too small to compare."


def test_decimals_left_open_follow_the_column() -> None:
    frame = pd.DataFrame({"whole": [1000.0, None], "broken": [1.25, 3.0]})
    table = Table("t", frame, [Column("whole", "Whole"), Column("broken", "Broken")])
    assert body(table) == [["1,000", "1.3"], ["[x]", "3.0"]]


def test_csv_keeps_ten_digits_of_numbers_and_whole_ones_whole() -> None:
    frame = pd.DataFrame({"count": [27826, 3582], "change": [22981.146875832128, -8.0]})
    assert csv_text(frame) == "count,change\n27826,22981.14688\n3582,-8.0\n"


def test_a_last_bit_does_not_decide_over_decimals() -> None:
    frame = pd.DataFrame({"count": [np.nextafter(70.0, 71)]})
    assert body(Table("t", frame, [Column("count", "Count")])) == [["70"]]


def test_csv_holds_the_columns_shown_in_their_order() -> None:
    table = offences(
        columns=[Column("change", "Change"), Column("offence", "Offence", kind="text")]
    )
    rows = list(csv.reader(io.StringIO(table.to_csv())))
    assert rows[0] == ["change", "offence"]
    assert rows[1] == ["6.65", "Theft & <robbery>"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+a", "-drop", "@cmd", "\tx", "\rx", "5-9", "1/2", "1-2-03"]
)
def test_text_that_acts_as_a_formula_or_a_day_is_made_safe(text: str) -> None:
    frame = pd.DataFrame({"words": [text], "value": [-1.5]})
    (row,) = list(csv.reader(io.StringIO(csv_text(frame), newline="")))[1:]
    assert row == ["'" + text.replace("\r", "\n"), "-1.5"]


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("−41.6", "-41.6"),
        ("−1,300", "-1300"),
        ("37,700", "37700"),
        ("12.30", "12.30"),
        ("+6.7%", "6.7%"),
        ("+9 (5.2 to 12.8)", "9 (5.2 to 12.8)"),
        ("2010/11", "2010/2011"),
        ("1999/00", "1999/2000"),
        ("2–5", "2–5"),
        ("1,2", "1,2"),
        ("2022-03-01", "2022-03-01"),
    ],
)
def test_a_text_that_is_a_number_or_a_year_is_one_to_every_program(
    written: str, plain: str
) -> None:
    rows = csv.reader(io.StringIO(csv_text(pd.DataFrame({"cell": [written]}))))
    assert list(rows) == [["cell"], [plain]]


def test_csv_cells_of_other_kinds() -> None:
    frame = pd.DataFrame(
        {"month": [pd.Timestamp("2022-03-01")], "gone": [None], "yes": [True], "a": ['x,"y"']}
    )
    assert csv_text(frame) == 'month,gone,yes,a\n2022-03-01,,True,"x,""y"""\n'


def test_a_wrong_column_is_named() -> None:
    with pytest.raises(ValueError, match="'nothing'"):
        offences(columns=[Column("nothing", "Nothing")])
    with pytest.raises(ValueError, match="'lots'"):
        offences(frame=pd.DataFrame({"offence": ["a"], "count": ["lots"], "change": [1]})).to_html()


def test_a_written_number_stays_as_written_and_is_set_like_a_number() -> None:
    table = offences(
        frame=pd.DataFrame({"claim": ["Change in theft"], "printed": ["−17"]}),
        columns=[
            Column("claim", "Claim", kind="text", row_header=True),
            Column("printed", "Printed", kind="written number"),
        ],
    )
    cells = [cell for cell in parsed(table).iter() if cell.get("class") == "number"]
    assert [(cell.tag, cell.text) for cell in cells] == [("th", "Printed"), ("td", "−17")]


def test_a_kind_of_column_that_there_is_not_is_an_error() -> None:
    with pytest.raises(ValueError, match="there is no kind 'percent'; write '"):
        offences(columns=[Column("offence", "Offence", kind="percent")])


def test_a_row_has_an_address_of_its_own_to_which_its_name_links() -> None:
    frame = pd.DataFrame({"claim": ["A < B"], "verdict": ["wrong"], "anchor": ["claim-a"]})
    columns = [
        Column("claim", "Claim", kind="text", row_header=True),
        Column("verdict", "V", kind="text"),
    ]
    html = Table("all", frame, columns, anchor="anchor", filters=("Claim", "V")).to_html()
    assert '<tr id="claim-a"><th scope="row"><a href="#claim-a">A &lt; B</a></th>' in html
    assert '<table data-filter="Claim|V">' in html
