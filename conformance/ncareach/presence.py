"""Requirements that a label is there or not.

network-config-analyzer looks for a peer's pods that have or lack a label in the policy's own namespace only. So such
requirements are written with the values that the pods of the world have.

It also takes a global network set for a pod of every namespace. So every namespace selector of a NetworkPolicy says
that there is a namespace, which a set does not have.
"""

import copy

import labels


def spell_out(policy: dict, pods: list) -> dict:
    """The NetworkPolicy with In for Exists and NotIn for DoesNotExist in the pod selectors of its peers."""
    policy = copy.deepcopy(policy)
    for direction, side in (("ingress", "from"), ("egress", "to")):
        for rule in policy["spec"].get(direction) or []:
            for peer in rule.get(side) or []:
                if peer.get("namespaceSelector") is not None:
                    is_namespace = {"key": labels.NAMESPACE_NAME, "operator": "Exists"}
                    peer["namespaceSelector"].setdefault("matchExpressions", []).append(is_namespace)
                for requirement in (peer.get("podSelector") or {}).get("matchExpressions") or []:
                    name_values(requirement, pods)
    return policy


def name_values(requirement: dict, pods: list) -> None:
    """Has the label: it has one of the values there are; lacks it: none of them."""
    operator = {"Exists": "In", "DoesNotExist": "NotIn"}.get(requirement["operator"])
    if operator:
        key = requirement["key"]
        values = {pod["metadata"]["labels"][key] for pod in pods if key in pod["metadata"]["labels"]}
        requirement.update(operator=operator, values=sorted(values) or ["of-no-pod"])
