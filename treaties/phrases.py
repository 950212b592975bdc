"""Which sentence does each claim of the law engine stand for, and which words do its slots become?

English is the source; catalogs of the domain `law` under treaties/locale hold the other languages. A key is
the claim, or the claim and its verdict where one sentence cannot serve both.
"""

from __future__ import annotations


def _(message: str) -> str:
    """Marks a text for the catalogs; it is translated when a sentence is made."""
    return message


SENTENCES: dict[str, str] = {
    # --- force: one State
    "force.bound": _("%(state)s has been bound by it since %(day)s."),
    "force.bound-by-rule": _(
        "%(state)s has been bound by it since %(day)s, a day worked out by its own rule."
    ),
    "force.bound-by-transposition-deadline": _(
        "%(state)s has been bound by it since %(day)s, the deadline for transposing it; "
        "its own act was not read."
    ),
    "force.extended": _("It has extended to %(state)s since %(day)s."),
    "force.provisionally": _("%(state)s has applied it provisionally since %(day)s."),
    "force.not-yet": _("%(state)s becomes bound by it only on %(day)s."),
    "force.not-yet-agreed": _("%(state)s had not agreed to it before %(day)s."),
    "force.before-opening": _("It did not exist before %(day)s."),
    "force.not-entered": _("It was in force for nobody before %(day)s."),
    "force.pending": _("It was not in force for anybody when last read (%(as_of)s)."),
    "force.entry-unknown": _(
        "%(state)s agreed to be bound on %(day)s; since when it has been bound is not recorded."
    ),
    "force.day-unknown:yes": _("%(state)s is bound by it: seen by %(seen)s, the day itself is not known."),
    "force.day-unknown:unknown": _(
        "Whether %(state)s was bound by it already is not known: it was seen bound only by %(seen)s."
    ),
    "force.succeeded:yes": _(
        "%(state)s is bound by it as a successor, at the latest since its notice (%(day)s)."
    ),
    "force.succeeded:unknown": _(
        "%(state)s succeeded to it; whether it was bound before its notice (%(day)s) is not recorded."
    ),
    "force.signed-only": _(
        "%(state)s signed it on %(day)s and is not among its parties (list complete as of %(as_of)s)."
    ),
    "force.signed-only-as-far-as-known": _(
        "%(state)s signed it on %(day)s; our list of parties may not show whether it became one."
    ),
    "force.not-party": _("%(state)s is not among its parties (list complete as of %(as_of)s)."),
    "force.not-listed": _(
        "%(state)s is not in the list of its parties that we hold, but that list may not be complete."
    ),
    "force.parent-bound": _(
        "Whether it extends to %(state)s is not recorded: %(parent)s is bound by it, or may be."
    ),
    "force.left-out": _("%(parent)s does not apply it to %(state)s."),
    "force.may-not-join": _("%(state)s is not among those who may join it (as of %(as_of)s)."),
    "force.not-binding": _("It binds nobody: it works only through the law of each of its members."),
    "force.not-before": _("%(state)s was not bound by it before %(day)s; the day itself is not known."),
    "force.start-unknown": _("%(state)s was bound by it once; since when is not known."),
    "force.ended": _("%(state)s has no longer been bound by it since %(day)s."),
    "force.ended-day-unknown": _(
        "%(state)s is no longer bound by it: seen by %(seen)s, the day itself is not known."
    ),
    "force.ended-perhaps": _("%(state)s may have left it already: that it left was seen by %(seen)s."),
    "force.suspended": _("For %(state)s it has been suspended since %(day)s."),
    "force.suspended-day-unknown": _("For %(state)s it is suspended: seen by %(seen)s."),
    "force.suspended-perhaps": _("For %(state)s it may have been suspended already: seen by %(seen)s."),
    "force.law": _("This law of %(state)s has been in force since %(day)s."),
    "force.law-not-yet": _("This law of %(state)s enters into force only on %(day)s."),
    "force.law-day-unknown:yes": _(
        "This law of %(state)s is in force: seen by %(seen)s, the day itself is not known."
    ),
    "force.law-day-unknown:unknown": _(
        "Whether this law of %(state)s was in force already is not known: it was seen only by %(seen)s."
    ),
    "force.practice:yes": _("It is a practice, for which no law has to be in force: seen by %(seen)s."),
    "force.practice:unknown": _("Whether this was practice already is not known: it was seen by %(seen)s."),
    "force.law-undated": _("Since when this law of %(state)s has been in force is not recorded."),
    # --- force: two States
    "force.linked:yes": _("%(instrument)s is in force between %(requesting)s and %(requested)s on %(day)s."),
    "force.linked:no": _(
        "%(instrument)s is not in force between %(requesting)s and %(requested)s on %(day)s."
    ),
    "force.linked:unknown": _(
        "Whether %(instrument)s is in force between %(requesting)s and %(requested)s on %(day)s is not known."
    ),
    "force.law-linked:yes": _("%(instrument)s can be applied by %(requested)s on %(day)s."),
    "force.law-linked:no": _("%(instrument)s cannot be applied by %(requested)s on %(day)s."),
    "force.law-linked:unknown": _(
        "Whether %(instrument)s can be applied by %(requested)s on %(day)s is not known."
    ),
    "force.summary:yes": _("It is in force between the two."),
    "force.summary:no": _("It is not in force between the two."),
    "force.summary:unknown": _("Whether it is in force between the two is not known."),
    "force.accepted:yes": _("%(state)s accepted the accession of %(other)s (%(day)s)."),
    "force.accepted:no": _("%(state)s has not accepted the accession of %(other)s."),
    "force.accepted:unknown": _("Whether %(state)s accepted the accession of %(other)s is not known."),
    "force.relations-not-excluded:yes": _("%(state)s does not exclude relations with %(other)s on that day."),
    "force.relations-not-excluded:no": _("%(state)s excluded relations with %(other)s (%(day)s)."),
    "force.relations-not-excluded:unknown": _(
        "%(state)s may already have excluded relations with %(other)s."
    ),
    "force.saved:yes": _(
        "By %(article)s it applies to this request, as the day of the %(event)s was %(day)s."
    ),
    "force.saved:no": _(
        "By %(article)s it does not apply to this request, as the day of the %(event)s was %(day)s."
    ),
    "force.governing-day-unknown": _(
        "The law of the day of the %(governing)s decides, and that day was not given."
    ),
    # --- scope
    "scope.article:yes": _("%(article)s is open to this request."),
    "scope.article:no": _("%(article)s is not open to this request."),
    "scope.article:unknown": _("Whether %(article)s is open to this request is not known."),
    "scope.presumed-article:yes": _(
        "It reaches this request, as presumed from its title; its text was not read."
    ),
    "scope.presumed-article:no": _("Its title does not let one presume that it reaches this request."),
    "scope.presumed-article:unknown": _(
        "Whether it reaches this request is not known; its text was not read."
    ),
    "scope.covers:yes": _("%(article)s speaks of what is asked (%(measures)s)."),
    "scope.covers:no": _("%(article)s does not speak of what is asked (%(measures)s)."),
    "scope.other-measure": _("%(article)s does not speak of %(measure)s."),
    "scope.reach:yes": _("It covers %(measure)s."),
    "scope.reach:no": _("None of its articles covers %(measure)s."),
    "scope.reach:unknown": _("Whether one of its articles covers %(measure)s is not known."),
    "scope.reach-all:yes": _("It covers every measure asked."),
    "scope.reach-all:no": _("It does not cover every measure asked."),
    "scope.reach-all:unknown": _("Whether it covers every measure asked is not known."),
    "scope.no-article": _("No article on %(kind)s has been recorded."),
    "scope.gives-none": _("None of its articles is about %(kind)s."),
    "scope.wording-stood:yes": _("%(article)s stood in this wording on that day."),
    "scope.wording-stood:no": _("%(article)s did not stand in this wording on that day."),
    "scope.not-excluded:no": _("%(state)s excluded %(article)s by reservation or declaration."),
    "scope.not-excluded:unknown": _(
        "%(state)s may already have excluded %(article)s by reservation or declaration."
    ),
    # --- provisos
    "proviso.none-in-force:yes": _(
        "The proviso of %(article)s is met: nothing else (%(values)s) links the two."
    ),
    "proviso.none-in-force:no": _(
        "The proviso of %(article)s is not met: something else (%(values)s) links the two."
    ),
    "proviso.none-in-force:unknown": _(
        "Whether the proviso of %(article)s is met is not known: "
        "something else (%(values)s) may link the two."
    ),
    "proviso.nothing-counts": _("The registry holds nothing between the two that counts as %(values)s."),
    "proviso.unlisted-treaty:no": _(
        "A treaty on %(kind)s that we do not hold is excluded: complete list of %(list_of)s as of %(as_of)s."
    ),
    "proviso.unlisted-treaty:unknown": _(
        "Do %(requesting)s and %(requested)s have a treaty on %(kind)s that the registry does not hold?"
    ),
    "proviso.both-bound:yes": _("Both are bound by %(values)s (%(article)s)."),
    "proviso.both-bound:no": _("Not both are bound by %(values)s (%(article)s)."),
    "proviso.both-bound:unknown": _("Whether both are bound by %(values)s is not known (%(article)s)."),
    "proviso.not-both-bound:yes": _("Not both are bound by %(values)s (%(article)s)."),
    "proviso.not-both-bound:no": _("Both are bound by %(values)s (%(article)s)."),
    "proviso.not-both-bound:unknown": _("Whether both are bound by %(values)s is not known (%(article)s)."),
    "proviso.urgent:yes": _("The request is urgent (%(article)s)."),
    "proviso.urgent:no": _("The request is not urgent (%(article)s)."),
    "proviso.emergency:yes": _("There is an emergency (%(article)s)."),
    "proviso.emergency:no": _("There is no emergency (%(article)s)."),
    "proviso.emergency:unknown": _(
        "Is the life or safety of a person at significant and imminent risk (%(article)s)?"
    ),
    "proviso.requested-is:yes": _("The requested State is one to which %(article)s applies."),
    "proviso.requested-is:no": _("The requested State is not one to which %(article)s applies."),
    "proviso.requested-is-not:yes": _("The requested State is not one that shuts it out."),
    "proviso.requested-is-not:no": _("The requested State is one that shuts it out (%(values)s)."),
    "proviso.requesting-is:yes": _("The requesting State is one to which %(article)s applies."),
    "proviso.requesting-is:no": _("The requesting State is not one to which %(article)s applies."),
    "proviso.one-side-is:yes": _("Just one of the two is on the side of %(values)s."),
    "proviso.one-side-is:no": _("It works only between %(values)s and the other side."),
    "proviso.designated:yes": _("%(state)s is designated for it (%(article)s)."),
    "proviso.designated:no": _("%(state)s is not designated for it (%(article)s)."),
    "proviso.designated:unknown": _("Is %(state)s designated for it (%(article)s)? The list may be old."),
    "proviso.arranged": _("Have the two made an arrangement for this one case (%(article)s)?"),
    "proviso.measure-is:yes": _("%(article)s speaks of a measure asked."),
    "proviso.measure-is:no": _("%(article)s speaks of other measures."),
}

