"""Reading a PDF in a test: its words by way of the fonts' own tables, and its tag tree."""

import io
import re

import pikepdf


def words_of(document):
    """Everything that a PDF shows, without spaces: typst sets some of them as gaps."""
    return "".join(by_page(document))


def by_page(document):
    """The same, page by page."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        return [_of_page(page) for page in pdf.pages]


def squeezed(text):
    """A text as `words_of` tells it."""
    return re.sub(r"[\s\u200b]", "", text)


def _of_page(page):
    fonts = {str(name): _unicode(font) for name, font in page.Resources.get("/Font", {}).items()}
    shown, font = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            font = fonts[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            pieces = operands[0] if str(operator) == "TJ" else [operands[0]]
            for piece in pieces:
                if isinstance(piece, pikepdf.String):
                    raw = bytes(piece)
                    shown += [font.get(raw[at : at + 2], "?") for at in range(0, len(raw), 2)]
    return squeezed("".join(shown))


def _unicode(font):
    """What each glyph of a font stands for."""
    table, known = font.ToUnicode.read_bytes().decode("latin-1"), {}
    for body in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
        for code, text in re.findall(r"<(\w+)>\s*<(\w+)>", body):
            known[bytes.fromhex(code)] = bytes.fromhex(text).decode("utf-16-be")
    for body in re.findall(r"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", body):
            for step in range(int(last, 16) - int(first, 16) + 1):
                known[(int(first, 16) + step).to_bytes(2, "big")] = chr(int(text, 16) + step)
    return known


def tags(document):
    """The tag tree of a PDF as (depth, tag)."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        return list(_walk(pdf.Root.StructTreeRoot, -1))


def _walk(node, depth=0):
    if isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield depth, str(node["/S"]).strip("/")
        kids = node.get("/K")
        for child in (
            [] if kids is None else list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        ):
            yield from _walk(child, depth + 1)
