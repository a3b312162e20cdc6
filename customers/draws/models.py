"""Prize draws."""

import datetime
import uuid
from typing import Self
from zoneinfo import ZoneInfo

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q

from customers import normalise
from customers.models.person import SOURCE_DIGEST, Customer
from privacy.append_only import append_only
from privacy.declarations import Delete
from privacy.fields import LookupHashField, SealedSecretField, SealedTextField

LONDON = ZoneInfo("Europe/London")
TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr"}


class Draws(models.QuerySet["PrizeDraw"]):
    def published(self) -> Self:
        """The draws that the public sees."""
        return self.filter(published_at__isnull=False)

    def with_state(self) -> Self:
        """With what `state` asks, in the same query: `drawn`, `awarded` (an entry won), `held`
        (entries held)."""
        entries = PrizeEntry.objects.filter(draw=OuterRef("pk"))
        counted = entries.order_by().values("draw").annotate(number=Count("pk")).values("number")
        return self.annotate(
            drawn=Exists(DrawEvidence.objects.filter(draw=OuterRef("pk"))),
            awarded=Exists(entries.filter(awarded_on__isnull=False)),
            held=models.functions.Coalesce(models.Subquery(counted), 0),
        )

    def waiting(self, today: datetime.date) -> Self:
        """The draws that closed and wait for somebody to draw them: entries are held, and nobody
        has won."""
        return self.with_state().filter(closes_on__lt=today, drawn=False, awarded=False, held__gt=0)


class PrizeDraw(models.Model):
    """One prize draw. Once published the database refuses every change of what the public was told.

    The seed leaves this table when the draw is made: from then on it is public, in the evidence.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Not published"
        COMING = "coming", "Coming"
        OPEN = "open", "Open"
        TO_DRAW = "to_draw", "Closed: to draw"
        DRAWN = "drawn", "Drawn"
        ELSEWHERE = "elsewhere", "Drawn elsewhere"
        EMPTY = "empty", "Closed: no entries held"

    code = models.SlugField(
        max_length=40,
        unique=True,
        help_text="Its address on the site, and its name in import files.",
    )
    name = models.CharField(max_length=120)
    opens_on = models.DateField(help_text="The first day on which it can be entered.")
    closes_on = models.DateField(
        help_text="The last day on which it can be entered, until midnight in London."
    )
    prize = models.TextField(blank=True, help_text="What there is to win, in a few lines.")
    terms = models.TextField(
        blank=True,
        help_text="The rules: who may enter, how winners are told, what they must do "
        "by when. The site adds the dates, one entry each, the fair draw and the winners' names.",
    )
    promoter = models.CharField(
        max_length=200, blank=True, help_text="Who runs it: name and address."
    )
    winner_count = models.PositiveSmallIntegerField(
        "number of winners", default=1, validators=[MinValueValidator(1)]
    )
    commitment = models.CharField(max_length=64, editable=False)
    seed = SealedSecretField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)

    objects = Draws.as_manager()

    # what `with_state` adds
    drawn: bool
    awarded: bool
    held: int

    class Meta:
        ordering = ["-closes_on", "-pk"]
        indexes = [models.Index(fields=["closes_on"], name="prizedraw_closes")]
        constraints = [
            models.CheckConstraint(
                name="prizedraw_closes_after_opening", condition=Q(closes_on__gte=F("opens_on"))
            ),
            models.CheckConstraint(name="prizedraw_has_winners", condition=Q(winner_count__gte=1)),
            models.CheckConstraint(
                name="prizedraw_is_committed", condition=Q(commitment__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="prizedraw_published_whole",
                condition=Q(published_at__isnull=True)
                | ~(Q(prize="") | Q(terms="") | Q(promoter="")),
            ),
        ]
        default_permissions = ("view", "add", "change")
        triggers = [
            pgtrigger.Trigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                IF (NEW.code, NEW.commitment) IS DISTINCT FROM (OLD.code, OLD.commitment) THEN
                    RAISE EXCEPTION 'a draw keeps its code and its commitment' USING ERRCODE = 'restrict_violation';
                END IF;
                IF (OLD.published_at IS NOT NULL
                    OR EXISTS (SELECT FROM draws_drawevidence e WHERE e.draw_id = OLD.id)) AND
                    (NEW.name, NEW.opens_on, NEW.closes_on, NEW.prize, NEW.terms, NEW.promoter, NEW.winner_count)
                    IS DISTINCT FROM
                    (OLD.name, OLD.opens_on, OLD.closes_on, OLD.prize, OLD.terms, OLD.promoter, OLD.winner_count)
                THEN RAISE EXCEPTION 'a published draw does not change' USING ERRCODE = 'restrict_violation'; END IF;
                IF OLD.published_at IS NOT NULL AND NEW.published_at IS DISTINCT FROM OLD.published_at AND
                    (NEW.published_at IS NOT NULL
                     OR EXISTS (SELECT FROM draws_prizeentry e WHERE e.draw_id = OLD.id))
                THEN RAISE EXCEPTION 'a draw with entries stays published' USING ERRCODE = 'restrict_violation'; END IF;
                RETURN NEW;
            """,
            )
        ]

    class NotPersonal:
        reason = (
            "What the public is told of a draw, and a secret of ours; its entries are the "
            "personal part."
        )

    def __str__(self) -> str:
        return self.name

    def state(self, today: datetime.date) -> State:
        """Where it stands on a London day. Asks for `with_state`'s annotations."""
        if self.drawn:
            return self.State.DRAWN
        if today > self.closes_on:
            if self.awarded:
                return self.State.ELSEWHERE
            return self.State.TO_DRAW if self.held else self.State.EMPTY
        if self.published_at is None:
            return self.State.DRAFT
        return self.State.COMING if today < self.opens_on else self.State.OPEN

    @property
    def missing(self) -> list[str]:
        """What must be written before it can be published."""
        return [name for name in ("prize", "terms", "promoter") if not getattr(self, name).strip()]


