"""What is a time limit, once counted? A date with its article, kept by a clock, never overwritten."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class ClockStatus(StrEnum):
    """A pause closes one entry and opens the next."""

    RUNNING = "running"
    MET = "met"
    PAUSED = "paused"
    MISSED = "missed"
    DROPPED = "dropped"


class Deadline(BaseModel):
    """One counted time limit.

    `due` is the moment (UTC) after which it is missed; `due_day` the last day in `time_zone`. `law` False:
    our own practice, no legal source. `count` says how it was counted (codes), `calendar` which holiday
    calendar and version. `rule` is the fact id of the rule. `closes_on`: events that meet it.
    """

    model_config = ConfigDict(extra="forbid")

    id: str
    clock: str
    rule: str
    instrument: str
    article: str
    law: bool
    event: str
    started: datetime
    due: datetime
    due_day: date
    amount: int
    unit: str
    time_zone: str
    count: str
    calendar: str = ""
    consequence: str = ""
    owner: str = ""
    closes_on: tuple[str, ...] = ()
    pauses_on: tuple[str, ...] = ()
    resumes_on: tuple[str, ...] = ()
    status: ClockStatus = ClockStatus.RUNNING
    closed: datetime | None = None
    left_seconds: int | None = None
    warned: tuple[str, ...] = ()
