"""Labels that are not written in manifests but that selectors may use."""

from refused import Refused

NAMESPACE_NAME = "kubernetes.io/metadata.name"
# A label that tells the pods of a world apart, for this judge's own selectors.
POD = "only-for-the-judge/pod"


def of(document: dict) -> dict:
    """The labels written in an object."""
    labels = document["metadata"].get("labels") or {}
    for key, value in labels.items():
        if not isinstance(value, str):
            raise Refused(f"label {key} is no string")
    return dict(labels)


def of_namespace(name: str, written: dict) -> dict:
    """With what Kubernetes and Calico add to a namespace's labels."""
    return written | {NAMESPACE_NAME: name, "projectcalico.org/name": name}


def of_pod(pod: dict, namespace: dict, number: int) -> dict:
    """With what Calico adds to a pod's labels: its namespace's labels, under a prefix, and where it comes from."""
    account = pod.get("spec", {}).get("serviceAccountName", "default")
    return (
        {f"pcns.{key}": value for key, value in namespace.items()}
        | of(pod)
        | {
            "projectcalico.org/namespace": pod["metadata"]["namespace"],
            "projectcalico.org/orchestrator": "k8s",
            "projectcalico.org/serviceaccount": account,
            POD: f"pod-{number}",
        }
    )
