"""The cache of encoded samples is listed and pruned, from the training that fills it on."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gatbert.files.caches import MANIFEST, cached_corpora
from gatbert.files.paths import cache_folder
from tests.command_line import CommandLine, package_environment
from tests.files.test_caches import write_cache


@pytest.fixture
def caches() -> Path:
    """Three caches, unused for 0, 10 and 40 days."""
    for days, name in ((0, "a" * 32), (10, "b" * 32), (40, "c" * 32)):
        write_cache(cache_folder(), name, size=1_000_000, days=days, files=f'["{days} days.csv"]')
    return cache_folder()


def left(folder: Path) -> list[str]:
    return sorted(path.name[0] for path in folder.iterdir())


def test_a_training_leaves_a_cache_of_its_corpus(command_line: CommandLine, common: list[str], tmp_path: Path) -> None:
    assert "0 encoded corpora" in command_line("cache", "list")
    command_line("fit", *common, "--trainer.fast_dev_run", "true")
    output = command_line("cache", "list")
    assert "1 encoded corpora" in output
    (cache,) = cached_corpora(cache_folder())
    assert cache.files == (str(tmp_path / "posts.csv"),)
    assert cache.in_use, "this process has trained with it"
    assert "stays, as it is in use" in command_line("cache", "prune", "--older_than", "0")
    assert cache.folder.is_dir()


def test_a_cache_is_used_again_when_a_run_begins_with_it(command_line: CommandLine, common: list[str]) -> None:
    for _ in range(2):
        command_line("fit", *common, "--trainer.fast_dev_run", "true")
        (cache,) = cached_corpora(cache_folder())
        assert time.time() - cache.used < 60
        os.utime(cache.folder / MANIFEST, (1.0, 1.0))


def test_all_are_listed(command_line: CommandLine, caches: Path) -> None:
    output = command_line("cache", "list")
    assert [line.split()[0] for line in output.splitlines()[1:4]] == ["a" * 12, "b" * 12, "c" * 12]
    assert "40 d ago" in output
    assert "40 days.csv" in output
    assert f"3 encoded corpora, 3 MB, in {caches}" in output


@pytest.mark.parametrize(
    ("args", "there"),
    [
        (["--older_than", "30"], ["a", "b"]),
        (["--older_than", "5"], ["a"]),
        (["--larger_than", "2.5MB"], ["a", "b"]),
        (["--larger_than", "0"], []),
        (["--larger_than", "0", "--dry_run", "true"], ["a", "b", "c"]),
    ],
)
def test_what_is_pruned_is_told(command_line: CommandLine, caches: Path, args: list[str], there: list[str]) -> None:
    output = command_line("cache", "prune", *args)
    assert left(caches) == there
    assert (
        "would be removed" if "--dry_run" in args else "removed"
    ) + ": cccccccccccc, 1 MB, last used 40 d ago, 40 days.csv" in output


def test_another_folder_can_be_named(command_line: CommandLine, caches: Path, tmp_path: Path) -> None:
    write_cache(tmp_path / "other", "d" * 32, days=40)
    command_line("cache", "prune", "--older_than", "1", "--cache_dir", tmp_path / "other")
    assert (left(caches), left(tmp_path / "other")) == (["a", "b", "c"], [])


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], "ACTION must be given"),
        (["clear"], "clear"),
        (["prune"], "give --older_than DAYS, --larger_than SIZE, or both"),
        (["prune", "--older_than=-1"], "--older_than -1.0 is not accepted; accepted is at least 0"),
        (["prune", "--larger_than", "much"], "--larger_than 'much' is not accepted; accepted is a number with KB"),
        (["list", "--older_than", "3"], "are for cache prune"),
    ],
)
def test_careless_arguments_get_a_sentence(command_line: CommandLine, args: list[str], words: str) -> None:
    assert words in command_line.refused("cache", *args)


def test_it_needs_no_torch() -> None:
    code = "import gatbert.commands.cache, sys; print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=package_environment()
    )
    assert done.stdout.strip() == "False"
