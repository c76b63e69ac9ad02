"""Building a graph from a whole dump, against reading the dump."""

import os
import shutil
import subprocess
import sys
import time

from benchmarks.dump import FOLDER, dump
from benchmarks.measure import Result

GIB = 2**30


def run() -> list[Result]:
    """Time ``build_graph`` against ``zcat | wc -l``, and take its peak memory."""
    path, lines = dump()
    start = time.perf_counter()
    subprocess.run(f"zcat '{path}' | wc -l", shell=True, check=True, stdout=subprocess.DEVNULL)  # noqa: S602
    reading = time.perf_counter() - start
    graph = FOLDER / "graph"
    shutil.rmtree(graph, ignore_errors=True)
    command = [sys.executable, "-m", "gatbert", "build_graph", "--output", str(graph), "--conceptnet", str(path)]
    command += ["--aliases", "false"]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    building = time.perf_counter() - start
    if status != 0:
        raise RuntimeError(f"build_graph ended with status {status}")
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    size = path.stat().st_size / 1e6
    detail = f"{lines:,} lines ({size:.0f} MB gzipped): build {building:.1f} s, zcat | wc -l {reading:.1f} s"
    memory = f"peak {peak / GIB:.2f} GiB, against 2 GiB"
    return [
        Result("graph_build", building / reading, 2.0, detail),
        Result("graph_build_memory", peak / (2 * GIB), 1.0, memory),
    ]
