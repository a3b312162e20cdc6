"""What proves the claims that a copy of somebody's data makes about itself: each counts what would
speak against it in the explanation that the copy prints, and in the register."""

from audit.evidence import Evidence, evidence
from compliance.access.explanation import Explanation
from compliance.register.models import Purpose, Recipient
from compliance.register.shape import HOME


@evidence("access.nobody_received")
def nobody_received(told: Explanation) -> Evidence | None:
    """That no record, and nobody who has something with each order, payment or message, names
    anybody outside to whom something was passed on."""
    return Evidence.none_of("who received something", told.received)


@evidence("access.nothing_used")
def nothing_used(told: Explanation) -> Evidence | None:
    """That no purpose of the register uses what is shown."""
    return Evidence.none_of("purposes of what is shown", told.purposes)


@evidence("access.none_abroad")
def none_abroad(told: Explanation) -> Evidence | None:
    """That the register knows every organisation that is named, and none of them is abroad."""
    names = {one["recipient"] for one in told.received} | {one["name"] for one in told.recipients}
    home = Recipient.objects.filter(country=HOME, name__in=names).values_list("name", flat=True)
    elsewhere = [*(names - set(home)), *told.transfers]
    return Evidence.none_of("organisations not known to be at home", elsewhere)


@evidence("access.protected_abroad")
def protected_abroad(told: Explanation) -> Evidence | None:
    """That each organisation abroad has its protection in the register."""
    bare = [one for one in told.transfers if not one["safeguard"]]
    return Evidence.none_of("transfers without a protection", bare)


@evidence("access.no_computer_decides")
def no_computer_decides(told: Explanation) -> Evidence | None:
    """That by the register none of the purposes that are named lets a computer decide."""
    names = [one["name"] for one in told.purposes]
    deciding = Purpose.objects.filter(name__in=names).exclude(automated_decision="")
    return Evidence.none_of("purposes with a decision by computer", [*deciding, *told.decisions])
