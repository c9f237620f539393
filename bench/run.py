#!/usr/bin/env python3
"""Measures polc beside rsjsonnet and Helm on W(n), and what a report of everything that may connect costs.

    bench/run.py            n = 10, 100, 1,000, 10,000
    bench/run.py --quick    without 10,000

Builds polc, installs the peers into bench/.build (once), checks that everybody's output
means the same, then runs each tool several times and keeps its cheapest run. Needs cargo,
go, and Python 3.9 or later; nothing else.
"""

import argparse
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys

import workload

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
BUILD = HERE / ".build"
RELEASE = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
REACH = ROOT / "conformance" / ".build" / "reach"

RSJSONNET = "0.5.1"
HELM = "v4.3.1"

# Ends a stream, where a tool writes an end.
STREAM_END = "...\n"

# polc without its proof, which is what the peers do.
UNPROVED = "unproved"
OURS = ("polc", UNPROVED)

# What the project asks of itself, printed beside what was measured.
RATIO_AT_1000 = 15
PEAK_MIB_AT_1000 = 60
GROWTH_TO_10000 = 11
PROOF_AT_1000 = 3


def main():
    options = argparse.ArgumentParser(description="Measures polc beside its peers on W(n).")
    options.add_argument("--quick", action="store_true", help="leave out n = 10,000")
    options.add_argument("--keep", action="store_true", help="keep inputs and outputs in bench/.build/work")
    options = options.parse_args()

    tools = install()
    sizes = [10, 100, 1000] if options.quick else [10, 100, 1000, 10000]
    problems, costs, reports = [], {}, {}
    for n in sizes:
        work = BUILD / "work" / str(n)
        model = workload.teams(n)
        commands = {name: tool(prepare(name, model, work)) for name, tool in tools.items()}
        for name, command in commands.items():
            costs[name, n] = cheapest(command, work / f"{name}.out", n)
        if n == sizes[0]:
            problems += check_meaning(model, work, tools)
        problems += check_objects(model, work, tools)
        reports[n] = report(model, work)
        if not options.keep:
            shutil.rmtree(work)
    print_table(costs, list(tools), sizes)
    print_targets(costs)
    print_reports(reports)
    for problem in problems:
        print(f"WRONG: {problem}")
    return 1 if problems else 0


def install():
    """The tools, each as a function from its input folder to a command."""
    run("cargo", "build", "--release", "--quiet", "--bin", "polc", "--example", "unproved", cwd=ROOT)
    tools = {
        "polc": lambda folder: [str(RELEASE / "polc"), "build", str(folder)],
        UNPROVED: lambda folder: [str(RELEASE / "examples" / "unproved"), str(folder)],
    }

    rsjsonnet = BUILD / "bin" / "rsjsonnet"
    if not rsjsonnet.exists():
        run("cargo", "install", "--quiet", "--locked", "rsjsonnet", "--version", RSJSONNET, "--root", str(BUILD))
    tools["rsjsonnet"] = lambda folder: [str(rsjsonnet), "--yaml-stream", str(folder / "main.jsonnet")]

    helm = BUILD / "bin" / "helm"
    if not helm.exists():
        try:
            run("go", "install", f"helm.sh/helm/v4/cmd/helm@{HELM}", environment={"GOBIN": str(helm.parent), "GOFLAGS": "-p=2"})
        except (subprocess.CalledProcessError, FileNotFoundError) as error:
            print(f"Helm {HELM} could not be installed ({error}): its column is missing below.")
    if helm.exists():
        tools["helm"] = lambda folder: [str(helm), "template", "w", str(folder)]
    return tools


def run(*command, cwd=None, environment=None):
    """Runs a command that must succeed."""
    subprocess.run(command, check=True, cwd=cwd, env={**os.environ, **(environment or {})})


def prepare(name, model, work):
    """Writes a tool's input; its folder."""
    folder = work / name
    folder.mkdir(parents=True, exist_ok=True)
    writers = {"polc": workload.write_polc, UNPROVED: workload.write_polc, "rsjsonnet": workload.write_jsonnet, "helm": workload.write_helm}
    writers[name](model, folder)
    return folder


def cheapest(command, output, n):
    """The cheapest of several runs: the one the rest of the machine disturbed least."""
    costs = []
    for _ in range(5 if n <= 1000 else 2):
        answer = subprocess.run([sys.executable, HERE / "measure.py", output, *command], check=True, capture_output=True, text=True)
        cost = json.loads(answer.stdout)
        if cost["status"] != 0:
            sys.exit(f"{' '.join(command)} failed with {cost['status']}:\n{answer.stderr}")
        costs.append(cost)
    return min(costs, key=lambda cost: cost["cpu"])


def check_objects(model, work, tools):
    """Every tool printed what it should: each peer the model's objects, polc as many Namespaces."""
    expected = [identity(manifest) for manifest in workload.manifests(model)]
    problems = []
    for name in tools:
        printed = read_identities(work / f"{name}.out")
        if name in OURS:
            namespaces = [it for it in expected if it[0] == "Namespace"]
            wrong = collections.Counter(namespaces) != collections.Counter(it for it in printed if it[0] == "Namespace")
        else:
            wrong = collections.Counter(expected) != collections.Counter(printed)
        if wrong:
            problems.append(f"{name} printed other objects than W({len(model)}) has")
    return problems


