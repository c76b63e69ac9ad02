"""The page of a report: whole in itself, safe with any text, and alive in a real browser."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gatbert.evaluation.overview import overview
from gatbert.evaluation.page import render_overview, render_page
from tests.evaluation.made import HOSTILE, made_report, made_samples


def test_a_page_needs_no_network_and_no_text_can_break_it() -> None:
    page = render_page("Title <i>", made_samples(), made_report())
    links = set(re.findall(r"https?://[^\"'\s<>)]+", page))
    assert links <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "<b>bold</b>" not in page
    assert "window.broken = true</script>" not in page
    assert "Hybrid &lt;b&gt;bold&lt;/b&gt;" in page
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    assert json.loads(data[1])["texts"][0] == HOSTILE


def test_ids_of_plots_are_unique() -> None:
    page = render_page("Title", made_samples(), made_report())
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.slow
def test_the_same_report_gives_the_same_page() -> None:
    report, samples = made_report(), made_samples()
    assert render_page("Title", samples, report) == render_page("Title", samples, report)


@pytest.mark.parametrize("single", [True, False])
def test_little_is_enough(single: bool) -> None:
    """One group without probabilities, curves, comparisons, flags or texts; and no sample at all."""
    report = made_report(30)
    group = replace(report.groups[0], calibration=None, risk_coverage=None, curves=[], breakdowns={})
    report = replace(report, groups=[group], comparisons=[])
    samples = made_samples(30)
    if single:
        samples = {**samples, "texts": [None] * 30, "graphs": [None] * 30, "flags": {}}
    else:
        samples = {**samples, "ids": [], "texts": [], "graphs": []}
    page = render_page("Title", samples, report)
    assert ('id="samples"' in page) == single


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Callable[[str], Any]]:
    """Opens a page; at the end, nothing may stand in the console."""
    complaints: list[str] = []
    pages = []

    def opened(html: str) -> Any:
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.extend([request.url][: not request.url.startswith("file:")]))
        page.goto(path.as_uri())
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.close()
    assert complaints == []


TEXT_OF_FIRST = "JSON.parse(document.getElementById('data').textContent).texts[0].trim()"


def column(page: Any, section: str, number: int) -> list[str]:
    cells = page.locator(f"#{section} table").first.locator(f"tbody tr td:nth-child({number})")
    return [text.strip() for text in cells.all_text_contents()]


@pytest.mark.slow
def test_tables_sort_by_click_and_key(opened: Callable[[str], Any]) -> None:
    page = opened(render_page("Title", made_samples(), made_report()))
    assert column(page, "scores", 1) == ["Hybrid <b>bold</b>", "Text"]
    heading = page.locator("#scores th button", has_text="macro f1")
    heading.click()
    assert column(page, "scores", 1)[0].startswith("Hybrid")
    heading.press("Enter")
    assert column(page, "scores", 1)[0].startswith("Text")
    assert page.locator("#scores th[aria-sort=ascending]").count() == 1
    effects = page.locator("#comparisons th button", has_text="effect size")
    effects.click()
    found = [float(value) for value in column(page, "comparisons", 5)]
    assert found == sorted(found, reverse=True)


@pytest.mark.slow
def test_filters_search_and_keys_choose_samples(opened: Callable[[str], Any]) -> None:
    page = opened(render_page("Title", made_samples(), made_report()))
    count = page.locator("#count")
    assert count.text_content() == "300 of 300 samples"
    assert page.evaluate("window.broken") is None
    assert "<b>bold</b>" in page.locator("#detail .post").text_content()
    page.select_option("#filter-target", label="zoos")
    page.select_option("#filter-gold", label="favor")
    assert count.text_content() == "34 of 300 samples"
    page.select_option("#filter-verdict", "wrong")
    wrong = int(count.text_content().split()[0])
    assert 0 < wrong < 34
    assert page.locator("#list .row .right").count() == 0
    page.select_option("#filter-verdict", "")
    page.select_option("#filter-flag0", label="yes")
    assert count.text_content() == "17 of 300 samples"
    for name in ("target", "gold", "flag0"):
        page.select_option(f"#filter-{name}", "")
    page.fill("#search", "post number 17.")
    page.wait_for_function("document.getElementById('count').textContent === '1 of 300 samples'")
    assert "Post number 17." in page.locator("#detail .post").text_content()
    page.fill("#search", "")
    page.wait_for_function("document.getElementById('count').textContent === '300 of 300 samples'")
    page.locator("#list").press("ArrowDown")
    assert page.locator("#list .row[aria-selected=true]").count() == 1


@pytest.mark.slow
def test_the_graph_of_a_sample_is_drawn(opened: Callable[[str], Any]) -> None:
    samples = made_samples()
    samples["graphs"] = samples["graphs"][:2]
    page = opened(render_page("Title", samples, made_report()))
    graph = samples["graphs"][0]
    drawn = page.locator("#detail .graph .node.concept text").all_text_contents()
    assert sorted(drawn) == sorted(graph["concepts"])
    relations = {samples["relations"][edge[2]] for edge in graph["edges"]}
    titles = page.locator("#detail .graph .edge title").all_text_contents()
    assert len(titles) == len(graph["edges"]) / 2
    assert all(any(f" {relation} " in title for title in titles) for relation in relations if "^" not in relation)
    page.locator("#list").press("ArrowDown")
    assert "linked with none" in page.locator("#detail").text_content()
    page.locator("#list").press("ArrowDown")
    said = "Its graph is not on this page, which has those of the first 2 samples."
    assert said in page.locator("#detail").text_content()


@pytest.mark.slow
@pytest.mark.parametrize("no_graphs", ["The corpus has no graphs.", None])
def test_a_corpus_without_graphs_is_told_from_one_that_was_not_found(
    opened: Callable[[str], Any], no_graphs: str | None
) -> None:
    samples = {**made_samples(30), "graphs": [], "no_graphs": no_graphs}
    if no_graphs is None:
        samples["texts"] = [None] * 30
    page = opened(render_page("Title", samples, made_report(30)))
    assert "raph" not in page.locator("#detail").text_content()
    assert page.locator("#samples #no-graphs").all_text_contents() == ([no_graphs] if no_graphs else [])


def test_the_page_says_what_it_is_about() -> None:
    facts = [("model", "A <b>bold</b> one"), ("data", "x.csv")]
    page = render_page("Title", made_samples(30), facts=facts)
    assert re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", page) == [("model", "A &lt;b&gt;bold&lt;/b&gt; one"), facts[1]]
    report = replace(made_report(30), files=["a.csv", "<i>.csv"])
    assert "<dt>data</dt><dd>a.csv, &lt;i&gt;.csv</dd>" in render_page("Title", made_samples(30), report)


@pytest.mark.slow
def test_hostile_names_are_inert_in_the_overview(opened: Callable[[str], Any]) -> None:
    report = replace(made_report(30), test_set=HOSTILE, files=[HOSTILE])
    page = opened(render_overview(HOSTILE, overview({"a": report}, [HOSTILE])))
    assert page.evaluate("window.broken") is None
    assert page.locator("h2 a").get_attribute("href") == "a/report.html"
    assert page.locator("script, b").count() == 0


@pytest.mark.slow
def test_explanations_tint_words_and_size_concepts(opened: Callable[[str], Any]) -> None:
    samples = made_samples(explained=True)
    samples["texts"][0] = ", ".join(samples["graphs"][0]["words"][samples["graphs"][0]["num_target_words"] :]) + "!"
    page = opened(render_page("Title", samples))
    tints = page.locator("#detail .post .word").evaluate_all("words => words.map(word => word.style.background)")
    assert page.locator("#detail .post").text_content().strip() == page.evaluate(TEXT_OF_FIRST)
    assert len(tints) > 2
    assert len(set(tints)) > 1
    widths = page.locator("#detail .node.concept rect[fill-opacity]").evaluate_all(
        "all => all.map(r => +r.getAttribute('height'))"
    )
    assert max(widths) > min(widths)
    page.select_option("#method", "attention_mass")
    assert page.locator("#detail .post .word").evaluate_all("words => words.map(w => w.style.background)") != tints


@pytest.mark.slow
def test_a_hundred_thousand_samples_stay_few_rows(opened: Callable[[str], Any]) -> None:
    page = opened(render_page("Title", made_samples(100_000), made_report(30)))
    assert page.locator("#count").text_content() == "100,000 of 100,000 samples"
    assert page.locator("#list .row").count() < 60
    page.evaluate("document.getElementById('list').scrollTop = 50000 * 58")
    page.wait_for_function("document.querySelector('#list .row .text').textContent.includes('Post number 499')")
    assert page.locator("#list .row").count() < 60
    page.fill("#search", "post number 99999.")
    page.wait_for_function("document.getElementById('count').textContent === '1 of 100,000 samples'")
