"""Answers as the API gives them, for its description: kept in `api_answers.json`, as a test was told them.

`{"answers": {"GET /path 200": {title: body}}, "refusals": {"404": body}}`. Nobody edits it: `make api-answers` tells the
story of `config/tests/api_story.py` anew and keeps what was answered.
"""

import json
from functools import cache
from pathlib import Path

KEPT = Path(__file__).with_suffix(".json")
JSON = "application/json"
PROBLEM = {"$ref": "#/components/schemas/Problem"}


@cache
def kept():
    return json.loads(KEPT.read_text())


def show(result, generator, request, public):
    """drf-spectacular's hook: put each answer, and each refusal, where it is given; where none was, one of the same shape."""
    known, used = kept()["answers"], set()
    alike = {
        str(answer["schema"]): label
        for label, answer in answers(result)
        if label in known and "$ref" in answer["schema"]
    }
    for label, answer in answers(result):
        if answer.get("schema") == PROBLEM:
            _show_refusal(answer, label.rpartition(" ")[2], used)
        elif shown := known.get(label) or known.get(alike.get(str(answer["schema"]))):
            answer["examples"] = {title: {"value": body} for title, body in shown.items()}
    if used:
        said = {_name(status): {"value": kept()["refusals"][status]} for status in sorted(used)}
        result.setdefault("components", {})["examples"] = said
    return result


def _show_refusal(answer, status, used):
    if status in kept()["refusals"]:
        used.add(status)
        answer.setdefault("examples", {"Refusal": {"$ref": f"#/components/examples/{_name(status)}"}})


def _name(status):
    return f"Refusal{status}"


def answers(result):
    """(what, its JSON) of everything that is answered: `("GET /path 200", {"schema": …})`."""
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for status, response in operation["responses"].items():
                if JSON in response.get("content", {}):
                    yield f"{method.upper()} {path} {status}", response["content"][JSON]
