"""How is a refusal of another room told in the visitor's language? Its English sentence is known by its form.

The rooms below the pages refuse in English, with references and codes inside the sentence. `REFUSALS` holds
the likeliest of these sentences, a slot in the place of each value; the catalogs hold the translations. A
sentence that is not there stays English: better told in English than not told.
"""

from __future__ import annotations

import re
from functools import lru_cache

from babel.lists import format_list

from desk.web import words
from desk.web.labels import label
from desk.web.words import N_

MOVES_AND_CASES = (
    N_("'%(event)s' is not possible while the case is '%(status)s'."),
    N_("allowed now: %(events)s"),
    N_("The request is not approved yet."),
    N_("have it approved first; until then the letter is a draft"),
    N_("The letter lacks %(number)s of what is asked for."),
    N_("put it into the request, or have an approver seal it with a reason"),
    N_("Only an approver seals a letter that lacks something."),
    N_("A protected name stands in what is to leave: %(number)s times."),
    N_("write the pseudonym there; what cannot do without the identity goes in a sealed annex"),
    N_("Protected name %(number)s has no letters to look for."),
    N_("give the whole name"),
    N_("Not all of these names are guarded in this case."),
    N_("write each as it was given; nothing was let go"),
    N_("ask an approver"),
    N_("What the house does by itself is made by nobody."),
    N_("sign in with an account of your own"),
    N_("House '%(house)s' takes no part in this case."),
    N_("check the reference"),
    N_("It cannot have happened in the future."),
    N_("give a moment before %(moment)s"),
    N_("That was before this request began."),
    N_("it began at %(moment)s: check the year"),
    N_("Report %(report)s cannot have been complete in the future."),
    N_("give the moment at which it was complete, or leave that out"),
    N_("'%(event)s' needs the baton, which %(house)s holds."),
    N_("accept the handoff that is offered, or have it offered"),
    N_("'%(event)s' needs one of the roles %(roles)s."),
    N_("ask a colleague who has it"),
    N_("Your roles do not allow the move '%(event)s'."),
    N_("Your roles do not allow %(what)s."),
    N_("ask one who is %(roles)s"),
    N_("There is no such case."),
    N_("The case does not concern you."),
    N_("ask who holds it"),
    N_("You see where this case stands, not what is in it."),
    N_("ask the officer who holds it"),
    N_("The law was not asked for this case."),
    N_("choose a basis"),
    N_("The case is being opened."),
    N_("The case is full: it takes only short moves now."),
    N_("say it in less than %(bytes)s bytes, and put the rest into a document"),
    N_("known: %(known)s"),
    N_("waiting: %(waiting)s"),
    N_("There is no such move."),
    N_("choose one on the page of the case"),
    N_("This is not possible while the case stands as it does."),
    N_("This page is for those who issue or validate requests."),
    N_("see the case itself"),
    N_("go back"),
    N_("choose another id"),
    N_("give the reasons"),
    N_("give a later moment"),
    N_("give a moment after %(moment)s"),
)
"""What the lifecycle, the roles and the clock forbid."""

HANDOFFS = (
    N_("The case is held by %(holder)s."),
    N_("only who holds it may pass it on"),
    N_("The offer would be overdue at once."),
    N_("That is who holds it already."),
    N_("name another receiver"),
    N_("The other house does not know this case yet."),
    N_("Handoff %(handoff)s is under way: one at a time."),
    N_("have it accepted or returned, or withdraw the offer"),
    N_("only who is addressed may answer"),
    N_("only who is addressed may accept or return it"),
    N_("A handoff within the house is under way."),
    N_("'%(word)s' is not a known account there."),
    N_("'%(word)s' is not a known function of this house."),
)
"""Who holds a case, and who may answer an offer."""

