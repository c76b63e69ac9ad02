#!/bin/bash
# The demo with five seeds: is Hybrid level with Text on targets that training has never seen?
set -euo pipefail
cd "$(dirname "$0")/../.."
OUTPUT=${GATBERT_RESULTS:-results}/experiments/demo

make results/demo_graph/corpus/test.parquet
python -m gatbert multi_run --seeds "${SEEDS:-1,2,3,4,5}" --output "$OUTPUT" \
    --set text=configs/demo/text.yaml,hybrid=configs/demo/hybrid.yaml -- -c configs/base.yaml
python -m gatbert report "$OUTPUT" --output "$OUTPUT/report" --score macro_f1 --compare HybridClassifier:TextClassifier \
    --markdown docs/results.md#demo
