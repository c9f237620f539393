"""Read YAML files with PyYAML's safe loader and print each document as one line of JSON.

    pyread.py FILE...

"-" is standard input. A document that cannot be read ends its file with the line {"error": "..."}.
Values that JSON does not know (dates, infinities) are printed as {"type": "<Python type>", "text": "<str>"}.
Exit 1: a document could not be read.
"""

import json
import sys

import yaml


def as_json(value: object) -> str:
    """One line of JSON; non-finite numbers and Python-only values are spelled out."""
    return json.dumps(plain(value), ensure_ascii=False, allow_nan=False)


def plain(value: object) -> object:
    """The value with only JSON types in it."""
    if isinstance(value, dict):
        return {key if isinstance(key, str) else as_json(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float) and value - value == 0:
        return value
    return {"type": type(value).__name__, "text": str(value)}


def read(path: str) -> bool:
    """Print the documents of a file; says whether all could be read."""
    stream = sys.stdin.buffer if path == "-" else open(path, "rb")
    with stream:
        try:
            for document in yaml.safe_load_all(stream):
                print(as_json(document))
        except yaml.YAMLError as error:
            print(as_json({"error": str(error)}))
            return False
    return True


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    return 0 if all([read(path) for path in sys.argv[1:]]) else 1


if __name__ == "__main__":
    sys.exit(main())
