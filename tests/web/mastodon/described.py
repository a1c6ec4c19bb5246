"""The description of the node's own endpoints, `docs/openapi.json`, and answers judged by it."""

from pathlib import Path
from typing import Any

import orjson
from jsonschema import Draft202012Validator

OPENAPI = orjson.loads((Path(__file__).parents[3] / "docs/openapi.json").read_bytes())
OWN = "/api/maillage/v1/"


def check(method: str, path: str, value: Any) -> None:
    """Fail with the first mistakes when an answer is not what the description says.

    `path` is written as in the table of routes, with its places in braces.
    """
    done = OPENAPI["paths"][path][method.lower()]["responses"]["200"]
    schema = done["content"]["application/json"]["schema"]
    whole = {"components": OPENAPI["components"], **schema}
    found = sorted(Draft202012Validator(whole).iter_errors(value), key=lambda m: str(m.json_path))
    assert not found, "\n".join(f"{m.json_path}: {m.message[:300]}" for m in found[:8])
