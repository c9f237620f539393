"""The objects a question is asked about, as network-config-analyzer needs them.

The analyzer reads raw manifests, so what the API server and Calico would have added is added here. Whatever would
leave a guess is refused.
"""

import json
from dataclasses import dataclass, field

import yaml

import accounts
import addresses
import labels
import presence
import tiers
from refused import Refused

KUBERNETES = "networking.k8s.io/v1"
CALICO = "projectcalico.org/v3"


@dataclass
class World:
    """Objects as given: namespaces by name, pods by namespace/name, policies by API version, kind, namespace, name."""

    namespaces: dict = field(default_factory=dict)
    pods: dict = field(default_factory=dict)
    policies: dict = field(default_factory=dict)
    sets: dict = field(default_factory=dict)
    tiers: dict = field(default_factory=dict)

    def add(self, document: dict, ignored: frozenset) -> None:
        """Add one object; an unknown kind is refused unless it is ignored."""
        if not isinstance(document, dict) or not isinstance(document.get("metadata", {}), dict):
            raise Refused("a document is not an object")
        api, kind = document.get("apiVersion"), document.get("kind")
        metadata = document.get("metadata", {})
        try:
            if not self._add(api, kind, document) and kind not in ignored:
                raise Refused("a kind that this judge does not know")
        except Refused as refused:
            raise Refused(f"{kind} {metadata.get('namespace', '')}/{metadata.get('name')}: {refused}") from None

    def _add(self, api: str, kind: str, document: dict) -> bool:
        """Whether the object is of a kind that is judged."""
        name = (api, kind, document.get("metadata", {}).get("namespace", ""), document.get("metadata", {}).get("name"))
        match api, kind:
            case "v1", "Namespace":
                self._add_namespace(document)
            case "v1", "Pod":
                self._add_pod(document)
            case "networking.k8s.io/v1", "NetworkPolicy":
                once(self.policies, name, kubernetes_policy(document))
            case "projectcalico.org/v3", "GlobalNetworkPolicy" | "NetworkPolicy":
                once(self.policies, name, calico_policy(document))
            case "projectcalico.org/v3", "GlobalNetworkSet" | "NetworkSet":
                once(self.sets, name, document)
            case "projectcalico.org/v3", "Tier":
                once(self.tiers, document["metadata"]["name"], tiers.read(document))
            case _:
                return False
        return True

    def _add_namespace(self, document: dict) -> None:
        written = self.namespaces.setdefault(document["metadata"]["name"], {})
        for key, value in labels.of(document).items():
            if written.setdefault(key, value) != value:
                raise Refused(f"label {key} has two values")

    def _add_pod(self, document: dict) -> None:
        if document.get("spec", {}).get("hostNetwork"):
            raise Refused("is in the host network")
        once(self.pods, full_name(document), document)

    def texts(self) -> list:
        """The analyzer's input, once for each tier: JSON, which is YAML, a document each."""
        pods = self._labeled_pods()
        shared = [
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels.of_namespace(name, written)}}
            for name, written in self.namespaces.items()
        ]
        shared += [*pods, *self.sets.values()]
        return [
            "\n---\n".join(json.dumps(item) for item in [*shared, *policies]) for policies in self._policies_by_tier(pods)
        ]

    def _labeled_pods(self) -> list:
        pods = []
        for number, (name, pod) in enumerate(self.pods.items()):
            namespace = self.namespaces.get(pod["metadata"]["namespace"])
            if namespace is None:
                raise Refused(f"pod {name}: its namespace is not given")
            pods.append(pod | {"metadata": pod["metadata"] | {"labels": labels.of_pod(pod, namespace, number)}})
        return pods

    def _policies_by_tier(self, pods: list) -> list:
        """The policies of tier default, NetworkPolicies among them, and those of each tier before."""
        by_tier: dict = {tiers.DEFAULT: []}
        for (api, kind, _, name), policy in self.policies.items():
            try:
                tier = tiers.of_policy(policy)
                by_tier.setdefault(tier, []).append(self._completed(api, tier, policy, pods))
            except Refused as refused:
                raise Refused(f"{kind} {name}: {refused}") from None
        if not by_tier[tiers.DEFAULT]:
            by_tier[tiers.DEFAULT].append(policy_of_nobody(pods[0]))
        for tier, policies in by_tier.items():
            if tier != tiers.DEFAULT:
                policies.append(tiers.end_of_passing_tier())
        return [tiers.with_whole_orders(policies) for policies in by_tier.values()]

    def _completed(self, api: str, tier: str, policy: dict, pods: list) -> dict:
        if api == KUBERNETES:
            return addresses.complete_kubernetes(presence.spell_out(policy, pods), pods)
        if tier == tiers.DEFAULT:
            return addresses.complete_calico(tiers.in_default(policy), pods)
        if tier not in self.tiers:
            raise Refused(f"its tier {tier} is not given")
        return addresses.complete_calico(tiers.in_passing_tier(policy), pods)


def once(objects: dict, name, item) -> None:
    if name in objects:
        raise Refused("is there twice")
    objects[name] = item


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
    return world


def policy_of_nobody(pod: dict) -> dict:
    """A policy that selects no pod: given none at all, the analyzer asks kubectl for those of a cluster."""
    return {
        "apiVersion": KUBERNETES,
        "kind": "NetworkPolicy",
        "metadata": {"name": "of-nobody", "namespace": pod["metadata"]["namespace"]},
        "spec": {"podSelector": {"matchLabels": {labels.POD: "none"}}, "policyTypes": ["Ingress"]},
    }


def kubernetes_policy(document: dict) -> dict:
    """The policy with the API server's defaults: policyTypes by the rules there are, protocol TCP."""
    full_name(document)
    spec = document["spec"] = document.get("spec") or {}
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


def calico_policy(document: dict) -> dict:
    """The policy without what has no meaning for a connection."""
    if document["kind"] == "NetworkPolicy":
        full_name(document)
    spec = document.get("spec") or {}
    if not spec.get("types"):
        raise Refused("has no types")
    if not isinstance(spec.get("order", 0), (int, float)):
        raise Refused("order is no number")
    for direction in ("ingress", "egress"):
        for rule in spec.get(direction) or []:
            rule.pop("metadata", None)
    return accounts.spell_out(document)


def full_name(document: dict) -> str:
    metadata = document.get("metadata", {})
    if not metadata.get("namespace") or not metadata.get("name"):
        raise Refused("needs a namespace and a name")
    return f"{metadata['namespace']}/{metadata['name']}"
