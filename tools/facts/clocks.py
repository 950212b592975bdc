"""Which event of a case starts each time limit of the rulebook, and which limits does no case meet?

A row of the rulebook tells in words from what to what it runs. Here a person has said what that is in a case:
the event, the clock, what the end means, how it is counted. A row that stands in neither table is a defect.
"""

from __future__ import annotations

from typing import Any

from schemas.deadline import Nature

Rule = dict[str, Any]


def starts(
    event: str,
    clock: str,
    nature: Nature = "must",
    *,
    when: tuple[str, ...] = (),
    day_one: bool = False,
    closes: tuple[str, ...] = (),
    drops: tuple[str, ...] = (),
    pauses: bool = False,
    put_off: bool = False,
    owner: str = "",
) -> Rule:
    """The fields of a rule. `when`: words the case must tell (`not-` before one: must not tell); `day_one`:
    the day of the event is counted; `pauses`: a question stops it until the answer; `put_off`: it stands
    still for good once surrender is postponed, since another one runs from the new day; `owner`: who has to
    act, where it is another than the clock says."""
    tests = [
        {"test": "case-says-not", "values": [word.removeprefix("not-")]}
        if word.startswith("not-")
        else {"test": "case-says", "values": [word]}
        for word in when
    ]
    made: Rule = {"event": event, "clock": clock, "nature": nature if nature != "must" else "", "when": tests}
    made["event_day_counts"] = day_one
    made |= {"closes_on": list(closes), "dropped_by": list(drops)}
    stops = [word for word, stopped in (("question", pauses), ("postpone", put_off)) if stopped]
    made |= {"pauses_on": stops, "resumes_on": ["answer"] if pauses else [], "owner": owner}
    return {name: value for name, value in made.items() if value}


_MOVED = ("fix-surrender",)
_HELD_ON = ("follow-up", "release-data")
_PROVISIONAL = ("not-papers-in",)
_SAFE_CONDUCT = starts("witness-free", "safe-conduct", "ends")
_PAPERS = starts("arrest", "arrest-to-papers", when=_PROVISIONAL)
_CONSENT_ANSWER = starts("ask-consent", "consent-answer")
_ONWARD_ANSWER = starts("ask-onward", "onward-answer")
_DECIDED_AFTER_ARREST = starts("arrest", "decide", drops=("consent", "prolong"), owner="court")
_DECIDED_AFTER_CONSENT = starts("consent", "decide", drops=("prolong",), owner="court")


def _speciality() -> Rule:
    return starts("discharged", "speciality", "ends")


def _window(end: str, nature: Nature) -> Rule:
    return starts("surrender-fixed", end, nature, drops=_MOVED)


