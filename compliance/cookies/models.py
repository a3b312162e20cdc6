"""Which cookies there are, what visitors were told about them, and what each visitor chose."""

import uuid

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from compliance.cookies import portal_cookies
from compliance.cookies.groups import GROUPS, NECESSARY, groups_in_words
from compliance.register.models import RETIRED, NotRetired
from customers.models import Customer
from privacy.append_only import append_only
from privacy.declarations import Delete


@pghistory.track()
class Cookie(models.Model):
    """One cookie, as the data protection lead describes it to visitors. The history of each row is
    kept."""

    class Place(models.TextChoices):
        PORTAL = "portal", "These pages"
        SHOP = "shop", "The shop’s website"

    class Kind(models.TextChoices):
        """What regulation 6 of PECR treats like a cookie."""

        COOKIE = "cookie", "Cookie"
        STORAGE = "storage", "Web storage"
        PIXEL = "pixel", "Tracking pixel"
        LINK = "link", "Link decoration"

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(
        max_length=7,
        choices=Kind.choices,
        default=Kind.COOKIE,
        help_text="Whatever is kept on, or read from, a visitor's device is listed, not cookies alone.",
    )
    name = models.CharField(
        max_length=80, help_text="As a browser lists it. Similar ones with a star: _ab_*"
    )
    group = models.CharField(max_length=12, choices=[(group.code, group.name) for group in GROUPS])
    purpose = models.TextField(help_text="What it is for, to a visitor in plain words.")
    life = models.CharField(
        max_length=80, help_text="How long it stays: “13 months”, “Until the browser is closed”."
    )
    company = models.CharField(
        max_length=80, blank=True, help_text="The other company that sets or reads it. Empty: we."
    )
    policy = models.URLField(
        "cookie policy", blank=True, help_text="Where that company explains it."
    )
    opt_out = models.URLField(
        "opt-out", blank=True, help_text="Where a visitor can say no to that company itself."
    )
    place = models.CharField("set by", max_length=6, choices=Place.choices, default=Place.SHOP)
    position = models.PositiveSmallIntegerField(default=100, help_text="Order within its group.")
    retired_on = models.DateField(null=True, blank=True, help_text=RETIRED)

    objects = NotRetired.as_manager()

    class Meta:
        ordering = ["position", "code"]
        default_permissions = ("view", "add", "change")
        constraints = [
            models.CheckConstraint(
                name="cookie_company_explains_it", condition=Q(company="") | ~Q(policy="")
            ),
            models.CheckConstraint(
                name="cookie_company_can_be_refused",
                condition=Q(company="") | Q(group=NECESSARY) | ~Q(opt_out=""),
            ),
        ]

    class NotPersonal:
        reason = "Describes kinds of cookies, not persons."

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """The name in the browser. Those of this portal are settings, whatever the row says."""
        return portal_cookies.names().get(self.code, self.name)


class CookieWording(models.Model):
    """What visitors were shown about cookies, frozen when it was published. Each choice names the
    one it answers."""

    number = models.PositiveIntegerField(unique=True)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80, help_text="staff:ID or job:NAME")
    summary = models.CharField(max_length=200, help_text="What changed, for colleagues.")
    content = models.JSONField(help_text="The banner's words, the groups and their cookies.")
    asks = ArrayField(
        models.CharField(max_length=12),
        default=list,
        help_text="The groups that a visitor can refuse.",
    )
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content.")

    class Meta:
        ordering = ["-number"]
        verbose_name = "cookie wording"
        default_permissions = ("view", "add")
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    class NotPersonal:
        reason = "Published text."

    def __str__(self) -> str:
        return f"Version {self.number}"


class CookieReceipt(models.Model):
    """One choice of one visitor: the proof of a consent or of a refusal. Only the purge can take it
    away.

    The visitor's own cookie holds the receipt's random number and nothing else leads from the
    receipt to a person, unless they had proved who they are when they chose.
    """

    class Source(models.TextChoices):
        BANNER = "banner", "Banner"
        PAGE = "page", "Choices page"

    receipt = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    wording = models.ForeignKey(CookieWording, models.PROTECT, related_name="receipts")
    accepted = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    refused = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    source = models.CharField(max_length=6, choices=Source.choices)
    gpc = models.BooleanField(
        "Global Privacy Control",
        default=False,
        help_text="The browser asked that data be neither sold nor shared: advertising stayed off.",
    )
    at = models.DateTimeField()
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, related_name="cookie_receipts"
    )

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["at", "id"], name="cookiereceipt_at")]
        constraints = [
            models.CheckConstraint(
                name="cookiereceipt_one_answer_a_group",
                condition=~Q(accepted__overlap=models.F("refused")),
            ),
            models.CheckConstraint(
                name="cookiereceipt_gpc_refuses_advertising",
                condition=Q(gpc=False) | ~Q(accepted__contains=["advertising"]),
            ),
        ]
        triggers = append_only()

    class PersonalData:
        category = "cookie_choice"
        title = "Cookie choices"
        subject = "customer"
        clocks = {"chosen": "at"}
        erase = Delete()
        export = {
            "receipt": "Receipt",
            "wording": "Version of the words you were shown",
            "accepted": "Accepted",
            "refused": "Refused",
            "source": "Where",
            "gpc": "Your browser asked us not to share",
            "at": "When",
        }
        words = {
            "wording": "wording__number",
            "accepted": groups_in_words,
            "refused": groups_in_words,
        }
        internal = ("id", "customer")

    def __str__(self) -> str:
        return f"Receipt {self.receipt}"


class PageVisits(models.Model):
    """How often one page was opened on one day, counted from the web server's log. No visitor is in
    it."""

    day = models.DateField(help_text="A London day.")
    page = models.CharField(
        max_length=80, help_text="The name of the page's address, without what it shows."
    )
    count = models.PositiveIntegerField()

    class Meta:
        ordering = ["-day", "page"]
        verbose_name_plural = "most visited pages"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["day", "page"], name="pagevisits_once")]

    class NotPersonal:
        reason = "Counts of opened pages, without a trace of who opened them."

    def __str__(self) -> str:
        return f"{self.page} on {self.day}"


class LogPlace(models.Model):
    """How far one log was read. A log is known by digests of its first line and of the last one
    read, in which the visitor's address is left out, so a renamed, rotated or compressed one is
    still the same."""

    first_line = models.UUIDField()
    last_line = models.UUIDField()
    offset = models.PositiveBigIntegerField(help_text="Bytes read, uncompressed.")
    read_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["first_line", "offset", "last_line"], name="logplace_once"
            )
        ]

    class NotPersonal:
        reason = "Digests of log lines without addresses, and how many bytes were read."

    def __str__(self) -> str:
        return f"log place {self.pk}"
