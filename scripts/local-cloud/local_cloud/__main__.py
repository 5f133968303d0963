"""`python -m local_cloud COMMAND`, called by scripts/dev."""

import argparse
import sys

from . import dev, postgres
from .shell import Failure


def main():
    parser = argparse.ArgumentParser(prog="scripts/dev", description="The local cloud.")
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="start everything and apply Terraform")
    up.add_argument("--no-platform", action="store_true", help="leave out the functions and Terraform")
    commands.add_parser("down", help="stop everything, keep the state")
    commands.add_parser("status", help="what runs, and how much memory it takes")
    commands.add_parser("reset", help="stop everything and remove the state")
    logs = commands.add_parser("logs", help="follow the logs")
    logs.add_argument("part", nargs="*")
    commands.add_parser("mail", help="print the mails that the local cloud took")
    commands.add_parser("set-admin-password", help="read the database's master password from standard input")
    asked = parser.parse_args()
    try:
        if asked.command == "up":
            dev.up(platform=not asked.no_platform)
        elif asked.command == "logs":
            dev.logs(asked.part)
        elif asked.command == "set-admin-password":
            postgres.set_admin_password(sys.stdin.readline().rstrip("\n"))
        else:
            return getattr(dev, asked.command)()
    except Failure as failure:
        print(f"scripts/dev: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
