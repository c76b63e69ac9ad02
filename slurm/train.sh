#!/usr/bin/env bash
#SBATCH --job-name=gatbert
#SBATCH --partition=gpu
#SBATCH --gres=gpu:a100:1
#SBATCH --time=24:00:00
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --mem=32gb
#SBATCH --mail-type=END,FAIL
#SBATCH --output=slurm-%x-%j.out
# A requeued job would take a new timestamp and start again beside its own half-finished runs.
#SBATCH --no-requeue
#
# Train and test the classifiers one after another on one GPU of HiPerGator; before that, gatbert doctor looks at each:
#
#     sbatch slurm/train.sh [arguments of gatbert.fit_and_test, for every run]
#
# Give --account and --mail-user on that line, or in SBATCH_ACCOUNT. Paths are variables:
#
#   GATBERT_REPO              the checkout                         where sbatch was called
#   GATBERT_ENV               conda environment                    gatbert
#   GATBERT_RESULTS           where run folders are written        $GATBERT_REPO/results
#   GATBERT_BASE_CONFIG       settings that all runs share         configs/base.yaml
#   GATBERT_DATA_CONFIG       corpus and splits                    configs/graph_data.yaml
#   GATBERT_PRETRAINED_MODEL  encoder                              the one that gatbert starts from by default
#   GATBERT_CLASSIFIERS       names, separated by white space      Text External Concat Hybrid; Text alone, if the
#                                                                  data have no graphs
#   GATBERT_VERSION           name of this job's run folders       v and a timestamp
#   GATBERT_DATA              folder of corpora, for configs that name it
set -euo pipefail

# Slurm runs a copy of this script from a spool folder: its own path says nothing about the checkout.
script_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repo=${GATBERT_REPO:-${SLURM_SUBMIT_DIR:-$(dirname "$script_folder")}}
[ -f "$repo/slurm/environment.sh" ] || {
    echo "train.sh: $repo is no checkout of gatbert; call sbatch there, or set GATBERT_REPO" >&2
    exit 1
}
. "$repo/slurm/environment.sh"

results=${GATBERT_RESULTS:-$repo/results}
base_config=${GATBERT_BASE_CONFIG:-configs/base.yaml}
data_config=${GATBERT_DATA_CONFIG:-configs/graph_data.yaml}
version=${GATBERT_VERSION:-v$(date +%Y%m%d%H%M%S)}
[ -z "${GATBERT_DATA:-}" ] || export GATBERT_DATA
for config in "$base_config" "$data_config"; do
    [ -f "$config" ] || fail "there is no config $config in $repo"
done

# configure CLASS ARGS...: set name and arguments of one experiment; it has a model config of its own if there is one.
configure() {
    local class=$1
    shift
    name=${class,,}
    arguments=(-c "$base_config" --classifier "gatbert.stance_classifier.${class}Classifier" --data "$data_config")
    [ ! -f "configs/${name}_model.yaml" ] || arguments+=(--model "configs/${name}_model.yaml")
    [ -z "${GATBERT_PRETRAINED_MODEL:-}" ] || arguments+=(--pretrained_model "$GATBERT_PRETRAINED_MODEL")
    arguments+=("$@"
        --trainer.logger.init_args.save_dir "$results"
        --trainer.logger.init_args.name "$name"
        --trainer.logger.init_args.version "$version")
}

# examine: look at the experiment before any is run: a fault of the last one would show only hours later.
examine() {
    local status=0
    echo "=== doctor: $name"
    python -m gatbert doctor "${arguments[@]}" || status=$?
    [ "$status" -eq 0 ] || fail "gatbert doctor has found a fault in experiment $name; nothing was run"
}

# run_exp: print the config of the experiment, then run it.
run_exp() {
    local status=0
    echo "=== $name"
    python -m gatbert.fit_and_test "${arguments[@]}" --print_config || status=$?
    [ "$status" -eq 0 ] || fail "the config of experiment $name is wrong (exit status $status); nothing was run for it"
    python -m gatbert.fit_and_test "${arguments[@]}" || status=$?
    [ "$status" -eq 0 ] || fail "experiment $name failed with exit status $status; see above, and $results/$name/$version"
}

known="Text External Concat Hybrid"
if ! grep -Eq 'corpus_type: *(graph|synthetic)' "$data_config"; then
    # Those that read graphs would find none only when their turn comes, hours later.
    known=Text
    echo "$data_config has no graphs: of the classifiers, only Text is trained (gatbert tag makes graphs)"
fi
read -ra classifiers <<<"${GATBERT_CLASSIFIERS:-$known}"
for class in "${classifiers[@]}"; do
    [[ " $known " == *" $class "* ]] || fail "there is no classifier $class for $data_config; there is $known"
done
for class in "${classifiers[@]}"; do
    configure "$class" "$@"
    examine
done
for class in "${classifiers[@]}"; do
    configure "$class" "$@"
    run_exp
done
echo "All experiments are done: $results/*/$version"
