"""Files of known systems whose columns have other names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from customers.importing import formats
from customers.importing.formats import FileKind, FileLayout
from customers.importing.reader import InputError


@dataclass(frozen=True)
class Preset:
    """The names of a kind's columns in one system's files. `create_customers`: for numbers not on
    record yet."""

    kind: str
    names: Mapping[str, str]
    create_customers: bool = False


PRESETS = {
    "online-retail": Preset(
        kind="orders",
        names={
            "order_number": "InvoiceNo",
            "placed_on": "InvoiceDate",
            "customer_number": "CustomerID",
            "total": "TotalPrice",
        },
        create_customers=True,
    ),
}


def lay_out(kind: FileKind, header: Sequence[str], name: str) -> FileLayout:
    """Find a kind's columns in the header of a system's file; InputError when there is no such
    preset for the kind."""
    preset = PRESETS.get(name)
    if preset is None or preset.kind != kind.name:
        raise InputError(
            f"There is no preset {name!r} for {kind.name}. "
            f"The presets are: {', '.join(f'{p} (for {PRESETS[p].kind})' for p in PRESETS)}."
        )
    return replace(
        formats.lay_out(kind, header, preset.names), create_customers=preset.create_customers
    )
