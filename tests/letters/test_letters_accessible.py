"""Every kind of letter, for every kind of request in which it is written, checked by a stranger."""

import io

import pikepdf
import pytest
from django.core.management import call_command

from compliance.cases.models import Letter
from compliance.letters import preview, versions
from compliance.letters.wording import frame
from tests.accessible import faults_of
from tests.letters.letters import NEXT

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.mark.parametrize("letter", list(Letter))
def test_no_letter_lacks_anything(letter):
    call_command("load_register", verbosity=0)
    texts = versions.texts_in_use(letter)
    for kind in preview.kinds_of(letter):
        document = preview.document(frame(letter), texts, kind, now=NEXT)
        assert faults_of(document) == [], kind


def test_the_stranger_sees_what_is_lacking():
    with pikepdf.new() as pdf, io.BytesIO() as file:
        pdf.add_blank_page()
        pdf.save(file)
        assert len(faults_of(file.getvalue())) > 1
