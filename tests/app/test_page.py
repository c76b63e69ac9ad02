"""The page as a new user opens it: in a real Chromium, from the command to Ctrl-C."""

import csv
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gatbert.app.limits import Limits
from gatbert.app.page import as_application, build_page
from tests.app.made import HOSTILE, shown_model
from tests.command_line import package_environment, rows_of

NUM_ROWS = 2_000


def test_the_page_tells_nobody_and_has_no_interface_but_itself(encoder: str, tmp_path: Path) -> None:
    model = shown_model(encoder)
    blocks = build_page({"one": model, "other": model}, [("good", "zoo")], Limits(), tmp_path)
    assert not blocks.analytics_enabled
    application = as_application(blocks)
    assert blocks.config["footer_links"] == []
    assert not blocks.share
    assert "public" not in {call["api_visibility"] for call in blocks.config["dependencies"]}
    assert application.openapi_url is None
    limits = {function.concurrency_limit for function in blocks.fns.values() if function.concurrency_id == "models"}
    assert limits == {1}


@pytest.fixture
def served(run_folder: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command with two models, and the address at which it serves."""
    checkpoint = str(run_folder / "checkpoints" / "last.ckpt")
    command = [sys.executable, "-m", "gatbert", "app", checkpoint, checkpoint, "--max_characters", "50000"]
    # Warnings are no errors here: Gradio uses options of pandas that go.
    environment = {**package_environment(), "PYTHONWARNINGS": "", "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            assert found is not None, line + process.stdout.read()
            yield process, found[0]
        finally:
            process.kill()


@pytest.fixture
def page(browser: Any, served: tuple[subprocess.Popen[str], str]) -> Iterator[Any]:
    """The page in a browser; at the end, nothing may stand in the console, and nothing have come from elsewhere."""
    complaints: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 950})
    page.on("console", lambda message: complaints.extend([message.text][: message.type == "error"]))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("response", lambda response: complaints.extend([response.url][: response.status >= 400]))
    ours = (served[1], "data:", "blob:")
    page.on("request", lambda request: complaints.extend([request.url][: not request.url.startswith(ours)]))
    page.set_default_timeout(60_000)
    page.goto(served[1])
    yield page
    page.close()
    assert complaints == []


def ask(page: Any, text: str, target: str) -> None:
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_label("Target", exact=True).fill(target)
    page.get_by_role("button", name="Classify", exact=True).click()


def said(page: Any, sentence: str) -> None:
    """Wait for a sentence of the page."""
    page.locator(".gatbert-problem", has_text=sentence).wait_for()


@pytest.mark.slow
def test_a_walk_over_the_page(page: Any, served: tuple[subprocess.Popen[str], str], tmp_path: Path) -> None:
    # An example of the training corpus, by two models side by side
    page.locator("#gatbert-examples tbody tr").first.click()
    page.wait_for_function("document.querySelector('textarea').value !== ''")
    page.get_by_role("button", name="Classify", exact=True).click()
    page.wait_for_function("document.querySelectorAll('.gatbert-words .word').length > 2")
    page.locator(".gatbert-answer").nth(1).locator(".gatbert-target").wait_for()
    assert page.locator(".gatbert-answer h3").all_text_contents()[0].startswith("gatbert/v1/last (1)")
    told = page.locator(".gatbert-answer").first.locator(".gatbert-number").all_text_contents()
    assert sum(float(one.rstrip(" %")) for one in told) == pytest.approx(100, abs=0.2)

    # What is wrong is said in the page
    ask(page, "", "zoo")
    said(page, "The text is empty")
    ask(page, "good zoo", " ")
    said(page, "The target is empty")
    ask(page, "good " * 20_000, "zoo")
    said(page, "The text has 100,000 characters; accepted are 50,000.")
    ask(page, "good " * 10_000, "zoo")
    page.locator(".gatbert-legend", has_text="not read: beyond the length").first.wait_for()

    # Markup is shown, and never run
    ask(page, HOSTILE, "<b>zoo")
    page.locator(".gatbert-words", has_text="window.broken").first.wait_for()
    page.locator(".gatbert-answer").nth(1).locator(".gatbert-target", has_text="<b>zoo").wait_for()
    assert page.locator(".gatbert-words:not(.gatbert-target)").first.text_content() == HOSTILE
    assert page.evaluate("window.broken") is None

    # A file, and the same rows with stance and probabilities
    page.get_by_role("tab", name="A file").click()
    page.get_by_role("button", name="Classify the rows").click()
    said(page, "There is no file yet")
    posts = tmp_path / "posts.csv"
    with posts.open("w", newline="") as file:
        rows = [[number, HOSTILE if number == 0 else f"good zoo {number}", "zoo"] for number in range(NUM_ROWS)]
        csv.writer(file).writerows([["id", "text", "target"], *rows])
    page.locator("input[type=file]").set_input_files(posts)
    page.get_by_text("posts.csv").first.wait_for()
    page.get_by_role("button", name="Classify the rows").click()
    page.locator(".gatbert-answer h3", has_text="2,000 rows").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download posts.predicted.csv").click()
    found = rows_of(Path(download.value.path()))
    assert [row["id"] for row in found] == [str(number) for number in range(NUM_ROWS)]
    assert found[0]["text"] == HOSTILE
    assert list(found[0]) == ["id", "text", "target", "predicted", "prob_against", "prob_favor", "prob_neutral"]
    assert page.evaluate("window.broken") is None

    # Ctrl-C ends it, and nothing is left behind
    process, _ = served
    process.send_signal(signal.SIGINT)
    assert process.stdout is not None
    assert process.stdout.readline() == "The page is closed.\n"
    assert process.wait(120) == 0
    assert process.stdout.read() == ""
    assert not list(tmp_path.glob("gatbert-app-*"))
