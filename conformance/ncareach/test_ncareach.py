"""Tests of nca-reach. Run by test.sh with the interpreter of .build/venv, after build.sh."""

import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import yaml

from connectivity import allows, analyze, parse_connections
from refused import Refused
from world import read_world

HERE = pathlib.Path(__file__).resolve().parent
BUILT = HERE.parent / ".build"
SHARED = pathlib.Path(os.environ.get("POLC_SHARED") or HERE.parents[1].parent / "shared")

PODS = """
apiVersion: v1
kind: Namespace
metadata: {name: a, labels: {team: red}}
---
apiVersion: v1
kind: Namespace
metadata: {name: b}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: a, labels: {tier: web}}
spec: {containers: [{name: c, ports: [{name: http, containerPort: 80}, {name: dns, containerPort: 53, protocol: UDP}]}]}
status: {podIP: 10.0.0.1}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: a, labels: {tier: db}}
spec: {containers: [{name: c, ports: [{containerPort: 5432}]}]}
status: {podIP: 10.0.0.2}
---
apiVersion: v1
kind: Pod
metadata: {name: bare, namespace: b}
spec: {containers: [{name: c}]}
status: {podIP: 10.0.1.1}
---
"""

POLICIES = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: a}
spec:
  podSelector: {matchLabels: {tier: db}}
  ingress:
    - ports: [{protocol: SCTP}, {protocol: UDP}, {port: 80}, {port: 90, endPort: 95}]
    - from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/24]}}]
      ports: [{port: 5432}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: a}
spec:
  podSelector: {matchLabels: {tier: web}}
  policyTypes: [Egress, Ingress]
  ingress:
    - ports: [{port: http}]
      from: [{ipBlock: {cidr: "2001:db8::/32"}}]
    - from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: tier, operator: NotIn, values: [db]}]}}]
      ports: [{protocol: UDP, port: dns}]
  egress: []
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: bare, namespace: b}
spec: {podSelector: {}, egress: []}
"""


def calico(name: str, spec: str) -> str:
    return f"---\napiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: {{name: {name}}}\nspec: {{{spec}}}\n"


def tier(spec: str) -> str:
    return f"---\napiVersion: projectcalico.org/v3\nkind: Tier\nmetadata: {{name: guard}}\nspec: {{{spec}}}\n"


def run(program: list, *texts: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for i, text in enumerate(texts):
            files.append(os.path.join(folder, f"{i}.yaml"))
            pathlib.Path(files[-1]).write_text(text, encoding="utf-8")
        return subprocess.run([*map(str, program), *files], check=True, capture_output=True, text=True).stdout


class Agreement(unittest.TestCase):
    def test_it_prints_what_reach_prints(self):
        options = ["-ext", "192.0.2.1", "-ext", "10.0.7.7", "-ext", "2001:db8::1", "-port", "TCP/90", "-port", "TCP/96"]
        theirs = run([BUILT / "reach", *options], PODS, POLICIES)
        ours = run([sys.executable, HERE, *options], PODS, POLICIES)
        self.assertIn("b/bare -> a/db TCP/5432 allow", ours)
        self.assertEqual(ours, theirs)

    def test_labels_that_are_there_or_not_in_any_namespace(self):
        policy = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: bare, namespace: b}
spec:
  podSelector: {}
  ingress:
    - from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: tier, operator: Exists}]}}]
      ports: [{port: 80}]
    - from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}}]
      ports: [{port: 81}]
    - from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: nobody, operator: Exists}]}}]
      ports: [{port: 82}]
    - from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: nobody, operator: DoesNotExist}]}}]
      ports: [{port: 83}]
"""
        plain = """
apiVersion: v1
kind: Pod
metadata: {name: plain, namespace: a}
spec: {containers: [{name: c}]}
status: {podIP: 10.0.0.9}
"""
        options = [option for port in range(80, 84) for option in ("-port", f"TCP/{port}")]
        theirs = run([BUILT / "reach", *options], PODS, plain, policy)
        ours = run([sys.executable, HERE, *options], PODS, plain, policy)
        self.assertIn("a/web -> b/bare TCP/80 allow", ours)
        self.assertIn("a/plain -> b/bare TCP/81 allow", ours)
        self.assertEqual(ours, theirs)

    def test_a_world_without_policies_is_open(self):
        self.assertNotIn("deny", run([sys.executable, HERE, "-ext", "192.0.2.1"], PODS))

    def test_real_cases_have_their_expected_outcome(self):
        cases = 62810
        if not (SHARED / "data").is_dir():
            print(f"\nSKIP: {self.id()}: no test data at {SHARED / 'data'} ({cases} cases)")
            self.skipTest("no test data")
        compared = 0
        for name in ("netpol-k8s-e2e", "netpol-cyclonus", "netpol-recipes"):
            root = SHARED / "data" / "real" / name
            for table in sorted(root.rglob("expected.csv")):
                compared += self.compare(root, table)
        self.assertEqual(compared, cases)

    def compare(self, root: pathlib.Path, table: pathlib.Path) -> int:
        cluster = table.with_name("cluster.yaml")
        if not cluster.exists():
            cluster = root / "_default" / "cluster.yaml"
        world = read_world([cluster.read_text(), in_a_namespace(table.with_name("policies.yaml").read_text())])
        analyzed = analyze(world.texts())
        with open(table, encoding="utf-8") as stream:
            rows = [row for row in csv.DictReader(stream) if row["source"] != row["dest"]]
        for row in rows:
            allowed = allows(analyzed, row["source"], row["dest"], row["proto"], int(row["port"]), set(world.pods))
            self.assertEqual("allowed" if allowed else "denied", row["expected"], f"{table}: {row}")
        return len(rows)