DRAFTS_AND_LETTERS = (
    N_("The request has gaps: %(gaps)s."),
    N_("No reason stands in the place of these: %(gaps)s."),
    N_("Not even an emergency stands in the place of these: %(gaps)s."),
    N_("An emergency needs %(wanted)s, and a reason."),
    N_("Who filed, last amended or sent a request does not approve it."),
    N_("have a second person approve it"),
    N_("look it up in the list of cases: it shows those you may see"),
    N_("There is no such matter."),
    N_("look it up in the list of matters: it shows those you may see"),
    N_("There is nothing to approve."),
    N_("The request was changed meanwhile."),
    N_("look at it as it stands now, then do it again"),
    N_("The request is not approved."),
    N_("%(instrument)s is not a legal basis that is certain here: %(verdict)s."),
    N_("choose a candidate that is `yes`, or give a reason as `override`"),
    N_("A signature cannot be of a later day than today."),
    N_("give the day on which it was signed"),
    N_("No attachment of this request has that digest."),
    N_("The other side is to be heard before a refusal (%(articles)s)."),
    N_("A request that is %(decision)s needs reasons."),
    N_("give the reasons, and the grounds with their articles"),
    N_("A request that is granted in part needs to say which part."),
    N_("say what is granted; the reasons tell why not the rest"),
    N_("Who declines says why."),
    N_("There is no open question '%(question)s'."),
    N_("That letter has not left yet."),
    N_("That is this case itself."),
    N_("name the other case"),
    N_("Objects are on loan still: %(objects)s."),
    N_("The person is still in custody for this request."),
    N_("Nobody is in custody for this request."),
    N_("That was before the arrest."),
    N_("The day of surrender is over."),
    N_("appoint a day to come"),
    N_("This limit would be over at once."),
    N_("No calendar reaches this day."),
    N_("Nothing of this case has left yet."),
    N_("send it first; record then that it arrived"),
    N_(
        "send it again, unchanged: it is made once (programs: with the same Idempotency-Key). "
        "The operator sees to the Temporal server"
    ),
    N_(
        "send it again, unchanged: it is made once (programs: with the same Idempotency-Key). "
        "If it stays so, tell the operator: the worker may not be running, or have no room on its disk"
    ),
    N_("There is no room left for the records."),
    N_("make room on their disk, then try again"),
    N_("The disk of the records takes or gives nothing."),
    N_("see that it is not full and works, then try again"),
    N_("The records can be read only."),
    N_("let the house write its file and folder, then try again"),
    N_("The folder of the documents takes nothing."),
    N_("make room on its disk, or let the house write there, then try again"),
    N_("It cannot have been received in the future."),
    N_("check the year"),
    N_("These days are over: back on %(day)s."),
    N_("check the year; nobody stands in for days that are over"),
    N_("Nobody has said yet that the data are kept."),
    N_("The longer time would end before the present one."),
    N_("name a later day, or leave it out"),
)
"""What is missing before a request is approved, sent, decided or closed."""

FILING = (
    N_("This house files for %(ours)s, the request is %(theirs)s's."),
    N_("A request of %(state)s with this reference is here already."),
    N_("The law of a day more than a year ahead is not known."),
    N_("give the day of the request, or leave it out for today"),
    N_("An offence cannot end before it began."),
    N_("The period cannot end before it begins."),
    N_("Data cannot be asked to be kept until a day that is over."),
    N_("That cannot have been done on a day that is still to come."),
    N_("give a day from %(day)s on"),
    N_("give a day from %(day)s on, or leave it out"),
    N_("give a day up to %(day)s"),
    N_("give a moment from %(moment)s on"),
    N_("'%(word)s' is not a length of imprisonment."),
    N_("write it as 10y, 18m, 1y6m or life"),
    N_("The reference %(ref)s is taken."),
    N_("give another reference"),
    N_("There is no such draft."),
    N_("see your drafts"),
    N_("%(person)s changed this draft meanwhile."),
    N_("look at both, and save what shall stand"),
    N_("The file is not UTF-8 text."),
    N_("This is not YAML: %(problem)s."),
    N_("This is not JSON: %(problem)s."),
    N_("mend it there"),
    N_("Neither side of this request is %(state)s."),
    N_("take another file"),
    N_("%(field)s is missing."),
    N_("add it"),
    N_("%(field)s is not known here."),
    N_("take it out"),
    N_("This word is not one of those allowed."),
    N_("It is not written as it must be."),
    N_("write two capital letters, such as DE"),
    N_("write two small letters, such as en"),
    N_("write small letters and digits, joined by hyphens"),
    N_("write sha256: and 64 hexadecimal digits"),
    N_("'%(word)s' is not a day."),
    N_("'%(word)s' is not a known State."),
    N_("'%(word)s' is not a known offence."),
    N_("'%(word)s' is not a known measure."),
    N_("'%(word)s' is not a known kind."),
    N_("'%(word)s' is not a known provider."),
    N_("did you mean %(words)s?"),
    N_("No measure is named."),
)
"""What stands wrongly in a request, or in a question to the law."""

