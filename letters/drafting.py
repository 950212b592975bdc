"""What does a letter about this case say, and what does it still lack? Case and form in, draft out; pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from letters.canonical import canonical
from letters.form import Entry, Form, Part, form_of
from letters.sheet import Attached, Blank, Block, Draft, Item, Line, Missing, Passage, Piece, Stretch
from letters.sources import SOURCES
from letters.speech import Speech, speech
from letters.texts import FIXED, NOTICES
from letters.view import Asked, Letterhead, Names, Release, View, identifier
from schemas.case import CaseState
from schemas.errors import BadInput
from schemas.ids import digest
from schemas.vocabulary import Side

NO_NAMES = Names()
UNTOLD = "und"
LETTER = "rogatory/letter/1"
REQUEST = "arrive"
"""The message by which a request leaves: it arrives in the other house."""


def draft(
    state: CaseState,
    form: str,
    language: str,
    *,
    house: Letterhead,
    names: Names = NO_NAMES,
    translated: Mapping[str, str] | None = None,
    about: str = "",
    release: Release | None = None,
) -> Draft:
    """The letter `form` about `state` in `language`. The same arguments give the same draft.

    `translated`: passages by their id, from a translator's worksheet. `about`: which question the letter is
    about (empty: the last). `release`: the identities in a sealed annex, which is dated by it. Raises
    UnknownWord (form, language), BadInput (a prescribed form has no version in this language; the case is not
    one for it).
    """
    wanted = form_of(form)
    said = speech(language, house.zone)
    _check(state, wanted, language)
    view = View(
        state=state,
        form=wanted,
        speech=said,
        house=house,
        names=names,
        at=release.at if release else _moment(state, wanted),
        translated=translated or {},
        about=about,
        release=release,
    )
    sections, missing = _sections(view)
    missing = (*missing, *_gaps(view, missing))
    made = Draft(
        form=wanted.key,
        language=language,
        direction="rtl" if said.rtl else "ltr",
        title=said.told(wanted.title),
        act=said.told(wanted.prescribed.title) if wanted.prescribed else "",
        article=wanted.article,
        prescribed=wanted.prescribed is not None,
        dated=said.day_of(view.at),
        day=said.day(said.day_of(view.at)),
        letterhead=(said.plain(said.state(house.state)), *map(_ours, (house.name, *house.lines))),
        addressee=_addressee(view),
        references=_references(view),
        subject=_subject(view),
        opening=tuple(view.line(text) for text in wanted.opening),
        sections=sections,
        closing=tuple(view.line(text) for text in wanted.closing),
        signature=tuple(said.told(FIXED[word]) for word in ("place", "signature", "name", "seal")),
        missing=missing,
        attached="request" if _whole(state, wanted) else "letter",
        fixed={name: said.told(text) for name, text in FIXED.items()},
    )
    return made.model_copy(update={"notices": _notices(made, said)})


def attachment(draft: Draft, state: CaseState) -> Attached:
    """The JSON that goes inside the PDF, in its one canonical spelling.

    Letters that open a case with a State carry the whole request; any other carries what it shows, and no
    more: a provider is not told why the measure is necessary (Regulation 2023/1543, 5(5)).
    """
    content = canonical(state.request if draft.attached == "request" else _record(draft))
    return Attached(name=f"{draft.attached}.json", content=content, digest=digest(content))


def _check(state: CaseState, form: Form, language: str) -> None:
    if language not in form.languages:
        raise BadInput(
            f"The form {form.key} is not written in {language!r}.",
            where="language",
            next_step=f"choose one of: {', '.join(form.languages)}",
        )
    if state.kind not in form.kinds or state.side not in form.sides:
        raise BadInput(
            f"The form {form.key} is not one for an {state.side} case of kind {state.kind}.",
            where="form",
            next_step="`rogatory letters REF` lists those that are",
        )


def _moment(state: CaseState, form: Form) -> datetime:
    """When the letter went out; before that, when the case last changed. Never the clock's."""
    gone = [each.queued for each in state.outbox if each.event in form.events]
    return gone[-1] if gone else state.updated


def _whole(state: CaseState, form: Form) -> bool:
    to_state = form.to == "state" and state.counterpart.provider is None
    return state.side is Side.OUTGOING and to_state and REQUEST in form.events


# --- head -----------------------------------------------------------------------------------------------


def _ours(text: str) -> Piece:
    """A line of our own address, in a language nobody told: its letters say in which direction it runs."""
    turned = any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text)
    return Piece(text=text, how="free", lang="ar" if turned else UNTOLD)


def _addressee(view: View) -> tuple[Piece, ...]:
    state, law = view.state, view.state.law
    if view.form.to == "provider" or state.counterpart.provider is not None:
        lines = [view.named(view.names.provider or state.counterpart.provider or "")]
    elif state.side is Side.OUTGOING and law is not None and law.authority:
        lines = [view.named(law.authority)]
    else:
        lines = [view.speech.own("central authority")]
    lines += [view.named(text) for text in view.names.address]
    lines.append(view.speech.plain(view.speech.state(state.counterpart.state)))
    return tuple(line for line in lines if line.text)


def _references(view: View) -> tuple[tuple[str, Piece], ...]:
    state, told = view.state, view.speech.told
    rows = [(told(FIXED["our"]), identifier(state.ref))]
    if state.counterpart.ref:
        rows.append((told(FIXED["your"]), identifier(state.counterpart.ref)))
    day = view.speech.day(view.speech.day_of(view.at))
    return (*rows, (told(FIXED["date"]), view.speech.plain(day)))


