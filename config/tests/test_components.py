"""Components are used as they are declared: django-cotton itself would swallow a misspelt prop."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

TEMPLATES = Path(settings.BASE_DIR) / "templates"
COMPONENTS = TEMPLATES / "components"
ALL = sorted(TEMPLATES.rglob("*.html"))
USE = re.compile(r"<c-(?!vars|slot)([\w.-]+)((?:\"[^\"]*\"|'[^']*'|[^>\"'])*?)/?>")
PROP = re.compile(r"""(?:^|\s):?([a-z][\w-]*)(?:=(?:"[^"]*"|'[^']*'|[^\s"'>]+))?(?=\s|$)""")
INLINE = {
    "an inline style": re.compile(r"""<[a-z][^>]*\sstyle\s*="""),
    "a style element": re.compile(r"<style[\s>]"),
    "an event attribute": re.compile(r"""<[a-z][^>]*\son[a-z]+\s*="""),
    "a foreign address": re.compile(r"""<(?:script|link|img|iframe)[^>]*\s(?:src|href)="https?:"""),
}
#: Written for mail clients, which know no style sheets.
MAIL = ("mail", "messaging")


def declared(component):
    """The props of a component's `<c-vars>`; a component without one is an error of its own."""
    found = re.match(r"(?:\s*{% load [^%]+ %}\s*)*<c-vars([^>]*)/>", component.read_text())
    assert found, f"{component.name} declares no props with <c-vars … />"
    return set(PROP.findall(found[1]))


def misuses(text):
    """What is wrong with the component uses in a template's text."""
    for name, attributes in USE.findall(text):
        component = COMPONENTS / f"{name.replace('.', '/').replace('-', '_')}.html"
        if not component.exists():
            yield f"<c-{name}> does not exist"
            continue
        for prop in PROP.findall(attributes):
            if prop not in declared(component):
                yield f"<c-{name}> has no prop {prop!r}"


def name_of(path):
    return str(path.relative_to(TEMPLATES))


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_components_are_used_as_declared(path):
    assert list(misuses(path.read_text())) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('<c-button href="/" kind="quiet">Go</c-button>', []),
        ('<c-button hreff="/">Go</c-button>', ["<c-button> has no prop 'hreff'"]),
        ('<c-card :titel="word" />', ["<c-card> has no prop 'titel'"]),
        ('<c-avatar :person="person" larg />', ["<c-avatar> has no prop 'larg'"]),
        ("<c-buton>Go</c-buton>", ["<c-buton> does not exist"]),
        ('<c-button href="{% url \'home\' %}" colour="red">', ["<c-button> has no prop 'colour'"]),
    ],
)
def test_the_check_sees_misuse(text, found):
    assert list(misuses(text)) == found


@pytest.mark.parametrize("path", [path for path in ALL if not set(path.parts) & set(MAIL)], ids=name_of)
def test_templates_carry_nothing_the_policy_forbids(path):
    text = path.read_text()

    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []
    for script in re.findall(r"<script([^>]*)>", text):
        assert " src=" in script or 'type="application/' in script, f"inline script: <script{script}>"


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_templates_compile(path):
    get_template(name_of(path))
