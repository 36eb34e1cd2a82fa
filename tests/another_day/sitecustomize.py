"""Made for a test: every Python program that finds this folder first lives on another day."""

from datetime import UTC, datetime

import time_machine

time_machine.travel(datetime(2031, 12, 31, 23, 50, tzinfo=UTC), tick=True).start()
