"""May this message go? Every channel, sender and state, with the law beside it: a table to be read
by a lawyer.

The states are made through the doors that people use. One line is one state; the columns are the
six channels, first for our own marketing, then for a partner's. The letters are the reasons, each
with its law in LETTERS.
"""

import datetime

import pytest

from compliance.preferences import actions, contact_digests, rules
from compliance.preferences.channels import CHANNELS
from compliance.preferences.may_contact import may_contact
from compliance.preferences.models import ListedContact, PreferenceServiceFile
from compliance.preferences.vocabulary import ChoiceKind
from tests.factories import ContactPointFactory, CustomerFactory
from tests.outcomes.effects import restrict
from tests.preferences.conftest import NOON

pytestmark = pytest.mark.django_db
ASKED = NOON + datetime.timedelta(days=40)
FIRST, SECOND = NOON + datetime.timedelta(days=10), NOON + datetime.timedelta(days=20)
PARTNER, ALL = "example-partner", list(CHANNELS)

LETTERS = {
    "C": (True, "consent", "UK GDPR Article 7; PECR regulation 22(2)"),
    "S": (True, "soft_opt_in", "PECR regulation 22(3)"),
    "i": (True, "legitimate_interests", "UK GDPR Articles 6(1)(f) and 21"),
    "s": (True, "service_message", "PECR regulation 22; UK GDPR Article 6(1)(b)-(c)"),
    "X": (False, "objected", "UK GDPR Article 21(3); PECR regulations 21 and 22"),
    "n": (False, "no_consent", "PECR regulations 19 and 22; UK GDPR Article 7(1)"),
    "T": (False, "tps", "PECR regulation 21(1)(b) and (4)"),
    "M": (False, "mps", "CAP Code; an industry scheme"),
    "o": (False, "list_too_old", "PECR regulation 21(3)"),
    "R": (False, "restricted", "UK GDPR Article 18(2)"),
    "-": (False, "no_contact_point", ""),
    "E": (False, "erased", "UK GDPR Article 17"),
}

# A stands for a recorded telephone call (automated), O for online advertising and profiling.
TABLE = """
                                                      ours          a partner's
state                                            e s p l A O       e s p l A O
-------------------------------------------------------------------------------
no history                                       n n i i n i       n n i i n n
an objection to us                               X X X X X X       n n i i n n
an objection to all third parties                n n i i n i       X X X X X X
an objection to this partner                     n n i i n i       X X X X X X
a consent withdrawn                              X X X X X X       X X X X X X
a consent to us                                  C C C C C C       n n i i n n
a consent to this partner                        n n i i n i       C C C C C C
consents to both                                 C C C C C C       C C C C C C
consents without their words                     n n i i n i       n n i i n n
consents to words that name nobody               n n i i n i       n n i i n n
consents with a box ticked beforehand            n n i i n i       n n i i n n
consents without the page                        n n i i n i       n n i i n n
consents without where they came from            n n i i n i       n n i i n n
consents without a notice in force               n n i i n i       n n i i n n
consents, then objections                        X X X X X X       X X X X X X
objections, then consents                        C C C C C C       C C C C C C
objections and consents at the same moment       X X X X X X       X X X X X X
objections, then consents without proof          X X X X X X       X X X X X X
objection to third parties, then consents        C C C C C C       C C C C C C
consents that have run out                       n n i i n i       n n i i n n
objections, then consents that have run out      X X X X X X       X X X X X X
consents that end on the very moment             n n i i n i       n n i i n n
consents, renewed until later                    C C C C C C       C C C C C C
soft opt-in                                      S S i i n i       n n i i n n
soft opt-in without the words                    n n i i n i       n n i i n n
soft opt-in, then objections                     X X X X X X       X X X X X X
objections, then soft opt-in                     X X X X X X       X X X X X X
a box to object left empty                       n n i i n i       n n i i n n
objections, then a box left empty                X X X X X X       X X X X X X
on the TPS                                       n n i T n i       n n i T n n
on the corporate TPS                             n n i T n i       n n i T n n
on the TPS, then consents                        C C C C C C       C C C C C C
TPS list 28 days old                             n n i i n i       n n i i n n
TPS list 29 days old                             n n i o n i       n n i o n n
TPS list 29 days old, with consents              C C C C C C       C C C C C C
on the MPS                                       n n i i n i       n n M i n n
MPS list 29 days old                             n n i i n i       n n o i n n
restricted for now                               n n R R n R       n n R R n n
restricted for now, with consents                R R R R R R       R R R R R R
restricted for now, with objections              X X X X X X       X X X X X X
a restriction that was lifted                    n n i i n i       n n i i n n
no contact point                                 - - - - - -       - - - - - -
only an email address                            n - - - - i       n - - - - n
only a telephone number                          - n - i n i       - n - i n n
an address of former days                        - - - - - -       - - - - - -
erased                                           E E E E E E       E E E E E E
objections, service message                      s s s s s s       s s s s s s
erased, service message                          s s s s s s       s s s s s s
bare contact                                     n n i i n i       n n i i n n
bare contact, objections                         X X X X X X       X X X X X X
bare contact of a customer who objected          X X X X X X       X X X X X X
bare contact of a customer who agreed            C C C C C C       C C C C C C
bare contact of a customer who is restricted     n n R R n R       n n R R n n
bare contact on the MPS                          n n M i n i       n n M i n n
bare contact on the TPS                          n n i T n i       n n i T n n
before the objections                            n n i i n i       n n i i n n
before the consents                              n n i i n i       n n i i n n
"""
ROWS = {line[:48].strip(): line[48:].split() for line in TABLE.splitlines()[4:] if line.strip()}

