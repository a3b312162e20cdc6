"""Bodies and addresses that no browser of ours sends are answered plainly: below 500, everywhere."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from compliance.preferences import one_click
from compliance.preferences.models import Suppression
from tests.portal.asking import make_ada

ODD = ["utf-16", "utf-7", "utf-32", "cp037", "idna", "rot13", "ISO-8859-1"]
FORM = "application/x-www-form-urlencoded"


def answers(client, address, charset):
    client.cookies["csrf"] = client.cookies["__Host-csrf"] = "a" * 32
    body = b"a=\xff\xfe&words=x"
    return client.generic("POST", address, body, content_type=f"{FORM}; charset={charset}")


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ODD)
@pytest.mark.parametrize("checks", [True, False])
def test_a_body_that_cannot_be_read_is_a_400(charset, checks, lead, signed_in):
    for client in (Client(enforce_csrf_checks=checks), signed_in(lead)):
        for address in ("/your-data/complain/", "/marketing/", "/prove/", "/cookies/", "/admin/"):
            assert answers(client, address, charset).status_code in (400, 403, 405), address


@pytest.mark.django_db
def test_a_body_in_plain_letters_is_read_under_any_of_their_names():
    for charset in ("utf-8", "UTF8", "us-ascii"):
        answer = answers(Client(), "/your-data/complain/", charset)
        assert answer.status_code == 200
        assert "Please check what you typed" in answer.content.decode()


@pytest.mark.django_db
def test_one_click_takes_any_body_with_and_without_the_last_slash():
    ada = make_ada()
    link = urlsplit(one_click.url(one_click.token_maker()("ada@example.org", ada.pk))).path
    for address in (link, link.rstrip("/")):
        body = b"List-Unsubscribe=One-Click"
        answer = Client().generic("POST", address, body, content_type=f"{FORM}; charset=utf-16")
        assert answer.status_code == 200
    assert Suppression.objects.filter(channel="email").exists()
