"""Every event that the trail knows: one function each, called inside the transaction of the change
it tells of.

`by` names who did it: `staff:ID`, `job:NAME` or `customer:ID`, never nobody. Facts are ids, codes,
counts, dates and field names; a personal value has no parameter to go through.
"""

import datetime
import json
import uuid
from collections.abc import Mapping, Sequence

from django.db import connection
from psycopg2.extras import Json


def job(name: str) -> str:
    """The actor of a command or a background job."""
    return f"job:{name}"


def _record(event: str, *, by: str, subject: uuid.UUID | None = None, **facts: object) -> None:
    """Append one entry. The database gives it its number, time and digest (see migration 0001)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (actor, event, subject, facts) VALUES (%s, %s, %s, %s)",
            [
                by,
                event,
                subject,
                Json(facts, dumps=lambda value: json.dumps(value, default=_plain)),
            ],
        )


def _plain(value: object) -> str:
    """Dates, moments and ids, also inside lists and mappings, as text."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"a fact of the audit trail cannot be a {type(value).__name__}")


def customer_viewed(*, by: str, subject: uuid.UUID) -> None:
    """A member of staff opened a customer's page."""
    _record("customer_viewed", by=by, subject=subject)


def customer_searched(*, by: str, kind: str, matches: int) -> None:
    """A member of staff searched for a customer; `kind` says by what, never the text typed."""
    _record("customer_searched", by=by, kind=kind, matches=matches)


def relationship_ended(*, by: str, subject: uuid.UUID, ended_on: datetime.date) -> None:
    """The relationship with a customer ended: the clocks that count from it start."""
    _record("relationship_ended", by=by, subject=subject, ended_on=ended_on)


def relationship_resumed(*, by: str, subject: uuid.UUID, reason: str) -> None:
    """An ended relationship goes on; `reason` is a code."""
    _record("relationship_resumed", by=by, subject=subject, reason=reason)


def note_added(*, by: str, subject: uuid.UUID, note: int) -> None:
    """A contact note was added to a customer."""
    _record("note_added", by=by, subject=subject, note=note)


def draw_changed(*, by: str, draw: int, change: str, fields: Sequence[str]) -> None:
    """A prize draw was added or changed: its closing date is the clock of its entries."""
    _record("draw_changed", by=by, draw=draw, change=change, fields=list(fields))


def draw_entered(*, by: str, subject: uuid.UUID | None, draw: int, entry: int) -> None:
    """Somebody entered a prize draw; with a subject when they are a known customer."""
    _record("draw_entered", by=by, subject=subject, draw=draw, entry=entry)


def draw_list_fixed(*, by: str, draw: int, entries: int, digest: str) -> None:
    """The entries from which a draw is made were fixed, before its seed was told."""
    _record("draw_list_fixed", by=by, draw=draw, entries=entries, digest=digest)


def draw_made(*, by: str, draw: int, commitment: str, digest: str, winners: int) -> None:
    """The winners of a prize draw were drawn."""
    _record("draw_made", by=by, draw=draw, commitment=commitment, digest=digest, winners=winners)


def prize_passed_on(*, by: str, draw: int, ticket: uuid.UUID, reserve: uuid.UUID) -> None:
    """A winner did not answer, so the prize went to a reserve; both are random ticket numbers."""
    _record("prize_passed_on", by=by, draw=draw, ticket=ticket, reserve=reserve)


def publicity_refused(*, by: str, subject: uuid.UUID | None, entry: int) -> None:
    """An entrant objected to being named as a winner."""
    _record("publicity_refused", by=by, subject=subject, entry=entry)


def file_imported(
    *, by: str, kind: str, digest: str, lines: int, added: int, changed: int, rejected: int
) -> None:
    """An import file went in; `digest` is the SHA-256 of its bytes."""
    _record(
        "file_imported",
        by=by,
        kind=kind,
        digest=digest,
        lines=lines,
        added=added,
        changed=changed,
        rejected=rejected,
    )


def hold_placed(*, by: str, subject: uuid.UUID, hold: int, review_on: datetime.date) -> None:
    """A legal hold was placed: nothing about the person is due until it is released.

    Its kind is not said: whoever reads the trail may not know of a fraud investigation.
    """
    _record("hold_placed", by=by, subject=subject, hold=hold, review_on=review_on)