EMAIL, PHONE = contact_digests.email("ada@example.org"), contact_digests.phone("+447700900123")
HOME = contact_digests.address("Lovelace", "1 Mill Lane\nBradford\nBD1 1AA")
OF = {"email": EMAIL, "phone": PHONE, "address": HOME}
BOTH = ("us", PARTNER)


class World:
    """Ada with an email address, a number and a home; a partner; and lists of the preference
    services that are young."""

    def __init__(self, points=("email", "phone", "address")):
        self.ada = CustomerFactory(customer_number="A100", given_names="Ada", surname="Lovelace")
        for kind in points:
            ContactPointFactory(customer=self.ada, kind=kind, value=OF[kind].value)
        self.files = {service: self.file(service, 2) for service in ("tps", "ctps", "mps")}

    def file(self, service, days):
        return PreferenceServiceFile.objects.create(
            service=service,
            dated_on=(ASKED - datetime.timedelta(days=days)).date(),
            loaded_at=ASKED,
            by="job:test",
            lines=1,
            digest="0" * 64,
        )

    def old(self, service, days):
        PreferenceServiceFile.objects.filter(service=service).delete()
        self.file(service, days)

    def lists(self, service, one):
        ListedContact.objects.create(file=self.files[service], digest=contact_digests.digest(one))

    def stops(
        self,
        senders=("us", "third_parties"),
        at=FIRST,
        kind=ChoiceKind.OBJECTION,
        who=True,
        given=(),
    ):
        actions.object_to(
            channels=ALL,
            senders=senders,
            source="letter",
            by="staff:1",
            now=at,
            kind=kind,
            customer=self.ada if who else None,
            given=given,
        )

    def says_yes(self, consented, senders=BOTH, at=FIRST, **how):
        for sender in senders:
            for channel in ALL:
                if how.get("kind") == ChoiceKind.SOFT_OPT_IN and sender != "us":
                    continue
                for kind in CHANNELS[channel].uses:
                    consented(self.ada, channel=channel, sender=sender, at=at, to=OF[kind], **how)


def no_history(w, yes): ...
def an_objection_to_us(w, yes):
    w.stops(["us"])


