#!/usr/bin/env python
"""The command line of the portal."""

import os
import sys
import traceback


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    from jobs.races import in_words

    try:
        execute_from_command_line(sys.argv)
    except BrokenPipeError:  # the reader (`| head`) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OperationalError as error:
        sys.stderr.write(f"{in_words(error)}\n")
        sys.exit(3)
    except (
        Exception
    ):  # a crash must never look like exit code 1: "done, but something needs a person"
        traceback.print_exc()
        sys.exit(3)


if __name__ == "__main__":
    main()
