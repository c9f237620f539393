#!/bin/sh
# Builds the judges into .build/ beside this file: kubelint, reach, calico-tiers, calico-selector, rbac and yamlread (Go),
# and nca-reach and pyread with their Python environment .build/venv (network-config-analyzer, PyYAML). Run again it does
# only what changed. Whatever cannot be built is a failure: a judge that is not there must not pass for one with nothing
# to say.
set -eu
cd "$(dirname "$0")"

KUBERNETES=1.34.4 # as in go.mod
JOBS=2

fail() {
    echo "conformance/build.sh: $*" >&2
    exit 1
}

build_go() {
    command -v go >/dev/null || fail "cannot build the judges: no go on PATH (version 1.26 or later)"
    grep -q "k8s.io/kubernetes v$KUBERNETES\$" go.mod ||
        fail "go.mod is not at Kubernetes $KUBERNETES; adapt KUBERNETES here"
    version=k8s.io/component-base/version
    go build -p "$JOBS" -trimpath -o .build/ \
        -ldflags "-s -w -X $version.gitVersion=v$KUBERNETES -X $version.gitMajor=1 -X $version.gitMinor=34" \
        ./cmd/... || fail "cannot build the judges written in Go"
}

# The definitions of the custom resources that polc writes, as their makers publish them in Go modules. They are a
# module of their own: only files are wanted of them, and none of what they build upon.
build_schemas() {
    mkdir -p .build/schemas
    (
        cd schemas
        while read -r module files; do
            folder=$(go mod download -json "$module" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",$/\1/p')
            [ -n "$folder" ] || exit 1
            for file in $files; do
                cp -f "$folder/$file" ../.build/schemas/ || exit 1
            done
        done <files.txt
    ) || fail "cannot get the definitions of custom resources (conformance/schemas)"
    chmod -R u+w .build/schemas
}

build_python() {
    cmp -s requirements.txt .build/venv/installed-requirements.txt && return
    rm -rf .build/venv
    python3 -m venv .build/venv || fail "cannot make the Python environment (python3 with venv, 3.9 or later)"
    .build/venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt ||
        fail "cannot install network-config-analyzer and PyYAML"
    cp requirements.txt .build/venv/installed-requirements.txt
}

# The programs in Python get a start script beside those in Go.
build_start_script() {
    printf '#!/bin/sh\nhere=$(dirname "$0")\nexec "$here/venv/bin/python" "$here/../%s" "$@"\n' "$2" >".build/$1"
    chmod +x ".build/$1"
}

print_versions() {
    go list -m -f '{{.Path}} {{.Version}}' k8s.io/kubernetes github.com/mattfenwick/cyclonus \
        github.com/projectcalico/calico sigs.k8s.io/kustomize/api sigs.k8s.io/yaml
    grep -E '^(network-config-analyzer|PyYAML)=' requirements.txt | sed 's/==/ /'
}

mkdir -p .build
build_go
build_schemas
build_python
build_start_script nca-reach ncareach
build_start_script pyread pyread.py
.build/venv/bin/nca --help >/dev/null || fail "nca does not start"
print_versions
