"""Service accounts in Calico's rules, which network-config-analyzer does not know: Calico puts the account's name among
a pod's labels, and a selector of that label says the same."""

import copy

from refused import Refused

LABEL = "projectcalico.org/serviceaccount"


def spell_out(policy: dict) -> dict:
    """Calico's policy with selectors in place of service accounts' names."""
    policy = copy.deepcopy(policy)
    if policy["spec"].get("serviceAccountSelector"):
        raise Refused("selects by labels of service accounts")
    for direction in ("ingress", "egress"):
        for rule in policy["spec"].get(direction) or []:
            for side in ("source", "destination"):
                if side in rule:
                    rule[side] = with_selector(rule[side])
    return policy


def with_selector(entity: dict) -> dict:
    """One end of a rule; an account's own labels are not known to this judge."""
    accounts = entity.pop("serviceAccounts", None)
    if not accounts:
        return entity
    if accounts.get("selector") or not accounts.get("names"):
        raise Refused("selects by labels of service accounts")
    names = ", ".join(f"'{name}'" for name in accounts["names"])
    selector = f"{LABEL} in {{ {names} }}"
    if entity.get("selector"):
        selector = f"({entity['selector']}) && {selector}"
    return entity | {"selector": selector}
