"""Runs network-config-analyzer on a world and reads the connections it prints."""

import contextlib
import io
import ipaddress
import os
import re
import tempfile
from dataclasses import dataclass

from refused import Refused

# Some of the analyzer's modules keep the standard error they see when they are imported.
MESSAGES = io.StringIO()
with contextlib.redirect_stderr(MESSAGES):
    from nca.nca_cli import nca_main

LAST_PORT = 65535
LINE = re.compile(r"^(\S+) => (\S+) : (.+)$")
CUBE = re.compile(r"^(All but )?\{protocols:([^{}:]+?)(?:,dst_ports:([0-9,-]+))?\}$")
PORTS_OF_ALL = re.compile(r"^\{dst_ports:([0-9,-]+)\}$")
NOISE = re.compile(r"^(|global: cluster has .*|Total run time: .*)$")
# Remarks that do not put an answer in doubt: they say that something selects nothing or everything.
HARMLESS = re.compile(
    r"selects no |selects all |has no effect|Mixing ip-based selection|are conflicting"
    r"|Missing named port|Illegal protocol .* in the named port|are not defined in any pod"
)


@dataclass(frozen=True)
class Connections:
    """A set of connections between two ends: protocols, and destination ports of those that have ports."""

    negated: bool
    protocols: frozenset  # empty: all
    ports: tuple  # of (first, last)

    def holds(self, protocol: str, port: int) -> bool:
        if self.negated:
            return protocol not in self.protocols
        named = not self.protocols or protocol in self.protocols
        return named and any(first <= port <= last for first, last in self.ports)


class Connectivity:
    """What may reach what, by the analyzer."""

    def __init__(self, lines: list):
        self._pods: dict = {}  # (source, destination) of pods' names
        self._ranges: list = []  # (network range or None, pod, is source outside, connections)
        for line in lines:
            self._read(line)

    def _read(self, line: str) -> None:
        match = LINE.match(line)
        if not match:
            raise Refused(f"network-config-analyzer says: {line}")
        source, destination, text = match.groups()
        if "livesim" in source or "livesim" in destination:
            return  # peers that the analyzer makes up for DNS and ingress controllers
        connections = parse_connections(text)
        ends = parse_end(source), parse_end(destination)
        if all(isinstance(end, str) for end in ends):
            self._pods.setdefault(ends, []).append(connections)
        elif isinstance(ends[0], str) or isinstance(ends[1], str):
            outside_first = not isinstance(ends[0], str)
            outside, pod = ends if outside_first else reversed(ends)
            self._ranges.append((outside, pod, outside_first, connections))

    def allows(self, source: str, destination: str, protocol: str, port: int, pods: set) -> bool:
        """Whether a connection may be opened; ends are pods' names or addresses."""
        if source == destination or not {source, destination} & pods:
            return True  # nothing stops a pod from reaching itself, and no policy governs what is outside
        if source in pods and destination in pods:
            found = self._pods.get((source, destination), [])
        else:
            outside_first = source not in pods
            address = ipaddress.ip_address(source if outside_first else destination)
            pod = destination if outside_first else source
            found = [
                connections
                for (first, last), name, is_source, connections in self._ranges
                if name == pod and is_source == outside_first and first.version == address.version and first <= address <= last
            ]
        return any(connections.holds(protocol, port) for connections in found)


def parse_end(text: str):
    """A pod's name, or the first and last address of a range."""
    if "/" in text:
        return text
    first, _, last = text.partition("-")
    try:
        return ipaddress.ip_address(first), ipaddress.ip_address(last or first)
    except ValueError:
        raise Refused(f"network-config-analyzer names an end that is not understood: {text}") from None


def parse_connections(text: str) -> Connections:
    """Reads what stands after the colon of a line. Anything but protocols and destination ports is refused."""
    every = ((1, LAST_PORT),)
    if text == "All connections":
        return Connections(False, frozenset(), every)
    if match := PORTS_OF_ALL.match(text):
        return Connections(False, frozenset(), parse_ports(match[1]))
    match = CUBE.match(text)
    if not match or (match[1] and match[3]):
        raise Refused(f"network-config-analyzer prints connections that are not understood: {text}")
    names = match[2].removeprefix("all but ")
    negated = bool(match[1]) != (names != match[2])
    if negated and match[3]:
        raise Refused(f"network-config-analyzer prints connections that are not understood: {text}")
    ports = parse_ports(match[3]) if match[3] else every
    return Connections(negated, frozenset(name.strip() for name in names.split(",")), ports)


def parse_ports(text: str) -> tuple:
    ranges = (part.partition("-") for part in text.split(","))
    return tuple((int(first), int(last or first)) for first, _, last in ranges)


def analyze(texts: list) -> list:
    """Runs the analyzer on each text (see World.texts)."""
    return [analyze_text(text) for text in texts]


def analyze_text(text: str) -> Connectivity:
    """Runs the analyzer in this process.

    It must not find kubectl or calicoctl, which it would ask for a cluster's objects.
    """
    output = io.StringIO()
    MESSAGES.seek(0)
    MESSAGES.truncate()
    path = os.environ.get("PATH", "")
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "world.yaml")
        with open(file, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.environ["PATH"] = folder
        try:
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(MESSAGES):
                status = nca_main([
                    "--connectivity", "-r", file, "-o", "txt_no_fw_rules", "--output_endpoints", "pods", "--print_ipv6",
                ])
        finally:
            os.environ["PATH"] = path
    lines = output.getvalue().splitlines()
    messages = MESSAGES.getvalue().splitlines() + [line for line in lines if line.startswith("Warning: ")]
    doubts = [message for message in messages if not HARMLESS.search(message)]
    if status != 0 or doubts:
        raise Refused("network-config-analyzer says: " + "; ".join(doubts or messages or [f"status {status}"]))
    return Connectivity([line for line in lines if not NOISE.match(line) and not line.startswith("Warning: ")])


def allows(tiers: list, source: str, destination: str, protocol: str, port: int, pods: set) -> bool:
    """Whether a connection may be opened: where every tier lets it."""
    return all(connectivity.allows(source, destination, protocol, port, pods) for connectivity in tiers)
