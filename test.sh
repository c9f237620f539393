#!/usr/bin/env bash
# Sets up and runs everything that judges a change: the tests, the judges from outside, the lints, the licences.
#
#   ./test.sh          all of it; the first run builds the judges, later ones only what changed
#
# Needs cargo, go and python3. What it builds stays in target/, conformance/.build/, .venv/ and .tools/.
# Every step runs, whatever became of the one before; the exit code is 0 only if all of them passed.
set -uo pipefail
cd "$(dirname "$0")" || exit 1

cargo_deny_version=0.20.2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
names=() results=()

# step NAME COMMAND…: runs it, keeps its output for the check on skips, notes the result.
step() {
  local name=$1 start=$SECONDS result
  shift
  printf '\n== %s\n' "$name"
  if "$@" 2>&1 | tee -a "$log"; then result="passed"; else result="FAILED"; fi
  names+=("$name")
  results+=("$result in $((SECONDS - start)) s")
}

# A debug build of cargo-deny: it runs for a second, and optimizing it would take minutes.
install_cargo_deny() {
  [ "$(.tools/bin/cargo-deny --version 2>/dev/null)" = "cargo-deny $cargo_deny_version" ] ||
    cargo install --quiet --locked --debug --no-default-features --root .tools --version "$cargo_deny_version" cargo-deny
}

# Test data that stands beside the project may be absent, and then cases over it are skipped, printed and counted.
# Where it is there, a skip is a test that nobody runs.
no_skips() {
  if [ -d ../shared ] && grep -q '^SKIP' "$log"; then
    echo "skipped although the data is there:"
    grep '^SKIP' "$log"
    return 1
  fi
}

export INSTA_UPDATE=no
step "judges"            conformance/build.sh
step "layout"            cargo fmt --check
step "lints"             cargo clippy --quiet --all-targets --all-features -- -D warnings
step "library alone"     cargo check --quiet --lib --no-default-features
step "tests"             cargo test --no-fail-fast
step "Kubernetes types"  cargo test --quiet --features k8s-openapi --lib manifest::k8s
step "tests of judges"   conformance/test.sh
step "cargo-deny"        install_cargo_deny
step "dependencies"      .tools/bin/cargo-deny check bans licenses sources
step "nothing skipped"   no_skips

printf '\n== summary\n'
failed=0
for i in "${!names[@]}"; do
  printf '%-18s %s\n' "${names[$i]}" "${results[$i]}"
  case ${results[$i]} in FAILED*) failed=$((failed + 1)) ;; esac
done
echo "$((${#names[@]} - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
