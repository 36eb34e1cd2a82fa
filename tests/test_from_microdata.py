"""`survey --from FILE`: from a file of respondents to rows that may be published."""

from pathlib import Path

import pandas as pd
import pytest

from safer_communities import __main__ as command_line
from safer_communities.datasets import load
from safer_communities.datasets.schemas import TABLES
from safer_communities.project import DATA
from safer_communities.statistics.significance import compare_shares
from safer_communities.surveys import shifts
from safer_communities.surveys.microdata import SMALLEST_CELL_SHOWN, weighted_base

pytestmark = pytest.mark.slow

# 320 respondents that nobody interviewed: every one is called made-1, made-2 and so on.
MADE = Path(__file__).parent / "made_respondents.csv"


def survey(*options: object) -> int:
    return command_line.main(["survey", *map(str, options)])


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("survey")
    assert survey("--from", MADE, "--survey", "Made up", "--to", folder) == 0
    return {
        path.stem: pd.read_csv(path, keep_default_na=False, na_values=[""])
        for path in folder.iterdir()
    }


def test_the_example_is_made() -> None:
    assert pd.read_csv(MADE)["respondent"].str.startswith("made-").all()


def test_the_rows_fit_the_tables_of_surveys(written: dict[str, pd.DataFrame]) -> None:
    """Each row is added to the book's own tables, and what the book says of them is the same."""
    tables = {}
    for name in ("waves", "percentages", "comparisons"):
        own = load.table(name)
        added = written[name].astype(
            {column: str for column in ("survey", "wave") if column in own}
        )
        texts = added.select_dtypes(exclude="number").columns
        added[texts] = added[texts].fillna("")
        dates = [column for column in own if column.startswith("fieldwork")]
        added[dates] = added[dates].apply(pd.to_datetime)
        whole = pd.concat([own, added.astype(own.dtypes.to_dict())], ignore_index=True)
        load.check(TABLES[name], whole, name)
        tables[name] = whole
    newest = load.table("editions")["edition"].max()
    assert set(written["comparisons"]["edition"]) == {newest}
    said = shifts.compare_shifts(shifts.SurveyTables(**tables)).set_index("comparison")
    found = said.loc["safe_after_dark_yes_2019_2021_22"]
    assert found["difference_points"] == pytest.approx(20)
    assert found["verdict_any_base"] == shifts.SIGNIFICANT


def test_a_shift_by_hand(written: dict[str, pd.DataFrame]) -> None:
    made = pd.read_csv(MADE, skipinitialspace=True)
    answers = made["safe_after_dark"].str.strip().str.capitalize()
    made = made[answers.isin(["Yes", "No", "Don't know"])].assign(yes=answers == "Yes")
    share, base = [], []
    for wave in ("2019", "2021/22"):
        rows = made[made["wave"] == wave]
        share.append(rows.loc[rows["yes"], "weight"].sum() / rows["weight"].sum())
        base.append(weighted_base(rows["weight"]))
    expected = compare_shares(share[0], base[0].effective_base, share[1], base[1].effective_base)
    found = written["shifts"].set_index(["question", "answer"]).loc[("safe_after_dark", "Yes")]
    assert found["percent_1"] == round(100 * share[0], 1)
    assert found["percent_2"] == round(100 * share[1], 1)
    assert found["p_value"] == pytest.approx(expected.p_value, abs=5e-5)
    assert found["design_effect_1"] == round(base[0].design_effect, 2) > 1
    # Four shifts are shown, and Holm multiplies the smallest p by their number.
    assert found["p_holm"] == pytest.approx(4 * expected.p_value, abs=5e-5)


def test_small_answers_and_those_that_would_give_them_away_are_nowhere(
    written: dict[str, pd.DataFrame],
) -> None:
    made = pd.read_csv(MADE, keep_default_na=False)
    counts = made.groupby("wave")["main_worry"].value_counts()
    assert 0 < counts["2019", "Hate crime"] < SMALLEST_CELL_SHOWN <= counts["2019", "None"]
    shown = set(written["percentages"].query("wave == '2019'")["question"])
    assert {"main_worry_burglary", "main_worry_knife_crime"} <= shown
    assert not {"main_worry_hate_crime", "main_worry_none"} & shown
    withheld = written["shifts"].query("withheld")
    assert set(withheld["answer"]) == {"Don't know", "No", "Hate crime", "None"}
    numbers = ["difference_points", "ci_low", "ci_high", "p_value", "p_holm", "significant"]
    assert withheld[numbers].isna().to_numpy().all()
    # A base that is not exact says nothing of a question that few were asked.
    assert (written["shifts"][["base_1", "base_2"]] % 10 == 0).to_numpy().all()
    assert "count_1" not in written["shifts"]