def hold_released(*, by: str, subject: uuid.UUID, hold: int) -> None:
    """A legal hold was released."""
    _record("hold_released", by=by, subject=subject, hold=hold)


def restricted_record_changed(*, by: str, subject: uuid.UUID, change: str, record: int) -> None:
    """A record that only few may know of was opened, decided, passed on, withdrawn or settled.

    Its kind is not said, for the same reason as that of a hold.
    """
    _record("restricted_record_changed", by=by, subject=subject, change=change, record=record)


def purge_started(*, by: str, run: int, as_of: datetime.date, category: str) -> None:
    """A purge began; an empty `category` means every one."""
    _record("purge_started", by=by, run=run, as_of=as_of, category=category)


def purge_finished(
    *, by: str, run: int, outcome: str, erased: int, rules: Sequence[Mapping[str, object]]
) -> None:
    """A purge ended, with its figures per rule."""
    _record("purge_finished", by=by, run=run, outcome=outcome, erased=erased, rules=list(rules))


def register_loaded(*, by: str, added: Mapping[str, int]) -> None:
    """The shipped register was loaded; `added` counts the rows per table that were missing."""
    _record("register_loaded", by=by, added=dict(added))


def register_changed(*, by: str, table: str, row: str, change: str, fields: Sequence[str]) -> None:
    """A register row was added, changed or retired; the register's own history holds before, after
    and why."""
    _record("register_changed", by=by, table=table, row=row, change=change, fields=list(fields))


def notice_published(*, by: str, version: int, digest: str) -> None:
    """A version of the privacy notice was frozen and shown to the public."""
    _record("notice_published", by=by, version=version, digest=digest)


def cookies_loaded(*, by: str, added: int) -> None:
    """So many shipped rows that the list of cookies lacked were added."""
    _record("cookies_loaded", by=by, added=added)


def cookie_wording_published(*, by: str, version: int, digest: str) -> None:
    """A version of what visitors are told about cookies was frozen and shown; visitors are asked
    again."""
    _record("cookie_wording_published", by=by, version=version, digest=digest)


def case_opened(
    *,
    by: str,
    subject: uuid.UUID | None,
    case: int,
    kind: str,
    channel: str,
    received_on: datetime.date,
) -> None:
    """A rights request or complaint was opened; no subject while nobody is matched."""
    _record(
        "case_opened",
        by=by,
        subject=subject,
        case=case,
        kind=kind,
        channel=channel,
        received_on=received_on,
    )


def case_due_changed(
    *,
    by: str,
    subject: uuid.UUID | None,
    case: int,
    before: datetime.date | None,
    due: datetime.date | None,
    why: str,
) -> None:
    """The due date of a case was worked out, or is another than before; `why` is a code."""
    _record("case_due_changed", by=by, subject=subject, case=case, before=before, due=due, why=why)


def case_step(*, by: str, subject: uuid.UUID | None, case: int, step: str, **codes: object) -> None:
    """A step of a case's work; `codes` are dates, codes and counts."""
    _record("case_step", by=by, subject=subject, case=case, step=step, **codes)


def letter_wording_saved(*, by: str, letter: str, version: int) -> None:
    """The words of a letter about cases have a new version."""
    _record("letter_wording_saved", by=by, letter=letter, version=version)


def case_viewed(*, by: str, subject: uuid.UUID | None, case: int) -> None:
    """A member of staff opened a case; no subject while nobody is matched."""
    _record("case_viewed", by=by, subject=subject, case=case)


def case_file_opened(*, by: str, subject: uuid.UUID | None, case: int, file: int) -> None:
    """A member of staff downloaded a file of a case."""
    _record("case_file_opened", by=by, subject=subject, case=case, file=file)


def cases_exported(*, by: str, filters: Sequence[str], rows: int | None = None) -> None:
    """The list of cases is being exported, narrowed by these codes (no `rows` yet); or so many rows
    went out."""
    _record("cases_exported", by=by, filters=list(filters), rows=rows)


def disclosures_exported(*, by: str, filters: Sequence[str], rows: int | None = None) -> None:
    """The log of disclosures is being exported, narrowed by these codes (no `rows` yet); or so many
    rows went out."""
    _record("disclosures_exported", by=by, filters=list(filters), rows=rows)


