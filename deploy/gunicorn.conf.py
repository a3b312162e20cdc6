"""The web server's settings (`gunicorn --config deploy/gunicorn.conf.py`).

The access log is what `manage.py count_pages` counts. It holds no visitor's address, and nothing of
an address behind its question mark. What it does hold, the path, may name a request or carry a
link's token: keep the log short (deploy/logrotate).
"""

from urllib.parse import quote

from gunicorn.glogging import Logger


class OneLineEach(Logger):
    """The path as the browser sent it: unquoted, it could bring a line break and with it lines of
    its own."""

    def atoms(self, *args, **kwargs):
        found = super().atoms(*args, **kwargs)
        return {
            **found,
            "U": quote(found["U"] or "", safe="/-._~:@!$&'()*+,;=", encoding="latin-1"),
        }


logger_class = OneLineEach
accesslog = "/var/log/portal/access.log"
access_log_format = '- - - %(t)s "%(m)s %(U)s %(H)s" %(s)s %(B)s "-" "%(a)s"'
worker_class = "gthread"
workers = 2
threads = 4
graceful_timeout = 10  # seconds