CONDITIONS: dict[str, str] = {
    "condition.offence-not-told": _(
        "Which offence is it? It must be one that %(instrument)s covers (%(article)s)."
    ),
    "condition.offence-scope:yes": _("The offence is one that it covers (%(article)s)."),
    "condition.offence-scope:no": _("The offence is not one that it covers (%(article)s)."),
    "condition.offence-covered": _("It covers %(offence)s (%(article)s)."),
    "condition.offence-not-covered": _("It does not cover %(offence)s."),
    "condition.electronic-by-nature": _("The evidence asked for is electronic by its nature (%(article)s)."),
    "condition.computer-crime:yes": _("The offence is one that it makes a crime (%(article)s)."),
    "condition.electronic-not-told": _(
        "Is the evidence in electronic form, or the offence one by computer (%(article)s)?"
    ),
    "condition.not-serious": _("The offence carries less than %(months)s (%(article)s)."),
    "condition.transnational-organised": _(
        "Is the offence serious, transnational and by an organised group (%(article)s: %(text)s)?"
    ),
    "condition.penalty-not-told": _(
        "Which offence is it, and with which maximum penalty? %(article)s asks for at least %(months)s."
    ),
    "condition.minimum-penalty:yes": _(
        "The maximum penalty reaches the threshold of %(months)s (%(article)s)."
    ),
    "condition.minimum-penalty:no": _(
        "The maximum penalty stays below the threshold of %(months)s (%(article)s)."
    ),
    "condition.minimum-penalty:unknown": _(
        "Whether the maximum penalty reaches %(months)s is not known (%(article)s)."
    ),
    "condition.penalty-of-offence:yes": _("For %(offence)s it does."),
    "condition.penalty-of-offence:no": _("For %(offence)s it does not."),
    "condition.penalty-of-offence:unknown": _("For %(offence)s it is not known."),
    "condition.penalty": _(
        "The maximum penalty for %(offence)s in the %(side)s State is %(months)s; the threshold is %(floor)s."
    ),
    "condition.penalty-unknown": _(
        "What is the maximum penalty for %(offence)s in the %(side)s State (%(article)s)?"
    ),
    "condition.penalty-spared": _(
        "The maximum for %(offence)s (%(months)s) is below %(floor)s; "
        "does %(article)s spare this case: %(text)s?"
    ),
    "condition.dual-not-told": _("Which offence is it, and is it a crime in both States (%(article)s)?"),
    "condition.dual-criminality:yes": _("The conduct is a crime in both States (%(article)s)."),
    "condition.dual-criminality:no": _("The conduct is not a crime in both States (%(article)s)."),
    "condition.dual-criminality:unknown": _(
        "Whether the conduct is a crime in both States is not shown (%(article)s)."
    ),
    "condition.criminal-on-both:yes": _("%(offence)s is a crime in both States."),
    "condition.criminal-on-both:unknown": _(
        "Is %(offence)s a crime in both States? No treaty that binds both says so."
    ),
    "condition.punishable-on-both": _("A maximum penalty for %(offence)s was given for both States."),
    "condition.not-punishable": _("%(offence)s is not punishable in the %(side)s State."),
    "condition.both-bound-to-punish:yes": _("%(instrument)s, %(article)s, binds both to make it a crime."),
    "condition.both-bound-to-punish:no": _(
        "%(instrument)s, %(article)s, does not bind both to make it a crime."
    ),
    "condition.both-bound-to-punish:unknown": _(
        "Whether %(instrument)s, %(article)s, binds both to make it a crime is not known."
    ),
    "condition.declared": _("%(state)s asks for this by its own declaration (%(article)s): %(text)s"),
    "condition.designated": _(
        "A request of %(state)s needs %(condition)s, as it was designated (%(article)s): %(text)s"
    ),
    "condition.perhaps-asked": _("Whether %(article)s asks for this between the two is not known."),
    "condition.treaty-dependent:no": _(
        "A treaty links the two, so this instrument does not stand in for one (%(article)s)."
    ),
    "condition.treaty-dependent:unknown": _("It may stand in for a treaty between the two (%(article)s)."),
    "condition.needs-a-treaty": _("Does %(state)s make assistance depend on a treaty (%(article)s)?"),
    "condition.ask": _("To be brought by a person, for %(article)s: %(text)s."),
}