CLOCKED: dict[tuple[str, str], Rule] = {
    # --- data that are kept
    ("budapest", "29-7.deadline"): starts("preserved", "preserve", "floor", drops=_HELD_ON),
    ("uncc", "42.deadline"): starts("preserved", "preserve", "floor", drops=_HELD_ON),
    ("harare", "preservation-of-computer-data.deadline"): starts(
        "preserved", "preserve", "ends", drops=_HELD_ON
    ),
    ("eu-eevidence", "11-1.deadline"): starts("served", "preserve", "ends", drops=("renewed", *_HELD_ON)),
    ("eu-eevidence", "11-1.deadline~2"): starts("renewed", "preserve", "ends", drops=_HELD_ON),
    ("us-18-usc-2703f", "2703-f-2.deadline"): starts(
        "preserved", "preserve", "ends", drops=("renewed", "release-data")
    ),
    ("us-18-usc-2703f", "2703-f-2.deadline~2"): starts(
        "renewed", "preserve", "ends", drops=("release-data",)
    ),
    ("us-18-usc-2258a", "2258a-h-1-2-5.deadline"): starts("report", "report-preserve", "ends"),
    # --- data from providers
    ("budapest-2ap", "7-7.deadline"): starts("served", "produce", when=("direct",)),
    ("budapest-2ap", "8-6-a.deadline"): starts("delivered", "serve", when=("not-direct",)),
    ("budapest-2ap", "8-6-a-i.deadline"): starts("served", "produce", when=("not-direct",)),
    ("budapest-2ap", "8-6-a-ii.deadline"): starts("served", "produce", when=("not-direct",)),
    ("eu-eevidence", "10-2.deadline"): starts(
        "served", "waiting", "wait-and-must", when=("notified", "not-emergency"), pauses=True
    ),
    ("eu-eevidence", "10-3.deadline"): starts("served", "produce", when=("not-notified",), pauses=True),
    ("eu-eevidence", "10-4.deadline"): starts("served", "produce", pauses=True),
    ("eu-eevidence", "12-1.deadline"): starts(
        "notified", "object", closes=("enforcing-answer",), owner="enforcing-authority"
    ),
    ("eu-eevidence", "12-1.deadline~2"): starts(
        "notified", "object", closes=("enforcing-answer",), owner="enforcing-authority"
    ),
    ("eu-eevidence", "10-6.deadline"): starts("question", "clarify"),
    ("eu-eevidence", "4-5.deadline"): starts("send-emergency", "validate"),
    ("eu-eevidence", "16-2-last-subparagraph.deadline"): starts("enforce", "enforce-decision"),
    ("eu-eevidence", "17-2.deadline"): starts(
        "served", "object", "ends", closes=("objection",), drops=("evidence",)
    ),
    ("us-18-usc-2702", "2703-h-2.deadline"): starts(
        "served", "object", "ends", closes=("objection",), drops=("evidence",)
    ),
    ("gb-copoa-2019", "5-5.deadline"): starts("served", "produce", day_one=True),
    ("gb-copoa-2019", "9-1.deadline"): starts("issue", "serve", day_one=True),
    # --- mutual assistance
    ("eu-eio", "16-1.deadline"): starts("delivered", "acknowledge"),
    ("eu-eio", "12-3.deadline"): starts(
        "delivered", "decide", drops=("prolong",), owner="executing-authority"
    ),
    ("eu-eio", "12-4.deadline"): starts("decide", "execute"),
    ("eu-eio", "32-2.deadline"): starts("delivered", "decide", owner="executing-authority"),
    ("eu-eio", "31-3.deadline"): starts(
        "notified", "object", "ends", closes=("answer-notice",), owner="central-authority"
    ),
    ("eu-eio", "22-9.deadline"): _SAFE_CONDUCT,
    ("uk-eu-tca", "640-1.deadline"): starts("delivered", "decide"),
    ("uk-eu-tca", "640-2.deadline"): starts("decide", "execute"),
    ("coe-mla-1959", "12-3.deadline"): _SAFE_CONDUCT,
    ("untoc", "18-27.deadline"): _SAFE_CONDUCT,
    ("uncac", "46-27.deadline"): _SAFE_CONDUCT,
    ("uncc", "40.deadline"): _SAFE_CONDUCT,
    ("nl-us-mla", "9-3.deadline"): _SAFE_CONDUCT,
    ("ca-nl-mla", "13-3.deadline"): _SAFE_CONDUCT,
    # --- extradition by treaty
    ("coe-ext-1957", "13.deadline"): starts("question", "supplement"),
    ("coe-ext-1957", "14-1-b.deadline"): _speciality(),
    ("coe-ext-1957", "16-4.deadline"): starts("arrest", "arrest-to-papers-may", "may", when=_PROVISIONAL),
    ("coe-ext-1957", "16-4.deadline~2"): _PAPERS,
    ("coe-ext-1957", "18-4.deadline"): _window("surrender-may", "may"),
    ("coe-ext-1957", "18-4.deadline~2"): _window("surrender-must", "must"),
    ("coe-ext-2010-ap3", "6-1.deadline"): starts("arrest", "consent-said"),
    ("coe-ext-2010-ap3", "7.deadline"): starts("consent", "notice-of-decision"),
    ("coe-ext-2010-ap3", "9.deadline"): starts("decide", "surrender", when=("consented",), put_off=True),
    ("coe-ext-2012-ap4", "3-art-14-1-a-as-replaced.deadline"): _CONSENT_ANSWER,
    ("coe-ext-2012-ap4", "3-art-14-1-b-as-replaced.deadline"): _speciality(),
    ("coe-ext-2012-ap4", "4-new-art-15-2.deadline"): _ONWARD_ANSWER,
    ("nl-us-ext", "11-4.deadline"): _PAPERS,
    ("nl-us-ext", "15-1-b.deadline"): _speciality(),
    ("ca-nl-ext", "9-4.deadline"): _PAPERS,
    ("ca-nl-ext", "11-4.deadline"): _window("surrender-may", "may"),
    ("ca-nl-ext", "11-4.deadline~2"): _window("surrender-must", "ends"),
    ("ca-nl-ext", "14-1-c.deadline"): _speciality(),
    # --- surrender between the States of the Union, and with the United Kingdom
    ("eu-eaw", "17-2.deadline"): _DECIDED_AFTER_CONSENT,
    ("eu-eaw", "17-3.deadline"): _DECIDED_AFTER_ARREST,
    ("eu-eaw", "17-4.deadline"): starts("prolong", "decide", owner="court"),
    ("eu-eaw", "23-2.deadline"): starts("decide", "surrender", put_off=True),
    ("eu-eaw", "27-4.deadline"): _CONSENT_ANSWER,
    ("eu-eaw", "28-3.deadline"): _ONWARD_ANSWER,
    ("eu-eaw", "27-3-a.deadline"): _speciality(),
    ("uk-eu-tca", "615.deadline"): _DECIDED_AFTER_CONSENT,
    ("uk-eu-tca", "615.deadline~2"): _DECIDED_AFTER_ARREST,
    ("uk-eu-tca", "621.deadline"): starts("decide", "surrender", put_off=True),
    # --- statutes by which courts and ministers hold a person
    ("gb-extradition-act-2003", "6-2-3c-8a.deadline"): {
        **starts("arrest", "arrest-to-papers", when=_PROVISIONAL, drops=("prolong",)),
        "unit": "working-hours",
    },
    ("gb-extradition-act-2003", "74-10-11.deadline"): starts(
        "arrest", "arrest-to-papers", when=_PROVISIONAL, day_one=True
    ),
    ("gb-extradition-act-2003", "8-4.deadline"): starts("arrest", "hearing", day_one=True),
    ("gb-extradition-act-2003", "75.deadline"): starts(
        "court", "hearing", when=("not-papers-first",), day_one=True
    ),
    ("gb-extradition-act-2003", "76.deadline"): starts("papers", "hearing", day_one=True),
    ("gb-extradition-act-2003", "99-102.deadline"): starts("to-minister", "minister", day_one=True),
    ("gb-extradition-act-2003", "93-5-6.deadline"): starts("to-minister", "representations", "ends"),
    ("gb-extradition-act-2003", "35-3-38-3-47-3.deadline"): starts("decide", "surrender", day_one=True),
    ("gb-extradition-act-2003", "117-2-118-2.deadline"): starts("decide", "surrender", day_one=True),
    ("us-18-usc-3181", "18-usc-3188.deadline"): starts("committed", "removal", "may"),
}
"""What starts each limit in a case: instrument and id of the rule, and its fields."""

