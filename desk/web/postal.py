"""What does a person do who carries a letter by hand, and why did a letter go its way?

The steps are those of `letters`, which the command line shows in English; the catalogs of the pages hold
them too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desk.web import labels, refusals
from desk.web.frame import Visitor
from desk.web.words import N_
from letters.carriers.manual import MANUAL
from schemas.case import CaseState

Json = Mapping[str, Any]


REQUEST = N_("The request")
ANYBODY = N_("the competent authority there")
FIRST = N_("Print the letter “%(what)s” and have it signed by who must sign.")
ENCLOSED = N_("Add the document %(name)s.")
KEEP = N_("Keep %(proof)s. Then record that it was posted.")
ARRIVED = N_("When there is %(proof)s, record that it arrived.")
NAMED = N_("The legal basis names this channel: %(channel)s.")
URGENT = N_("The legal basis opens this channel for urgent cases: %(channel)s.")
UNKNOWN = N_("No channel is known. Ask them, and note what they answer.")

REASONS = (
    N_("%(channel)s leaves the form open"),
    N_("the two houses agreed on it"),
    N_("%(reason)s, and instead of %(way)s: %(trouble)s"),
    N_("%(way)s is not taken: %(trouble)s"),
    N_("also by the channel the law names: %(channel)s"),
    N_("it failed %(number)s times in a row"),
    N_("it is not authorised"),
    N_("no carrier of ours brings it"),
    N_("its address stands in our book: %(provider)s"),
)
"""Why a letter goes by a carrier: what `letters.channels` and `desk.post` say, and the house files."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One way for one letter, in the visitor's language."""

    title: str
    why: str
    steps: tuple[str, ...]


def letter_name(visitor: Visitor, event: str) -> str:
    """What a letter is called by the move it tells."""
    return visitor.say(REQUEST) if event == "arrive" else visitor.say(labels.label("done", event))


def walks(visitor: Visitor, state: CaseState, letter: Json) -> list[Walk]:
    """The ways a person may go with a letter (a line of `desk.post.letters_out`), the best one first."""
    return [_walk(visitor, state, letter, line) for line in letter["by_hand"]]


def _walk(visitor: Visitor, state: CaseState, letter: Json, line: Json) -> Walk:
    say, way = visitor.say, MANUAL[line["way"]]
    slots = {"to": line["to"] or say(ANYBODY), "ref": state.ref}
    steps = [say(FIRST, what=letter_name(visitor, letter["event"]))]
    steps += [say(ENCLOSED, name=name) for name in line["documents"]]
    steps += [say(step, **slots) for step in way.steps]
    steps += [say(KEEP, proof=say(way.posted)), say(ARRIVED, proof=say(way.received))]
    return Walk(say(way.title), _why(visitor, state, line["channel"]), tuple(steps))


def _why(visitor: Visitor, state: CaseState, channel: str) -> str:
    if not channel:
        return visitor.say(UNKNOWN)
    urgent = state.law is not None and channel == state.law.urgent_channel != state.law.channel
    return visitor.say(URGENT if urgent else NAMED, channel=visitor.say(labels.label("channel", channel)))


def reason(language: str, why: str) -> str:
    """Why a letter went its way, as it was filed (English), in `language`."""
    return "; ".join(refusals.told(language, part, REASONS) for part in why.split("; "))
