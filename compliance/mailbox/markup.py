"""HTML to the text that a reader sees, in one pass whose time grows with the length and nothing
else.

Written by hand because Python's own parser takes time that grows with the square of the length on
hostile input (unclosed comments and tags), and a message is written by anybody. The result is text:
nothing of it is ever shown as HTML.
"""

import html
import re

LONGEST = 400_000  # characters
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)")
BREAKS = {
    "br",
    "p",
    "div",
    "tr",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "ul",
    "ol",
    "hr",
    "dt",
    "dd",
    "pre",
    "section",
    "article",
    "header",
    "footer",
    "blockquote",
}
UNSEEN = {
    "script",
    "style",
    "title",
    "head",
    "template",
    "noscript",
    "textarea",
    "select",
    "svg",
    "object",
}
VOID = {
    "br",
    "hr",
    "img",
    "input",
    "meta",
    "link",
    "area",
    "base",
    "col",
    "embed",
    "source",
    "track",
    "wbr",
}
RAW = {
    name: re.compile(f"</{name}", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea")
}  # no tags inside
HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])", re.IGNORECASE
)
QUOTE = re.compile(
    r"gmail_quote|yahoo_quoted|moz-cite-prefix|protonmail_quote|divRplyFwdMsg|OLK_SRC_BODY",
    re.IGNORECASE,
)


class Text:
    """What has been read so far, and inside which elements."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.open: list[tuple[str, bool, bool]] = []  # name, unseen, quoted

    def add(self, text: str) -> None:
        if not any(unseen for _, unseen, _ in self.open[-1:]):
            self.kept.append(re.sub(r"\s+", " ", html.unescape(text)))

    def new_line(self) -> None:
        quoted = any(quoted for _, _, quoted in self.open[-1:])
        self.kept.append("\n> " if quoted else "\n")

    def begin(self, name: str, tag: str) -> None:
        if name in VOID or tag.endswith("/>") or len(self.open) > 500:
            return
        _, unseen, quoted = self.open[-1] if self.open else ("", False, False)
        quotes = name == "blockquote" or (name == "div" and bool(QUOTE.search(tag)))
        self.open.append(
            (name, unseen or name in UNSEEN or bool(HIDDEN.search(tag)), quoted or quotes)
        )

    def end(self, name: str) -> None:
        """Leave an element, and with it those inside that were never closed; one that is not open
        is passed over."""
        for position in range(len(self.open) - 1, max(-1, len(self.open) - 60), -1):
            if self.open[position][0] == name:
                del self.open[position:]
                return


def to_text(source: str) -> str:
    """The visible text of an HTML document; the lines of a quoted message begin with `> `."""
    source, text, done = source[:LONGEST], Text(), 0
    while (start := source.find("<", done)) >= 0:
        text.add(source[done:start])
        if source.startswith("<!--", start):
            end = source.find("-->", start + 4)
            done = len(source) if end < 0 else end + 3
            continue
        found = TAG.match(source, start)
        if not found and source[start + 1 : start + 2] not in ("!", "?", "/"):
            text.kept.append("<")
            done = start + 1
            continue
        end = source.find(">", start)
        if end < 0:
            break
        done = end + 1
        if found:
            _tag(text, found[2].lower(), source[start:done], closing=bool(found[1]))
        if found and not found[1] and (close := RAW.get(found[2].lower())):
            ends = close.search(source, done)
            done = ends.start() if ends else len(source)
    else:
        text.add(source[done:])
    shown = "".join(text.kept).replace("\u00a0", " ")
    return re.sub(r"\n(?:>? *\n){2,}", "\n\n", re.sub(r"[ \t]*\n[ \t]*", "\n", shown)).strip()


def _tag(text: Text, name: str, tag: str, *, closing: bool) -> None:
    if closing:
        text.end(name)
    else:
        text.begin(name, tag)
    if name in BREAKS:
        text.new_line()
    elif name in ("td", "th"):
        text.kept.append(" ")
