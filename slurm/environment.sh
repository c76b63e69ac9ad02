# Sourced by the jobs: says where the job runs, activates the conda environment, and goes to the checkout ($repo).
# shellcheck shell=bash
job=$(basename "${BASH_SOURCE[1]}")
[ "$job" != slurm_script ] || job=${SLURM_JOB_NAME:-job}

fail() {
    echo "$job: $*" >&2
    exit "${status:-1}"
}

[ -f "$repo/gatbert/__init__.py" ] || fail "$repo is no checkout of gatbert; call sbatch there, or set GATBERT_REPO"

date
pwd
hostname

XDG_RUNTIME_DIR=$(mktemp -d "${SLURM_TMPDIR:-${TMPDIR:-/tmp}}/gatbert-runtime-XXXXXX")
export XDG_RUNTIME_DIR
trap 'rm -rf "$XDG_RUNTIME_DIR"' EXIT

# The scripts of module and conda read variables that are not set.
set +u
module load conda || fail "module load conda failed"
eval "$(conda shell.bash hook)" || fail "conda cannot be set up in this shell"
conda activate "${GATBERT_ENV:-gatbert}" ||
    fail "there is no conda environment ${GATBERT_ENV:-gatbert}; make it with conda env create -f environment.yml"
set -u

cd "$repo"
git log -1 || echo "$job: $repo is not under git; the commit is not recorded" >&2
