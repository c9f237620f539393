"""Calico's tiers, which network-config-analyzer does not know.

A policy outside tier default can still be judged where its tier passes on what it does not decide: nothing gets
through but what every tier lets through. So each tier is analyzed on its own, Pass read as Allow and everything
allowed at its end, and a connection is allowed where all analyses say so. That is exact as long as no policy before
tier default allows for good.
"""

import copy
from dataclasses import dataclass

from refused import Refused

DEFAULT = "default"
DEFAULT_ORDER = 1_000_000
KUBERNETES_ORDER = 1000  # where a NetworkPolicy of Kubernetes stands among Calico's policies


@dataclass(frozen=True)
class Tier:
    """Order and default action of a tier."""

    order: float
    action: str


def read(document: dict) -> Tier:
    """The tier of an object; the ones this judge cannot reason about are refused."""
    spec = document.get("spec") or {}
    tier = Tier(spec.get("order", DEFAULT_ORDER), spec.get("defaultAction", "Deny"))
    if document["metadata"]["name"] == DEFAULT:
        if tier != Tier(DEFAULT_ORDER, "Deny"):
            raise Refused("tier default has an order and an action that cannot be changed")
    elif tier.action != "Pass" or not tier.order < DEFAULT_ORDER:
        raise Refused("only tiers before tier default that pass on can be judged")
    return tier


def of_policy(document: dict) -> str:
    return document["spec"].get("tier", DEFAULT)


def in_default(document: dict) -> dict:
    """A policy of tier default, as the analyzer takes it."""
    if actions(document) - {"Allow", "Deny", "Log"}:
        raise Refused("passes on in tier default, from where Calico goes to the namespace's profile")
    return without_tier(document)


def in_passing_tier(document: dict) -> dict:
    """A policy of a tier before tier default, with Pass read as Allow."""
    if actions(document) - {"Pass", "Deny", "Log"}:
        raise Refused("allows for good before tier default")
    document = without_tier(document)
    for direction in ("ingress", "egress"):
        for rule in document["spec"].get(direction) or []:
            rule["action"] = "Allow" if rule["action"] == "Pass" else rule["action"]
    return document


def end_of_passing_tier() -> dict:
    """What stands for the default action Pass: allow all, behind everything."""
    return {
        "apiVersion": "projectcalico.org/v3",
        "kind": "GlobalNetworkPolicy",
        "metadata": {"name": "end-of-tier"},
        "spec": {
            "selector": "all()",
            "types": ["Ingress", "Egress"],
            "ingress": [{"action": "Allow"}],
            "egress": [{"action": "Allow"}],
        },
    }


def actions(document: dict) -> set:
    spec = document["spec"]
    return {rule.get("action") for direction in ("ingress", "egress") for rule in spec.get(direction) or []}


def without_tier(document: dict) -> dict:
    document = copy.deepcopy(document)
    document["spec"].pop("tier", None)
    return document


def with_whole_orders(policies: list) -> list:
    """The policies with whole numbers as orders, in the same order: the analyzer reads 1000.5 as text."""
    given = {policy["spec"]["order"] for policy in policies if "order" in policy["spec"]}
    before = sorted(order for order in given if order < KUBERNETES_ORDER)
    after = sorted(order for order in given if order > KUBERNETES_ORDER)
    whole = {KUBERNETES_ORDER: KUBERNETES_ORDER}
    whole |= {order: KUBERNETES_ORDER - len(before) + i for i, order in enumerate(before)}
    whole |= {order: KUBERNETES_ORDER + 1 + i for i, order in enumerate(after)}
    return [
        policy | {"spec": policy["spec"] | {"order": whole[policy["spec"]["order"]]}} if "order" in policy["spec"] else policy
        for policy in policies
    ]
