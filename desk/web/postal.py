"""What does a person do who carries a letter by hand, and why did a letter go its way?

In the words of the pages; `letters` says the same in English for the command line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desk.web import labels, refusals
from desk.web.frame import Visitor
from desk.web.words import N_
from schemas.case import CaseState

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Road:
    """A way by hand. `steps`: what to do; `posted`, `received`: what proves that it left and arrived."""

    title: str
    steps: tuple[str, ...]
    posted: str
    received: str


ROADS: Mapping[str, Road] = {
    "paper": Road(
        N_("Registered post or courier"),
        (
            N_("Put the signed original and every enclosure into one sealed cover, with a list of contents."),
            N_(
                "Address it to %(to)s; on the outside stand the address and our reference %(ref)s, and no "
                "name of a person of the case."
            ),
            N_("Hand it in against a receipt with a tracking number, and ask for advice of delivery."),
        ),
        N_("the postal receipt with its tracking number and day"),
        N_("the advice of delivery, or their acknowledgement with its day"),
    ),
    "bag": Road(
        N_("Diplomatic bag"),
        (
            N_(
                "Hand the sealed cover for %(to)s to our foreign ministry, with a covering note "
                "naming %(ref)s."
            ),
            N_("The mission passes it on with a note; ask for the number and day of that note."),
        ),
        N_("the ministry's receipt, with the number of the bag or of the note"),
        N_("the answering note, or the mission's report of the day it was handed over"),
    ),
    "i-24-7": Road(
        N_("INTERPOL I-24/7, from bureau to bureau"),
        (
            N_(
                "Give the message to our National Central Bureau with the reference %(ref)s, the urgency and "
                "the article that opens this way."
            ),
            N_("The bureau sends it over I-24/7 for %(to)s. What it tells is no legal basis by itself."),
            N_("The formal request follows by the ordinary channel unless the instrument says otherwise."),
        ),
        N_("the bureau's message number and time"),
        N_("the other bureau's reply with its message number"),
    ),
    "siena": Road(
        N_("Europol SIENA"),
        (
            N_(
                "Give the message to the national unit with the reference %(ref)s, a handling code and the "
                "purpose for which it may be used."
            ),
            N_("The unit sends it over SIENA for %(to)s. For use as evidence a request has to follow."),
        ),
        N_("the SIENA reference and time"),
        N_("the answer in the same exchange"),
    ),
    "telephone": Road(
        N_("24/7 telephone, confirmed in writing"),
        (
            N_("Call %(to)s at the number the network lists; never at one that somebody gave you for it."),
            N_(
                "Say reference %(ref)s, what is asked and how long it lasts; names only when asked, by a "
                "line you may use for them. Note who took it, and when."
            ),
            N_(
                "Send the written message at once by the way they name, and its papers within the time the "
                "instrument gives."
            ),
        ),
        N_("a note of the call: function spoken to, day, hour, what was said"),
        N_("their confirmation in writing"),
    ),
    "portal": Road(
        N_("The provider's portal for authorities"),
        (
            N_("Sign in at the address in our address book, with the account of the office."),
            N_(
                "Open a new request, enter our reference %(ref)s, and upload the signed message with its "
                "enclosures for %(to)s."
            ),
            N_("Keep the number that the portal gives."),
        ),
        N_("the portal's number and confirmation, as a file"),
        N_("the portal's status, or the first answer under that number"),
    ),
    "secure-mail": Road(
        N_("The protected electronic address or fax they gave"),
        (
            N_(
                "Send the signed message and its enclosures to %(to)s at the address or number they gave "
                "for it, encrypted; the subject is %(ref)s and nothing else."
            ),
            N_("Ask for confirmation. The paper follows if they want it."),
        ),
        N_("the sending report with day and hour"),
        N_("their confirmation"),
    ),
    "attache": Road(
        N_("The law-enforcement attaché"),
        (
            N_(
                "Hand the signed message with its enclosures to the attaché of %(to)s, against a signature, "
                "with our reference %(ref)s."
            ),
        ),
        N_("the signed receipt of the attaché"),
        N_("word from the authority that it has it, with its day"),
    ),
}
"""As `letters.carriers.manual.MANUAL` has them; a test compares the two."""

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
    say, road = visitor.say, ROADS[line["way"]]
    slots = {"to": line["to"] or say(ANYBODY), "ref": state.ref}
    steps = [say(FIRST, what=letter_name(visitor, letter["event"]))]
    steps += [say(ENCLOSED, name=name) for name in line["documents"]]
    steps += [say(step, **slots) for step in road.steps]
    steps += [say(KEEP, proof=say(road.posted)), say(ARRIVED, proof=say(road.received))]
    return Walk(say(road.title), _why(visitor, state, line["channel"]), tuple(steps))


def _why(visitor: Visitor, state: CaseState, channel: str) -> str:
    if not channel:
        return visitor.say(UNKNOWN)
    urgent = state.law is not None and channel == state.law.urgent_channel != state.law.channel
    return visitor.say(URGENT if urgent else NAMED, channel=visitor.say(labels.label("channel", channel)))


def reason(language: str, why: str) -> str:
    """Why a letter went its way, as it was filed (English), in `language`."""
    return "; ".join(refusals.told(language, part, REASONS) for part in why.split("; "))
