"""Random small worlds: reach and nca-reach must say the same. SEED and WORLDS set which and how many."""

import json
import os
import pathlib
import random
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
REACH = HERE.parent / ".build" / "reach"
SEED = int(os.environ.get("SEED", "20261124"))
WORLDS = int(os.environ.get("WORLDS", "120"))

NAMESPACES = ("a", "b")
KEYS = ("app", "tier")
VALUES = ("x", "y", "z")
PORTS = (80, 81, 443)
NETWORKS = ("10.0.0.0/8", "10.0.0.0/30", "192.0.2.0/24", "192.0.2.128/25", "0.0.0.0/0")
OUTSIDE = ("192.0.2.1", "192.0.2.200", "203.0.113.9", "2001:db8::1")


class Worlds:
    """Makes worlds from one random source."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def labels(self) -> dict:
        return {key: self.random.choice(VALUES) for key in KEYS if self.chance(0.6)}

    def selector(self) -> dict:
        """A label selector, quite often the empty one."""
        if self.chance(0.25):
            return {}
        selector: dict = {}
        if self.chance(0.5):
            selector["matchLabels"] = {self.random.choice(KEYS): self.random.choice(VALUES)}
        if not selector or self.chance(0.4):
            selector["matchExpressions"] = [self.requirement() for _ in range(self.random.randint(1, 2))]
        return selector

    def requirement(self) -> dict:
        requirement = {"key": self.random.choice(KEYS), "operator": self.random.choice(("In", "NotIn", "Exists", "DoesNotExist"))}
        if requirement["operator"] in ("In", "NotIn"):
            requirement["values"] = self.random.sample(VALUES, self.random.randint(1, 2))
        return requirement

    def peer(self) -> dict:
        if self.chance(0.3):
            network = self.random.choice(NETWORKS)
            block = {"cidr": network}
            if network in ("0.0.0.0/0", "10.0.0.0/8") and self.chance(0.5):
                block["except"] = [self.random.choice(("10.0.0.0/29", "10.0.0.4/30"))]
            return {"ipBlock": block}
        peer = {"podSelector": self.selector()} if self.chance(0.7) else {}
        if not peer or self.chance(0.5):
            peer["namespaceSelector"] = self.random.choice(({}, {"matchLabels": {"team": self.random.choice(VALUES)}}, self.selector()))
        return peer

    def port(self) -> dict:
        port: dict = {"protocol": self.random.choice(("TCP", "UDP", "SCTP"))} if self.chance(0.8) else {}
        if self.chance(0.2):
            return port
        port["port"] = self.random.choice((*PORTS, "web"))
        if isinstance(port["port"], int) and self.chance(0.3):
            port["endPort"] = self.random.choice([end for end in PORTS if end >= port["port"]])
        return port

    def rule(self, side: str) -> dict:
        rule: dict = {}
        if self.chance(0.8):
            rule[side] = [self.peer() for _ in range(self.random.randint(1, 2))]
        if self.chance(0.6):
            rule["ports"] = [self.port() for _ in range(self.random.randint(1, 2))]
        return rule

    def policy(self, number: int) -> dict:
        spec: dict = {"podSelector": self.selector()}
        types = self.random.choice((["Ingress"], ["Egress"], ["Ingress", "Egress"], []))
        if types:
            spec["policyTypes"] = types
        for direction, side in (("ingress", "from"), ("egress", "to")):
            if self.chance(0.7):
                spec[direction] = [self.rule(side) for _ in range(self.random.randint(0, 2))]
        metadata = {"name": f"p{number}", "namespace": self.random.choice(NAMESPACES)}
        return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}

    def pod(self, number: int) -> dict:
        ports = [{"containerPort": self.random.choice(PORTS), "name": "web"}] if self.chance(0.7) else []
        return {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": f"w{number}", "namespace": self.random.choice(NAMESPACES), "labels": self.labels()},
            "spec": {"containers": [{"name": "c", "ports": ports}]},
            "status": {"podIP": f"10.0.0.{number + 1}"},
        }

    def request(self) -> dict:
        """A world and all questions about it, as both programs read them."""
        namespaces = [
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"team": self.random.choice(VALUES)}}}
            for name in NAMESPACES
        ]
        pods = [self.pod(number) for number in range(self.random.randint(2, 5))]
        policies = [self.policy(number) for number in range(self.random.randint(1, 4))]
        ends = [f"{pod['metadata']['namespace']}/{pod['metadata']['name']}" for pod in pods]
        queries = [
            [source, destination, protocol, port]
            for source in [*ends, *OUTSIDE]
            for destination in [*ends, *OUTSIDE]
            if source in ends or destination in ends
            for protocol in ("TCP", "UDP", "SCTP")
            for port in (*PORTS, 9)
        ]
        return {"manifests": "\n---\n".join(map(json.dumps, [*namespaces, *pods, *policies])), "queries": queries}


def answers(program: list, requests: list) -> list:
    text = "".join(json.dumps(request) + "\n" for request in requests)
    result = subprocess.run([*map(str, program), "-batch", "-"], input=text, check=True, capture_output=True, text=True)
    return [json.loads(line) for line in result.stdout.splitlines()]


class RandomWorlds(unittest.TestCase):
    def test_both_judges_say_the_same(self):
        worlds = Worlds(SEED)
        requests = [worlds.request() for _ in range(WORLDS)]
        theirs = answers([REACH], requests)
        ours = answers([sys.executable, HERE], requests)
        self.assertEqual((len(theirs), len(ours)), (WORLDS, WORLDS))
        for request, their, our in zip(requests, theirs, ours):
            self.assertNotIn("error", their, request["manifests"])
            self.assertNotIn("error", our, request["manifests"])
            differences = [
                (query, f"reach: {their_answer}, nca-reach: {our_answer}")
                for query, their_answer, our_answer in zip(request["queries"], their["answers"], our["answers"])
                if their_answer != our_answer
            ]
            self.assertEqual(differences, [], request["manifests"])
        flat = [answer for their in theirs for answer in their["answers"]]
        self.assertTrue(0.1 < sum(flat) / len(flat) < 0.9, "the worlds are all open or all closed")


if __name__ == "__main__":
    unittest.main()
