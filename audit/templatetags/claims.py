"""`{% load claims %}{% claim "room.name" subject %}It is so.{% otherwise %}Not yet.{% endclaim %}`:
prose that is printed only while its evidence holds."""

from collections.abc import Iterator
from typing import Any, cast

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context

from audit import evidence

register = template.Library()


class ClaimNode(Node):
    """Prose with its evidence. `as proof` makes the evidence known to the prose: `proof.since`.

    A page asks once for what several of its sentences rest on, so that they cannot disagree.
    """

    child_nodelists = ("says", "otherwise")

    def __init__(
        self,
        name: str,
        subject: list[FilterExpression],
        says: NodeList,
        otherwise: NodeList,
        known_as: str,
    ) -> None:
        self.name, self.subject, self.known_as = name, subject, known_as
        self.says, self.otherwise = says, otherwise

    def render(self, context: Context) -> str:
        subject = [one.resolve(context) for one in self.subject]
        asked: dict[Any, Any] = cast(Any, context.render_context).setdefault(ClaimNode, {})
        key = (self.name, *map(id, subject))
        if key not in asked:  # the subjects are kept too, or another could get the id of one
            asked[key] = subject, evidence.holds(self.name, *subject)
        found = asked[key][1]
        if found is None:
            return self.otherwise.render(context)
        with context.push(**({self.known_as: found} if self.known_as else {})):
            return self.says.render(context)


@register.tag
def claim(parser: Parser, token: Token) -> ClaimNode:
    """The tag; its first word is the name of the evidence, in quotation marks."""
    words = token.split_contents()[1:]
    known_as = ""
    if len(words) > 2 and words[-2] == "as":
        known_as, words = words[-1], words[:-2]
    if not words or words[0][0] not in "\"'":
        raise template.TemplateSyntaxError("A claim names its evidence: {% claim “room.name” %}.")
    name = words[0].strip("\"'")
    if name not in evidence.known():
        raise template.TemplateSyntaxError(f"There is no evidence {name}.")
    says, otherwise = parser.parse(("otherwise", "endclaim")), NodeList()
    if parser.next_token().contents == "otherwise":
        otherwise = parser.parse(("endclaim",))
        parser.delete_first_token()
    subject = [parser.compile_filter(word) for word in words[1:]]
    return ClaimNode(name, subject, says, otherwise, known_as)


def claims_in(nodes: NodeList) -> Iterator[ClaimNode]:
    """Every claim of a parsed template, those inside others included."""
    for node in nodes.get_nodes_by_type(ClaimNode):
        if isinstance(node, ClaimNode):
            yield node