def in_a_namespace(text: str) -> str:
    """The policies, those without a namespace in default, where kubectl would put them."""
    policies = [policy for policy in yaml.safe_load_all(text) if policy]
    for policy in policies:
        policy["metadata"].setdefault("namespace", "default")
    return yaml.safe_dump_all(policies)


class Calico(unittest.TestCase):
    def check(self, policies: str, expected: dict, pods: str = PODS):
        world = read_world([pods + policies])
        analyzed = analyze(world.texts())
        for (source, destination, protocol, port), allowed in expected.items():
            with self.subTest(source=source, destination=destination, protocol=protocol, port=port):
                self.assertEqual(allows(analyzed, source, destination, protocol, port, set(world.pods)), allowed)

    def test_lower_order_comes_first(self):
        allow = calico("allow", "order: 100, selector: tier == 'db', types: [Ingress], "
                       "ingress: [{action: Allow, protocol: TCP, source: {selector: tier == 'web'}, destination: {ports: [5432]}}]")
        deny = calico("deny", "order: 1000.5, selector: tier == 'db', types: [Ingress], ingress: [{action: Deny}]")
        self.check(allow + deny, {
            ("a/web", "a/db", "TCP", 5432): True,
            ("a/web", "a/db", "UDP", 5432): False,
            ("a/web", "a/db", "TCP", 5433): False,
            ("b/bare", "a/db", "TCP", 5432): False,
            ("192.0.2.1", "a/db", "TCP", 5432): False,
            ("a/db", "a/web", "TCP", 1): True,
        })

    def test_protocols_by_what_they_are_not(self):
        policy = calico("p", "order: 1, selector: tier == 'db', types: [Ingress], ingress: ["
                        "{action: Deny, protocol: UDP, destination: {ports: [53]}}, {action: Allow, notProtocol: TCP}]")
        self.check(policy, {
            ("a/web", "a/db", "UDP", 53): False,
            ("a/web", "a/db", "UDP", 54): True,
            ("a/web", "a/db", "SCTP", 53): True,
            ("a/web", "a/db", "TCP", 53): False,
        })

    def test_a_network_closes_pods_and_what_is_outside(self):
        deny = calico("deny", "order: 1, selector: tier == 'web', types: [Egress], egress: ["
                      "{action: Deny, destination: {nets: [10.0.0.0/24, 192.0.2.0/24]}}, {action: Allow}]")
        self.check(deny, {
            ("a/web", "a/db", "TCP", 1): False,
            ("a/web", "192.0.2.1", "TCP", 1): False,
            ("a/web", "b/bare", "TCP", 1): True,
            ("a/web", "198.51.100.1", "TCP", 1): True,
            ("a/db", "a/web", "TCP", 1): True,
        })

    def test_service_accounts_by_name(self):
        robot = PODS.replace("spec: {containers: [{name: c}]}", "spec: {serviceAccountName: robot, containers: [{name: c}]}")
        policy = calico("p", "order: 1, selector: tier == 'db', types: [Ingress], ingress: ["
                        "{action: Allow, protocol: TCP, source: {serviceAccounts: {names: [robot, other]}}, destination: {ports: [80]}}, "
                        "{action: Allow, protocol: UDP, source: {selector: tier == 'web', serviceAccounts: {names: [default]}}}]")
        self.check(policy, {
            ("b/bare", "a/db", "TCP", 80): True,
            ("b/bare", "a/db", "UDP", 80): False,
            ("a/web", "a/db", "TCP", 80): False,
            ("a/web", "a/db", "UDP", 80): True,
            ("192.0.2.1", "a/db", "TCP", 80): False,
        }, pods=robot)

    def test_service_accounts_of_a_namespaced_policy_are_its_own(self):
        policy = ("---\napiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: p, namespace: a}\n"
                  "spec: {order: 999.5, selector: tier == 'db', types: [Ingress], "
                  "ingress: [{action: Allow, source: {serviceAccounts: {names: [default]}}}]}\n")
        self.check(policy, {("a/web", "a/db", "TCP", 1): True, ("b/bare", "a/db", "TCP", 1): False})

    def test_a_tier_of_denies_leaves_open_what_is_open(self):
        guard = tier("order: 500, defaultAction: Pass") + calico(
            "guard.deny", "tier: guard, order: 10, selector: projectcalico.org/orchestrator == 'k8s', types: [Egress], "
            "egress: [{action: Deny, destination: {nets: [192.0.2.0/24]}}, "
            "{action: Deny, protocol: TCP, destination: {namespaceSelector: projectcalico.org/name == 'b'}}]")
        self.check(guard + "---" + POLICIES, {
            ("a/db", "192.0.2.1", "TCP", 443): False,
            ("a/db", "198.51.100.1", "TCP", 443): True,
            ("a/db", "b/bare", "TCP", 1): False,
            ("a/db", "b/bare", "UDP", 1): False,  # by the NetworkPolicy of b
            ("b/bare", "a/db", "UDP", 1): True,
            ("b/bare", "a/db", "TCP", 81): False,
        })

    def test_pass_in_a_tier_goes_on_to_the_next(self):
        guard = tier("order: 500, defaultAction: Pass") + calico(
            "guard.only", "tier: guard, order: 10, selector: tier == 'db', types: [Ingress], "
            "ingress: [{action: Pass, source: {selector: tier == 'web'}}, {action: Deny}]")
        self.check(guard + "---" + POLICIES.split("---")[0], {
            ("a/web", "a/db", "TCP", 80): True,
            ("a/web", "a/db", "TCP", 81): False,
            ("b/bare", "a/db", "TCP", 80): False,
            ("a/db", "a/web", "UDP", 53): True,
        })

    def test_network_sets_by_their_labels(self):
        office = ("---\napiVersion: projectcalico.org/v3\nkind: GlobalNetworkSet\n"
                  "metadata: {name: office, labels: {polc.dev/set: office}}\nspec: {nets: [192.0.2.0/24]}\n")
        allow = calico("allow", "order: 100, selector: tier == 'db', types: [Ingress], "
                       "ingress: [{action: Allow, protocol: TCP, source: {selector: polc.dev/set == 'office'}}]")
        self.check(office + allow, {
            ("192.0.2.1", "a/db", "TCP", 1): True,
            ("198.51.100.1", "a/db", "TCP", 1): False,
            ("a/web", "a/db", "TCP", 1): False,
        })

    def test_unequal_and_not_in_select_what_lacks_the_label(self):
        for selector in ("tier != 'db'", "tier not in { 'db' }", "!(tier == 'db')", "!has(tier)"):
            policy = calico("p", "order: 100, selector: tier == 'db', types: [Ingress], "
                            f"ingress: [{{action: Allow, source: {{selector: \"{selector}\"}}}}]")
            with self.subTest(selector=selector):
                self.check(policy, {("b/bare", "a/db", "TCP", 1): True, ("192.0.2.1", "a/db", "TCP", 1): False})

    def test_a_seal_after_a_network_policy(self):
        seal = calico("seal", "order: 1000.5, selector: tier == 'db', types: [Ingress], ingress: [{action: Deny}]")
        later = calico("later", "order: 2000, selector: all(), types: [Ingress], ingress: [{action: Allow}]")
        self.check(POLICIES.split("---")[0] + seal + later, {
            ("a/web", "a/db", "TCP", 80): True,
            ("a/web", "a/db", "TCP", 81): False,
        })


