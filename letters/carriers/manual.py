"""What must a person do to carry a message to a State without a house of its own?

No input or output here: the desk shows these lines, an officer acts, then records what happened.
"""

from __future__ import annotations

from schemas.messages import Envelope

WAYS = {
    "24-7-point": "by the 24/7 contact point of the network, then on paper if they ask for it",
    "central-authority": "by registered post or official bag to the central authority",
    "ministry-of-justice": "by registered post or official bag to the ministry of justice",
    "diplomatic": "by a note through our mission, or theirs",
    "interpol": "through our National Central Bureau, and by post as well",
    "judicial-direct": "by post to the competent court or prosecutor there",
    "electronic": "by the secured electronic address they gave for it",
    "secure-email-or-fax": "by secured e-mail or fax; the paper follows if they ask for it",
    "oral": "by telephone now; the papers follow within the time the treaty gives",
}


def what_to_do(envelope: Envelope, *, addressee: str, channel: str | None) -> list[str]:
    """Numbered steps in English for the officer.

    `addressee`: the authority as the law names it; `channel`: its slug.
    """
    ref, message = envelope.sender_ref, envelope.id
    way = WAYS.get(channel or "", f"by the channel {channel or 'the chosen basis names'}")
    steps = [f"Print {envelope.body.event} of case {ref} and have it signed by who must sign."]
    steps += [
        f"Add document {number}: {item.name} ({item.digest})."
        for number, item in enumerate(envelope.documents, start=1)
    ]
    steps.append(f"Send it {way}: {addressee or 'the competent authority there'}.")
    steps.append(f"Keep the proof of posting, then record it: rogatory record {ref} posted ({message}).")
    steps.append(f"When their proof of receipt comes: rogatory record {ref} delivered ({message}).")
    return [f"{number}. {step}" for number, step in enumerate(steps, start=1)]
