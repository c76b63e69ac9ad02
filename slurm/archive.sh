#!/usr/bin/env bash
# Move finished run folders, whole and verified, from fast storage to the archive:
#
#     slurm/archive.sh [--dry-run] RUN...
#
# RUN is a run folder below GATBERT_RESULTS (default: results), such as results/text/v20260101120000; it is moved to the
# same place below GATBERT_ARCHIVE, with its checksums in SHA256SUMS. The source goes only when the copy is verified.
set -euo pipefail

usage() {
    sed -n '2,7s/^# \{0,1\}//p' "$0"
}

moved=()
fail() {
    [ "${#moved[@]}" -eq 0 ] || echo "archive.sh: moved before that: ${moved[*]}" >&2
    echo "archive.sh: $*" >&2
    exit 1
}

partial=
trap '[ -z "$partial" ] || rm -rf "$partial"' EXIT
trap 'fail "interrupted; the source is whole"' INT TERM

checksums() (
    cd "$1"
    find . -type f ! -name SHA256SUMS -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum
)

run_status() {
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1])).get("status", "unknown"))' "$1/run.json" 2>/dev/null ||
        echo "unknown"
}

archive_run() {
    local run=$1 source relative destination status before after
    [ -f "$run/config.yaml" ] && [ -f "$run/run.json" ] || fail "$run is no run folder: config.yaml or run.json is missing"
    source=$(realpath "$run")
    relative=${source#"$results"/}
    [ "$relative" != "$source" ] || fail "$run is not below $results; set GATBERT_RESULTS"
    status=$(run_status "$source")
    [ "$status" = finished ] || fail "$run is not finished but $status; only finished runs are archived"
    destination=$archive/$relative
    [ ! -e "$destination" ] || fail "$destination exists already; it stays as it is"
    if [ -n "$dry_run" ]; then
        echo "would move $source to $destination"
        return
    fi
    mkdir -p "$(dirname "$destination")"
    partial=$(dirname "$destination")/.partial-$(basename "$destination")-$$
    before=$(checksums "$source")
    cp -a "$source" "$partial" || fail "$run could not be copied to $archive; the source is whole"
    after=$(checksums "$partial")
    [ "$before" = "$after" ] || fail "the copy of $run differs from it; the source is whole"
    printf '%s\n' "$after" >"$partial/SHA256SUMS"
    sync -f "$partial"
    mv -T "$partial" "$destination"
    partial=
    rm -rf "$source"
    moved+=("$run")
    echo "moved $source to $destination"
}

dry_run=
case ${1:-} in
    -h | --help) usage && exit 0 ;;
    --dry-run) dry_run=yes && shift ;;
esac
[ $# -gt 0 ] || fail "no run is given; usage: slurm/archive.sh [--dry-run] RUN..."
[ -n "${GATBERT_ARCHIVE:-}" ] || fail "GATBERT_ARCHIVE is not set; export the folder for finished runs, such as /orange/GROUP/USER/results"
results=${GATBERT_RESULTS:-results}
[ -d "$results" ] || fail "there is no folder $results; set GATBERT_RESULTS"
results=$(realpath "$results")
archive=$(realpath -m "$GATBERT_ARCHIVE")
for run in "$@"; do
    archive_run "${run%/}"
done
