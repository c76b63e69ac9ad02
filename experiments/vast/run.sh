#!/bin/bash
# VAST, unseen and few-shot targets: does the graph help, and is it the graph? The same command goes on; SEEDS=1,2 runs fewer.
exec "$(dirname "$0")/../table.sh" vast 1,2,3 macro_f1