_PROLONGED = {"event_from": "end of the limit before it"}
_NEW_DATE = {
    "event_from": "new date for surrender",
    "event_to": "surrender",
    **_window("surrender-must", "must"),
}
PROLONGED: dict[tuple[str, str], Rule] = {
    ("eu-eio", "12-3.deadline"): {
        "id": "12-5.deadline",
        "article": "12(5)",
        **_PROLONGED,
        **starts("prolong", "decide", owner="executing-authority"),
    },
    ("eu-eaw", "23-2.deadline"): {"id": "23-3-4.deadline", "article": "23(3)-(4)", **_NEW_DATE},
    ("uk-eu-tca", "615.deadline~2"): {
        "id": "615.prolonged.deadline",
        "amount": "30",
        **_PROLONGED,
        **starts("prolong", "decide", owner="court"),
    },
    ("uk-eu-tca", "621.deadline"): {"id": "621.new-date.deadline", **_NEW_DATE},
    ("gb-extradition-act-2003", "6-2-3c-8a.deadline"): {
        "id": "6-2-3c-8a.prolonged.deadline",
        **_PROLONGED,
        **starts("prolong", "arrest-to-papers", when=_PROVISIONAL),
        "unit": "working-hours",
        "source": "memory",
        "confidence": "memory",
        "checked": "",
        "grade": "medium",
    },
    ("gb-extradition-act-2003", "35-3-38-3-47-3.deadline"): {
        "id": "35-3-38-3-47-3.new-date.deadline",
        **_NEW_DATE,
        "event_day_counts": True,
    },
}
"""Limits that the rulebook tells in the row of another, as its extension: what differs from that one."""

