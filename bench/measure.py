"""Runs one command and prints what it cost, as JSON.

A process of its own, so that its small memory is all a child can be charged with: the
kernel counts a child's peak from before it becomes the command, which puts a floor of
about 10 MiB under every figure.
"""

import json
import os
import sys
import time


def main():
    output, command = sys.argv[1], sys.argv[2:]
    start = time.monotonic()
    child = os.posix_spawn(
        command[0],
        command,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)],
    )
    _, status, usage = os.wait4(child, 0)
    cost = {
        "status": os.waitstatus_to_exitcode(status),
        "cpu": usage.ru_utime + usage.ru_stime,
        "wall": time.monotonic() - start,
        "peak": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        "size": os.path.getsize(output),
    }
    print(json.dumps(cost))


if __name__ == "__main__":
    main()
