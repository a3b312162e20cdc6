"""What has changed about somebody since their copy was built: table by table, so that a colleague
reads where to look.

What comes of answering the person (codes, letters about a request, its steps) does not count, or
every copy would be out of date as soon as it is announced (`answering` in the declarations).
"""

from compliance.access.models import Pack
from compliance.access.records import digests, tables


def changed(pack: Pack) -> list[str]:
    """The titles of the tables in which anything was added, changed or removed since a pack was
    built."""
    now = digests(pack.customer)
    names = {table.label: table.title for table in tables(pack.customer)}
    return [
        names.get(label, label.rpartition(".")[2])
        for label in sorted({*pack.tables, *now})
        if pack.tables.get(label) != now.get(label)
    ]
