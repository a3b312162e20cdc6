"""The verdict of `may_contact.may_contact` for every line of a list at once: one statement over sets.

The list stands as digests in a temporary table `list_lines`, those of what a line may only be addressed
to under the line's number with a minus. The statement returns the lines whose
verdict differs from that of an address nobody knows. It follows `rules.verdict` step by step; a
test holds the two together.
"""

# ruff: noqa: S608  put together from the fixed pieces below; every value is a parameter

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from compliance.preferences.channels import CHANNELS
from compliance.preferences.rules import soft_lapsed_until
from compliance.preferences.vocabulary import US, Service, covering, third_party
from customers.dealings import last_dealing
from customers.models import Customer

ALLOWED, OBJECTED, NO_CONSENT, TPS, MPS, BLOCKED, UNSURE = range(1, 8)
REASONS = {
    OBJECTED: "objected",
    NO_CONSENT: "no_consent",
    TPS: "tps",
    MPS: "mps",
    BLOCKED: "restricted",
    UNSURE: "unsure",
}
BY_SERVICE = {Service.TPS: TPS, Service.CTPS: TPS, Service.MPS: MPS}

LINES = """
    DROP TABLE IF EXISTS pg_temp.list_lines;
    CREATE TEMPORARY TABLE list_lines (line integer, digest uuid, lookup uuid, surname uuid) ON COMMIT DROP"""
STOPS = """
    SELECT digest, at FROM preferences_suppression WHERE channel = %(channel)s AND sender = ANY(%(senders)s)"""
LATEST_STOPS = f"SELECT digest, max(at) AS at FROM ({STOPS}) every GROUP BY digest"
PERMISSIONS = """
    SELECT digest, CASE WHEN expires_at <= %(now)s THEN NULL ELSE consented_at END AS consented_at, soft_at,
           customer_id
    FROM preferences_marketingpermission WHERE channel = %(channel)s AND sender = %(sender)s"""
LISTED = "SELECT DISTINCT digest FROM preferences_listedcontact WHERE file_id = ANY(%(files)s)"
# asked only when anybody is blocked
BLOCKED_LINES = "SELECT l.line FROM list_lines l WHERE l.digest = ANY(%(blocked)s::uuid[])"
OURS = """EXISTS (
    SELECT FROM customers_contactpoint c JOIN customers_customer owner ON owner.id = c.customer_id
    WHERE c.lookup = l.lookup AND c.valid_to IS NULL AND owner.surname_lookup = l.surname)"""


def standing_soft(now: datetime.datetime) -> str:
    """The moment of a soft opt-in (of `f`, a row of PERMISSIONS) that has not lapsed at `now`, else
    NULL. The customer's dealings are looked at only where it is old."""
    until = soft_lapsed_until(now)
    heard = (
        Customer.objects.filter(pk=RawSQL("f.customer_id", []))
        .annotate(last=last_dealing())
        .filter(last__gt=until)
        .values("pk")
    )
    with connection.cursor() as cursor:
        query = cursor.mogrify(*heard.query.sql_with_params()).decode().replace("%", "%%")
    return (
        "CASE WHEN f.soft_at IS NULL THEN NULL "
        f"WHEN (f.soft_at AT TIME ZONE 'Europe/London')::date > '{until}' THEN f.soft_at "
        f"WHEN EXISTS ({query}) THEN f.soft_at END"
    )


@dataclass(frozen=True)
class ScreeningQuestion:
    """What a list is screened for."""

    channel: str
    sender: str
    suppression_only: bool = False
    files: tuple[int, ...] = ()  # the preference services' files in force
    several: bool = (
        False  # a line may have several digests: two live keys, a name with several surnames
    )

    @property
    def default(self) -> int:
        """The verdict for an address that nobody knows."""
        one = CHANNELS[self.channel]
        bound = one.needs_consent_for_others if third_party(self.sender) else one.needs_consent
        return NO_CONSENT if bound and not self.suppression_only else ALLOWED

    @property
    def asks_services(self) -> bool:
        """Whether the preference services' lists count."""
        return not self.suppression_only and bool(CHANNELS[self.channel].services)

    @property
    def spares_own(self) -> bool:
        """Whether the preference services are not asked about the sender's own customers."""
        spares = CHANNELS[self.channel].services_spare_own
        return self.asks_services and spares and not third_party(self.sender)

    @property
    def names_owners(self) -> bool:
        """Whether it matters which customers are on the list."""
        return self.spares_own or third_party(self.sender)

    def params(self, now: datetime.datetime) -> dict[str, Any]:
        """The values that `sql` takes."""
        return {
            "channel": str(self.channel),
            "sender": self.sender,
            "senders": list(covering(self.sender)),
            "now": now,
            "files": list(self.files),
        }

    def sql(self, now: datetime.datetime) -> str:
        """A SELECT of (line, verdict). Where one address has two owners a line comes twice: then
        ALLOWED counts."""
        if self.suppression_only:
            return (
                f"SELECT line, {OBJECTED} FROM list_lines WHERE digest IN (SELECT digest FROM "
                f"({STOPS}) s)"
            )
        listed = f"LEFT JOIN ({LISTED}) p ON p.digest = l.digest" if self.asks_services else ""
        rows = f"""list_lines l
            LEFT JOIN ({STOPS if self.sender == US else LATEST_STOPS}) s ON s.digest = l.digest
            LEFT JOIN ({PERMISSIONS}) f ON f.digest = l.digest {listed}
            WHERE s.digest IS NOT NULL OR f.digest IS NOT NULL {"OR p.digest IS NOT NULL" if listed else ""}"""
        on_list = "p.digest IS NOT NULL" if listed else "false"
        ours, soft = OURS if self.spares_own else "false", "NULL"
        if CHANNELS[self.channel].soft_opt_in and not third_party(self.sender):
            soft = standing_soft(now)
        if not self.several:
            return (
                "SELECT l.line, "
                f"{self._case('s.at', 'f.consented_at', soft, on_list, ours)} FROM {rows}"
            )
        return f"""
            SELECT line, {self._case("at", "consented_at", "soft_at", "listed", "ours")} FROM (
                SELECT l.line, max(s.at) AS at, max(f.consented_at) AS consented_at, max({soft}) AS soft_at,
                       bool_or({on_list}) AS listed, bool_or({ours}) AS ours FROM {rows} GROUP BY l.line) folded"""

    def _case(self, stopped: str, consented: str, soft: str, listed: str, ours: str) -> str:
        """`rules.verdict` as SQL."""
        whens = [
            f"WHEN {consented} > {stopped} OR ({consented} IS NOT NULL AND {stopped} IS NULL) "
            f"THEN {ALLOWED}",
            f"WHEN {stopped} IS NOT NULL THEN {OBJECTED}",
        ]
        if CHANNELS[self.channel].soft_opt_in and not third_party(self.sender):
            whens.append(f"WHEN ({soft}) IS NOT NULL THEN {ALLOWED}")
        if self.asks_services:
            whens.append(
                f"WHEN {listed} AND NOT {ours} THEN {BY_SERVICE[CHANNELS[self.channel].services[0]]}"
            )
        return f"CASE {' '.join(whens)} ELSE {self.default} END"
