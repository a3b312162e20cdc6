"""The environment of every test run, set before Django reads its settings (see `-p` in
pyproject.toml)."""

import os

os.environ.update(
    SECRET_KEY="tests only, never a real secret",
    PRIVACY_KEYS="test1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    SUPPRESSION_KEYS="stop1:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8",
    FEED_KEYS="feed1:QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    HTTPS="False",
    STATIC_MANIFEST="False",
    LOG_LEVEL="ERROR",
    CONN_MAX_AGE="0",  # a thread of the live server takes its connection with it
    DJANGO_ALLOW_ASYNC_UNSAFE="true",  # playwright's loop runs in the thread of the tests
)
os.environ.setdefault("EMBEDDED_CLUSTER", "test")
