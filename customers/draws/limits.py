"""How often one internet address may send the entry form: enough for a household, too little to
write to strangers."""

import datetime

from customers.identity.models import RateLimitHit
from privacy import seal

MOST = 20
IN = datetime.timedelta(hours=1)


def too_many(address: str, *, now: datetime.datetime) -> bool:
    """Count one entry from an internet address; whether that is more than it may send in an hour.

    Call it outside a transaction: it is committed at once, so that entries sent at the same moment
    cannot slip past.
    """
    digest = seal.lookup_hash("prize_address", address)
    RateLimitHit.objects.create(digest=digest, at=now, expires_at=now + IN)
    return RateLimitHit.objects.filter(digest=digest, at__gt=now - IN).count() > MOST
