"""What the desk's first page tells the data protection lead about the register."""

from collections.abc import Iterator

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from accounts.desk import Alert
from compliance.register import checks, publishing, stop_lists
from compliance.register.models import Purpose, Recipient, RetentionRule
from privacy.words import in_words


def gaps_and_confirmations(request: HttpRequest) -> Iterator[Alert]:
    """Gaps, rules that nobody confirmed, a notice that says less than the register: to whoever may
    mend them."""
    if not request.user.has_perm("register.add_noticeversion"):
        return
    yield from _gaps()
    yield from _notice()
    waiting = RetentionRule.objects.unconfirmed().count()
    if waiting:
        yield Alert(
            f"{_many(waiting, 'retention rule waits', 'retention rules wait')} for your "
            "confirmation. "
            "The purge leaves their records alone.",
            reverse("admin:register_retentionrule_changelist") + "?state=waiting",
        )
    unverified = Recipient.objects.on(timezone.localdate()).filter(verified_on=None).count()
    if unverified:
        yield Alert(
            f"{_many(unverified, 'recipient has', 'recipients have')} an address that nobody has "
            "checked.",
            reverse("admin:register_recipient_changelist") + "?verified=no",
        )
    read = Q(policy_review_on__gte=timezone.localdate())
    policies = Purpose.objects.in_use().exclude(read | Q(condition="")).count()
    if policies:
        yield Alert(
            f"{_many(policies, 'policy document waits', 'policy documents wait')} to be read (Data "
            "Protection Act 2018, Schedule 1, paragraph 40). Read it, change it where it is not so "
            "any more, and give the next day of review.",
            reverse("admin:register_purpose_changelist"),
        )


def stop_lists_not_taken(request: HttpRequest) -> Iterator[Alert]:
    """Lists of those whose data may not be used that the other system has not taken lately, though
    somebody is on them."""
    if not request.user.has_perm("register.add_noticeversion"):
        return
    now = timezone.now()
    for purpose in stop_lists.late(now=now):
        yield Alert(
            f"The list of those who stop “{purpose.name}” was not taken for more than "
            f"{in_words(stop_lists.OVERDUE)}: the system that does it may go on with them. Have "
            f"write_stop_list {purpose.code} run.",
            reverse("admin:register_stoplist_changelist"),
            "danger",
        )


def _gaps() -> Iterator[Alert]:
    gaps = checks.live_register_is_whole(None)
    if gaps:
        more = f" And {len(gaps) - 1} more." if len(gaps) > 1 else ""
        yield Alert(
            f"The register has a gap: {Truncator(gaps[0].msg).chars(160)}{more}",
            reverse("admin:register_noticeversion_draft"),
            "danger",
        )


def _notice() -> Iterator[Alert]:
    _, differs, published = publishing.draft(timezone.now())
    if published is None:
        yield Alert(
            "No privacy notice is published yet.",
            reverse("admin:register_noticeversion_draft"),
            "danger",
        )
        return
    faults = publishing.broken(published)
    for fault in faults:
        yield Alert(
            f"The published privacy notice promises what is not so today. {fault}",
            reverse("admin:register_noticeversion_draft"),
            "danger",
        )
    if differs and not faults:
        yield Alert(
            f"The register has changed since version {published.number} of the privacy notice "
            "was published.",
            reverse("admin:register_noticeversion_draft"),
        )


def _many(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


ALERTS = (gaps_and_confirmations, stop_lists_not_taken)
