"""The objects a question is asked about, as network-config-analyzer needs them.

network-config-analyzer reads raw manifests, so what the API server would have added is added here. It takes address
blocks for what is outside the cluster only, while blocks match pods by their addresses too; blocks that cover
addresses of given pods are therefore completed with those pods. It also looks for a peer's pods that have or lack a
label in the policy's own namespace only; such requirements are therefore written with the values that the given pods
have. Whatever would leave a guess is refused.
"""

import ipaddress
import json
from dataclasses import dataclass, field

import yaml

NAMESPACE_LABEL = "kubernetes.io/metadata.name"
POD_LABEL = "only-for-the-judge/pod"
CALICO_POLICIES = ("GlobalNetworkPolicy", "NetworkPolicy")
KUBERNETES_ORDER = 1000  # where a NetworkPolicy of Kubernetes stands among Calico's policies
CALICO_SETS = ("GlobalNetworkSet", "NetworkSet")


class Refused(Exception):
    """Something that this judge does not understand."""


@dataclass
class World:
    """Objects by namespace/name (namespaces by name), in the form the analyzer is given."""

    namespaces: dict = field(default_factory=dict)
    pods: dict = field(default_factory=dict)
    policies: dict = field(default_factory=dict)

    def add(self, document: dict, ignored: frozenset) -> None:
        """Add one object; an unknown kind is refused unless it is ignored."""
        if not isinstance(document, dict):
            raise Refused("a document is not an object")
        api, kind = document.get("apiVersion"), document.get("kind")
        name = f"{kind} {document.get('metadata', {}).get('namespace', '')}/{document.get('metadata', {}).get('name')}"
        try:
            if (api, kind) == ("v1", "Namespace"):
                self._add_namespace(document)
            elif (api, kind) == ("v1", "Pod"):
                self._add_pod(document)
            elif (api, kind) == ("networking.k8s.io/v1", "NetworkPolicy"):
                self._add_policy(api, kubernetes_policy(document))
            elif api == "projectcalico.org/v3" and kind in CALICO_POLICIES:
                self._add_policy(api, calico_policy(document))
            elif api == "projectcalico.org/v3" and kind in CALICO_SETS:
                self._add_policy(api, document)
            elif kind not in ignored:
                raise Refused("a kind that this judge does not know")
        except Refused as refused:
            raise Refused(f"{name}: {refused}") from None

    def _add_namespace(self, document: dict) -> None:
        name = document["metadata"]["name"]
        labels = self.namespaces.setdefault(name, {})
        for key, value in labels_of(document).items():
            if labels.setdefault(key, value) != value:
                raise Refused(f"label {key} has two values")
        labels[NAMESPACE_LABEL] = name

    def _add_pod(self, document: dict) -> None:
        name = full_name(document)
        if name in self.pods:
            raise Refused("is there twice")
        if document.get("spec", {}).get("hostNetwork"):
            raise Refused("is in the host network")
        labels = labels_of(document) | {POD_LABEL: f"pod-{len(self.pods)}"}
        document["metadata"]["labels"] = labels
        self.pods[name] = document

    def _add_policy(self, api: str, document: dict) -> None:
        key = (api, document["kind"], document["metadata"].get("namespace", ""), document["metadata"]["name"])
        if key in self.policies:
            raise Refused("is there twice")
        self.policies[key] = document

    def text(self) -> str:
        """All objects as the analyzer's input: JSON, which is YAML, a document each."""
        for name, pod in self.pods.items():
            if pod["metadata"]["namespace"] not in self.namespaces:
                raise Refused(f"pod {name}: its namespace is not given")
        namespaces = [
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
            for name, labels in self.namespaces.items()
        ]
        policies = [self._as_read_right(policy) for policy in with_whole_orders(list(self.policies.values()))]
        return "\n---\n".join(json.dumps(item) for item in [*namespaces, *self.pods.values(), *policies])

    def _as_read_right(self, policy: dict) -> dict:
        if policy["apiVersion"].startswith("projectcalico.org/"):
            self._refuse_covered_pods(policy)
            return policy
        policy = json.loads(json.dumps(policy))
        for direction, side in (("ingress", "from"), ("egress", "to")):
            for rule in policy["spec"].get(direction) or []:
                for peer in rule.get(side) or []:
                    for requirement in (peer.get("podSelector") or {}).get("matchExpressions") or []:
                        self._name_values(requirement)
                if rule.get(side):
                    rule[side] += [peer for block in rule[side] if "ipBlock" in block for peer in self._covered(block["ipBlock"])]
        return policy

    def _name_values(self, requirement: dict) -> None:
        """Has the label: it has one of the values there are; lacks it: none of them."""
        operator = {"Exists": "In", "DoesNotExist": "NotIn"}.get(requirement["operator"])
        if operator:
            key = requirement["key"]
            values = {labels[key] for pod in self.pods.values() if key in (labels := labels_of(pod))}
            requirement.update(operator=operator, values=sorted(values) or ["of-no-pod"])

    def _covered(self, block: dict) -> list:
        """Peers that select exactly the pods with an address in the block."""
        peers = []
        for name, pod in self.pods.items():
            address = pod_address(pod)
            if address is None:
                raise Refused(f"pod {name} has no status.podIP, and a policy selects by address")
            if within(address, block["cidr"]) and not any(within(address, cidr) for cidr in block.get("except") or []):
                metadata = pod["metadata"]
                peers.append({
                    "namespaceSelector": {"matchLabels": {NAMESPACE_LABEL: metadata["namespace"]}},
                    "podSelector": {"matchLabels": {POD_LABEL: metadata["labels"][POD_LABEL]}},
                })
        return peers

    def _refuse_covered_pods(self, policy: dict) -> None:
        """Calico joins networks with other criteria: there is no simple completion, so such a world is refused."""
        for networks in networks_in(policy.get("spec")):
            for network in networks:
                for name, pod in self.pods.items():
                    if (address := pod_address(pod)) is None or within(address, network):
                        raise Refused(f"{policy['kind']} {policy['metadata']['name']}: {network} covers pod {name}")