DOCUMENTS = (
    N_("This is more than %(size)s MB."),
    N_("send less at once"),
    N_("The document has more than %(bytes)s bytes."),
    N_("The document is empty."),
    N_("name it by hash and custodian as an item of evidence; send a paper that shows a scan as PDF"),
    N_("No letter of this case was sealed under that digest."),
    N_("This names a folder."),
    N_("The name holds a path, or signs that cannot be seen."),
    N_("give the document a plain name, without folders"),
    N_("give the document a name"),
    N_("Pictures and films are not stored here."),
    N_("A document that is named is not with this case."),
    N_("There is no such document with this case."),
    N_("The documents have %(whole)s bytes together; a parcel takes %(limit)s."),
    N_("send the others with an answer, or name them by digest as evidence"),
    N_("This file is on the list of material that is never taken in."),
    N_("leave it with its custodian and note its custody; the head of the office is told"),
    N_("The bytes of %(item)s are never taken in."),
    N_("The bytes of %(item)s are not here."),
    N_("This is not the file that was declared."),
    N_("compare the digests, or declare the item anew"),
    N_("This has not happened yet."),
    N_("note it when it has"),
)
"""Files that are too large, empty, not the ones declared, or never taken in."""

WORKSHOP = (
    N_("There is no proposal %(number)s."),
    N_("see the list of proposals"),
    N_("Proposal %(number)s was not accepted."),
    N_("accept it first"),
    N_("Who proposed a change of the law does not accept it."),
    N_("have a second person of the treaty desk accept it"),
    N_("Another change of the law was accepted in the meantime."),
    N_("look at its impact again, then accept it"),
    N_("The registry holds all of this already."),
    N_("there is nothing to propose"),
    N_("A refusal needs a reason."),
    N_("say what is wrong with it"),
    N_("'%(word)s' is not a known instrument."),
)
"""Proposals to change the law."""

ACCOUNTS = (
    N_("Sign in first."),
    N_("sign in; what you typed is kept"),
    N_("This form is not of your session."),
    N_("open the page again and repeat it"),
    N_("This invitation was used already, or its time is over."),
    N_("ask an operator of the house for a new one"),
    N_("The account '%(account)s' exists."),
    N_("take another id"),
    N_("'%(account)s' cannot be an account."),
    N_("There is no open account '%(account)s'."),
    N_("see the accounts"),
    N_("'%(account)s' is the last operator: nobody could keep accounts any more."),
    N_("make another operator first"),
    N_("This house has no provider to sign in by."),
    N_("sign in another way"),
    N_("ask an operator of the house for an invitation"),
    N_("This is no e-mail address."),
    N_("write it as name@example.org"),
    N_("An account without a role may do nothing."),
    N_("name a role"),
    N_("This is the last way to sign in to the account."),
    N_("add another first"),
    N_("This passkey opens nothing here."),
    N_("take another, or another way to sign in"),
    N_("Nobody stands in for themself."),
    N_("name somebody else"),
    N_("The provider by which you sign in does not answer."),
    N_("This sign-in was begun too long ago, or in another browser."),
    N_("The provider did not sign you in."),
    N_("The provider did not accept the answer of your browser."),
    N_("The provider's word is not signed as it must be."),
    N_("The provider's word is not about you, not for this house, or too old."),
    N_("The provider does not say that you have signed in there just now."),
    N_("begin again; if it stays so, tell an operator of the house"),
    N_("The provider knows you, but no account of this house belongs to you."),
    N_("ask an operator of the house to enter your e-mail address at your account"),
    N_("A view needs a name of up to %(letters)s letters."),
    N_("give it a short name"),
)
"""Sign-in, accounts, absences and saved views."""

