from django.db import migrations

# What the shipped rules say as this column comes; rules of the owner's own keep the careful default.
ERASED = (
    "card-last-payment", "card-expiry", "link-account", "link-disassociated", "prize-entry", "note-correspondence",
    "note-support-need", "message-code", "message-draw-entry", "message-draw-award", "message-sent", "proof-over",
    "disclosure-feed", "marketing-request", "mailbox-handled", "mailbox-junk", "request-identity",
)
KEPT = (
    "order-tax", "prize-winner", "choice-unmatched", "suppression-list", "preference-service-list", "cookie-choice",
    "request-case", "request-complaint", "request-file", "legal-hold-record", "audit-trail",
)


def say_what_goes(apps, schema_editor):
    rules = apps.get_model("register", "RetentionRule").objects
    rules.filter(code__in=ERASED).update(on_request="erased")
    rules.filter(code__in=KEPT).update(on_request="kept")


class Migration(migrations.Migration):

    dependencies = [("register", "0002_what_goes_on_request")]

    operations = [migrations.RunPython(say_what_goes, migrations.RunPython.noop)]