def calendar_applied(*, by: str, why: str, looked_at: int, moved: int) -> None:
    """Open cases were worked out anew, after a change of the calendar or by the nightly sweep;
    `moved` have another date."""
    _record("calendar_applied", by=by, why=why, looked_at=looked_at, moved=moved)


def deadlines_reminded(
    *, by: str, reminders: Mapping[str, int], people: int, lapsed: int, overdue: int
) -> None:
    """Reminders of deadlines went out: how many of each stage, to how many people; how many cases
    lapsed or are overdue."""
    _record(
        "deadlines_reminded",
        by=by,
        reminders=dict(reminders),
        people=people,
        lapsed=lapsed,
        overdue=overdue,
    )


def restriction_began(
    *, by: str, subject: uuid.UUID, restriction: int, case: int, ground: str
) -> None:
    """The use of a person's data was restricted; `ground` is a code."""
    _record(
        "restriction_began",
        by=by,
        subject=subject,
        restriction=restriction,
        case=case,
        ground=ground,
    )


def restriction_changed(*, by: str, subject: uuid.UUID, restriction: int, change: str) -> None:
    """A restriction was confirmed for the agencies, announced to end, or lifted."""
    _record("restriction_changed", by=by, subject=subject, restriction=restriction, change=change)


def record_corrected(*, by: str, subject: uuid.UUID, fields: Sequence[str]) -> None:
    """A customer's record was corrected; names of fields, never their values."""
    _record("record_corrected", by=by, subject=subject, fields=list(fields))


def erased_on_request(
    *, by: str, subject: uuid.UUID, run: int, erased: Mapping[str, int], person: bool
) -> None:
    """A person's data was erased because they asked: rows per model, and whether the person's own
    row went too."""
    _record(
        "erased_on_request", by=by, subject=subject, run=run, erased=dict(erased), person=person
    )


def recipient_told(
    *, by: str, subject: uuid.UUID | None, notice: int, step: str, on: datetime.date
) -> None:
    """A recipient was told of a correction, an erasure or a restriction, confirmed it, or could not
    be told."""
    _record("recipient_told", by=by, subject=subject, notice=notice, step=step, on=on)


def copy_made(*, by: str, subject: uuid.UUID, copy: int, records: int, digest: str) -> None:
    """A file with a person's data was made; `digest` is the SHA-256 of its bytes."""
    _record("copy_made", by=by, subject=subject, copy=copy, records=records, digest=digest)


def copy_fetched(*, by: str, subject: uuid.UUID | None, copy: int, times: int) -> None:
    """A file with a person's data was handed out, for the n-th time."""
    _record("copy_fetched", by=by, subject=subject, copy=copy, times=times)


def pack_step(*, by: str, subject: uuid.UUID, pack: int, step: str, **codes: object) -> None:
    """A step of a copy of somebody's data: begun, read, checked, released, withdrawn. Never what
    was left out, or why."""
    _record("pack_step", by=by, subject=subject, pack=pack, step=step, **codes)


def pack_built(
    *, by: str, subject: uuid.UUID, pack: int, records: int, size: int, digest: str
) -> None:
    """The archive of a copy was put together; `size` in bytes, `digest` the SHA-256 of its
    bytes."""
    _record(
        "pack_built", by=by, subject=subject, pack=pack, records=records, size=size, digest=digest
    )


def pack_exported(
    *, by: str, subject: uuid.UUID, reference: str, records: int, size: int, digest: str
) -> None:
    """The operator wrote a copy of somebody's data to a file outside the portal, under a reference
    of its own."""
    _record(
        "pack_exported",
        by=by,
        subject=subject,
        reference=reference,
        records=records,
        size=size,
        digest=digest,
    )


def pack_fetched(*, by: str, subject: uuid.UUID, pack: int, how: str, times: int) -> None:
    """A copy was fetched by its customer or printed for the post, for the n-th time."""
    _record("pack_fetched", by=by, subject=subject, pack=pack, how=how, times=times)


