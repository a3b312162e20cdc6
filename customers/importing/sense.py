"""Whether the text of a file makes sense in the encoding it was read in. No database, no Django.

Any bytes can be read as Windows-1252, and text that was converted twice is valid UTF-8. What gives a
wrong reading away is the inside of words: a capital in the midst of small letters (“RenŽe” is a
Macintosh's “Renée”), a dagger or a fraction between letters, four accented letters in a row.
"""

import re

SAVE = (
    "In Excel: File, Save As, “CSV UTF-8 (Comma delimited)”. In LibreOffice: File, Save As, "
    "“Text CSV”, character set “Unicode (UTF-8)”, field delimiter a comma."
)
SHARE = (
    10  # nonsense in one of so many lines with signs beyond ASCII says that the reading is wrong
)

UPPER, LOWER = "A-ZÀ-ÖØ-ÞŠŽŒŸ", "a-zß-öø-ÿšžœ"
ACCENTED = "À-ÖØ-öø-ÿŠšŽžŒœŸ"
SIGNS = "‚ƒ„…†‡ˆ‰‹•˜™›¡¢£¤¥¦§¨©ª«¬®¯°±²³µ¶¸¹º»¼½¾¿×÷€"
MISREAD = re.compile(
    rf"[{UPPER}{LOWER}][{SIGNS}][{UPPER}{LOWER}]"  # a sign that belongs to no word
    rf"|(?<!\bMc)(?<!\bMac)(?<=[{LOWER}])[À-ÖØ-ÞŠŽŒŸ](?=[{LOWER}]|\b)"  # “RenŽe”, “AndrŽ”
    rf"|(?<=[A-Z])[À-ÖØ-ÞŠŽŒŸ](?=[{LOWER}])"  # “MŸller”
    rf"|\b[A-Z][ÔÕ](?=[A-Z][{LOWER}])"  # “OÕTallow”
    # “Nuñez”, where its ñ became a dash, alone in its field
    rf"|(?:^|[,\"])[{UPPER}]?[{LOWER}]+[–—][{LOWER}]+(?=$|[,\"])"
    r"|[a-z]{3}[³¹¿¶](?!\w)"  # “Micha³”: a Polish ł
    rf"|[{ACCENTED}]{{4}}"  # another alphabet
)
TWICE = re.compile("[ÂÃ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[\u0080-\u00bf™œ˜“”¦]|\ufffd")


def misread(text: str) -> bool:
    """Whether a line read as Windows-1252 is likely to be something else."""
    return MISREAD.search(text) is not None


def converted_twice(text: str) -> bool:
    """Whether a line of UTF-8 holds what UTF-8 read as something else looks like (“RenÃ©e”), or the
    mark of a letter that a conversion lost."""
    return TWICE.search(text) is not None


def stands_out(nonsense: int, lines: int) -> bool:
    """Whether so many lines without sense, of those with signs beyond ASCII, speak against the whole
    reading. A single name that is wrong in the shop's own records does not."""
    return nonsense * SHARE >= lines > 0 if nonsense else False
