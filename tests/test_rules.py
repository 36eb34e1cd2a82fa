"""What a chapter may not hold, and what is said of it: where, which word, and what to write."""

from pathlib import Path

import nbformat
import pytest

from safer_communities.errors import InputError, leaves
from safer_communities.site.rules import check_before_running, check_keys

CHAPTER = Path("notebooks", "made.ipynb")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of a glossary and nothing else."""
    root = tmp_path_factory.mktemp("project")
    (root / "book").mkdir()
    (root / "notebooks").mkdir()
    glossary = (
        "# Glossary\n\n```{glossary}\nbase\n  People asked.\n\nASB\nnuisance\n  Noise.\n```\n"
    )
    (root / "book" / "glossary.md").write_text(glossary)
    return root


def messages(root: Path, *cells: nbformat.NotebookNode, path: Path = CHAPTER) -> list[str]:
    """What is said of a chapter of `cells` before it runs."""
    chapter = nbformat.v4.new_notebook(cells=list(cells))
    try:
        check_before_running({root / path: chapter}, root)
    except Exception as error:
        return [str(each) for each in leaves(error)]
    return []


def prose(text: str, **metadata: int) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(text, metadata=metadata)


def code(text: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_code_cell(text)


class TestProse:
    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("There were 1,851 offences.", "number is typed into prose, '1,851'"),
            ("That is 6.7% of them.", "'6.7%'"),
            ("A change of −3 percentage points.", "'−3 percentage points'"),
            ("It was twelve per cent.", "'twelve per cent'"),
            ("About a third of them.", "'a third of'"),
            ("In 2019 it began.", "'2019'"),
            ("Robbery is twice as common.", "'twice as'"),
            ("It happens to one in five people.", "'one in five'"),
            ("There was a drop of a fifth.", "direction is typed into prose, 'drop of'"),
            ("The borough is safer than Ayton.", "'safer than Ayton'"),
            ("A {term}`base` of 2019.", "'2019'"),
            ("1. One of 32.", "'32'"),
            (":::{div} message\nIn 2019 it began.\n:::", "'2019'"),
            ("```{note}\nIn 2019 it began.\n```", "'2019'"),
            ("The year 2021/22 was odd.", "'2021/22'"),
            ("Crime rose by {glue:text}`total`.", "direction is typed into prose, 'rose'"),
            ("Burglary has Fallen.", "'Fallen'"),
            ("Robbery is up by {glue:text}`x`.", "'up by'"),
            ("The rate is higher than London's.", "'higher than'"),
            ("There were fewer burglaries than in London.", "'fewer burglaries than in'"),
            ("This is more than chance.", "'more than chance'"),
            ("The change is {term}`significant <base>`.", "verdict is typed into prose, 'signif"),
            ("It fell significantly in [May](levels.ipynb).", "'significantly'"),
        ],
    )
    def test_what_is_typed_by_hand_is_found(self, root: Path, text: str, word: str) -> None:
        assert any(word in message for message in messages(root, prose(text)))

    @pytest.mark.parametrize(
        "text",
        [
            "{glue:text}`total_2022` offences, {glue:text}`change_words` on the year before.",
            "The first row is `range(10)`: see [the law](https://example.org/2022/increase).",
            "Priority 3 of the Strategy 2022-2027, beside Census 2021 and the Act 1998.",
            "Per 1,000 residents, in 12 months, with 95% intervals (p <= 0.05), aged 11 to 18.",
            "The strategy calls {glue:text}`claimed` of these shifts significant.",
            "Most people think more of it than others do. It has fewer than {glue:text}`x`.",
            "(since-2022)=\nText.",
            "1. First\n2. Second\n   3. Third",
            "```python\n2022\n```\n\n```{math}\n2 x\n```\n\n{math}`z = 1.96`",
        ],
    )
    def test_what_is_no_figure_may_stand(self, root: Path, text: str) -> None:
        assert messages(root, prose(text)) == []

    @pytest.mark.parametrize(
        "text",
        [
            'chapter.show(chart, headline="Crime rose again in {borough}", alt="A chart")',
            'chapter.words("note", "Crime rose again here")',
            'beginning = f"Crime rose again in {borough}"',
            'ax.set_title("Crime rose again\\n")',
            'chapter.words("trend", "rose")',
            'chapter.show(chart, headline="Crime rose")',
            '%%time\nbeginning = "Crime rose again"',
        ],
    )
    def test_the_texts_in_code_are_prose_too(self, root: Path, text: str) -> None:
        [message] = messages(root, code(text))
        assert "'rose'" in message
        assert "write {name_words}" in message
        assert "'# not from data: rose'" in message

    @pytest.mark.parametrize(
        "text",
        [
            'rows = table[table["verdict"] == "more than chance here"]',
            'chapter.fact("up", count, label="Rose by more than chance", unit="offences")',
            'Column("verdict", "Significant at face value")',
            'def draw(ax):\n    """Draw the 12 boroughs of 2022."""',
            'chapter.fact("risen", count, unit="offences", label="Counts")',
            'chapter.words("fell", listed)',
            'table["2021"] = chapter.year_to("2021-03")',
            'chapter.show(chart, headline="{total_2022} of the homes")',
            "%config InlineBackend.figure_formats = 'the 12 best'",
        ],
    )
    def test_names_in_code_are_no_prose(self, root: Path, text: str) -> None:
        assert messages(root, code(text)) == []

    def test_a_number_is_found_in_a_label_too(self, root: Path) -> None:
        [message] = messages(root, code('Column("count", "Offences in 2021")'))
        assert "'2021'" in message

    def test_the_message_names_chapter_cell_line_word_and_remedy(self, root: Path) -> None:
        found = messages(root, code("x = 1"), prose("# Title\n\nAll\nof 27 wards."))
        assert found == [
            "made.ipynb, cell 2, line 4: a number is typed into prose, '27': 'of 27 wards.'.\n"
            "  What to do: write {glue:text}`name`, with the name of the fact that says it; if it "
            "does not depend on the data, add the line '% not from data: 27' to the cell."
        ]

    def test_a_page_of_text_has_lines_and_no_cells(self, root: Path) -> None:
        [message] = messages(root, prose("All\n27", line=40), path=Path("book", "made.md"))
        assert message.startswith("made.md, line 41: ")

    def test_a_page_that_is_all_definitions_says_so_once(self, root: Path) -> None:
        chapter = nbformat.v4.new_notebook(cells=[prose("Of 65 events."), code("x.corr()")])
        chapter.metadata["not_from_data"] = "all"
        with pytest.raises(InputError, match=r"x\.corr makes a statistic"):
            check_before_running({root / "book" / "methods.md": chapter}, root)

    def test_the_place_in_code_holds_behind_letters_of_several_bytes(self, root: Path) -> None:
        [message] = messages(root, code('a = "–"\nb = "é – ü", "all in 2019"'))
        assert "cell 1, line 2" in message
        assert "'2019'" in message

    def test_all_that_is_wrong_is_told_at_once(self, root: Path) -> None:
        assert len(messages(root, prose("In 2019 crime rose."), prose("27"), code("x ="))) == 4


class TestMark:
    @pytest.mark.parametrize("mark", ["In 2017; in 2018;27 of 32", "all"])
    def test_what_is_marked_may_stand(self, root: Path, mark: str) -> None:
        text = f"In 2017 and in\n2018, 27 of 32.\n\n% not from data: {mark}"
        assert messages(root, prose(text)) == []

    def test_only_what_is_marked_may_stand(self, root: Path) -> None:
        text = "It began in 2017, and rose in\n2018.\n\n% not from data: in 2018; rose"
        [message] = messages(root, prose(text))
        assert "'2017'" in message

    def test_a_mark_in_code_is_a_comment(self, root: Path) -> None:
        assert messages(root, code('# not from data: 21 March\nperiod = "Day, 21 March"')) == []

    def test_a_mark_without_its_words_is_told(self, root: Path) -> None:
        [message] = messages(root, prose("All is new.\n\n% not from data: in 2017"))
        assert "marks 'in 2017' as not from data, and no prose of the cell reads so" in message


class TestQuotes:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("{glue:text}`Total`", "not the way to quote a fact"),
            ("{glue:txt}`total`", "not the way to quote a fact"),
            ("{glue:text} `total`", "not the way to quote a fact"),
            ("## Crime in {glue:text}`borough`", "stands in a heading"),
            ("{term}`bases`", "does not explain 'bases'.\n  What to do: write 'base'"),
            ("{term}`the base <bass>`", "does not explain 'bass'"),
            ("[here](mad.ipynb)", "no such page"),
        ],
    )
    def test_what_no_run_could_fill_is_told_before_one(
        self, root: Path, text: str, said: str
    ) -> None:
        [message] = messages(root, prose(text))
        assert said in message

    def test_what_is_there_may_be_quoted(self, root: Path) -> None:
        text = "{term}`Base`, {term}`the noise <nuisance>`, [glossary](../book/glossary.md#words)"
        assert (
            messages(root, prose(text + "\n{glue:text}`total`\n\n```{glue:} total_chart\n```"))
            == []
        )

    def test_a_lost_link_offers_the_nearest_page(self, root: Path) -> None:
        [message] = messages(root, prose("[words](../book/glosary.md)"))
        assert "What to do: write '../book/glossary.md'." in message

    def test_a_key_that_a_run_did_not_state_offers_the_nearest(self, root: Path) -> None:
        facts = '[{"id": "made.total"}]'
        executed = code('chapter.words("notice", text)')
        executed.outputs = [
            nbformat.v4.new_output(
                "display_data",
                data={"application/papermill.record/text/json": facts},
                metadata={"scrapbook": {"name": "total"}},
            )
        ]
        text = "{glue:text}`total`\n{glue:text}`total_wrds` and {glue:text}`notise`"
        with pytest.raises(ExceptionGroup) as caught:
            check_keys({CHAPTER: nbformat.v4.new_notebook(cells=[executed, prose(text)])})
        first, second = map(str, leaves(caught.value))
        assert first.startswith("made.ipynb, cell 2, line 2: no fact or wording of this chapter")
        assert "'total_wrds'.\n  What to do: write 'total_words'" in first
        assert "'notise'.\n  What to do: write 'notice'" in second


def test_the_value_of_a_fact_is_not_typed(root: Path) -> None:
    [message] = messages(root, code('chapter.fact("burglaries", 1851, unit="offences")'))
    assert "a number is typed into prose, '1851'" in message
    assert messages(root, code('chapter.fact("burglaries", count, decimals=1)')) == []


def test_code_that_is_not_python_is_told_with_its_line(root: Path) -> None:
    [message] = messages(root, code("x = 1\nx = = 2"))
    assert message.startswith("made.ipynb, cell 1, line 2: this is not Python (")


class TestCode:
    IMPORTS = (
        "import numpy as np, pandas as pd, seaborn as sns, statsmodels.api as sm\n"
        "import seaborn.objects as so\nfrom scipy import stats\n"
        "from statsmodels.stats.proportion import proportions_ztest as z_test\n"
    )

    def said_of(self, root: Path, text: str) -> str:
        return "\n".join(messages(root, code(self.IMPORTS), code(text)))

    @pytest.mark.parametrize(
        "code",
        [
            "stats.ttest_ind(a, b)",
            "z_test(count, base)",
            "sm.OLS(y, x).fit().predict()",
            "import scipy.stats\nscipy.stats.norm.ppf(0.975)",
            "np.percentile(means, [2.5, 97.5])",
            "np.random.default_rng(1)",
            "np.polyfit(x, y, 1)",
            "frame.corr()",
            "frame.groupby('area')['rate'].sem()",
            "frame.sample(frac=1, replace=True)",
            "frame['rate'].quantile(0.95)",
            "def draw(ax):\n    sns.regplot(frame, x='a', y='b', ax=ax)",
            "def draw(ax):\n    sns.barplot(frame, x='a', y='b', ax=ax, errorbar='sd')",
            "sns.pairplot(frame, kind='reg')",
            "so.Plot(frame).add(so.Line(), so.PolyFit())",
            "grid = sns.catplot(frame, x='a', y='b', kind='bar')",
            "sns.lineplot(frame, x='a', y='b', ax=axes)",
            "so.Plot(frame).add(so.Line(), so.Est())",
        ],
    )
    def test_a_statistic_is_found(self, root: Path, code: str) -> None:
        assert "makes a statistic" in self.said_of(root, code)

    @pytest.mark.parametrize(
        "code",
        [
            "years = frame.groupby('year')['count'].sum().unstack()",
            "both = wards.merge(names).pivot_table(index='year', columns='month').apply(round)",
            "def draw(ax):\n    sns.barplot(frame, x='a', y='b', ax=ax)",
            "sns.lineplot(frame, x='a', y='b', errorbar=None)",
            "so.Plot(frame).add(so.Line(), so.Agg()).add(so.Dot(), so.Est(errorbar=None))",
            "sns.histplot(frame, x='a', bins=20)",
            "np.arange(12), frame['rate'].mean(), frame.rolling(3).sum()",
        ],
    )
    def test_a_reshaped_table_is_no_statistic(self, root: Path, code: str) -> None:
        assert self.said_of(root, code) == ""

    @pytest.mark.parametrize(
        "code",
        [
            "open('/etc/hosts')",
            "pd.read_csv('../../elsewhere.csv')",
            "pd.read_csv('../data/../../elsewhere.csv')",
            "pd.read_excel(file)",
            "from pathlib import Path\nPath('notes.txt').read_text()",
            "sns.load_dataset('tips')",
            "import urllib.request\nurllib.request.urlopen('https://example.org')",
            "fig.savefig('chart.png')",
        ],
    )
    def test_a_file_elsewhere_is_found(self, root: Path, code: str) -> None:
        assert "outside `data/`" in self.said_of(root, code)

    @pytest.mark.parametrize(
        "code",
        ["pd.read_csv('../data/reference/offences.csv')", "chapter.crime.monthly()"],
    )
    def test_a_table_of_the_book_may_be_read(self, root: Path, code: str) -> None:
        assert self.said_of(root, code) == ""
