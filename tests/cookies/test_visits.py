"""Counting visits from the web server's log, and the chart of them."""

import contextlib
import datetime
import gzip
import io
import re
import runpy
import sys
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone
from gunicorn.config import Config
from hypothesis import given
from hypothesis import strategies as some

from compliance.cookies import accesslog, chart, visits
from compliance.cookies.models import LogPlace, PageVisits

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
DAY = datetime.date(2026, 7, 2)


def line(
    path="/privacy/",
    *,
    at="02/Jul/2026:10:00:00 +0100",
    verb="GET",
    status=200,
    agent=FIREFOX,
    who="-",
    number=0,
):
    """A line of a log; `number` tells two apart."""
    return f'{who} - - [{at}] "{verb} {path} HTTP/1.1" {status} {1000 + number} "-" "{agent}"\n'


def log_of(tmp_path, *lines, name="access.log"):
    file = tmp_path / name
    file.write_text("".join(lines))
    return file


def count(*files) -> int:
    """Run the command; its exit code."""
    try:
        call_command("count_pages", *map(str, files), verbosity=0)
    except SystemExit as end:
        return int(end.code)
    return 0


def totals() -> dict[str, int]:
    found: dict[str, int] = {}
    for row in PageVisits.objects.all():
        found[row.page] = found.get(row.page, 0) + row.count
    return found


class TestALine:
    @pytest.mark.parametrize(
        ("given", "page"),
        [
            (line(), "register:notice"),
            (line("/privacy/versions/7/?x=1"), "register:version"),
            (line("/"), "register:home"),
            (line("/cookies/"), "cookies:choices"),
            (line(status=304), "register:notice"),
            (line(who="203.0.113.9"), "register:notice"),
            (line("/%70rivacy/"), "register:notice"),
            (
                line(agent="Mozilla/5.0 (Linux; Android 13; CUBOT X70) AppleWebKit/537.36"),
                "register:notice",
            ),
            (line("http://our.host/privacy/"), "register:notice"),
            (line(agent='Odd \\"quoted\\" browser Mozilla/5.0'), "register:notice"),
            (line(verb="POST"), None),
            (line(verb="HEAD"), None),
            (line(status=404), None),
            (line(status=500), None),
            (line(status=302), None),
            (line("/admin/"), None),
            (line("/static/css/site.css"), None),
            (line("/favicon.ico"), None),
            (line("/.well-known/gpc.json"), None),
            (line("/nowhere/"), None),
            (line("/privacy"), None),
            (
                line(
                    agent="Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
                ),
                None,
            ),
            (line(agent="Mozilla/5.0 (compatible; bingbot/2.0)"), None),
            (line(agent="curl/8.5.0"), None),
            (line(agent="python-requests/2.32"), None),
            (line(agent="HeadlessChrome/140"), None),
            (line(agent="-"), None),
            (line(agent=""), None),
            (line(agent="UptimeRobot/2.0"), None),
            ('- - - [02/Jul/2026:10:00:00 +0100] "\\x16\\x03\\x01" 400 0 "-" "-"\n', None),
            ('- - - [02/Jul/2026:10:00:00 +0100] "" 408 - "-" "-"\n', None),
        ],
    )
    def test_what_counts_as_a_visit(self, given, page):
        visit = accesslog.read(given.encode())
        assert (visit.page if visit else None) == page

    @pytest.mark.parametrize(
        ("at", "day"),
        [
            ("01/Jul/2026:22:59:59 +0000", 1),
            ("01/Jul/2026:23:00:00 +0000", 2),
            ("02/Jul/2026:00:00:00 +0100", 2),
            ("02/Jul/2026:01:00:00 +0200", 2),
            ("01/Jul/2026:19:00:00 -0400", 2),
        ],
    )
    def test_days_are_london_days(self, at, day):
        assert accesslog.read(line(at=at).encode()).day == datetime.date(2026, 7, day)

    @pytest.mark.parametrize(
        "text",
        ["", "hello", "- - - [yesterday] x", line(at="99/Jul/2026:10:00:00 +0100"), "\x00\x00"],
    )
    def test_what_is_no_line_of_a_log(self, text):
        with pytest.raises(accesslog.NotALogLine):
            accesslog.read(text.encode())

    @given(some.binary(max_size=300))
    def test_any_bytes_are_read_or_refused(self, noise):
        with contextlib.suppress(accesslog.NotALogLine):
            accesslog.read(noise)

    def test_an_address_is_no_part_of_what_a_line_is_known_by(self):
        one, other = (line(who=who).encode() for who in ("203.0.113.9", "198.51.100.7"))
        assert visits.digest(one) == visits.digest(other)
        assert visits.digest(one) != visits.digest(line(number=1).encode())