def test_an_answer_is_withheld_beside_every_wave_or_beside_none(tmp_path: Path) -> None:
    """What a wave withholds does not depend on the wave that it is compared with."""
    given = {"1": [40, 40, 30], "2": [40, 8, 30, 0], "3": [30, 20, 20, 20]}
    lines = ["respondent,wave,weight,safe"]
    for wave, counts in given.items():
        for answer, count in zip("abcd", counts, strict=False):
            lines += [f"{wave}{answer}{n},{wave},1,{answer}" for n in range(count)]
    file = tmp_path / "three.csv"
    file.write_text("\n".join(lines))
    assert survey("--from", file, "--to", tmp_path / "out") == 0
    found = pd.read_csv(tmp_path / "out" / "shifts.csv")
    # Too few for whole percentages, which the book's own tables hold.
    assert pd.read_csv(tmp_path / "out" / "waves.csv")["wave"].tolist() == [1]
    assert set(pd.read_csv(tmp_path / "out" / "percentages.csv")["wave"]) == {1}
    assert pd.read_csv(tmp_path / "out" / "comparisons.csv").empty
    first = found.query("wave_1 == 1").set_index("answer")["percent_2"].isna()
    second = found.query("wave_1 == 2").set_index("answer")["percent_1"].isna()
    assert first.equals(second.reindex(first.index))
    assert first.to_dict() == {"a": False, "b": True, "c": True, "d": True}


def test_what_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert survey("--from", MADE, "--to", tmp_path) == 0
    said = capsys.readouterr().out
    assert "made_respondents.csv: 320 respondents" in said
    assert "safe_after_dark: 'YES' read as 'Yes'" in said
    assert "'-99' read as no answer" in said
    assert "50.7% to 70.8%, +20.1 points (8.8 to 30.7), p 0.001" in said
    assert "4 of 8 shifts withheld: an answer of fewer than 10 respondents" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "f.csv: the file is empty"),
        ("respondent;wave;weight;safe\n1;2;1;Yes\n", "f.csv: separated by semicolons"),
        ("respondent,wave,safe\n1,2022,Yes\n", "f.csv: there is no column weight"),
        ("respondent,wave,weight,safe\n1,2022,1,Yes\n2,2022,0,No\n", "f.csv, column weight"),
        ("respondent,wave,weight,safe\n1,2022,1,Yes\n,,,\n2,2022,-1,No\n", "'-1' (row 4)"),
    ],
)
def test_a_fault_has_one_message_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    file = tmp_path / "f.csv"
    file.write_text(text)
    assert survey("--from", file, "--to", tmp_path / "out") == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("What to do") == 1
    assert "publisher" not in error
    assert not (tmp_path / "out").exists()


def test_waves_and_folders_that_will_not_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert survey("--from", MADE, "--to", tmp_path / "out", "--waves", "2019,2022") == 2
    assert "no wave '2022'; the table has '2019', '2021/22' (as text)" in capsys.readouterr().err
    before = sorted(DATA.rglob("*"))
    assert survey("--from", MADE, "--to", DATA / "surveys") == 2
    assert "this command does not change" in capsys.readouterr().err
    assert sorted(DATA.rglob("*")) == before
    assert survey("--from", MADE, "--to", MADE) == 2
    assert "cannot be written to" in capsys.readouterr().err
    assert survey("--from", tmp_path / "none.csv", "--to", tmp_path) == 2
    assert "none.csv: cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("waves", [[], ["--waves", "2019,2021/22"]])
def test_a_wave_that_may_be_a_slip_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], waves: list[str]
) -> None:
    file = tmp_path / "f.csv"
    file.write_text(MADE.read_text() + "slip-1,2109,1,Yes,None\n")
    assert survey("--from", file, "--to", tmp_path / "out", *waves) == (0 if waves else 2)
    assert ("f.csv: wave '2109' has 1 respondent." in capsys.readouterr().err) is not bool(waves)
