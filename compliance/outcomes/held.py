"""The shop is told of what was corrected or erased here, and its files cannot undo it meanwhile.

An instruction to the shop, one for each correction, is the hold: it stands until the shop confirmed
it, or until a file of the shop brings every corrected field right, which confirms it by itself. One
that proved impossible holds for good.
"""

import datetime
import uuid
from collections.abc import Collection, Iterator, Mapping

from django.utils import timezone

from compliance.cases.models import Case, Outcome
from compliance.disclosures import instructions
from compliance.disclosures.models import Instruction
from customers.importing import registry
from customers.importing.held import COLUMNS

BY_FILE = "The shop's own file of customers brings it right."


def tell_shop(case: Case, outcome: Outcome, said: Mapping[str, str]) -> None:
    """List the shop as to be told of corrected fields of the record (`said`: what each said before
    and says now); nothing for a correction in another system."""
    fields = {name: text for name, text in said.items() if name in COLUMNS}
    if not fields or case.customer is None:
        return
    instructions.instruct(
        case.customer,
        instructions.named([instructions.SHOP], on=timezone.localdate(outcome.at)),
        Instruction.What.CORRECT,
        origin=outcome.token,
        reference=case.reference,
        about="\n".join([instructions.find_by(case.customer), *fields.values()]),
        parts=list(fields),
        by=outcome.by,
        now=outcome.at,
    )


def holds() -> Iterator[registry.Hold]:
    """Everything that is held against the shop's files now. One query."""
    rows = Instruction.objects.filter(
        recipient=instructions.SHOP,
        what=Instruction.What.CORRECT,
        acknowledged_on__isnull=True,
        customer__erased_at__isnull=True,
    )
    for key, customer, parts in rows.values_list("pk", "customer", "parts"):
        yield registry.Hold(key, customer, parts)


def erased() -> list[str]:
    """The numbers of customers who were erased here, as long as the shop has not confirmed that it
    erased them too. One query."""
    rows = Instruction.objects.unsettled().filter(
        recipient=instructions.SHOP, what=Instruction.What.ERASE
    )
    return [
        line.removeprefix(instructions.NUMBER)
        for about in rows.values_list("about", flat=True)
        for line in (about or "").splitlines()
        if line.startswith(instructions.NUMBER)
    ]


def confirm(keys: Collection[uuid.UUID], by: str, now: datetime.datetime) -> None:
    """A file of the shop brought these corrections right: it has them, whether or not somebody had
    told it yet."""
    rows, today = Instruction.objects.unsettled().filter(pk__in=keys), timezone.localdate(now)
    if untold := list(rows.filter(told_on__isnull=True).values_list("pk", flat=True)):
        instructions.told(untold, on=today, by=by, now=now)
    if found := list(rows.values_list("pk", flat=True)):
        instructions.acknowledge(found, on=today, by=by, now=now, confirmation=BY_FILE)