def an_objection_to_all_third_parties(w, yes):
    w.stops(["third_parties"])


def an_objection_to_this_partner(w, yes):
    w.stops([PARTNER])


def a_consent_withdrawn(w, yes):
    w.says_yes(yes), w.stops(["us", PARTNER], SECOND, ChoiceKind.WITHDRAWAL)


def a_consent_to_us(w, yes):
    w.says_yes(yes, ["us"])


def a_consent_to_this_partner(w, yes):
    w.says_yes(yes, [PARTNER])


def consents_to_both(w, yes):
    w.says_yes(yes)


def consents_without_their_words(w, yes):
    w.says_yes(yes, without="wording")


def consents_to_words_that_name_nobody(w, yes):
    w.says_yes(yes, named=["somebody-else"])


def consents_with_a_box_ticked_beforehand(w, yes):
    w.says_yes(yes, unticked=False)


def consents_without_the_page(w, yes):
    w.says_yes(yes, without="page")


def consents_without_where_they_came_from(w, yes):
    w.says_yes(yes, without="origin")


def consents_without_a_notice_in_force(w, yes):
    w.says_yes(yes, without="notice")


def consents_then_objections(w, yes):
    w.says_yes(yes), w.stops(at=SECOND)


def objections_then_consents(w, yes):
    w.stops(), w.says_yes(yes, at=SECOND)


def objections_and_consents_at_the_same_moment(w, yes):
    w.says_yes(yes), w.stops()


def objections_then_consents_without_proof(w, yes):
    w.stops(), w.says_yes(yes, at=SECOND, without="origin")


def objection_to_third_parties_then_consents(w, yes):
    w.stops(["third_parties"]), w.says_yes(yes, at=SECOND)


def consents_that_have_run_out(w, yes):
    w.says_yes(yes, expires_at=SECOND)


def objections_then_consents_that_have_run_out(w, yes):
    w.stops()
    w.says_yes(yes, at=SECOND, expires_at=ASKED - datetime.timedelta(days=1))


def consents_that_end_on_the_very_moment(w, yes):
    w.says_yes(yes, expires_at=ASKED)


def consents_renewed_until_later(w, yes):
    w.says_yes(yes, expires_at=SECOND), w.says_yes(yes, at=SECOND)


def soft_opt_in(w, yes):
    w.says_yes(yes, kind=ChoiceKind.SOFT_OPT_IN, without="origin")


def soft_opt_in_without_the_words(w, yes):
    w.says_yes(yes, kind=ChoiceKind.SOFT_OPT_IN, without="wording")


def soft_opt_in_then_objections(w, yes):
    w.says_yes(yes, kind=ChoiceKind.SOFT_OPT_IN), w.stops(at=SECOND)


def objections_then_soft_opt_in(w, yes):
    w.stops(), w.says_yes(yes, at=SECOND, kind=ChoiceKind.SOFT_OPT_IN)


def a_box_to_object_left_empty(w, yes):
    w.says_yes(yes, kind=ChoiceKind.NOT_OBJECTED)


def objections_then_a_box_left_empty(w, yes):
    w.stops(), w.says_yes(yes, at=SECOND, kind=ChoiceKind.NOT_OBJECTED)


def on_the_tps(w, yes):
    w.lists("tps", PHONE)


def on_the_corporate_tps(w, yes):
    w.lists("ctps", PHONE)


def on_the_tps_then_consents(w, yes):
    w.lists("tps", PHONE), w.says_yes(yes)


def tps_list_28_days_old(w, yes):
    w.old("tps", 28)


def tps_list_29_days_old(w, yes):
    w.old("tps", 29)


def tps_list_29_days_old_with_consents(w, yes):
    w.old("tps", 29), w.says_yes(yes)


def on_the_mps(w, yes):
    w.lists("mps", HOME)


def mps_list_29_days_old(w, yes):
    w.old("mps", 29)


def restricted_for_now(w, yes):
    restrict(w.ada)