def marketing_stopped(
    *,
    by: str,
    subject: uuid.UUID | None,
    kind: str,
    source: str,
    reference: str,
    channels: Sequence[str],
    senders: Sequence[str],
    contacts: int,
) -> None:
    """An objection to marketing, or the withdrawal of a consent, took effect; no subject when
    nobody was matched."""
    _record(
        "marketing_stopped",
        by=by,
        subject=subject,
        kind=kind,
        source=source,
        reference=reference,
        channels=list(channels),
        senders=list(senders),
        contacts=contacts,
    )


def marketing_allowed(
    *,
    by: str,
    subject: uuid.UUID,
    kind: str,
    source: str,
    reference: str,
    sender: str,
    channels: Sequence[str],
    missing: Sequence[str],
) -> None:
    """A consent or soft opt-in was written down; it counts unless something of its evidence is
    `missing`."""
    _record(
        "marketing_allowed",
        by=by,
        subject=subject,
        kind=kind,
        source=source,
        reference=reference,
        sender=sender,
        channels=list(channels),
        missing=list(missing),
    )


def marketing_request_viewed(
    *, by: str, subject: uuid.UUID | None, request: int, proposals: int
) -> None:
    """A member of staff opened a request about marketing, and was shown so many customers whom it
    could be from."""
    _record(
        "marketing_request_viewed", by=by, subject=subject, request=request, proposals=proposals
    )


def marketing_request_closed(
    *, by: str, subject: uuid.UUID | None, request: int, state: str
) -> None:
    """A member of staff matched a request about marketing to a customer, or to nobody."""
    _record("marketing_request_closed", by=by, subject=subject, request=request, state=state)


def suppression_asked(*, by: str, kind: str, entries: int) -> None:
    """A member of staff asked whether an address or number is on the suppression list; never
    which."""
    _record("suppression_asked", by=by, kind=kind, entries=entries)


def partner_file_made(*, by: str, partner: str, notices: int, first_time: int, digest: str) -> None:
    """A file of withdrawals was made for a partner; `digest` is the SHA-256 of its bytes."""
    _record(
        "partner_file_made",
        by=by,
        partner=partner,
        notices=notices,
        first_time=first_time,
        digest=digest,
    )


def partner_told(*, by: str, partner: str, notice: int) -> None:
    """A partner was told of one withdrawal in another way than by a file."""
    _record("partner_told", by=by, partner=partner, notice=notice)


def partner_acknowledged(*, by: str, partner: str, notices: int, on: datetime.date) -> None:
    """A partner confirmed so many withdrawals on that day."""
    _record("partner_acknowledged", by=by, partner=partner, notices=notices, on=on)


def list_screened(
    *,
    by: str,
    screening: int,
    channel: str,
    sender: str,
    campaign: str,
    allowed: int,
    suppressed: int,
    unreadable: int,
) -> None:
    """A list was screened before a campaign."""
    _record(
        "list_screened",
        by=by,
        screening=screening,
        channel=channel,
        sender=sender,
        campaign=campaign,
        allowed=allowed,
        suppressed=suppressed,
        unreadable=unreadable,
    )


def feed_written(*, by: str, partner: str, channel: str, digests: int) -> None:
    """A file of digests was made with which a partner can leave out those who objected."""
    _record("feed_written", by=by, partner=partner, channel=channel, digests=digests)


def feed_key_shown(*, by: str, partner: str, keys: list[str]) -> None:
    """The keys of the feed were printed to be handed to a partner; `keys` are their ids."""
    _record("feed_key_shown", by=by, partner=partner, keys=keys)


def preference_list_loaded(
    *, by: str, service: str, dated_on: datetime.date, digest: str, lines: int
) -> None:
    """A preference service's list was loaded; `digest` is the SHA-256 of the file."""
    _record(
        "preference_list_loaded",
        by=by,
        service=service,
        dated_on=dated_on,
        digest=digest,
        lines=lines,
    )


def bank_holiday_changed(*, by: str, jurisdiction: str, day: datetime.date, change: str) -> None:
    """A proclaimed change entered the calendar, or was withdrawn: deadlines that it touches are
    another day now."""
    _record("bank_holiday_changed", by=by, jurisdiction=jurisdiction, day=day, change=change)


def bank_holidays_confirmed(*, by: str, year: int, days: int) -> None:
    """Somebody compared the bank holidays of a year with the government's list; `days` is how many
    there are."""
    _record("bank_holidays_confirmed", by=by, year=year, days=days)


