"""Project a document onto what the generator understands, so that any valid one comes through."""
from typing import Any
from copy import deepcopy
from openapi_python_client.strings import PythonIdentifier

def project(document: Any):
    doc = deepcopy(document)
    ops = {}
    for path, item in doc["paths"].items():
        for method, op in item.items():
            if isinstance(op, dict) and "responses" in op:
                op["responses"] = {k: v for k, v in op["responses"].items() if str(k)[0] == "2"}
                ops[PythonIdentifier(op["operationId"], "field_")] = {"name": op["operationId"], "path": path, "deprecated": False, "styles": {}}
    return doc, ops

def plain(node):
    if isinstance(node, dict):
        return {str(k): plain(v) for k, v in node.items()}
    if isinstance(node, list):
        return [plain(v) for v in node]
    return node
