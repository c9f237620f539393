"""Addresses of pods, and the networks that hold them.

network-config-analyzer takes networks for what is outside the cluster only, while they match pods by their addresses
too. So a rule with a network is completed with the pods whose addresses lie in it.
"""

import copy
import ipaddress

import labels
from refused import Refused


def of_pod(pod: dict):
    """The pod's address; a pod without one is refused, since a policy selects by address."""
    text = pod.get("status", {}).get("podIP")
    if not text:
        metadata = pod["metadata"]
        raise Refused(f"pod {metadata['namespace']}/{metadata['name']} has no status.podIP, and a policy selects by address")
    return ipaddress.ip_address(text)


def within(address, network: str) -> bool:
    """Whether the network holds the address; never across address families."""
    parsed = ipaddress.ip_network(network, strict=False)
    return parsed.version == address.version and address in parsed


def covered(pods: list, networks: list, excluded: list) -> list:
    """The pods with an address in one of the networks and in none of the excluded ones. No networks: all of them."""
    found = []
    for pod in pods:
        address = of_pod(pod)
        inside = not networks or any(within(address, network) for network in networks)
        if inside and not any(within(address, network) for network in excluded):
            found.append(pod)
    return found


def complete_kubernetes(policy: dict, pods: list) -> dict:
    """The NetworkPolicy with a peer more for every pod in an address block."""
    policy = copy.deepcopy(policy)
    for direction, side in (("ingress", "from"), ("egress", "to")):
        for rule in policy["spec"].get(direction) or []:
            blocks = [peer["ipBlock"] for peer in rule.get(side) or [] if "ipBlock" in peer]
            for block in blocks:
                rule[side] += [peer_of(pod) for pod in covered(pods, [block["cidr"]], block.get("except") or [])]
    return policy


def peer_of(pod: dict) -> dict:
    metadata = pod["metadata"]
    return {
        "namespaceSelector": {"matchLabels": {labels.NAMESPACE_NAME: metadata["namespace"]}},
        "podSelector": {"matchLabels": {labels.POD: metadata["labels"][labels.POD]}},
    }


def complete_calico(policy: dict, pods: list) -> dict:
    """Calico's policy with a rule more, right behind it, for every rule with networks: for the pods they cover."""
    policy = copy.deepcopy(policy)
    for direction in ("ingress", "egress"):
        if policy["spec"].get(direction):
            policy["spec"][direction] = [
                completed for rule in policy["spec"][direction] for completed in complete_rule(rule, pods)
            ]
    return policy


def complete_rule(rule: dict, pods: list) -> list:
    return [
        rule | ({"source": source} if source else {}) | ({"destination": destination} if destination else {})
        for source in complete_entity(rule.get("source") or {}, pods)
        for destination in complete_entity(rule.get("destination") or {}, pods)
    ]


def complete_entity(entity: dict, pods: list) -> list:
    """One end of a rule: as written, and the same for the pods that its networks cover."""
    networks, excluded = entity.get("nets") or [], entity.get("notNets") or []
    if not networks and not excluded:
        return [entity]
    if any(entity.get(key) for key in ("selector", "notSelector", "namespaceSelector")):
        raise Refused("joins networks and selectors, which network-config-analyzer misreads")
    numbers = [f"'{pod['metadata']['labels'][labels.POD]}'" for pod in covered(pods, networks, excluded)]
    if not numbers:
        return [entity]
    of_pods = {key: value for key, value in entity.items() if key not in ("nets", "notNets")}
    return [entity, of_pods | {"namespaceSelector": "all()", "selector": f"{labels.POD} in {{ {', '.join(numbers)} }}"}]