class PrizeEntry(models.Model):
    """One entry in a draw: name, address, customer number and email, as the notice says; by a
    customer or anyone.

    The database refuses one that was received outside the days of its draw, or that comes after the
    draw was made.
    """

    draw = models.ForeignKey(PrizeDraw, models.PROTECT, related_name="entries")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="prize_entries")
    ticket = models.UUIDField(
        unique=True,
        default=uuid.uuid4,
        db_default=RandomUUID(),
        editable=False,
        help_text="Random; the entrant is told it, and winners are known by it.",
    )
    name = SealedTextField()
    address = SealedTextField()
    email = SealedTextField()
    email_lookup = LookupHashField(kind="contact_point", value_of="email_key")
    person_lookup = LookupHashField(kind="prize_entrant", value_of="person_key")
    customer_number = SealedTextField(null=True)
    entered_on = models.DateField()
    received_at = models.DateTimeField(
        null=True, help_text="When the site received it; empty when it came in a file."
    )
    no_publicity = models.BooleanField(
        default=False, db_default=False, help_text="Asked us not to name them if they win."
    )
    awarded_on = models.DateField(
        null=True, help_text="The day on which it won; empty for the others."
    )
    source_digest = models.UUIDField(null=True, editable=False)

    class Meta:
        ordering = ["-entered_on"]
        verbose_name_plural = "prize entries"
        default_permissions = ("view", "change")
        indexes = [
            models.Index(
                fields=["awarded_on", "id"],
                name="prizeentry_awarded",
                condition=Q(awarded_on__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["draw", "email_lookup"], name="prizeentry_once"),
            models.UniqueConstraint(
                fields=["draw", "person_lookup"], name="prizeentry_once_by_address"
            ),
            models.UniqueConstraint(
                fields=["draw", "customer"], name="prizeentry_once_by_customer"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="in_time",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("draw", "record")],
                func="""
                    -- Whoever draws holds this row alone, so an entry is either in the list or refused here.
                    SELECT opens_on, closes_on INTO draw FROM draws_prizedraw WHERE id = NEW.draw_id FOR KEY SHARE;
                    IF EXISTS (SELECT FROM draws_drawevidence e WHERE e.draw_id = NEW.draw_id) THEN
                        RAISE EXCEPTION 'the draw has been made' USING ERRCODE = 'restrict_violation';
                    END IF;
                    IF (NEW.received_at AT TIME ZONE 'Europe/London')::date NOT BETWEEN draw.opens_on AND draw.closes_on THEN
                        RAISE EXCEPTION 'received outside the days of the draw' USING ERRCODE = 'restrict_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.ReadOnly(name="ticket_stays", fields=["draw", "ticket"]),
        ]

    class PersonalData:
        category = "prize_entry"
        title = "Prize draw entries"
        subject = "customer"
        clocks = {"draw_closed": "draw__closes_on", "award": "awarded_on"}
        conditions = {"won": Q(awarded_on__isnull=False)}
        erase = Delete()
        export = {
            "name": "Name",
            "address": "Address",
            "email": "Email",
            "customer_number": "Customer number",
            "draw": "Prize draw",
            "ticket": "Ticket number",
            "entered_on": "Entered on",
            "received_at": "Received at",
            "no_publicity": "Not to be named",
            "awarded_on": "Won on",
        }
        own = ("name", "address", "email", "customer_number")
        words = {"draw": "draw__name"}
        portable = ("name", "address", "email", "draw", "entered_on", "no_publicity")
        withhold = {
            "email_lookup": "A keyed hash that keeps entries to one each.",
            "person_lookup": "A keyed hash that keeps entries to one each.",
            "source_digest": SOURCE_DIGEST,
        }
        internal = ("id", "customer")

    def __str__(self) -> str:
        return f"Prize entry {self.pk}"

    @property
    def surname(self) -> str:
        """The last word of the name."""
        return str(self.name).split()[-1]

    @property
    def town(self) -> str:
        """The line before the postcode; empty where the address has no more than two."""
        lines = [line.strip(" ,") for line in self.address.splitlines() if line.strip(" ,")]
        return lines[-2] if len(lines) > 2 else ""

    def email_key(self) -> str:
        return f"email:{normalise.email(self.email)}"

    def person_key(self) -> str | None:
        """Name, postcode and premises for comparing; None for an address that has none."""
        return entrant_key(self.name, self.address)


def entrant_key(name: str, address: str) -> str | None:
    """One person at one address: the name without its title, and the key of the address (lines, the
    postcode last)."""
    words = normalise.fold(name).split()
    words = words[1:] if len(words) > 1 and words[0] in TITLES else words
    try:
        return f"{' '.join(words)}|{normalise.address_key(address)}" if words else None
    except ValueError:
        return None


class DrawEvidence(models.Model):
    """That a draw was made, by which seed, from which tickets, and which of them won. Nobody can
    change it.

    Kept for ever: when the entries are erased, nothing leads from a ticket to a person any more.
    """

    draw = models.OneToOneField(PrizeDraw, models.PROTECT, related_name="evidence")
    at = models.DateTimeField()
    by = models.CharField(max_length=80, help_text="staff:ID or job:NAME")
    algorithm = models.CharField(max_length=20)
    commitment = models.CharField(max_length=64)
    seed = models.CharField(max_length=64)
    entries = models.PositiveIntegerField()
    entries_digest = models.CharField(
        max_length=64, help_text="SHA-256 of the sorted ticket numbers."
    )
    tickets = ArrayField(models.UUIDField(), help_text="Every ticket that was drawn from, sorted.")
    winners = ArrayField(models.UUIDField())
    reserve_count = models.PositiveSmallIntegerField(
        help_text="How many reserves were to be drawn, where there were so many entries."
    )
    reserves = ArrayField(models.UUIDField())

    class Meta:
        verbose_name_plural = "draw evidence"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="drawevidence_is_whole", condition=Q(tickets__len=F("entries"))
            )
        ]
        triggers = append_only()

    class NotPersonal:
        reason = (
            "Random ticket numbers, a seed and digests: only an entry, while it is held, "
            "says whose a ticket is."
        )

    def __str__(self) -> str:
        return f"Evidence of draw {self.draw_id}"


class PrizePass(models.Model):
    """That a winner did not answer, and the prize went on to a reserve."""

    evidence = models.ForeignKey(DrawEvidence, models.PROTECT, related_name="passes")
    ticket = models.UUIDField(unique=True, help_text="Whose prize it was.")
    reserve = models.UUIDField(unique=True, help_text="Whose it is now.")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        triggers = append_only()

    class NotPersonal:
        reason = "Random ticket numbers: only an entry, while it is held, says whose a ticket is."

    def __str__(self) -> str:
        return f"Prize passed on in draw {self.evidence_id}"