CANDIDATES: dict[str, str] = {
    "candidate:yes": _("%(instrument)s can be used."),
    "candidate:no": _("%(instrument)s cannot be used."),
    "candidate:unknown": _("Whether %(instrument)s can be used is not known."),
    "candidate.no-condition-fails:yes": _("No condition is known to fail."),
    "candidate.no-condition-fails:no": _("A condition fails."),
    "candidate.not-yet-recorded": _(
        "On %(known_on)s nothing was recorded yet; the first record is of %(first)s."
    ),
    "provider.seat:yes": _("The addressee of %(provider)s sits in %(state)s."),
    "provider.seat:no": _("The addressee of %(provider)s sits in %(state)s and not in %(requested)s."),
    "provider.not-yet-recorded": _("Where the addressee of %(provider)s sits was not recorded yet."),
    "route.channel:yes": _("The request goes this way: %(channel)s (%(article)s)."),
    "route.channel:unknown": _("The request may go this way: %(channel)s (%(article)s)."),
    "route.declared": _("%(state)s declared this way for requests: %(channel)s (%(article)s)."),
    "route.other-basis": _(
        "%(article)s gives way: the request goes as the other basis between the two provides."
    ),
}

GATES: dict[str, str] = {
    "gate.ask": _("%(gate)s: %(asks)s"),
    "gate.ground": _("%(instrument)s makes it a ground for refusal (%(article)s)."),
    "gate.not-capital": _(
        "%(gate)s: no offence of the case carries it, to go by the maximum penalties told for %(state)s."
    ),
    "gate.abolished": _("%(gate)s: %(state)s has abolished it."),
    "gate.abolished-by-treaty": _("%(gate)s: %(state)s is bound by treaty to carry it out on nobody."),
    "gate.death-penalty-kept": _(
        "%(gate)s: %(state)s keeps it and %(other)s has abolished it; an assurance is needed "
        "wherever an offence of the case can carry it."
    ),
    "gate.bound-to-abolish": _(
        "%(state)s is bound by treaty to abolish the death penalty and to carry it out on nobody."
    ),
    "gate.recorded": _("What is recorded of the death penalty for %(state)s: %(practice)s."),
    "gate.not-recorded": _("Whether %(state)s had the death penalty on that day is not recorded."),
    "gate.own-national": _(
        "%(gate)s: the person is a national of %(state)s; does its law let it surrender its nationals?"
    ),
    "gate.other-national": _(
        "%(gate)s: the one told (%(state)s) is not that of the requested State; a second one would count."
    ),
    "gate.child": _("%(gate)s: under 18 when the offence was committed; a child must be treated as one."),
    "gate.of-age": _("%(gate)s: 18 or more when the offence was committed."),
    "gate.grave": _("%(gate)s: an offence of the case carries at least %(months)s in both States."),
    "gate.light": _("%(gate)s: no offence of the case carries %(months)s in both States."),
}

