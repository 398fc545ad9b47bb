"""SECURITY.md names a test for every promise: each must exist and must not be skipped."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.findall(r"`([\w/]+\.py)::(test_\w+)`", (ROOT / "SECURITY.md").read_text())


def decorators(node):
    return [ast.unparse(decorator) for decorator in node.decorator_list]


def test_the_page_names_tests():
    assert len(NAMED) > 40


@pytest.mark.parametrize(("path", "name"), NAMED, ids=[name for _, name in NAMED])
def test_a_promise_is_tested(path, name):
    tree = ast.parse((ROOT / path).read_text())

    [node] = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]

    assert not [mark for mark in decorators(node) if "skip" in mark or "xfail" in mark]
    assert "pytest.skip" not in ast.unparse(node)
