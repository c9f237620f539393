"""W(n), the workload of the benchmark: one model, written down as each tool wants it.

W(n) has n namespaces. Each is closed on both sides and may resolve names; inside it six
calls between its five workloads are allowed, two calls go to other namespaces on their
TLS port, and the ingress controller reaches the frontend. As manifests that is, for each
namespace, one Namespace and 19 NetworkPolicies when every policy states one flow, which
is how templates are written. polc writes one NetworkPolicy a workload instead; that both
mean the same is checked by evaluating them (`run.py`), not by comparing text.
"""

import dataclasses
import json
import pathlib

WORKLOADS = {
    "frontend": "http 8080",
    "api": "http 8080, https 8443 tls",
    "db": "postgres 5432",
    "cache": "redis 6379",
    "worker": "rpc 9000",
}
INSIDE = [
    ("frontend", "api", 8080),
    ("frontend", "cache", 6379),
    ("api", "db", 5432),
    ("api", "cache", 6379),
    ("api", "worker", 9000),
    ("worker", "db", 5432),
]
# (caller, distance to the namespace called, callee, port)
ACROSS = [("api", 1, "api", 8443), ("worker", 2, "api", 8443)]

PEERS = pathlib.Path(__file__).parent / "peers"


@dataclasses.dataclass
class Team:
    """What a user states about one namespace."""

    name: str
    inside: list[dict]
    across: list[dict]


def teams(n):
    """The model: n namespaces in a ring, so that the calls across always have an end."""
    names = [f"team-{i:05d}" for i in range(n)]
    return [
        Team(
            name=name,
            inside=[{"src": s, "dst": d, "port": p} for s, d, p in INSIDE],
            across=[{"src": s, "ns": names[(i + hop) % n], "dst": d, "port": p} for s, hop, d, p in ACROSS],
        )
        for i, name in enumerate(names)
    ]


def write_polc(model, folder):
    """The policy set: a file for the cluster, one for the namespaces."""
    blocks = []
    for team in model:
        lines = [f"namespace {team.name} isolate {{", "  pod-security restricted"]
        lines += [f"  workload {name} {{ ports {ports} }}" for name, ports in WORKLOADS.items()]
        lines += [f"  allow {c['src']} -> {c['dst']} {c['port']}" for c in team.inside]
        lines += [f"  allow {c['src']} -> {c['ns']}/{c['dst']} tls" for c in team.across]
        lines += ["  allow ingress -> frontend http", "}", ""]
        blocks.append("\n".join(lines))
    cluster = "cluster default {\n  ingress nginx in ingress-nginx select app=ingress-nginx\n}\n"
    (folder / "cluster.polc").write_text(cluster)
    (folder / "teams.polc").write_text("\n".join(blocks))


def write_jsonnet(model, folder):
    """A library with the templates, and a main file with the data."""
    (folder / "lib.libsonnet").write_text((PEERS / "lib.libsonnet").read_text())
    calls = "".join(f"  t.team({json.dumps(dataclasses.asdict(team))}),\n" for team in model)
    (folder / "main.jsonnet").write_text(f"local t = import 'lib.libsonnet';\nstd.flattenArrays([\n{calls}])\n")


def write_helm(model, folder):
    """A chart: the template, and the data as its values (JSON is YAML)."""
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: w\nversion: 0.1.0\n")
    (folder / "templates/all.yaml").write_text((PEERS / "chart.yaml").read_text())
    (folder / "values.yaml").write_text(json.dumps({"teams": [dataclasses.asdict(team) for team in model]}, indent=1) + "\n")


