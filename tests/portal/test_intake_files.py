"""Files that come with a request, and the same request sent twice."""

import threading
import uuid
from unittest.mock import patch

import pytest
import time_machine
from django.db import connection
from django.test import Client

from audit.models import Entry
from compliance.cases.models import Attachment, Case
from tests.portal.asking import DAY, NIGHT, PDF, references, send, text
from tests.portal.test_intake import _night, upload  # noqa: F401  fixtures among them


class TestFiles:
    def test_they_are_sealed_and_told_by_their_content(self):
        page = send("correct", documents=[upload("scan.docx"), upload("note.exe", b"plain words")])
        assert "2 files came with it" in text(page)
        assert {(one.name, one.media_type) for one in Attachment.objects.all()} == {
            ("scan.docx.pdf", "application/pdf"),
            ("note.exe.txt", "text/plain"),
        }
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM cases_attachment WHERE position(%s in content) > 0", [PDF]
            )
            assert cursor.fetchone() == (0,)

    @pytest.mark.parametrize(
        ("files", "says"),
        [
            ([upload() for _ in range(4)], "at most 3 files"),
            ([upload("big.pdf", PDF + b"x" * (10 << 20))], "larger than 10 MB"),
            ([upload("empty.txt", b"")], "is empty"),
            ([upload("photo.pdf", b"MZ\x90\x00\x03")], "is not a PDF"),
            ([upload("page.html", b"<html>\x00")], "is not a PDF"),
        ],
    )
    def test_a_bad_one_is_told_and_the_words_stay(self, files, says):
        for file in files:
            file.seek(0)
        page = text(send("correct", documents=files))
        assert says in page
        assert "2 Mill Lane" in page
        assert not Case.objects.exists()

    def test_with_another_fault_they_have_to_be_chosen_again(self):
        page = text(send("correct", email="ada at", documents=upload()))
        assert "Please choose your files once more" in page
        assert "<details open><summary>Add files" in page
        assert "Send it as it is" in page

    def test_nothing_unsealed_touches_the_disk(self):
        with patch(
            "django.core.files.temp.NamedTemporaryFile",
            side_effect=AssertionError("a file on the disk"),
        ):
            assert references(send("correct", documents=upload("big.pdf", PDF + b"x" * (3 << 20))))

    def test_of_endless_files_little_is_kept_in_memory(self):
        many = [upload(f"{number}.pdf", PDF + b"x" * (9 << 20)) for number in range(8)]
        assert "at most 3 files" in text(send("correct", documents=many))


class TestTheSameTwice:
    def test_a_second_press_is_the_same_request(self):
        form = str(uuid.uuid4())
        pages = [
            send("complain", form=form, about=["data", "credit"], documents=upload())
            for _ in range(2)
        ]
        assert references(pages[0]) == references(pages[1])
        assert (Case.objects.count(), Attachment.objects.count()) == (2, 2)

    def test_a_page_gone_back_to_is_another_request(self):
        form = str(uuid.uuid4())
        send("delete", form=form)
        send("delete", form=form, words="My orders too.")
        send("delete", form=form, documents=upload())
        assert Case.objects.count() == 3

    def test_two_kinds_in_one_visit_are_both_kept(self):
        browser = Client()
        send("delete", browser)
        send("copy", browser)
        assert Case.objects.count() == 2

    def test_a_page_kept_until_later_is_a_new_request(self):
        form = str(uuid.uuid4())
        send("copy", form=form)
        with time_machine.travel(NIGHT + 40 * DAY, tick=False):
            send("copy", form=form)
        assert Case.objects.count() == 2

    @pytest.mark.parametrize("form", [None, "", "nonsense"])
    def test_without_its_token_it_works(self, form):
        assert references(send("copy", form=form))

    def test_a_reload_of_the_answer_changes_nothing(self):
        browser = Client()
        to = send("copy", browser, follow=False)["Location"]
        assert browser.get(to).content == browser.get(to).content
        assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_are_one_request():
    form, gate, pages = str(uuid.uuid4()), threading.Barrier(2), []

    def press():
        gate.wait()
        pages.append(references(send("complain", form=form)))
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pages[0] == pages[1]
    assert Case.objects.count() == Entry.objects.filter(event="case_opened").count() == 1
