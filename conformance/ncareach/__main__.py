"""Says which connections policies let pass, by network-config-analyzer: a second opinion beside reach.

    nca-reach [-ext IP]... [-port PROTOCOL/NUMBER]... [-ignore KIND]... FILE...
    nca-reach -queries QUERIES [-ignore KIND]... FILE...
    nca-reach -batch REQUESTS

Arguments, input and output are those of reach, line by line; the files may also hold Calico's policies,
tiers and network sets. Exit 2: something could not be read, or is not known to this judge.
"""

import argparse
import ipaddress
import json
import sys

from connectivity import allows, analyze
from refused import Refused
from world import World, read_world

PROTOCOLS = ("TCP", "UDP", "SCTP")
UNDECLARED = (9, 61000)  # as in reach
COLUMNS = 4


def main() -> int:
    parser = argparse.ArgumentParser(prog="nca-reach", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-ext", action="append", default=[])
    parser.add_argument("-port", action="append", default=[])
    parser.add_argument("-ignore", action="append", default=[])
    parser.add_argument("-queries")
    parser.add_argument("-batch")
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    try:
        if arguments.batch:
            run_batch(arguments.batch)
            return 0
        world = read_world([read(file) for file in arguments.files], frozenset(arguments.ignore))
        queries = file_queries(arguments.queries) if arguments.queries else all_queries(world, arguments.ext, arguments.port)
        for query, allowed in zip(queries, ask(world, queries)):
            source, destination, protocol, port = query
            print(f"{source} -> {destination} {protocol}/{port} {'allow' if allowed else 'deny'}")
    except (Refused, OSError, UnicodeDecodeError) as error:
        print(f"nca-reach: {error}", file=sys.stderr)
        return 2
    return 0


def read(file: str) -> str:
    if file == "-":
        return sys.stdin.read()
    with open(file, encoding="utf-8") as stream:
        return stream.read()


def ask(world: World, queries: list) -> list:
    """One answer a question; an end that is neither a pod nor an address outside is refused."""
    pods = set(world.pods)
    addresses = {pod.get("status", {}).get("podIP"): name for name, pod in world.pods.items()}
    for query in queries:
        for end in query[:2]:
            if end not in pods:
                check_outside(end, addresses)
    analyzed = analyze(world.texts())
    return [allows(analyzed, *query, pods) for query in queries]


def check_outside(end: str, pods_by_address: dict) -> None:
    try:
        ipaddress.ip_address(end)
    except ValueError:
        raise Refused(f"{end} is neither a pod of this world nor an address") from None
    if end in pods_by_address:
        raise Refused(f"{end} is the address of pod {pods_by_address[end]}")


def parse_query(parts: list) -> tuple:
    if len(parts) != COLUMNS:
        raise Refused(f"want source, destination, protocol and port, got {len(parts)} columns")
    source, destination, protocol, port = (str(part) for part in parts)
    if protocol not in PROTOCOLS or not port.isdecimal() or not 1 <= int(port) <= 65535:
        raise Refused(f"port {protocol}/{port}: want TCP, UDP or SCTP and 1 to 65535")
    return source, destination, protocol, int(port)


def file_queries(file: str) -> list:
    return [parse_query(line.split("\t")) for line in read(file).splitlines()]


def all_queries(world: World, external: list, ports: list) -> list:
    """All pairs of different ends, one of them a pod, and all ports that reach would ask about, in its order."""
    numbers = set(UNDECLARED) | {port["containerPort"] for pod in world.pods.values() for port in container_ports(pod)}
    asked = {(number, protocol) for number in numbers for protocol in PROTOCOLS}
    for text in ports:
        protocol, _, number = text.partition("/")
        _, _, protocol, number = parse_query(["", "", protocol, number])
        asked.add((number, protocol))
    ordered = sorted(asked, key=lambda port: (port[0], PROTOCOLS.index(port[1])))
    ends = sorted(world.pods) + external
    return [
        (source, destination, protocol, number)
        for source in ends
        for destination in ends
        if source != destination and (source in world.pods or destination in world.pods)
        for number, protocol in ordered
    ]


def container_ports(pod: dict) -> list:
    spec = pod.get("spec", {})
    sidecars = [container for container in spec.get("initContainers") or [] if container.get("restartPolicy") == "Always"]
    return [port for container in sidecars + (spec.get("containers") or []) for port in container.get("ports") or []]


def run_batch(file: str) -> None:
    """One JSON request a line, one JSON response a line, until the end; each is written before the next is read."""
    stream = sys.stdin if file == "-" else open(file, encoding="utf-8")
    with stream:
        for line in stream:
            print(json.dumps(respond(line), separators=(",", ":")), flush=True)


def respond(line: str) -> dict:
    try:
        request = json.loads(line)
        if set(request) - {"manifests", "queries"}:
            raise Refused("unknown key in the request")
        world = read_world([request["manifests"]])
        queries = [parse_query(parts) for parts in request["queries"]]
        return {"answers": ask(world, queries)}
    except (Refused, ValueError, KeyError, TypeError) as error:
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    sys.exit(main())