def manifests(model):
    """The objects that the peers must print."""
    for team in model:
        yield {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": team.name, "labels": {"pod-security.kubernetes.io/enforce": "restricted"}},
        }
        yield _policy(team.name, "default-deny", {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})
        yield _egress(team.name, "allow-dns", {}, _pods_of("kube-system", {"k8s-app": "kube-dns"}), [("UDP", 53), ("TCP", 53)])
        controller = _pods_of("ingress-nginx", {"app": "ingress-nginx"})
        yield _ingress(team.name, "allow-ingress-controller-to-frontend", _app("frontend"), controller, [("TCP", 8080)])
        for c in team.inside:
            name, ports = f"allow-{c['src']}-to-{c['dst']}", [("TCP", c["port"])]
            yield _egress(team.name, f"{name}-egress", _app(c["src"]), {"podSelector": _app(c["dst"])}, ports)
            yield _ingress(team.name, f"{name}-ingress", _app(c["dst"]), {"podSelector": _app(c["src"])}, ports)
        for c in team.across:
            ports = [("TCP", c["port"])]
            away = f"allow-{c['src']}-to-{c['ns']}-{c['dst']}-egress"
            yield _egress(team.name, away, _app(c["src"]), _pods_of(c["ns"], {"app": c["dst"]}), ports)
            home = f"allow-{team.name}-{c['src']}-to-{c['dst']}-ingress"
            yield _ingress(c["ns"], home, _app(c["dst"]), _pods_of(team.name, {"app": c["src"]}), ports)


def write_deployments(model, folder):
    """A Deployment of every workload, as a cluster's repository has them."""
    documents = []
    for team in model:
        for name, ports in WORKLOADS.items():
            containers = "".join(_container_port(port) for port in ports.split(", "))
            documents.append(DEPLOYMENT.format(team=team.name, name=name, ports=containers))
    (folder / "deployments.yaml").write_text("---\n".join(documents))


def _container_port(declared):
    name, number = declared.split()[:2]
    return f"        - name: {name}\n          containerPort: {number}\n"


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: {team}
  labels:
    app: {name}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
      - name: {name}
        image: registry.example.com/{team}/{name}:1.4.2
        securityContext:
          allowPrivilegeEscalation: false
          capabilities:
            drop:
            - ALL
        ports:
{ports}        resources:
          requests:
            cpu: 100m
            memory: 128Mi
"""


def pods(model):
    """A pod of every workload, those outside that the policies speak of and a stranger, with the namespaces of these."""
    for namespace in ("kube-system", "ingress-nginx", "elsewhere"):
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
    everyone = [(team.name, name, {"app": name}) for team in model for name in WORKLOADS]
    everyone += [("kube-system", "kube-dns", {"k8s-app": "kube-dns"}), ("ingress-nginx", "ingress-nginx", {"app": "ingress-nginx"})]
    everyone += [("elsewhere", "stranger", {"app": "api"})]
    for i, (namespace, name, labels) in enumerate(everyone):
        address = f"10.0.{i // 250}.{i % 250 + 1}"
        metadata = {"name": name, "namespace": namespace, "labels": labels}
        spec = {"containers": [{"name": name, "image": name}]}
        yield {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec, "status": {"podIP": address, "podIPs": [{"ip": address}]}}


def ports(model):
    """Every port that a policy names, as an evaluator is asked about it."""
    named = {call["port"] for team in model for call in team.inside + team.across}
    return ["UDP/53", "TCP/53", "TCP/8080"] + [f"TCP/{port}" for port in sorted(named - {8080})]


def flows(model):
    """How many connections are let through at least: the calls, the visitors, and DNS by two protocols."""
    return sum(len(team.inside) + len(team.across) + 1 + 2 * len(WORKLOADS) for team in model)


def _policy(namespace, name, spec):
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": name, "namespace": namespace}, "spec": spec}


def _app(name):
    return {"matchLabels": {"app": name}}


def _pods_of(namespace, labels):
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}}, "podSelector": {"matchLabels": labels}}


def _ports(ports):
    return [{"protocol": protocol, "port": number} for protocol, number in ports]


def _egress(namespace, name, subject, peer, ports):
    return _policy(namespace, name, {"podSelector": subject, "policyTypes": ["Egress"], "egress": [{"to": [peer], "ports": _ports(ports)}]})


def _ingress(namespace, name, subject, peer, ports):
    return _policy(namespace, name, {"podSelector": subject, "policyTypes": ["Ingress"], "ingress": [{"from": [peer], "ports": _ports(ports)}]})