def identity(manifest):
    """Kind, namespace and name."""
    metadata = manifest["metadata"]
    return manifest["kind"], metadata.get("namespace"), metadata["name"]


def read_identities(path):
    """The same of a YAML or JSON stream, without a YAML parser: all three tools write plain block style."""
    for document in path.read_text().removesuffix(STREAM_END).split("\n---\n"):
        document = document.removeprefix("---\n").strip()
        if document.startswith("{"):
            yield identity(json.loads(document))
        elif document:
            yield identity({"kind": field(document, "kind"), "metadata": {key: field(document, f"  {key}") for key in ("namespace", "name")}})


def field(document, key):
    """The first value of a key at its indent; none if it is not there."""
    start = f"\n{key}: "
    before, found, after = f"\n{document}".partition(start)
    return after.partition("\n")[0] if found else None


def check_meaning(model, work, tools):
    """What each output permits, pod by pod and port by port, as an independent evaluator sees it."""
    if not REACH.exists():
        return ["the meaning of the outputs was not compared: conformance/build.sh builds the evaluator"]
    pods = work / "pods.yaml"
    pods.write_text("".join(f"---\n{json.dumps(pod)}\n" for pod in workload.pods(model)))
    ports = [word for port in workload.ports(model) for word in ("-port", port)]
    answers = {}
    for name in tools:
        policies = work / f"{name}.yaml"
        policies.write_text((work / f"{name}.out").read_text().removesuffix(STREAM_END))
        answer = subprocess.run([REACH, *ports, policies, pods], check=True, capture_output=True, text=True)
        answers[name] = sorted(answer.stdout.splitlines())
    allowed = sum(line.endswith("allow") for line in answers["polc"])
    print(f"meaning of W({len(model)}): {len(answers['polc'])} questions asked of each output, {allowed} answered with allow")
    if allowed < workload.flows(model):
        return [f"polc lets {allowed} connections pass where W({len(model)}) has {workload.flows(model)} flows"]
    return [f"{name} permits something else than polc" for name in tools if answers[name] != answers["polc"]]


def print_table(costs, tools, sizes):
    """One row a size and tool."""
    print(f"\n{'n':>7}  {'tool':<10} {'CPU s':>9} {'peak MiB':>9} {'output MB':>10} {'CPU: tool/unproved':>19}")
    for n in sizes:
        for name in tools:
            cost = costs[name, n]
            ratio = cost["cpu"] / max(costs[UNPROVED, n]["cpu"], 1e-4)
            print(f"{n:>7,}  {name:<10} {cost['cpu']:>9.3f} {cost['peak'] / 2**20:>9.1f} {cost['size'] / 1e6:>10.2f} {ratio:>19.1f}")


def print_targets(costs):
    """What the project asks of itself. A report: missing a target fails nothing."""
    proved, plain = costs["polc", 1000], costs[UNPROVED, 1000]
    ratio = costs["rsjsonnet", 1000]["cpu"] / plain["cpu"]
    print(f"\nn = 1,000, unproved: 1/{ratio:.1f} of rsjsonnet's CPU (asked: 1/{RATIO_AT_1000} or less)")
    print(f"n = 1,000, unproved: {plain['peak'] / 2**20:.1f} MiB at its peak (asked: {PEAK_MIB_AT_1000} or less)")
    print(f"n = 1,000: with the proof {proved['cpu'] / plain['cpu']:.1f} times the CPU (asked: {PROOF_AT_1000} or less)")
    for name in OURS:
        if (name, 10000) in costs:
            growth = costs[name, 10000]["cpu"] / costs[name, 1000]["cpu"]
            print(f"n = 1,000 to 10,000, {name}: {growth:.1f} times the CPU (asked: {GROWTH_TO_10000} or less)")


def report(model, work):
    """What a report of everything that may connect costs, and one question about the same manifests."""
    folder = work / "manifests"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(work / "polc.out", folder / "policies.yaml")
    workload.write_deployments(model, folder)
    query = [str(RELEASE / "polc"), "query", "--manifests", str(folder)]
    name = model[0].name
    questions = {"all": ["--all"], "one": [f"{name}/frontend -> {name}/api 8080"]}
    costs = {key: cheapest([*query, *asked], work / f"query-{key}.out", len(model)) for key, asked in questions.items()}
    return {**costs, "size": sum(path.stat().st_size for path in folder.iterdir())}


def print_reports(reports):
    """One row a size: reading and one question, then everything."""
    print(f"\n{'n':>7}  {'manifests MB':>12} {'one question: CPU s':>20} {'everything: CPU s':>18} {'peak MiB':>9} {'lines MB':>9}")
    for n, it in reports.items():
        every = it["all"]
        print(
            f"{n:>7,}  {it['size'] / 1e6:>12.1f} {it['one']['cpu']:>20.3f} {every['cpu']:>18.3f}"
            f" {every['peak'] / 2**20:>9.1f} {every['size'] / 1e6:>9.2f}"
        )


if __name__ == "__main__":
    sys.exit(main())