def _subject(view: View) -> tuple[Piece, ...]:
    """The title, and what it is about: offences, never a person."""
    charged = [view.names.words.get(one.slug, "") for one in view.state.request.offences]
    named = [view.named(name) for name in dict.fromkeys(charged) if name]
    parts: list[Piece] = []
    for place, piece in enumerate(named):
        parts += [view.speech.plain("; ")] if place else []
        parts.append(piece)
    return tuple(parts)


# --- sections -------------------------------------------------------------------------------------------


def _sections(view: View) -> tuple[tuple[Stretch, ...], tuple[Missing, ...]]:
    made: list[Stretch] = []
    missing: list[Missing] = []
    for part in view.form.sections:
        items = [item for entry in part.fields if (item := _item(view, entry, missing)) is not None]
        items = _once(items)
        if not items:
            continue
        number = _number(view, part, len(made) + 1)
        mark = view.form.prescribed is not None and not part.read
        title = view.speech.told(part.title)
        made.append(Stretch(number=number, title=title, mark=mark, items=tuple(items)))
    return tuple(made), tuple(missing)


def _once(items: list[Item]) -> list[Item]:
    """The same section, without words of the case that a sentence of ours says already."""
    said = {_folded(_words(block)) for item in items for block in item.blocks if isinstance(block, Line)}

    def again(item: Item) -> bool:
        return all(isinstance(block, Passage) and _folded(block.text) in said for block in item.blocks)

    return [item for item in items if item.label or not again(item)]


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _number(view: View, part: Part, place: int) -> str:
    if view.form.prescribed is None:
        return str(place)
    return view.speech.told(FIXED["section"]) % {"letter": part.letter} if part.letter else ""


def _item(view: View, entry: Entry, missing: list[Missing]) -> Item | None:
    label = view.speech.told(entry.label) if entry.label else ""
    blocks: tuple[Block, ...] = SOURCES[entry.source](Asked(view, entry))
    if not blocks:
        if entry.need == "yes":
            missing.append(Missing(field=entry.key, label=label, article=entry.article))
            blocks = (Blank(missing=entry.source != "blank"),)
        elif view.form.prescribed is None or not label:
            return None
        else:
            blocks = (Blank(),)
    mark = view.form.prescribed is not None and bool(label) and not entry.read
    return Item(key=entry.key, label=label, mark=mark, blocks=blocks)


def _gaps(view: View, missing: tuple[Missing, ...]) -> tuple[Missing, ...]:
    """What the law asks of the request and it lacks, as the case knows it; also what is only advised."""
    if not view.form.events or REQUEST not in view.form.events:
        return ()
    law, told = view.state.law, view.state.request.contents
    known = {each.field for each in missing}
    found = [
        Missing(field=gap.field, label=view.names.words.get(gap.field, ""), article=gap.article)
        for gap in view.state.gaps
        if gap.code == "content" and gap.field not in known and gap.field not in told
    ]
    advised = law.contents_advised if law else ()
    found += [
        Missing(field=slug, label=view.names.words.get(slug, ""), required=False)
        for slug in advised
        if slug not in told
    ]
    return tuple({each.field: each for each in reversed(found)}.values())[::-1]


def _notices(made: Draft, said: Speech) -> tuple[str, ...]:
    found: list[str] = []
    lacking = [each for each in made.missing if each.required]
    if lacking:
        found.append(said.told(NOTICES["incomplete"]) % {"number": said.number(len(lacking))})
    if any(each.lang != made.language and not each.target for each in made.passages):
        found.append(said.told(NOTICES["untranslated"]))
    if made.prescribed:
        found.append(said.told(NOTICES["official"]))
    if said.draft:
        found.append(said.told(NOTICES["draft"]))
    return tuple(found)


# --- as data ------------------------------------------------------------------------------------------


def texts_of(draft: Draft) -> dict[str, str]:
    """Every word of the letter by its place: what the checks of words and of leaks read."""
    found = {
        "title": draft.title,
        "subject": _joined(draft.subject),
        "letterhead": "\n".join(piece.text for piece in draft.letterhead),
    }
    found["addressee"] = "\n".join(piece.text for piece in draft.addressee)
    found["references"] = "\n".join(piece.text for _, piece in draft.references)
    for name, lines in (("opening", draft.opening), ("closing", draft.closing)):
        found[name] = "\n".join(_joined(line.pieces) for line in lines)
    for part in draft.sections:
        for item in part.items:
            for place, block in enumerate(item.blocks):
                found[f"{item.key}.{place}"] = _words(block)
    return {place: text for place, text in found.items() if text}


def _joined(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def _words(block: Block) -> str:
    if isinstance(block, Passage):
        return "\n".join(text for text in (block.label, block.text, block.target) if text)
    if isinstance(block, Line):
        return _joined(block.pieces)
    if isinstance(block, Blank):
        return ""
    if block.block == "ticks":
        return "\n".join(text for ticked, text in block.items if ticked)
    return "\n".join("\t".join(_joined(cell) for cell in row) for row in block.rows)


def _record(draft: Draft) -> dict[str, Any]:
    return {
        "type": LETTER,
        "form": draft.form,
        "language": draft.language,
        "dated": draft.dated.isoformat(),
        "references": [piece.text for _, piece in draft.references if piece.how == "id"],
        "fields": {
            item.key: [text for block in item.blocks if (text := _words(block))]
            for part in draft.sections
            for item in part.items
        },
    }