class Refusals(unittest.TestCase):
    def test_what_is_not_understood(self):
        namespaced = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p%s}\nspec: {podSelector: {}}\n"
        for text, expected in {
            "kind: [": "not YAML",
            "apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: a}\n": "does not know",
            namespaced % "": "needs a namespace",
            namespaced % ", namespace: a" + "---\n" + namespaced % ", namespace: a": "twice",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: a}\n": "twice",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: c}\n": "its namespace is not given",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: a}\nspec: {hostNetwork: true}\n": "host network",
            calico("p", "tier: guard, types: [Ingress]"): "its tier guard is not given",
            tier("order: 500"): "only tiers before tier default that pass on",
            tier("order: 2000000, defaultAction: Pass"): "only tiers before tier default that pass on",
            tier("order: 5, defaultAction: Pass") + calico("p", "tier: guard, types: [Ingress], ingress: [{action: Allow}]"): "allows for good",
            calico("p", "types: [Ingress], ingress: [{action: Pass}]"): "passes on in tier default",
            calico("p", "selector: all()"): "no types",
            calico("p", "preDNAT: true, applyOnForward: true, types: [Ingress]"): "not yet supported",
            calico("p", "types: [Egress], egress: [{action: Deny, destination: {nets: [10.0.0.0/8], selector: has(tier)}}]"):
                "joins networks and selectors",
            calico("p", "types: [Ingress], ingress: [{action: Deny, source: {serviceAccounts: {selector: has(x)}}}]"):
                "labels of service accounts",
            calico("p", "types: [Ingress], serviceAccountSelector: has(x)"): "labels of service accounts",
            calico("p", "types: [Ingress], ingress: [{action: Deny, source: {services: {name: s, namespace: a}}}]"):
                "services is not a valid entry",
        }.items():
            with self.subTest(text=text), self.assertRaisesRegex(Refused, expected):
                analyze(read_world([PODS + text]).texts())

    def test_connections_it_cannot_read(self):
        for text in ("{src_ports:1-2}", "All but {protocols:TCP,dst_ports:80}", "{protocols:TCP,methods:GET}", ""):
            with self.subTest(text=text), self.assertRaises(Refused):
                parse_connections(text)


class Batch(unittest.TestCase):
    def test_answers_in_order_and_keeps_going(self):
        requests = [
            {"manifests": PODS + POLICIES, "queries": [["a/web", "a/db", "TCP", 80], ["b/bare", "a/db", "TCP", "5432"]]},
            {"manifests": "kind: Nonsense", "queries": []},
            {"manifests": PODS, "queries": [["a/web", "a/nobody", "TCP", 1]]},
            {"manifests": PODS, "queries": [["a/web", "a/db", "TCP", 1]]},
        ]
        text = "".join(json.dumps(request) + "\n" for request in requests)
        answers = [json.loads(line) for line in run([sys.executable, HERE, "-batch"], text).splitlines()]
        self.assertEqual(answers[0], {"answers": [False, True]})
        self.assertIn("does not know", answers[1]["error"])
        self.assertIn("a/nobody", answers[2]["error"])
        self.assertEqual(answers[3], {"answers": [True]})


if __name__ == "__main__":
    unittest.main()
