#!/usr/bin/env python
"""Run a management command, on the embedded PostgreSQL when DATABASE_URL is unset."""

import os
import sys

from config.lib import embedded


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        embedded.ensure()
    except embedded.CannotStart as refused:
        sys.exit(str(refused))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
