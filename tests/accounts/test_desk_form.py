"""A form, its action, what is said of it: one way for every page of the desk."""

import ast

import pytest
from django import forms
from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse

from accounts import desk_form
from audit.actions import AlreadyDone, Refused

ROOMS = ("accounts", "compliance", "customers")
# One list of ticked letters is posted letter by letter, and says how many: no single action.
MANY_AT_ONCE = {"customers/outbox/desk_views.py"}


class WordForm(forms.Form):
    word = forms.CharField()


@pytest.fixture
def request_(rf):
    request = rf.post("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


def raising(fault):
    def action(*given):
        raise fault

    return action


def said(request):
    return [(message.level_tag, str(message)) for message in get_messages(request)]


class TestAForm:
    def perform(self, request, action, *, data=None, **rest):
        self.form = WordForm({"word": "typed"} if data is None else data)
        return desk_form.perform(
            request, self.form, action, "/back/", lambda: HttpResponse("the page"), **rest
        )

    def test_done_leads_back_and_is_said(self, request_):
        response = self.perform(request_, lambda given: f"Done: {given['word']}.")
        assert (response.status_code, response["Location"]) == (303, "/back/")
        assert said(request_) == [("success", "Done: typed.")]

    def test_done_already_leads_back_too(self, request_):
        response = self.perform(request_, raising(AlreadyDone("A colleague was quicker.")))
        assert response["Location"] == "/back/"
        assert said(request_) == [("info", "A colleague was quicker.")]

    @pytest.mark.parametrize(("at", "field"), [(None, "__all__"), ("word", "word")])
    def test_a_refusal_is_an_error_of_the_form(self, request_, at, field):
        response = self.perform(request_, raising(Refused("Not today.")), at=at)
        assert response.content == b"the page"
        assert self.form.errors == {field: ["Not today."]}
        assert self.form["word"].value() == "typed"
        assert said(request_) == []

    def test_what_is_not_valid_does_nothing(self, request_):
        response = self.perform(request_, raising(AssertionError), data={})
        assert response.content == b"the page"

    def test_an_address_known_only_afterwards(self, request_):
        made = []
        response = desk_form.perform(
            request_,
            WordForm({"word": "x"}),
            lambda given: made.append(7) or "Made.",
            lambda: f"/{made[0]}/",
            HttpResponse,
        )
        assert response["Location"] == "/7/"


class TestAButton:
    @pytest.mark.parametrize(
        ("action", "expected"),
        [
            (lambda: "Done.", ("success", "Done.")),
            (raising(AlreadyDone("It is so.")), ("info", "It is so.")),
            (raising(Refused("Not today.")), ("error", "Not today.")),
        ],
    )
    def test_it_leads_back_and_says_what_came_of_it(self, request_, action, expected):
        response = desk_form.press(request_, action, "/back/")
        assert (response.status_code, response["Location"]) == (303, "/back/")
        assert said(request_) == [expected]

    def test_a_refusal_may_lead_elsewhere(self, request_):
        refused = raising(Refused("Not today."))
        response = desk_form.press(request_, refused, "/list/", refused_back="/one/")
        assert response["Location"] == "/one/"


class TestAFile:
    def test_it_is_kept_by_no_cache(self, request_):
        response = desk_form.hand_out(
            request_, lambda: ("a.zip", b"PK"), "/back/", content_type="application/zip"
        )
        assert response.content == b"PK"
        assert response["Content-Disposition"] == 'attachment; filename="a.zip"'
        assert response["Cache-Control"] == "no-store, private"

    def test_a_refusal_leads_back(self, request_):
        gone = raising(Refused("It is gone."))
        response = desk_form.hand_out(request_, gone, "/back/", content_type="application/zip")
        assert response["Location"] == "/back/"
        assert said(request_) == [("error", "It is gone.")]


def test_no_page_of_the_desk_writes_it_out_itself():
    """A desk module that catches AlreadyDone should call `perform` or `press`."""
    copies = set()
    for path in (path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.py")):
        name, text = str(path.relative_to(settings.BASE_DIR)), path.read_text()
        if "admin" not in text or "AlreadyDone" not in text or name == "accounts/desk_form.py":
            continue
        copies |= {
            name
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.ExceptHandler) and node.type is not None
            for part in ast.walk(node.type)
            if isinstance(part, ast.Name) and part.id == "AlreadyDone"
        }
    assert copies <= MANY_AT_ONCE
