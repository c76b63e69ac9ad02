"""Devices and precisions are compared with what PyTorch says of this machine."""

from pathlib import Path
from typing import Any

import pytest
import torch

from gatbert.doctor.device import _cpu_has_bf16, look_at_device, look_at_precision, num_devices
from tests.doctor.runs import asked


def with_gpus(monkeypatch: pytest.MonkeyPatch, count: int, bf16: bool = True) -> None:
    """Let PyTorch see some GPUs."""
    monkeypatch.setattr(torch.cuda, "device_count", lambda: count)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: count > 0)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "A100")
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: bf16)


@pytest.mark.parametrize(
    ("devices", "number"),
    [(1, 1), ("2", 2), ([0, 1, 2], 3), ("0,1", 2), ("1,", 1), ("auto", 4), (-1, 4), ("-1", 4)],
)
def test_devices_are_counted_however_they_are_written(devices: Any, number: int) -> None:
    assert num_devices(devices, there=4) == number


@pytest.mark.parametrize(
    ("there", "accelerator", "devices", "state", "words"),
    [
        (0, "gpu", 1, "fault", "asks for a GPU"),
        (0, "cuda", 1, "fault", "asks for a GPU"),
        (0, "auto", 2, "ok", "no GPU here"),
        (0, "cpu", 1, "ok", "the CPU"),
        (2, "auto", 4, "fault", "asks for 4 GPUs, and there are 2"),
        (2, "gpu", 2, "ok", "2 of 2 GPUs (A100)"),
        (2, "cpu", 8, "ok", "the CPU"),
    ],
)
def test_gpus_that_are_asked_for_must_be_there(
    there: int, accelerator: str, devices: int, state: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_gpus(monkeypatch, there)
    (finding,) = look_at_device(asked("--trainer.accelerator", accelerator, "--trainer.devices", devices))
    assert finding.state == state
    assert words in finding.what


@pytest.mark.parametrize(
    ("gpus", "bf16", "precision", "state"),
    [
        (0, True, "16-mixed", "fault"),
        (0, True, "16-true", "fault"),
        (0, True, "bf16-mixed", "ok"),
        (0, False, "bf16-true", "warning"),
        (0, False, "32-true", "ok"),
        (1, False, "bf16-mixed", "warning"),
        (1, True, "bf16-mixed", "ok"),
        (1, False, "16-mixed", "ok"),
    ],
)
def test_a_precision_is_compared_with_the_device(
    gpus: int, bf16: bool, precision: str, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_gpus(monkeypatch, gpus, bf16)
    monkeypatch.setattr("gatbert.doctor.device._cpu_has_bf16", lambda: bf16)
    (finding,) = look_at_precision(asked("--trainer.accelerator", "auto", "--trainer.precision", precision))
    assert finding.state == state


def test_a_cpu_tells_its_instructions(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    assert _cpu_has_bf16(cpuinfo), "where it does not say"
    cpuinfo.write_text("flags : sse avx512f avx512_bf16 amx\n")
    assert _cpu_has_bf16(cpuinfo)
    cpuinfo.write_text("flags : sse avx512f\n")
    assert not _cpu_has_bf16(cpuinfo)
