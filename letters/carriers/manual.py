"""By which ways does a person carry a message, step by step, and what proves that it left and arrived?

No input or output here: the desk shows these lines, an officer acts, then records what happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.messages import Envelope
from schemas.vocabulary import Channel


@dataclass(frozen=True, slots=True)
class ManualWay:
    """One way that a person goes. In `steps`, %(to)s is the addressee and %(ref)s our reference.

    `posted`, `received`: what is wanted as proof; `papers`: whether paper goes along or follows.
    """

    key: str
    title: str
    steps: tuple[str, ...]
    posted: str
    received: str
    papers: bool = True


MANUAL: Mapping[str, ManualWay] = {
    way.key: way
    for way in (
        ManualWay(
            "paper",
            "Registered post or courier",
            (
                "Put the signed original and every enclosure into one sealed cover, with a list of contents.",
                "Address it to %(to)s; on the outside stand the address and our reference %(ref)s, and no "
                "name of a person of the case.",
                "Hand it in against a receipt with a tracking number, and ask for advice of delivery.",
            ),
            "the postal receipt with its tracking number and day",
            "the advice of delivery, or their acknowledgement with its day",
        ),
        ManualWay(
            "bag",
            "Diplomatic bag",
            (
                "Hand the sealed cover for %(to)s to our foreign ministry, with a covering note "
                "naming %(ref)s.",
                "The mission passes it on with a note; ask for the number and day of that note.",
            ),
            "the ministry's receipt, with the number of the bag or of the note",
            "the answering note, or the mission's report of the day it was handed over",
        ),
        ManualWay(
            "i-24-7",
            "INTERPOL I-24/7, from bureau to bureau",
            (
                "Give the message to our National Central Bureau with the reference %(ref)s, the urgency and "
                "the article that opens this way.",
                "The bureau sends it over I-24/7 for %(to)s. What it tells is no legal basis by itself.",
                "The formal request follows by the ordinary channel unless the instrument says otherwise.",
            ),
            "the bureau's message number and time",
            "the other bureau's reply with its message number",
        ),
        ManualWay(
            "siena",
            "Europol SIENA",
            (
                "Give the message to the national unit with the reference %(ref)s, a handling code and the "
                "purpose for which it may be used.",
                "The unit sends it over SIENA for %(to)s. For use as evidence a request has to follow.",
            ),
            "the SIENA reference and time",
            "the answer in the same exchange",
        ),
        ManualWay(
            "telephone",
            "24/7 telephone, confirmed in writing",
            (
                "Call %(to)s at the number the network lists; never at one that somebody gave you for it.",
                "Say reference %(ref)s, what is asked and how long it lasts; names only when asked, by a "
                "line you may use for them. Note who took it, and when.",
                "Send the written message at once by the way they name, and its papers within the time the "
                "instrument gives.",
            ),
            "a note of the call: function spoken to, day, hour, what was said",
            "their confirmation in writing",
        ),
        ManualWay(
            "portal",
            "The provider's portal for authorities",
            (
                "Sign in at the address in our address book, with the account of the office.",
                "Open a new request, enter our reference %(ref)s, and upload the signed message with its "
                "enclosures for %(to)s.",
                "Keep the number that the portal gives.",
            ),
            "the portal's number and confirmation, as a file",
            "the portal's status, or the first answer under that number",
            papers=False,
        ),
        ManualWay(
            "secure-mail",
            "The protected electronic address or fax they gave",
            (
                "Send the signed message and its enclosures to %(to)s at the address or number they gave "
                "for it, encrypted; the subject is %(ref)s and nothing else.",
                "Ask for confirmation. The paper follows if they want it.",
            ),
            "the sending report with day and hour",
            "their confirmation",
            papers=False,
        ),
        ManualWay(
            "attache",
            "The law-enforcement attaché",
            (
                "Hand the signed message with its enclosures to the attaché of %(to)s, against a signature, "
                "with our reference %(ref)s.",
            ),
            "the signed receipt of the attaché",
            "word from the authority that it has it, with its day",
        ),
    )
}

POSTAL = ("paper", "secure-mail")
BY_CHANNEL: Mapping[str, tuple[str, ...]] = {
    Channel.PROVIDER_DIRECT: ("portal", "paper"),
    Channel.COMPETENT_AUTHORITY_DIRECT: POSTAL,
    Channel.JUDICIAL_DIRECT: POSTAL,
    Channel.JUDICIAL_DIRECT_OR_SIS: POSTAL,
    Channel.POST_DIRECT: ("paper",),
    Channel.JUDICIAL_TO_RECORDS_OFFICE: ("paper",),
    Channel.CONTACT_24_7: ("telephone", "secure-mail"),
    Channel.ORAL: ("telephone",),
    Channel.ELECTRONIC: ("secure-mail",),
    Channel.SECURE_EMAIL_OR_FAX: ("secure-mail",),
    Channel.CENTRAL_AUTHORITY: POSTAL,
    Channel.EXTRADITION_AUTHORITY: POSTAL,
    Channel.MINISTRY_OF_JUSTICE: POSTAL,
    Channel.INTERPOL: ("i-24-7",),
    Channel.LAW_ENFORCEMENT_ATTACHE: ("attache",),
    Channel.DIPLOMATIC: ("bag",),
    Channel.AS_OTHER_BASIS: ("paper",),
}
"""Ways that fit what the law calls the channel, the usual one first. SIENA carries police information and no
request, so no channel of a treaty leads there: it is chosen by a person."""


def what_to_do(envelope: Envelope, way: ManualWay, *, addressee: str) -> list[str]:
    """Numbered steps in English for the officer who carries `envelope` to `addressee` by `way`."""
    ref, message = envelope.sender_ref, envelope.id
    to = addressee or "the competent authority there"
    steps = [f"Print {envelope.body.event} of case {ref} and have it signed by who must sign."]
    steps += [
        f"Add document {number}: {item.name} ({item.digest})."
        for number, item in enumerate(envelope.documents, start=1)
    ]
    steps += [step % {"to": to, "ref": ref} for step in way.steps]
    steps.append(
        f"Keep {way.posted}, then record it: rogatory posted {ref} {message} --on DAY --proof TEXT"
        " [--document FILE]"
    )
    steps.append(
        f"When there is {way.received}: rogatory received {ref} {message} --on DAY --proof TEXT"
        " [--document FILE]"
    )
    return [f"{number}. {step}" for number, step in enumerate(steps, start=1)]


def manual_ways(channel: str | None) -> Sequence[ManualWay]:
    """The ways by hand that fit `channel` (its slug), the usual one first; by post where none is known."""
    return [MANUAL[key] for key in BY_CHANNEL.get(channel or "", ("paper",))]
