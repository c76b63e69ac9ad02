"""Fixtures for all tests: tiny encoders, a cache of their own, no network."""

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.command_line import CommandLine, train_aside, training_arguments, write_data
from tests.tiny import CONFIGS, corpus_rows, save_encoder, write_corpus

os.environ["HF_HUB_OFFLINE"] = "1"
# A shell starts what it runs in the background deaf to Ctrl-C, and so would be all processes that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

LOCAL = ("127.", "::1", "localhost")


settings.register_profile("fast", max_examples=25, deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    """Draw fewer examples in the fast suite."""
    if config.getoption("markexpr") == "not slow":
        settings.load_profile("fast")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOCAL):
            raise AssertionError(f"a test reached for the network: {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep encoded samples of tests out of the user's cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture(autouse=True, scope="session")
def _two_threads() -> None:
    """Leave the cores to the tests that run beside this one."""
    import torch  # which takes seconds, and only those that run tests need it

    torch.set_num_threads(1)


@pytest.fixture(scope="session", params=CONFIGS)
def any_encoder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A tiny encoder of every family in turn, as a ``pretrained_model``."""
    return save_encoder(tmp_path_factory.mktemp(request.param), request.param)


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A tiny BERT, as a ``pretrained_model``."""
    return save_encoder(tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real corpora, for tests marked ``real_data``."""
    folder = os.environ.get("GATBERT_DATA")
    if not folder:
        pytest.skip("GATBERT_DATA does not name the folder of real corpora")
    return Path(folder)


@pytest.fixture
def command_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line, in this process."""
    return CommandLine(capsys, monkeypatch)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A ``--data`` file over 60 tiny posts."""
    corpus = write_corpus(tmp_path / "posts.csv", corpus_rows(60))
    return write_data(tmp_path / "tiny_data.yaml", corpus)


@pytest.fixture(scope="session")
def run_folder(encoder: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of ``fit_and_test`` with mean pooling, which is not the default; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("trained")
    data = write_data(folder / "tiny_data.yaml", write_corpus(folder / "posts.csv", corpus_rows(60)))
    arguments = [*training_arguments(encoder, folder / "results"), "--data", str(data), "--model.pooling", "mean"]
    return train_aside("fit_and_test", folder, *arguments)


@pytest.fixture
def common(encoder: str, data: Path, tmp_path: Path) -> list[str]:
    """Arguments of a training run that takes a second or two."""
    return [*training_arguments(encoder, tmp_path / "results"), "--data", str(data)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next((found for name in names if (found := shutil.which(name))), None)
    if chromium is None:
        pytest.skip("there is no Chromium; on Debian: apt-get install chromium")
    with playwright.sync_playwright() as running:
        found = running.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield found
        found.close()
