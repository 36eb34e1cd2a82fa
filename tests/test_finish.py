"""What the build does to a page after Sphinx: policy, icons, scripts, tables, style sheets."""

import hashlib
from base64 import b64encode
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from safer_communities.site.finish.all_pages import PAGES_WORTH_A_PROCESS, finish_site
from safer_communities.site.finish.content_security_policy import (
    add_policy,
    content_security_policy,
)
from safer_communities.site.finish.icons import draw_icons
from safer_communities.site.finish.scripts import drop_unused_scripts
from safer_communities.site.finish.scrolling_tables import main_heading
from safer_communities.site.finish.stacked_tables import stack
from safer_communities.site.finish.stylesheets import joined, pruned
from safer_communities.site.finish.theme import (
    fold_sections,
    gather_code,
    name_exhibits,
    simplify_markup,
)
from safer_communities.site.run.build_cache import BuildCache


def page(body: str = "", head: str = "") -> BeautifulSoup:
    return BeautifulSoup(
        f'<html data-content_root="./"><head><meta charset="utf-8">{head}</head>'
        f"<body>{body}</body></html>",
        "html.parser",
    )


class TestPolicy:
    def test_allows_this_site_and_the_scripts_in_the_page_by_their_digest(self) -> None:
        policy = content_security_policy(page("<script>let a = 1;</script>"))
        digest = b64encode(hashlib.sha256(b"let a = 1;").digest()).decode()
        assert f"script-src 'self' 'sha256-{digest}'" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy

    def test_lets_only_the_search_page_read_other_pages(self) -> None:
        search = page(head='<script src="_static/searchtools.js"></script>')
        assert "connect-src 'self'" in content_security_policy(search)
        assert "connect-src 'none'" in content_security_policy(page())

    def test_stands_before_everything_but_the_encoding(self) -> None:
        changed = page(head="<title>A</title><script>1</script>")
        add_policy(changed)
        first, second, *_ = changed.head.find_all(True)
        assert first.has_attr("charset")
        assert second["http-equiv"] == "Content-Security-Policy"


class TestIcons:
    def test_are_drawn_in_the_page(self) -> None:
        changed = page('<i class="theme-switch fa-solid fa-sun fa-lg" data-mode="light"></i>')
        draw_icons(changed)
        assert changed.i is None
        assert changed.svg["data-mode"] == "light"
        assert "theme-switch" in changed.svg["class"]
        assert changed.svg["aria-hidden"] == "true"

    def test_that_cannot_be_drawn_stop_the_build(self) -> None:
        with pytest.raises(ValueError, match="fa-rocket"):
            draw_icons(page('<i class="fa-solid fa-rocket"></i>'))


class TestTheme:
    def test_leaves_no_style_in_an_attribute(self) -> None:
        changed = page('<p style="color: red">A</p>')
        simplify_markup(changed, at_top=False)
        assert changed.select("[style]") == []

    @pytest.mark.parametrize(
        ("at_top", "address"), [(True, "book/a.html"), (False, "../book/a.html")]
    )
    def test_mends_the_footer_of_pages_at_the_top(self, at_top: bool, address: str) -> None:
        changed = page('<div class="extra_footer"><a href="../book/a.html">A</a></div>')
        simplify_markup(changed, at_top=at_top)
        assert changed.a["href"] == address

    @pytest.mark.parametrize(
        ("home", "wards", "listed"),
        [("current", "", True), ("", "current", True), ("", "", False)],
    )
    def test_wards_are_listed_on_the_first_page_and_on_their_own(
        self, home: str, wards: str, listed: bool
    ) -> None:
        changed = page(
            f'<nav class="bd-docs-nav"><ul class="bd-sidenav__home-link"><li class="{home}"></li>'
            f'</ul><ul><li class="{wards} has-children"><a href="wards.html">Wards</a>'
            "<details><summary></summary><ul><li><a>Hendon</a></li></ul></details></li></ul></nav>"
        )
        simplify_markup(changed, at_top=False)
        assert [link.get_text() for link in changed.select("a")] == ["Wards", "Hendon"][
            : 1 + listed
        ]
        assert [s["aria-label"] for s in changed.select("summary")] == [
            "Pages below Wards"
        ] * listed


class TestScripts:
    def test_carries_the_search_index_on_the_search_page_only(self) -> None:
        head = '<script src="searchindex.js"></script><script src="_static/bootstrap.js"></script>'
        search, other = page(head=head), page(head=head)
        drop_unused_scripts(search, is_search=True)
        drop_unused_scripts(other, is_search=False)
        assert [tag["src"] for tag in search.select("script")] == ["searchindex.js"]
        assert other.select("script") == []