def restricted_for_now_with_consents(w, yes):
    restrict(w.ada), w.says_yes(yes)


def restricted_for_now_with_objections(w, yes):
    restrict(w.ada), w.stops()


def a_restriction_that_was_lifted(w, yes):
    restrict(w.ada, lifted_on=SECOND.date(), lifted_by="staff:1", mistaken=True)


def no_contact_point(w, yes):
    w.ada.contact_points.all().delete()


def only_an_email_address(w, yes):
    w.ada.contact_points.exclude(kind="email").delete()


def only_a_telephone_number(w, yes):
    w.ada.contact_points.exclude(kind="phone").delete()


def an_address_of_former_days(w, yes):
    w.ada.contact_points.update(valid_to=NOON.date())


def erased(w, yes):
    type(w.ada).objects.filter(pk=w.ada.pk).update(
        erased_at=FIRST,
        customer_number=None,
        title=None,
        given_names=None,
        surname=None,
        surname_lookup=None,
        date_of_birth=None,
    )
    w.ada.refresh_from_db()


def bare_contact(w, yes):
    w.ada.contact_points.all().delete()


def bare_contact_objections(w, yes):
    w.stops(who=False, given=list(OF.values()))


def bare_contact_of_a_customer_who_objected(w, yes):
    w.stops()


def bare_contact_of_a_customer_who_agreed(w, yes):
    w.says_yes(yes)


def bare_contact_of_a_customer_who_is_restricted(w, yes):
    restrict(w.ada)


def bare_contact_on_the_mps(w, yes):
    w.lists("mps", HOME)


def bare_contact_on_the_tps(w, yes):
    w.lists("tps", PHONE)


DOES = {name: name for name in ROWS} | {
    "objections, service message": "objections_to_us_and_others",
    "erased, service message": "erased",
    "before the objections": "objections_to_us_and_others",
    "before the consents": "consents_to_both",
}


def objections_to_us_and_others(w, yes):
    w.stops()


def asked_about(state, world, channel, sender):
    """The answer for one cell of the table."""
    purpose = "service" if "service message" in state else "marketing"
    at = FIRST - datetime.timedelta(seconds=1) if state.startswith("before") else ASKED
    if state.startswith("before"):  # the lists of then are not on record any more
        for service in ("tps", "mps", "ctps"):
            world.old(service, 30)
    if not state.startswith("bare contact"):
        return may_contact(world.ada, channel, sender, purpose, at)
    return may_contact(OF[CHANNELS[channel].kind], channel, sender, purpose, at)


@pytest.mark.parametrize("state", ROWS)
def test_the_table(state, partner, consented):
    world = World()
    globals()[DOES[state].replace(",", "").replace(" ", "_").replace("-", "_").lower()](
        world, consented
    )
    for letter, (sender, channel) in zip(
        ROWS[state], [(s, c) for s in BOTH for c in ALL], strict=True
    ):
        verdict = asked_about(state, world, channel, sender)
        assert (verdict.allowed, verdict.reason, verdict.law) == LETTERS[letter], (
            f"{channel} from {sender}"
        )


def test_the_table_tells_every_reason():
    said = {letter for row in ROWS.values() for letter in row}
    assert said == set(LETTERS)
    known = {one.reason for one in vars(rules).values() if isinstance(one, rules.Verdict)}
    assert known == {reason for _, reason, _ in LETTERS.values()}


def test_no_reason_is_without_words():
    verdicts = [one for one in vars(rules).values() if isinstance(one, rules.Verdict)]
    assert all(len(one.words) > 25 and one.words.endswith(".") for one in verdicts)


@pytest.mark.parametrize(
    "question",
    [
        ("fax", "us", "marketing"),
        ("email", "us", "newsletter"),
        ("email", "third_parties", "marketing"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(question):
    with pytest.raises(ValueError, match="ask about one channel"):
        may_contact(EMAIL, *question, ASKED)