@pytest.mark.django_db
class TestCounting:
    def test_visits_are_summed_by_page_and_day(self, tmp_path):
        assert (
            count(
                log_of(
                    tmp_path,
                    line(),
                    line(number=1),
                    line("/"),
                    line(at="03/Jul/2026:10:00:00 +0100"),
                )
            )
            == 0
        )
        assert set(PageVisits.objects.values_list("day", "page", "count")) == {
            (DAY, "register:notice", 2),
            (DAY, "register:home", 1),
            (datetime.date(2026, 7, 3), "register:notice", 1),
        }

    def test_no_address_and_no_browser_is_kept(self, tmp_path):
        count(log_of(tmp_path, line(who="203.0.113.9")))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT cookies_pagevisits::text FROM cookies_pagevisits UNION ALL "
                "SELECT cookies_logplace::text FROM cookies_logplace"
            )
            kept = str(cursor.fetchall())
        assert not re.search(r"203\.0|Firefox|Mozilla", kept)

    def test_reading_twice_counts_once(self, tmp_path):
        log = log_of(tmp_path, line(), line(number=1))
        for _ in range(3):
            count(log, log)
        assert totals() == {"register:notice": 2}
        assert LogPlace.objects.count() == 1

    def test_a_growing_log_is_read_on(self, tmp_path):
        log = log_of(tmp_path, line())
        count(log)
        with log.open("a") as file:
            file.write(line("/", number=1) + line(number=2))
        count(log)
        assert totals() == {"register:notice": 2, "register:home": 1}
        assert LogPlace.objects.count() == 1

    def test_a_line_still_being_written_waits(self, tmp_path):
        log = log_of(tmp_path, line(), line(number=1)[:60])
        assert count(log) == 0
        assert totals() == {"register:notice": 1}
        log.write_text(line() + line(number=1))
        count(log)
        assert totals() == {"register:notice": 2}

    def test_a_rotated_and_compressed_log_is_the_same(self, tmp_path):
        log = log_of(tmp_path, line(), line(number=1))
        count(log)
        with log.open("a") as file:
            file.write(line(number=2))  # came in before the rotation
        rotated = log.rename(tmp_path / "access.log.1")
        fresh = log_of(tmp_path, line("/", at="03/Jul/2026:00:00:01 +0100"))
        count(rotated, fresh)
        packed = tmp_path / "access.log.2.gz"
        packed.write_bytes(gzip.compress(rotated.read_bytes()))
        count(packed, fresh)
        assert totals() == {"register:notice": 3, "register:home": 1}

    def test_two_logs_that_begin_alike_are_two(self, tmp_path):
        one = log_of(tmp_path, line(), line(number=1), name="a.log")
        other = log_of(tmp_path, line(), line(number=2), name="b.log")  # as long as the first
        for _ in range(2):
            count(one, other)
        assert totals() == {"register:notice": 4}

    def test_a_log_emptied_in_place_begins_anew(self, tmp_path):
        log = log_of(tmp_path, line(), line(number=1))
        count(log)
        log.write_text(line("/", at="03/Jul/2026:00:00:01 +0100"))
        count(log)
        assert totals() == {"register:notice": 2, "register:home": 1}

    def test_from_standard_input(self, monkeypatch):
        for _ in range(2):
            monkeypatch.setattr(
                sys, "stdin", io.TextIOWrapper(io.BytesIO((line() + line("/", number=1)).encode()))
            )
            assert count() == 0
        assert totals() == {"register:notice": 1, "register:home": 1}

    def test_bad_lines_are_told_and_the_rest_counted(self, tmp_path, capsys):
        log = log_of(tmp_path, line(), "garbage\n", line(number=1))
        with pytest.raises(SystemExit, match="1"):
            call_command("count_pages", str(log))
        assert "3 new lines, 2 visits, 1 lines that are not of a log" in capsys.readouterr().out
        assert totals() == {"register:notice": 2}

    @pytest.mark.parametrize(
        "content", [b"not\na\nlog\n", b"\x1f\x8b broken", bytes(range(256)) + b"\n"]
    )
    def test_what_is_no_log_is_wrong_input(self, tmp_path, content):
        for name in ("x.log", "x.gz"):
            (tmp_path / name).write_bytes(content)
        with pytest.raises(CommandError, match="not an access log") as refused:
            call_command("count_pages", str(tmp_path / "x.gz"))
        assert refused.value.returncode == 2
        if content.endswith(b"\n"):
            with pytest.raises(CommandError, match="not an access log"):
                call_command("count_pages", str(tmp_path / "x.log"))
        assert not LogPlace.objects.exists()

    def test_a_missing_file_stops_before_anything_is_counted(self, tmp_path):
        with pytest.raises(CommandError, match="no file") as refused:
            call_command("count_pages", str(log_of(tmp_path, line())), str(tmp_path / "none"))
        assert refused.value.returncode == 2
        assert totals() == {}

    def test_a_log_not_rotated_yet_may_be_passed_over(self, tmp_path):
        call_command(
            "count_pages",
            "--if-there",
            str(log_of(tmp_path, line())),
            str(tmp_path / "access.log.1"),
            verbosity=0,
        )
        assert totals() == {"register:notice": 1}

    def test_an_empty_log_is_fine(self, tmp_path):
        assert count(log_of(tmp_path)) == 0

    @pytest.mark.parametrize(
        "fault", [visits.CountingBusy("Another count is running."), OperationalError("gone")]
    )
    def test_what_cannot_run_now_says_so(self, tmp_path, monkeypatch, fault):
        def stop(*args, **kwargs):
            raise fault

        monkeypatch.setattr(visits, "count", stop)
        with pytest.raises(CommandError) as refused:
            call_command("count_pages", str(log_of(tmp_path, line())))
        assert refused.value.returncode == 3

    def test_a_fault_half_way_counts_nothing(self, tmp_path, monkeypatch):
        monkeypatch.setattr(visits, "_remember", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            count(log_of(tmp_path, line()))
        assert totals() == {}


class TestTheServersLog:
    def test_its_format_is_read_and_holds_no_address(self):
        given = runpy.run_path(str(settings.BASE_DIR / "deploy/gunicorn.conf.py"))
        log = given["logger_class"](Config())
        asked = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/privacy/",
            "QUERY_STRING": "token=x",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "203.0.113.9",
            "HTTP_USER_AGENT": FIREFOX,
            "RAW_URI": "/privacy/?token=x",
        }
        reply = SimpleNamespace(status="200 OK", sent=10, headers=[])

        def written(**changes) -> str:
            return given["access_log_format"] % log.atoms_wrapper_class(
                log.atoms(
                    reply, SimpleNamespace(headers=[]), {**asked, **changes}, datetime.timedelta(0)
                )
            )

        assert accesslog.read(written().encode()).page == "register:notice"
        assert not re.search(r"203|token", written())
        assert "\n" not in written(PATH_INFO="/x\n- - - forged")