_OF_THE_START = ("event", "clock", "nature", "closes_on", "dropped_by", "pauses_on", "resumes_on", "owner")

NO_CASE: dict[tuple[str, str], str] = {
    (
        "coe-mla-1959",
        "7-3.deadline",
    ): "bounds what a State may declare; the period itself is the declared one",
    ("coe-mla-1959", "22-1.deadline"): "a yearly exchange of notices between ministries, of no case",
    ("coe-mla-2001-ap2", "17-2.deadline"): "runs for officers who follow somebody across a border, in hours",
    ("uncc", "25.deadline"): "the term of an order of domestic law on a person there",
    ("eu-2023-977", "5-1-a.deadline"): "information between police forces, which is no evidence",
    ("eu-2023-977", "5-1-b.deadline"): "information between police forces, which is no evidence",
    ("eu-2023-977", "5-1-c.deadline"): "information between police forces, which is no evidence",
    ("nl-us-ext", "18-2.deadline"): "custody in a third State during transit, which no case here follows",
}
"""Limits that no case meets, and why. Rows of model laws and of domestic orders are refused before."""

BORROWED = {"ap3.": "coe-ext-2010-ap3", "ap4.": "coe-ext-2012-ap4"}
"""Protocols whose limits stand in their convention under ids that begin so."""


def clocked(key: str, rule: str) -> Rule:
    """What starts the limit `rule` of instrument `key` in a case; empty where no case meets it or nobody has
    said so yet."""
    return CLOCKED.get((key, rule), {})


def prolonged(key: str, rule: Rule) -> Rule | None:
    """The limit that follows on `rule` of instrument `key` as its extension, if there is one."""
    more = PROLONGED.get((key, rule["id"]))
    if more is None:
        return None
    kept = {name: value for name, value in rule.items() if name not in (*_OF_THE_START, "extendable_by")}
    kept.pop("event_day_counts", None)
    parts = [test for test in rule.get("when", []) if not test["test"].startswith("case-says")]
    return {**kept, **more, "when": [*parts, *more.get("when", [])]}


def unplaced(key: str, rule: str) -> bool:
    """Has nobody said what starts the limit, nor why nothing does?"""
    for prefix, protocol in BORROWED.items():
        if rule.startswith(prefix):
            return unplaced(protocol, rule.removeprefix(prefix))
    by_row = {(of, more["id"]) for (of, _), more in PROLONGED.items()}
    return (key, rule) not in CLOCKED.keys() | NO_CASE.keys() | by_row