def mail_received(*, by: str, mail: int, road: str, size: int) -> None:
    """An email to us was stored, sealed and unread; `road` is how it came, `size` in bytes."""
    _record("mail_received", by=by, mail=mail, road=road, size=size)


def mail_read(
    *,
    by: str,
    subject: uuid.UUID | None,
    mail: int,
    state: str,
    kind: str,
    reason: str,
    reference: str = "",
) -> None:
    """An email was read by the program: what it seems to be, what became of it, and why it waits
    for somebody."""
    _record(
        "mail_read",
        by=by,
        subject=subject,
        mail=mail,
        state=state,
        kind=kind,
        reason=reason,
        reference=reference,
    )


def mail_viewed(*, by: str, subject: uuid.UUID | None, mail: int, original: bool) -> None:
    """A member of staff opened an email, or fetched its original with the files in it."""
    _record("mail_viewed", by=by, subject=subject, mail=mail, original=original)


def mail_dealt_with(
    *, by: str, subject: uuid.UUID | None, mail: int, outcome: str, reference: str
) -> None:
    """A member of staff dealt with an email that waited; `outcome` is a code."""
    _record(
        "mail_dealt_with", by=by, subject=subject, mail=mail, outcome=outcome, reference=reference
    )


def staff_changed(*, by: str, staff: int, change: str, fields: Sequence[str]) -> None:
    """A staff account was added or changed."""
    _record("staff_changed", by=by, staff=staff, change=change, fields=list(fields))


def staff_signed_in(*, by: str) -> None:
    """A member of staff gave the right password."""
    _record("staff_signed_in", by=by)


def staff_sign_in_refused(*, by: str, staff: int | None, waits: bool) -> None:
    """A wrong password for a staff account, or (None) for a staff ID that does not exist, which is
    not kept.

    `waits` says that this was one too many: further attempts for that staff ID are not looked at
    for a while.
    """
    _record("staff_sign_in_refused", by=by, staff=staff, waits=waits)


def keys_rotated(*, by: str, key_id: str, rows: int) -> None:
    """The sealed values and look-up hashes of so many rows were renewed under the current key."""
    _record("keys_rotated", by=by, key_id=key_id, rows=rows)


def message_queued(
    *, by: str, subject: uuid.UUID | None, message: uuid.UUID, kind: str, means: str
) -> None:
    """A message to a person was stored, to be sent."""
    _record("message_queued", by=by, subject=subject, message=message, kind=kind, means=means)


def message_viewed(*, by: str, subject: uuid.UUID | None, message: uuid.UUID) -> None:
    """A member of staff opened a message that was sent to somebody."""
    _record("message_viewed", by=by, subject=subject, message=message)


def message_resent(*, by: str, subject: uuid.UUID | None, message: uuid.UUID, was: str) -> None:
    """A member of staff had a message sent once more; `was` is the state in which they found it."""
    _record("message_resent", by=by, subject=subject, message=message, was=was)


def message_settled(*, by: str, subject: uuid.UUID | None, message: uuid.UUID, was: str) -> None:
    """A member of staff settled in another way what a message was to say; `was` is the state in
    which they found it."""
    _record("message_settled", by=by, subject=subject, message=message, was=was)


def letter_posted(*, by: str, subject: uuid.UUID | None, message: uuid.UUID) -> None:
    """A member of staff printed and posted a letter."""
    _record("letter_posted", by=by, subject=subject, message=message)


def code_asked(*, by: str, subject: uuid.UUID | None, attempt: uuid.UUID, means: str) -> None:
    """A visitor asked for a one-time code; without a subject nobody was found, or too many were
    asked for."""
    _record("code_asked", by=by, subject=subject, attempt=attempt, means=means)


def proved(*, by: str, subject: uuid.UUID, session: uuid.UUID, means: str) -> None:
    """A visitor gave the right code, and a short session began."""
    _record("proved", by=by, subject=subject, session=session, means=means)


def session_ended(*, by: str, subject: uuid.UUID, session: uuid.UUID) -> None:
    """A visitor ended the session."""
    _record("session_ended", by=by, subject=subject, session=session)