class TestStackedTables:
    ROWS = (
        '<table><thead><tr><th scope="col">Figure</th><th scope="col">Why</th></tr></thead>'
        '<tbody><tr><th scope="row">Crime</th><td>{}</td></tr></tbody></table>'
    )

    def test_gives_each_cell_of_a_table_of_sentences_its_heading_and_role(self) -> None:
        table = page(self.ROWS.format("A sentence that is longer than forty letters.")).table
        stack(table)
        assert "stacks" in table["class"]
        assert table.td["data-heading"] == "Why"
        assert [tag["role"] for tag in table.find_all(["td", "th"])] == [
            "columnheader",
            "columnheader",
            "rowheader",
            "cell",
        ]

    def test_leaves_a_table_of_figures_alone(self) -> None:
        table = page(self.ROWS.format("12")).table
        stack(table)
        assert not table.has_attr("role")

    @pytest.mark.parametrize(
        ("columns", "last", "stacks"),
        [(7, "<td>worse</td>", True), (6, "<td>worse</td>", False), (7, "", False)],
    )
    def test_a_table_of_many_columns_that_ends_in_words_turns_into_cards(
        self, columns: int, last: str, stacks: bool
    ) -> None:
        number = '<td class="number">1</td>'
        cells = number * (columns - (2 if last else 1)) + last
        table = page(
            f"<table><thead><tr>{'<th scope=col>A</th>' * columns}</tr></thead>"
            f'<tbody><tr><th scope="row">Crime</th>{cells}</tr></tbody></table>'
        ).table
        stack(table)
        assert table.has_attr("class") == stacks


class TestScrollingTables:
    @pytest.mark.parametrize(
        ("caption", "main"),
        [
            (
                "What the chart shows: Offences per 1,000 residents, to March",
                "Rate per 1,000 residents",
            ),
            ("Rank of the rate per 1,000 residents, to March", "Rank (1 = lowest)"),
            ("Boroughs by offences", "Offences"),
            ("How sure this is", None),
        ],
    )
    def test_the_column_that_the_caption_names_comes_first(
        self, caption: str, main: str | None
    ) -> None:
        names = ("Offences", "Rate per 1,000 residents", "Rank (1 = lowest)")
        headings = "".join(f'<th class="number">{name}</th>' for name in names)
        table = page(
            f"<table><caption>{caption}</caption><thead><tr><th>Borough</th>{headings}</tr></thead>"
            "</table>"
        ).table
        found = main_heading(table)
        assert (found and found.text) == main

    def test_below_a_chart_it_is_the_figure_that_is_drawn(self) -> None:
        """The caption names two: the outcomes, and how many there are for every 100 offences."""
        ends = ("Lower end of 95% interval", "Upper end of 95% interval")
        names = ("Offences", "Positive outcomes", "Per 100 offences", *ends)
        headings = "".join(f'<th class="number">{name}</th>' for name in names)
        said = "What the chart shows: Positive outcomes for every 100 offences, to March"
        table = page(
            f"<table><caption>{said}</caption><thead><tr><th>Area</th>{headings}</tr></thead>"
            "</table>"
        ).table
        found = main_heading(table)
        assert found is not None
        assert found.text == "Per 100 offences"

    def test_what_is_measured_stands_after_a_colon(self) -> None:
        names = ("Number", "Rate per 1,000", "Rate above or below that of the 32 boroughs")
        headings = "".join(f'<th class="number">{name}</th>' for name in names)
        said = "Arson, to March: rate per 1,000 residents, beside that of the 32 boroughs"
        table = page(f"<table><caption>{said}</caption><thead><tr>{headings}</tr></thead></table>")
        found = main_heading(table.table)
        assert found is not None
        assert found.text == "Rate per 1,000"


class TestStylesheets:
    def test_keeps_only_rules_that_a_page_can_use(self) -> None:
        css = "p{color:red} .used{a:b} .unused{a:b} #here .used,.used .unused{c:d}"
        kept = pruned(css, {"used", "here"})
        assert "p{color:red}" in kept
        assert ".used{a:b}" in kept
        assert "#here .used{c:d}" in kept
        assert "unused" not in kept

    def test_looks_into_media_queries(self) -> None:
        css = "@media print{.used{a:b} .unused{a:b}} @media screen{.unused{a:b}}"
        assert pruned(css, {"used"}) == "@media print{.used{a:b}}"

    def test_does_not_need_what_a_selector_excludes(self) -> None:
        assert pruned("p:not(.unused){a:b}", set()) == "p:not(.unused){a:b}"

    def test_drops_properties_that_nothing_reads_and_files_that_are_not_carried(self) -> None:
        css = ":root{--read:1px;--unread:url(a;b)} p{margin:var(--read);background:url(a.png)}"
        assert pruned(css, set()).split() == [":root{--read:1px}", "p{margin:var(--read)}"]

    def test_keeps_the_licence(self) -> None:
        assert pruned("/*! MIT */ /* note */ p{a:b}", set()) == "/*! MIT */\np{a:b}"

    def test_puts_imports_in_place(self, tmp_path: Path) -> None:
        (tmp_path / "a.css").write_text('@import "b.css"; p{a:b}')
        (tmp_path / "b.css").write_text("q{c:d}")
        assert pruned(joined([tmp_path / "a.css"]), set()).split() == ["q{c:d}", "p{a:b}"]