def read_world(texts: list, ignored: frozenset = frozenset()) -> World:
    """The world of some YAML texts."""
    world = World()
    for text in texts:
        try:
            documents = list(yaml.safe_load_all(text))
        except yaml.YAMLError as error:
            raise Refused(f"not YAML: {error}") from None
        for document in documents:
            if document is not None:
                world.add(document, ignored)
    if not world.pods:
        raise Refused("a world needs pods")
    if not world.policies:
        world.add(policy_of_nobody(next(iter(world.pods.values()))), ignored)
    return world


def policy_of_nobody(pod: dict) -> dict:
    """A policy that selects no pod: given none at all, the analyzer asks kubectl for those of a cluster."""
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "of-nobody", "namespace": pod["metadata"]["namespace"]},
        "spec": {"podSelector": {"matchLabels": {POD_LABEL: "none"}}},
    }


def kubernetes_policy(document: dict) -> dict:
    """The policy with the API server's defaults: policyTypes by the rules there are, protocol TCP."""
    if not document.get("metadata", {}).get("namespace"):
        raise Refused("names no namespace")
    spec = document.setdefault("spec", {})
    spec.setdefault("podSelector", {})
    types = spec.get("policyTypes") or (["Ingress", "Egress"] if spec.get("egress") else ["Ingress"])
    spec["policyTypes"] = [known for known in ("Ingress", "Egress") if known in types]  # the analyzer wants this order
    for direction, key in (("Ingress", "ingress"), ("Egress", "egress")):
        if direction not in spec["policyTypes"]:
            spec.pop(key, None)  # such rules are inert, and the analyzer refuses them
        for rule in spec.get(key) or []:
            for port in rule.get("ports") or []:
                port.setdefault("protocol", "TCP")
    return document


def with_whole_orders(policies: list) -> list:
    """The policies with whole numbers as orders, in the same order: the analyzer reads 1000.5 as text."""
    given = {policy["spec"]["order"] for policy in policies if "order" in policy.get("spec", {})}
    before = sorted(order for order in given if order < KUBERNETES_ORDER)
    after = sorted(order for order in given if order > KUBERNETES_ORDER)
    whole = {KUBERNETES_ORDER: KUBERNETES_ORDER}
    whole |= {order: KUBERNETES_ORDER - len(before) + i for i, order in enumerate(before)}
    whole |= {order: KUBERNETES_ORDER + 1 + i for i, order in enumerate(after)}
    return [
        policy | {"spec": policy["spec"] | {"order": whole[policy["spec"]["order"]]}}
        if "order" in policy.get("spec", {}) else policy
        for policy in policies
    ]


def calico_policy(document: dict) -> dict:
    """The policy without what has no meaning for a connection; what the analyzer cannot know is refused."""
    spec = document.get("spec", {})
    if spec.pop("tier", "default") != "default":
        raise Refused("stands in a tier of its own, which network-config-analyzer does not know")
    if not spec.get("types"):
        raise Refused("has no types")
    if not isinstance(spec.get("order", 0), (int, float)):
        raise Refused("order is no number")
    for direction in ("ingress", "egress"):
        for rule in spec.get(direction) or []:
            rule.pop("metadata", None)
    return document


def full_name(document: dict) -> str:
    metadata = document.get("metadata", {})
    if not metadata.get("namespace") or not metadata.get("name"):
        raise Refused("needs a namespace and a name")
    return f"{metadata['namespace']}/{metadata['name']}"


def labels_of(document: dict) -> dict:
    labels = document["metadata"].get("labels") or {}
    for key, value in labels.items():
        if not isinstance(value, str):
            raise Refused(f"label {key} is no string")
    return dict(labels)


def pod_address(pod: dict):
    text = pod.get("status", {}).get("podIP")
    return ipaddress.ip_address(text) if text else None


def within(address, network: str) -> bool:
    """Whether the network holds the address; never across address families."""
    parsed = ipaddress.ip_network(network, strict=False)
    return parsed.version == address.version and address in parsed


def networks_in(value) -> list:
    """All lists under nets and notNets, however deep."""
    if isinstance(value, list):
        return [found for item in value for found in networks_in(item)]
    if not isinstance(value, dict):
        return []
    here = [value[key] for key in ("nets", "notNets") if value.get(key)]
    return here + [found for item in value.values() for found in networks_in(item)]
