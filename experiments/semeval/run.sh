#!/bin/bash
# SemEval-2016 task A and B: does the graph help, and is it the graph? The same command goes on; SEEDS=1,2 runs fewer.
exec "$(dirname "$0")/../table.sh" semeval 1,2,3,4,5 favor_against_f1