TROUBLE = (
    N_("The case is filed but not running."),
    N_("The move could not be made now; the case is as it was."),
    N_("The engine does not answer now."),
    N_("The case did not answer within %(seconds)s seconds; the move may still be made."),
    N_("try again"),
    N_("try again in a moment"),
    N_("try again; if it stays so, tell the operator"),
    N_("Something went wrong here; it is noted as %(number)s."),
    N_("tell the operator this number; the case is as it was last filed"),
    N_("This idempotency key was used before for something else."),
)
"""A part of the house that does not answer, or a fault of ours."""

INTERCEPTION = (
    N_("Nothing is intercepted in this case."),
    N_("file the interception as a case of its own, with the measure `interception`"),
    N_("Notice was given in this case already."),
    N_("No notice of an interception was given in this case."),
    N_("That was before the notice."),
    N_("Whoever lets it run sets nothing about what was intercepted."),
    N_("leave it out, or say that the interception is objected to"),
    N_("Conditions for the use of what was intercepted need to be told, with the reasons for them."),
    N_("write them as they were set: they bind whoever uses it"),
    N_("Nothing is asked: this case is the notice of an interception."),
    N_("The time to object to the interception runs still."),
    N_("%(basis)s knows no notice of an interception."),
    N_("choose a basis that does, or tell the other side by `inform`"),
)
"""The notice of an interception, and the answer to it."""

REFUSALS = (
    *MOVES_AND_CASES,
    *INTERCEPTION,
    *HANDOFFS,
    *DRAFTS_AND_LETTERS,
    *FILING,
    *DOCUMENTS,
    *WORKSHOP,
    *ACCOUNTS,
    *TROUBLE,
)
SLOT = re.compile(r"%\((\w+)\)s")
NOBODY = N_("none")
"""What a list of possible words says where there are none."""
_CODES = {
    "event": "event",
    "events": "event",
    "status": "status",
    "roles": "role",
    "gaps": "gap",
    "verdict": "verdict",
    "channel": "channel",
    "way": "way",
}
"""Slots whose values are codes, and the closed list of each."""
_SENTENCES = frozenset({"reason", "trouble"})
"""Slots whose values are such sentences again."""


def told(language: str, sentence: str, among: tuple[str, ...] = REFUSALS) -> str:
    """`sentence` (English) in `language`, its values put back; as it is where no form of it is `among` those
    that are known."""
    if not sentence or (language == words.ENGLISH and among is REFUSALS):
        return sentence
    texts = words.catalog(language)
    found = texts.gettext(sentence)
    if found != sentence:
        return found
    for pattern, message in _forms(among):
        match = pattern.fullmatch(sentence)
        if match is not None:
            given = {name: _value(language, name, value, among) for name, value in match.groupdict().items()}
            return texts.gettext(message) % given
    return sentence


def _value(language: str, name: str, value: str, among: tuple[str, ...]) -> str:
    """A value as the reader knows it: codes by their names, one after the other; all else as it is."""
    texts = words.catalog(language)
    if value == NOBODY:
        return texts.gettext(NOBODY)
    if name in _SENTENCES:
        return told(language, value, among)
    kind = _CODES.get(name)
    if kind is None:
        return value
    # A gap is told with the field that it concerns: `content necessity`.
    heads = dict.fromkeys(code.partition(" ")[0] for code in value.split(", "))
    names = [texts.gettext(label(kind, code)) for code in heads]
    return format_list(names, locale=words.locale(language))


@lru_cache(maxsize=4)
def _forms(among: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences with slots as patterns; the one with the most words of its own is tried first."""
    slotted = [message for message in among if SLOT.search(message)]
    slotted.sort(key=lambda message: -len(SLOT.sub("", message)))
    return tuple((_form(message), message) for message in slotted)


def _form(message: str) -> re.Pattern[str]:
    parts = SLOT.split(message)
    built = [f"(?P<{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)]
    return re.compile("".join(built), re.DOTALL)
