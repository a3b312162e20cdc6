"""Lists for other organisations: what may be passed on by the plain list of objections."""

import pytest
from django.core.management import CommandError, call_command

from compliance.disclosures.models import Disclosure
from compliance.preferences.models import Screening

pytestmark = pytest.mark.django_db


class TestTheirLists:
    """A list for a partner is never screened by the plain list of objections where consent is
    needed."""

    def screen(self, folder, channel, text):
        path = folder / "list.csv"
        path.write_text(text)
        call_command(
            "screen_list",
            str(path),
            channel=channel,
            sender="example-partner",
            suppression_only=True,
        )

    @pytest.mark.parametrize("channel", ["email", "sms", "automated_call"])
    def test_consent_is_asked_where_others_need_it(self, channel, tmp_path, partner):
        with pytest.raises(CommandError, match="need consent") as refused:
            self.screen(tmp_path, channel, "email,phone\nada@example.org,07700900123\n")
        assert refused.value.returncode == 2
        assert (Screening.objects.count(), Disclosure.objects.count()) == (0, 0)

    def test_post_may_go_by_the_list_of_objections(self, tmp_path, partner):
        self.screen(tmp_path, "post", "surname,address1,postcode\nLovelace,1 Mill Lane,BD1 1AA\n")
        assert Screening.objects.get().allowed == 1