def made_site(folder: Path, pages: int = 1) -> Path:
    """A site as Sphinx might write it: two style sheets, a script, and files that nothing uses."""
    static = folder / "_static"
    static.mkdir(parents=True)
    (static / "a.css").write_text(".seen{a:b}.unseen{a:b}")
    (static / "b.css").write_text(".added{a:b}")
    (static / "a.js").write_text('document.body.classList.add("added")')
    for name in ("searchtools.js", "language_data.js", "unused.map"):
        (static / name).write_text("")
    head = (
        '<link rel="stylesheet" href="_static/a.css"><link rel="stylesheet" href="_static/b.css">'
        '<script src="_static/a.js"></script>'
    )
    for number in range(pages):
        text = str(page(f'<p class="seen">{number}</p>', head))
        (folder / f"page{number}.html").write_text(text)
    return folder


def test_a_site_keeps_one_stylesheet_one_script_and_no_unused_file(tmp_path: Path) -> None:
    site = made_site(tmp_path / "site")
    finish_site(site, BuildCache(tmp_path / "made", made_by={}))
    static = site / "_static"
    assert sorted(path.name for path in static.iterdir()) == ["site.css", "site.js"]
    assert (static / "site.css").read_text().split() == [".seen{a:b}", ".added{a:b}"]
    after = BeautifulSoup((site / "page0.html").read_text(), "html.parser")
    assert after.select_one("script[defer]")["src"].startswith("./_static/site.js?v=")
    assert len(after.select("link[rel=stylesheet]")) == 1


@pytest.mark.slow
def test_several_processes_make_the_same_site_as_one(tmp_path: Path) -> None:
    sites = []
    for jobs in (1, 2):
        site = made_site(tmp_path / f"site{jobs}", pages=PAGES_WORTH_A_PROCESS + 1)
        finish_site(site, BuildCache(tmp_path / f"made{jobs}", made_by={}), jobs=jobs)
        sites.append({p.relative_to(site): p.read_text() for p in site.rglob("*") if p.is_file()})
    assert len(sites[0]) == PAGES_WORTH_A_PROCESS + 3
    assert sites[0] == sites[1]


def test_the_code_of_a_page_stands_behind_one_switch_at_its_end() -> None:
    cell = (
        '<div class="cell"><details class="hide above-input"><summary>Show</summary>'
        '<div class="cell_input"><pre>{}</pre></div></details>{}</div>'
    )
    body = f"<article>{cell.format('a = 1', '')}<p>Words</p>{cell.format('b = 2', '<p>2</p>')}"
    changed = page(f"{body}</article>")
    gather_code(changed)
    (switch,) = changed.select("details")
    assert [pre.string for pre in switch.select("pre")] == ["a = 1", "b = 2"]
    assert [tag.name for tag in changed.article.find_all(True, recursive=False)] == [
        *("p", "div", "details")
    ]


def test_a_page_without_code_gets_no_switch() -> None:
    changed = page("<article><p>Words</p></article>")
    gather_code(changed)
    assert changed.details is None


def test_what_experts_need_is_folded_below_the_words_of_its_mark() -> None:
    changed = page(
        "<article><section><h2>Every figure</h2><p>Press a name.</p>"
        '<div class="folded"><p>Show all</p></div><p>Table</p><section><h3>More</h3></section>'
        "</section></article>"
    )
    fold_sections(changed)
    details = changed.section.find("details", recursive=False)
    assert (details.summary.string, details.get("open")) == ("Show all", None)
    assert details.summary["aria-label"] == "Show all: Every figure"
    assert [tag.name for tag in details.find_all(True, recursive=False)] == [
        *("summary", "p", "section")
    ]
    assert changed.section.p.string == "Press a name."


@pytest.mark.parametrize(
    ("exhibit", "named"),
    [
        ('<div class="exhibit"><table><caption>Crime</caption></table>{}</div>', "CSV: Crime"),
        ('<figure class="exhibit small-chart">{}</figure>', "CSV: Drugs rose"),
    ],
)
def test_a_download_is_named_by_what_it_is_of(exhibit: str, named: str) -> None:
    link = '<a download href="a.csv">CSV</a>'
    heading = '<h3>Drugs rose<a class="headerlink">#</a></h3>'
    changed = page(f"<article><section>{heading}{exhibit.format(link)}</section></article>")
    name_exhibits(changed)
    assert changed.select_one("a[download]")["aria-label"] == named
