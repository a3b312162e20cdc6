"""Why a request may be refused, whole or in part: the law's list, from the rights. No model here.

What must not be known at all (a fraud marker under investigation) is no ground and leaves no line:
it is simply not there.
"""

from collections.abc import Mapping

from compliance.cases.right import RefusalGround
from compliance.cases.rights import RIGHTS, right_of

GROUNDS: dict[str, RefusalGround] = {
    code: ground for right in RIGHTS for code, ground in right.grounds.items()
}


def grounds_for(kind: str) -> Mapping[str, RefusalGround]:
    """The grounds on which a request of this kind may be refused; none for what is never
    refused."""
    return right_of(kind).grounds