@pytest.mark.django_db
class TestTheChart:
    ADDRESS = reverse("admin:cookies_pagevisits_changelist")

    @pytest.fixture
    def counted(self):
        today = timezone.localdate()
        for ago, page, number in (
            (0, "register:notice", 1200),
            (6, "register:home", 30),
            (7, "register:home", 500),
            (29, "register:version", 3),
            (30, "register:versions", 9),
            (89, "gone:page", 1),
        ):
            PageVisits.objects.create(
                day=today - datetime.timedelta(days=ago), page=page, count=number
            )

    @pytest.mark.parametrize(
        ("days", "figures"),
        [
            ("7", ["1,200", "30"]),
            ("30", ["1,200", "530", "3"]),
            ("90", ["1,200", "530", "9", "3", "1"]),
            ("", ["1,200", "530", "3"]),
            ("x", ["1,200", "530", "3"]),
        ],
    )
    def test_the_last_days(self, counted, agent, signed_in, days, figures):
        page = signed_in(agent).get(self.ADDRESS, {"days": days})
        assert [bar.figure for bar in page.context["bars"]] == figures

    def test_a_picture_and_the_same_in_a_table(self, counted, agent, signed_in):
        html = signed_in(agent).get(self.ADDRESS, {"days": "90"}).content.decode()
        assert 'role="img" aria-labelledby="chart-title"' in html
        assert html.count("<rect ") == 5
        assert html.count('data-label="Opened"') == 5
        assert "/privacy/versions/&lt;int:number&gt;/" in html
        assert "no longer there" in html

    def test_nothing_counted_says_where_figures_come_from(self, agent, signed_in):
        assert "manage.py count_pages" in signed_in(agent).get(self.ADDRESS).content.decode()

    def test_the_longest_bar_fills_the_room(self):
        bars = [chart.Bar("a", "/", 1000), chart.Bar("b", "/", 500), chart.Bar("c", "/", 0)]
        drawn = chart.drawn(bars)
        assert [row.width for row in drawn.rows] == [360, 180, 2]
        assert len(chart.drawn(bars * 9).rows) == chart.MOST