FRAMES: dict[str, str] = {
    "usable": _("%(instrument)s: can be used. %(why)s"),
    "unusable": _("%(instrument)s: cannot be used. %(why)s"),
    "uncertain": _("%(instrument)s: not known whether it can be used. %(why)s"),
    "concerning": _("%(instrument)s: %(sentence)s"),
    "by": _("It covers %(measures)s by %(articles)s."),
    "by-title": _("It covers %(measures)s, to judge by its title; its text was not read."),
    "anything": _("what is asked"),
    "article": _("Article %(article)s"),
    "articles": _("Articles %(article)s"),
    "of protocol": _("Additional Protocol %(number)s, %(article)s"),
    "title": _("its title"),
    "no article": _("no article named"),
    "life": _("life"),
    "unknown day": _("a day not known"),
    "memory": _("recalled, not read"),
    "as of": _("as of %(checked)s"),
    "pair mla": _("Treaty on mutual legal assistance in criminal matters, %(states)s"),
    "pair extradition": _("Extradition treaty, %(states)s"),
    "pair both": _("Treaty on extradition and mutual legal assistance, %(states)s"),
    "pair": _("Agreement, %(states)s"),
    "dated": _("%(title)s (%(year)s)"),
    "and": _("%(first)s; %(then)s"),
    "is": _("%(what)s: %(how)s"),
    "draft": _("Draft translation: no lawyer who speaks the language has reviewed it."),
}

