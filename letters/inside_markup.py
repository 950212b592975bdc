"""Which words stand in XML and in web pages: in elements, attributes and comments?

Words may be cut into pieces by the marks between them. So each text is told twice: once with a blank at every
mark, once with line ends only where a line ends.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import Any

from letters.packed import tree

LINES = frozenset(
    {
        "p",
        "h",
        "tr",
        "tc",
        "td",
        "th",
        "row",
        "c",
        "si",
        "br",
        "tab",
        "cr",
        "line-break",
        "li",
        "div",
        "list-item",
    }
    | {"table-cell", "table-row", "title", "option", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "s"}
)
"""Elements, of the languages that cut words into pieces, before and after which a word ends."""
MEANT = frozenset(
    {
        "author",
        "initials",
        "descr",
        "title",
        "name",
        "alt",
        "Target",
        "displayName",
        "userId",
        "tooltip",
        "href",
    }
)
"""Attributes of office documents that people write. The others say how it looks, with names of typefaces."""
LOOK = frozenset({"style", "class", "face", "font-family", "lang"})
LOOKS = frozenset({"style", "font", "font-face", "rFonts", "latin", "ea", "cs"})
"""Attributes and elements that say how it looks."""
MOST_MARKS = 1_000_000
_FEED = re.compile(r"\n{2,}")
_END = re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)
"""After them the library reads no further, and a browser does."""


def xml(content: bytes, meant: Container[str] | None = None) -> tuple[str, str]:
    """Both texts of an XML document, with the attributes that are `meant`, or all but those that say how it
    looks. Raises Entities, ValueError."""
    return _texts(tree(content), meant)


def html(content: bytes) -> tuple[str, str]:
    """Both texts of a web page. Raises ValueError."""
    from lxml import etree

    parser = etree.HTMLParser(no_network=True, huge_tree=True, encoding=_encoding(content))
    try:
        root = etree.fromstring(_END.sub(b"", content), parser)
    except (etree.LxmlError, LookupError, AssertionError) as error:
        raise ValueError("no web page") from error
    # at bounds of its own (how deep, how large) the library stops in the middle, and raises nothing
    if root is None or any(each.level == etree.ErrorLevels.FATAL for each in parser.error_log):
        raise ValueError("no web page")
    return _texts(root, None)


def _encoding(content: bytes) -> str | None:
    """UTF-8 where it is that: what a page says of itself comes second."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _texts(root: Any, meant: Container[str] | None) -> tuple[str, str]:
    spaced: list[str] = []
    lines: list[str] = []
    for kind, text in _pieces(root, meant):
        if kind == "end":
            lines.append("\n")
        elif kind == "told":
            spaced.append(text)
        else:
            spaced.append(text)
            lines.append(text)
    return " ".join(spaced), _FEED.sub("\n", "".join(lines))


def _pieces(root: Any, meant: Container[str] | None) -> Iterator[tuple[str, str]]:
    """In order: `text`, `told` (an attribute or a comment), `end` (a word ends here)."""
    from lxml import etree

    for number, (event, element) in enumerate(etree.iterwalk(root, ("start", "end", "comment", "pi"))):
        if number > 2 * MOST_MARKS:
            raise ValueError("too many marks")
        name = _local(element.tag)
        if event in ("comment", "pi"):
            yield "told", element.text or ""
        elif event == "start":
            yield from _started(element, name, meant)
        if event == "end" and name in LINES:
            yield "end", ""
        if event != "start" and element.tail:
            yield "text", element.tail


def _started(element: Any, name: str, meant: Container[str] | None) -> Iterator[tuple[str, str]]:
    if name not in LOOKS:
        for key, value in element.attrib.items():
            if (_local(key) not in LOOK) if meant is None else (_local(key) in meant):
                yield "told", value
    if name in LINES:
        yield "end", ""
    if element.text and name != "style":
        yield "text", element.text


def _local(tag: Any) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
