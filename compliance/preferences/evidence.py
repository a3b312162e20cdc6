"""Events of the ledger as the rules see them: what of a consent can be proved."""

import datetime

from compliance.preferences import rules
from compliance.preferences.models import ChoiceEvent
from compliance.preferences.vocabulary import ChoiceKind


def evidence(event: ChoiceEvent) -> rules.Evidence:
    """What of the evidence for a consent is there."""
    words = event.wording
    return rules.Evidence(
        contact=event.contact is not None and event.contact_value is not None,
        wording=words is not None
        and bool(words.text.strip())
        and event.sender in words.senders
        and event.channel in words.channels,
        unticked=words is not None and words.unticked,
        page=bool(event.page),
        taken_by=bool(event.by),
        notice=event.notice_version is not None,
        origin=bool(event.origin),
        sale=event.kind != ChoiceKind.SOFT_OPT_IN or bool(event.sale),
    )


def as_fact(event: ChoiceEvent, last_contact: datetime.date | None = None) -> rules.ChoiceFact:
    """An event as the rules need it; read the event together with its wording. `last_contact`: of
    whoever gave a soft opt-in."""
    return rules.ChoiceFact(
        kind=event.kind,
        channel=event.channel,
        sender=event.sender,
        at=event.at,
        expires_at=event.expires_at,
        proved=not evidence(event).missing(event.kind),
        whose=event.customer_id,
        last_contact=last_contact,
    )
