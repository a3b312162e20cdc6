"""Setting the demonstration up through the doors that an installation uses: all of it or, when
stopped, nothing."""

import csv
import datetime
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Max, Min

import customers
from accounts.models import StaffUser
from accounts.roles import Role
from audit import events
from compliance.disclosures.demo import cast, crowd, people, scenes, shopping
from compliance.retention import dormancy, engine, holds
from customers.draws import draw_actions
from customers.draws.models import PrizeDraw
from customers.importing import load
from customers.models import ContactPoint, Customer

BY = events.job("demo")
STAFF = {
    "agent": Role.CARE_AGENT,
    "lead": Role.DATA_PROTECTION_LEAD,
    "investigator": Role.FRAUD_INVESTIGATOR,
    "auditor": Role.AUDITOR,
    "operator": Role.OPERATOR,
}
SIGN_INS = settings.BASE_DIR / ".local" / "demo-sign-ins"
REAL_ORDERS = Path(customers.__file__).parent / "demo" / "online_retail_orders.csv"
Say = Callable[[str], object]


def is_set_up() -> bool:
    """Whether the demonstration stands."""
    return StaffUser.objects.filter(staff_id__in=STAFF).exists()  # it goes in as a whole


@transaction.atomic
def set_up(*, now: datetime.datetime, say: Say) -> None:
    """Everything, in an order in which each part finds what it needs. `now` is the aware time in
    local time, so that days before it are the calendar's, whenever the clocks changed."""
    today = now.date()
    call_command("load_register", confirm_defaults=True, verbosity=0)
    engine.run(as_of=today, now=now, by=BY)  # the notice rests on a purge that ran, if over nothing
    call_command("publish_notice", if_none=True, verbosity=0)
    say("The register is loaded, its rules confirmed, the first purge run, the notice published.")
    with TemporaryDirectory() as folder:
        _import("orders", REAL_ORDERS, now, preset="online-retail")
        say(
            "18,532 real orders (Online Retail, CC BY 4.0) are in, with invented people behind "
            "their 4,338 customers."
        )
        _import(
            "customers", _written(Path(folder), "crowd", list(crowd.people(_numbers(), today))), now
        )
        for kind, rows in cast.files(today).items():
            _import(kind, _written(Path(folder), kind, rows), now)
        say("Seven more customers show every panel between them.")
    _earlier_contacts(today)
    _draws(now, today)
    _holds(now)
    _staff()
    scenes.play(now)
    _close_dormant(today, say)


def _close_dormant(today: datetime.date, say: Say) -> None:
    """Most of the real customers were last heard from long ago: their relationships are over."""
    rule = dormancy.rule()
    if rule is not None:
        ended, _ = dormancy.close(rule, as_of=today, by=BY)
        say(f"{ended:,} relationships ended of which nothing was heard for long.")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # so much came in at once that nothing is planned well before


def _numbers() -> list[tuple[str, datetime.date, datetime.date]]:
    """The customers of the real orders who have no name yet, with their first and last order."""
    return list(
        Customer.objects.filter(
            surname_lookup__isnull=True, erased_at__isnull=True, orders__isnull=False
        )
        .values_list("customer_number")
        .annotate(Min("orders__placed_on"), Max("orders__placed_on"))
    )


def _written(folder: Path, name: str, rows: list[crowd.Row]) -> Path:
    path = folder / f"{name}.csv"
    with path.open("w", newline="") as file:
        columns = list(dict.fromkeys(column for row in rows for column in row))
        writer = csv.DictWriter(file, columns or ["customer_number"])
        writer.writeheader()
        writer.writerows(rows)
    return path


def _import(kind: str, path: Path, now: datetime.datetime, preset: str = "") -> None:
    outcome = load.import_file(kind, path, by=BY, now=now, preset=preset, allow_expired=True)
    if outcome.rejects:
        raise RuntimeError(f"The demonstration's {kind} were refused: {outcome.rejects.counts()}")


def _earlier_contacts(today: datetime.date) -> None:
    """Where the showcase lived and was reached before: the shop's file knows only what is in
    use."""
    ada = Customer.objects.get(customer_number=people.RICH)
    began, moved = ada.relationship_began_on or today, today - datetime.timedelta(days=1100)
    for kind, value in (
        ("email", "a.bright@example.net"),
        ("address", "2 Sparrow Close\nLeeds\nLS6 3DN"),
    ):
        ContactPoint.objects.create(
            customer=ada,
            kind=kind,
            value=value,
            valid_from=began,
            valid_to=moved,
            source=ContactPoint.Source.CUSTOMER,
        )


def _draws(now: datetime.datetime, today: datetime.date) -> None:
    """Both draws get their terms and are published as they open; the one that is over is drawn."""
    terms = (
        "Open to anyone aged 18 or over who lives in the United Kingdom, except our staff and "
        "their households.\n"
        "Winners are told by email within three working days and must answer within 14 days."
    )
    for code, prize, winners in (
        (shopping.SPRING, "A picnic hamper for four, worth £85", 2),
        (shopping.GARDEN, "A garden table with six chairs, worth £420", 1),
    ):
        draw = PrizeDraw.objects.get(code=code)
        draw.prize, draw.terms, draw.winner_count = prize, terms, winners
        draw.promoter = f"{settings.CONTROLLER['name']}, {settings.CONTROLLER['address']}"[:200]
        draw.save(update_fields=["prize", "terms", "winner_count", "promoter"])
        draw_actions.publish(draw, by=BY, now=now - (today - draw.opens_on))
        if draw.closes_on < today:
            draw_actions.run(
                draw, by=BY, now=now - (today - draw.closes_on) + datetime.timedelta(days=2)
            )


def _holds(now: datetime.datetime) -> None:
    for number, kind, reason, placed, review in (
        (
            people.HELD,
            "litigation",
            "Sutherland v. Hartwell: fire in a kitchen, kettle KET-210. File L-118.",
            120,
            -20,
        ),
        (
            "20004",
            "debt",
            "Says that the balance of A500003 is wrong. Statement being checked.",
            30,
            60,
        ),
        (people.SUSPECTED, "fraud", "Application fraud, FR-2001. The police were told.", 75, 15),
    ):
        then = now - datetime.timedelta(days=placed)
        holds.place(
            Customer.objects.get(customer_number=number),
            kind=kind,
            reason=reason,
            by=BY,
            now=then,
            review_on=now.date() + datetime.timedelta(days=review),
        )


def _staff() -> None:
    password = _password()
    for staff_id, role in STAFF.items():
        if not StaffUser.objects.filter(staff_id=staff_id).exists():
            user = StaffUser.objects.create_user(staff_id, password, role=role)
            events.staff_changed(by=BY, staff=user.pk, change="added", fields=["staff_id", "role"])


def _password() -> str:
    """The one password of the demonstration's staff, made for this machine and kept in a file of
    its owner's."""
    if not SIGN_INS.exists():
        SIGN_INS.parent.mkdir(exist_ok=True)
        with os.fdopen(os.open(SIGN_INS, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write("-".join(secrets.token_hex(2) for _ in range(4)))
    return SIGN_INS.read_text().strip()


def password() -> str:
    """The demonstration's password; when its file was lost, its staff get a new one."""
    lost = not SIGN_INS.exists()
    word = _password()
    if lost:
        for user in StaffUser.objects.filter(staff_id__in=STAFF):
            user.set_password(word)
            user.save(update_fields=["password"])
            events.staff_changed(by=BY, staff=user.pk, change="changed", fields=[])
    return word
