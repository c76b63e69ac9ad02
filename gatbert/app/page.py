"""The page in the blocks of Gradio, which is imported here alone; what it shows is made elsewhere.

What ``prepare`` of ``gatbert.app.server`` sets must be set before this is imported.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import gradio as gr
from fastapi import FastAPI

from gatbert.app.answering import answer_file, answer_text
from gatbert.app.limits import UPLOAD_BYTES, Limits
from gatbert.app.shown_model import ShownModel
from gatbert.app.view import ASSETS, rendered

SYSTEM_FONTS = ("system-ui", "Segoe UI", "Helvetica", "Arial", "sans-serif")
MONOSPACE = ("ui-monospace", "Menlo", "Consolas", "monospace")
"""Fonts that are there: those of Gradio's own themes would be loaded."""

MOST_WAITING = 32
"""Requests that wait for the models; one more is told that there are too many."""

ONE_AT_A_TIME: Mapping[str, Any] = {
    "concurrency_id": "models",
    "concurrency_limit": 1,
    "api_visibility": "private",
    "show_progress": "hidden",
}


def build_page(
    models: Mapping[str, ShownModel], examples: Sequence[tuple[str, str]], limits: Limits, folder: Path
) -> gr.Blocks:
    """Return the page.

    Args:
        models: One or two models by name.
        examples: Texts and targets to begin with.
        limits: The most that is taken.
        folder: Where results are written, each in a folder of its own.
    """
    blocks = gr.Blocks(title="gatbert", analytics_enabled=False)
    with blocks:
        gr.HTML(rendered("head.html", names=list(models)))
        with gr.Tab("One text"):
            _text_tab(models, examples, limits)
        with gr.Tab("A file"):
            _file_tab(models, limits, folder)
    blocks.queue(default_concurrency_limit=1, max_size=MOST_WAITING)
    return blocks


def as_application(blocks: gr.Blocks) -> FastAPI:
    """Return the page as an application that a server runs; it loads nothing from elsewhere and has no other pages."""
    application = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    gr.mount_gradio_app(
        application,
        blocks,
        path="/",
        show_error=False,
        max_file_size=UPLOAD_BYTES,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=gr.themes.Base(primary_hue="blue", neutral_hue="slate", font=SYSTEM_FONTS, font_mono=MONOSPACE),
        css=(ASSETS / "page.css").read_text(encoding="utf-8"),
    )
    return application


def _text_tab(models: Mapping[str, ShownModel], examples: Sequence[tuple[str, str]], limits: Limits) -> None:
    text = gr.Textbox(label="Text", lines=4, max_lines=12, placeholder="What somebody wrote")
    with gr.Row(equal_height=True):
        target = gr.Textbox(label="Target", placeholder="What it is for or against", max_lines=1, scale=4)
        button = gr.Button("Classify", variant="primary", scale=1, min_width=140)
    shown = [gr.HTML(elem_classes="gatbert-said")]
    with gr.Row():
        for _ in models:
            with gr.Column(min_width=360):
                shown.append(gr.HTML())
    if examples:
        listed, label = [list(example) for example in examples], "Targets of the training corpus"
        gr.Examples(listed, [text, target], label=label, elem_id="gatbert-examples")

    def classify(given_text: str | None, given_target: str | None) -> Iterator[list[str]]:
        yield from answer_text(models, given_text, given_target, limits)

    # Who asks again while an answer is being explained is answered, too, if only for the last time.
    asked = [button.click, target.submit]
    gr.on(asked, classify, [text, target], shown, trigger_mode="always_last", **ONE_AT_A_TIME)


def _file_tab(models: Mapping[str, ShownModel], limits: Limits, folder: Path) -> None:
    gr.HTML(rendered("about_files.html", max_rows=limits.max_rows, megabytes=UPLOAD_BYTES // 2**20))
    file = gr.File(label="CSV", file_types=[".csv", ".tsv"], height=140)
    chosen = gr.Radio(list(models), value=next(iter(models)), label="Model", visible=len(models) > 1)
    button = gr.Button("Classify the rows", variant="primary")
    shown = gr.HTML()
    download = gr.DownloadButton("Download", visible=False)

    def classify(path: str | None, name: str) -> Iterator[Any]:
        own = Path(mkdtemp(dir=folder))
        for html, result in answer_file(models[name], path, limits, own):
            label = "Download" if result is None else f"Download {result.name}"
            yield html, gr.DownloadButton(label, value=result, visible=result is not None)

    button.click(classify, [file, chosen], [shown, download], **ONE_AT_A_TIME)