LABELS: dict[str, str] = {
    "asks": _("%(requesting)s asks %(requested)s: %(kind)s (%(measures)s), %(day)s"),
    "by way of": _("channel: %(channel)s"),
    "from memory": _("from memory"),
    "check": _("from memory: check before use"),
    "open": _("articles open"),
    "closed": _("articles closed"),
    "uncertain": _("not known"),
    "way": _("channel"),
    "urgent": _("in urgent cases: %(channel)s"),
    "no way": _("no channel is recorded"),
    "addressee": _("addressed to"),
    "authority there": _("authority of its State"),
    "goes to": _("goes to"),
    "provider": _("provider"),
    "provider at": _("%(provider)s, %(addressee)s in %(state)s"),
    "invented": _("invented for a demonstration"),
    "demands": _("it demands: %(proof)s"),
    "answer": _("an answer is"),
    "issuers": _("issued or validated by"),
    "issue": _("issued by %(offices)s (%(article)s)"),
    "validate": _("what another issues is validated by %(offices)s (%(article)s)"),
    "validate within": _(
        "what another issues is validated by %(offices)s, within %(amount)s afterwards (%(article)s)"
    ),
    "duties": _("the requested State must"),
    "on request": _("%(duty)s, if asked to (%(article)s)"),
    "languages": _("languages"),
    "conditions": _("conditions"),
    "deadlines": _("time limits"),
    "deadline": _("%(start)s → %(end)s: %(amount)s (%(article)s)"),
    "open amount": _("as the requested State sets it"),
    "contents": _("it must hold"),
    "grounds": _("may be refused for"),
    "not grounds": _("not to be refused for"),
    "with article": _("%(word)s (%(article)s)"),
    "questions": _("Open questions"),
    "gates": _("Questions of human rights, before anything is sent"),
    "cure": _("what would help: %(cure)s"),
    "no basis": _("No basis was found."),
    "good until": _("good until %(day)s"),
    "no change": _("no later change is known"),
    "edition": _("edition of the registry: %(edition)s"),
}
"""What stands around the sentences where an answer is drawn."""

PLURALS: dict[str, tuple[str, str]] = {
    "rejected": (
        _("%(number)s other was looked at and cannot be used"),
        _("%(number)s others were looked at and cannot be used"),
    ),
    "calendar-days": (_("%(number)s calendar day"), _("%(number)s calendar days")),
    "working-days": (_("%(number)s working day"), _("%(number)s working days")),
    "working-hours": (_("%(number)s hour of working days"), _("%(number)s hours of working days")),
}
"""Texts that change with a number; what the CLDR counts (days, years) is not among them."""
