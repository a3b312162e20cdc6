"""The limit on staff sign-in: so many wrong passwords for one staff ID, and so many for all of them
together.

An attempt is counted before its password is looked at, so attempts sent at the same moment cannot
slip past the limit. Whether a staff ID exists makes no difference to the answer, to the time it
takes or to what is stored.
"""

import datetime
from collections.abc import Callable

from django.db import transaction

from accounts.models import SignInAttempt, StaffUser
from audit import events
from privacy import seal

TRIES = 5  # wrong passwords for one staff ID, then it waits
WAIT = datetime.timedelta(minutes=15)
# wrong passwords in one minute for whatever IDs: guessing one password for every ID gets no further
TRIES_OF_ALL = 60
# the time in which TRIES_OF_ALL count
BUSY = datetime.timedelta(minutes=1)
ACTOR = events.job("sign_in")


def guarded(
    staff_id: str, check: Callable[[], StaffUser | None], *, now: datetime.datetime
) -> StaffUser | None:
    """The account that `check` finds by its password, unless too many attempts went before; all of
    it on record.

    `check` runs also for a staff ID that has to wait, so that waiting takes as long as any other
    answer.
    """
    SignInAttempt.objects.filter(at__lte=now - WAIT).delete()
    attempt = SignInAttempt.objects.create(
        digest=seal.lookup_hash("sign_in", staff_id.strip().lower()), at=now
    )
    if SignInAttempt.objects.filter(at__gt=now - BUSY).count() > TRIES_OF_ALL:
        attempt.delete()  # an attempt that was not looked at does not make the waiting longer
        return None
    tries = SignInAttempt.objects.filter(digest=attempt.digest).count()
    user = check()
    if tries > TRIES:
        attempt.delete()
        return None
    with transaction.atomic():
        if user is not None:
            SignInAttempt.objects.filter(digest=attempt.digest).delete()
            events.staff_signed_in(by=user.actor)
        else:
            known = StaffUser.objects.filter(staff_id=staff_id).values_list("pk", flat=True).first()
            events.staff_sign_in_refused(by=ACTOR, staff=known, waits=tries == TRIES)
    return user
