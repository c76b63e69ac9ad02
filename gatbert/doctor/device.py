"""Whether there is the device that is asked for, and whether it computes in the precision that is asked for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from gatbert.doctor.asked_run import AskedRun
from gatbert.doctor.findings import Finding

CPU_FLAGS = ("avx512_bf16", "amx_bf16", "bf16")
"""What ``/proc/cpuinfo`` calls instructions for bf16, on x86 and ARM."""


def look_at_device(run: AskedRun) -> Iterator[Finding]:
    """Compare ``trainer.accelerator`` and ``trainer.devices`` with what there is."""
    asked, devices = run.config.trainer.accelerator, run.config.trainer.devices
    there = num_gpus()
    if asked in ("gpu", "cuda") and not there:
        why = "the installed PyTorch is for CPUs alone" if torch.version.cuda is None else "PyTorch sees none"
        remedy = "ask Slurm for one (--gres=gpu:1), install PyTorch for CUDA, or give --trainer.accelerator cpu"
        yield Finding("fault", f"--trainer.accelerator {asked} asks for a GPU, and {why}", remedy)
    elif uses_gpu(asked) and (wanted := num_devices(devices, there)) > there:
        what = f"--trainer.devices {devices} asks for {wanted} GPUs, and there are {there}"
        yield Finding("fault", what, f"ask Slurm for them (--gres=gpu:{wanted}), or give --trainer.devices {there}")
    elif uses_gpu(asked):
        name = torch.cuda.get_device_name() if torch.cuda.is_available() else "of Apple"
        yield Finding("ok", f"{num_devices(devices, there)} of {there} GPUs ({name})")
    else:
        yield Finding("ok", "the CPU" if asked == "cpu" else f"the CPU, as there is no GPU here ({asked})")


def look_at_precision(run: AskedRun) -> Iterator[Finding]:
    """Tell whether the device computes in ``trainer.precision``, and how well."""
    precision = str(run.config.trainer.precision or "32-true")
    on_gpu = uses_gpu(run.config.trainer.accelerator)
    if precision.startswith("16") and not on_gpu:
        what = f"--trainer.precision {precision} is for GPUs, and this run is on the CPU"
        yield Finding("fault", what, "give --trainer.precision 32-true, or bf16-mixed")
    elif precision.startswith("bf16") and not (_gpu_has_bf16() if on_gpu else _cpu_has_bf16()):
        what = f"--trainer.precision {precision} is emulated by this {'GPU' if on_gpu else 'CPU'}, which is slow"
        yield Finding("warning", what, f"give --trainer.precision {'16-mixed' if on_gpu else '32-true'}")
    else:
        yield Finding("ok", precision)


def uses_gpu(accelerator: str) -> bool:
    """Tell whether an accelerator, as ``--trainer.accelerator`` names it, is a GPU on this machine."""
    return accelerator in ("gpu", "cuda", "mps") or (accelerator == "auto" and num_gpus() > 0)


def num_gpus() -> int:
    """Return how many GPUs PyTorch sees."""
    return torch.cuda.device_count() or int(torch.backends.mps.is_available())


def num_devices(devices: Any, there: int) -> int:
    """Return how many devices are asked for, by a number, a list of them, or in words.

    Args:
        devices: What ``--trainer.devices`` says.
        there: How many there are.
    """
    if devices in ("auto", -1, "-1"):
        return max(1, there)
    if isinstance(devices, str):
        return int(devices) if devices.isdecimal() else len(devices.strip(",").split(","))
    return devices if isinstance(devices, int) else len(devices)


def _gpu_has_bf16() -> bool:
    return not torch.cuda.is_available() or torch.cuda.is_bf16_supported(including_emulation=False)


def _cpu_has_bf16(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Tell whether the CPU has instructions for bf16; where it does not say, it is taken to have them."""
    if not cpuinfo.is_file():
        return True
    words = set(cpuinfo.read_text(encoding="utf-8", errors="replace").split())
    return not words.isdisjoint(CPU_FLAGS)
