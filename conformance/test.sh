#!/bin/sh
# Tests the judges themselves; build.sh comes first. Prints what was skipped for want of test data (POLC_SHARED, see
# README.md) and how many cases that were, and fails on any failure.
set -eu
cd "$(dirname "$0")"
log=.build/test.log

[ -x .build/reach ] && [ -x .build/nca-reach ] || {
    echo "conformance/test.sh: run build.sh first" >&2
    exit 1
}
status=0
# Verbose, since go test keeps what a passing test prints to itself.
go test -p 2 -v ./... >"$log" 2>&1 || status=1
grep -E '^(ok|FAIL|---\s*FAIL|\s+--- FAIL|panic:)|_test\.go:' "$log" || true
PYTHONUNBUFFERED=1 .build/venv/bin/python -m unittest discover -s ncareach >"$log.python" 2>&1 || status=1
if [ "$status" -ne 0 ] || ! grep -q '^OK' "$log.python"; then
    cat "$log.python"
fi
tail -n 3 "$log.python" | head -n 1
grep -h '^SKIP: ' "$log" "$log.python" || true
cases=$(cat "$log" "$log.python" | sed -n 's/^SKIP: .*(\([0-9]*\) cases)$/\1/p' | awk '{ sum += $1 } END { print sum + 0 }')
echo "conformance: $cases cases skipped"
if [ "$cases" -ne 0 ] && [ -d "${POLC_SHARED:-../../shared}/data" ]; then
    echo "conformance/test.sh: the test data are there, and cases were skipped all the same" >&2
    status=1
fi
exit "$status"
