"""Does the page take the names that are guarded, and show nothing of them but how many there are?"""

from __future__ import annotations

from desk import guarded
from desk.web import kept
from desk.web.label_tables import LABELS
from letters.inside import WHY
from schemas.ids import digest
from schemas.moves import Actor, Amend
from schemas.vocabulary import Role
from tests.desk.conftest import MARK, request_json
from tests.web.conftest import Screen
from tests.web.test_docket import filed

NAMES = "Änne-Marie Größer\n\n  Berta <b>Otherwise</b> \n"


async def test_names_are_guarded_and_only_their_number_is_shown(screen: Screen) -> None:
    ref = await filed(screen)
    officer, path = screen.signed_in("officer"), f"/desk/case/{ref}/guarded"
    await officer.get(path)
    assert "No name is guarded in this case yet." in officer.text()
    key = officer.tree.cssselect("input[name=key]")[0].get("value")
    for _ in range(2):
        answer = await officer.post(path, {"key": key, "guarded": f"{NAMES}{MARK}"})
        assert answer.status_code == 303, answer.text
    await officer.get(answer.headers["location"])
    shown = officer.text()
    assert "The names are guarded from now on." in shown
    assert "Guarded names: 3, since" in shown
    assert "request.contents.facts" in officer.text(".warn")
    assert len(guarded.names_of(screen.records, ref)) == 3
    await officer.get(f"{path}?done=of-nobody")
    assert "from now on" not in officer.text()
    for page in ("", "/history", "/guarded", "/documents", "/people"):
        answer = await officer.get(f"/desk/case/{ref}{page}")
        assert "Otherwise" not in answer.text, page
        assert "Größer" not in answer.text, page
    await officer.get(f"/desk/case/{ref}")
    assert "Guarded names: 3, since" in officer.text()
    assert officer.tree.cssselect(f'a[href="{path}"]')
    refused = await officer.get(f"/desk/case/{ref}/letters/mla-request.pdf")
    assert refused.status_code == 409
    assert "A protected name stands in what is to leave" in officer.text()


async def test_what_cannot_be_guarded_says_why_in_the_visitor_s_language(screen: Screen) -> None:
    ref = await filed(screen)
    officer, path = screen.signed_in("officer", "fr"), f"/desk/case/{ref}/guarded"
    for typed in ("", " \n ", "x\n" * 51, "y" * 201, "Berta Otherwise\n..."):
        answer = await officer.post(path, {"key": "k", "guarded": typed})
        assert answer.status_code == 422
        assert officer.tree.cssselect('.wrong-summary a[href="#f-guarded"]')
        assert not {"name", "names"} & set(officer.text(".wrong-summary").split()), "told in English"
        assert officer.tree.cssselect("textarea")[0].text_content().strip() == typed.strip()
    assert guarded.names_of(screen.records, ref) == ()


async def test_names_typed_when_the_session_was_over_are_not_kept(screen: Screen) -> None:
    forms, path = screen.records.kept_forms, "/desk/case/x/guarded"
    token = kept.keep(forms, "officer", path, {"key": ["k"], "guarded": [NAMES]})
    assert kept.again(forms, "officer", path, token) == {"key": ["k"]}


async def test_an_approver_lets_a_name_go_that_was_guarded_by_mistake(screen: Screen) -> None:
    ref = await filed(screen)
    path = f"/desk/case/{ref}/guarded"
    officer = screen.signed_in("officer")
    await officer.post(path, {"key": "k", "guarded": NAMES})
    await officer.get(path)
    assert not officer.tree.cssselect(f'a[href="{path}/let-go"]')
    assert (await officer.get(f"{path}/let-go")).status_code == 403
    approver = screen.signed_in("approver", "fr")
    await approver.get(path)
    assert approver.tree.cssselect(f'a[href="{path}/let-go"]')
    for typed in ({"let-go": "", "reason": "r"}, {"let-go": "Nobody Known", "reason": "r"}):
        answer = await approver.post(f"{path}/let-go", {"key": "k", **typed})
        assert answer.status_code == 422
        assert approver.tree.cssselect('.wrong-summary a[href="#f-let-go"]')
        assert not {"name", "names"} & set(approver.text(".wrong-summary").split()), "told in English"
    assert (await approver.post(f"{path}/let-go", {"let-go": "Berta <b>Otherwise</b>"})).status_code == 422
    assert approver.tree.cssselect('.wrong-summary a[href="#f-reason"]')
    told = {"key": "k2", "let-go": "Berta <b>Otherwise</b>", "reason": "by mistake (invented)"}
    answer = await approver.post(f"{path}/let-go", told)
    assert answer.status_code == 303, answer.text
    await screen.signed_in("approver").get(answer.headers["location"])
    assert guarded.names_of(screen.records, ref) == ("Änne-Marie Größer",)


async def enclosing(screen: Screen, *papers: tuple[str, bytes]) -> str:
    """A draft of the officer's that encloses these documents."""
    ref = await filed(screen)
    items = []
    for name, content in papers:
        screen.records.vault.put(ref, content)
        item = {"name": name, "media_type": "application/octet-stream", "size": len(content)}
        items.append({**item, "digest": digest(content)})
    actor = Actor(id="officer", house="de", roles=(Role.OFFICER,), agency="central-authority")
    body = Amend.model_validate({"event": "amend", "request": request_json(attachments=items)})
    await screen.office.move(actor, ref, body, "enclose")
    return ref


async def test_whoever_approves_is_told_what_could_not_be_looked_through(screen: Screen) -> None:
    ref = await enclosing(
        screen, ("scan.png", b"\x89PNG\r\n\x1a\n\0\0"), ("a.txt", b"It was Berta Otherwise.")
    )
    approver, path = screen.signed_in("approver"), f"/desk/case/{ref}/do/approve"
    await approver.get(path)
    assert "looked through" not in approver.text()
    answer = await screen.signed_in("officer").post(
        f"/desk/case/{ref}/guarded", {"key": "k", "guarded": "Berta Otherwise"}
    )
    officer = screen.signed_in("officer")
    await officer.get(answer.headers["location"])
    assert "Some documents could not be looked through" in officer.text()
    assert f"documents.{digest(b'It was Berta Otherwise.')[:15]}" in officer.text(".warn")
    assert "a picture" in officer.text(".warn")
    await approver.get(path)
    told = approver.text()
    assert "could not be looked through for guarded names: scan.png (a picture)." in told
    assert "A guarded name stands inside an enclosed document: a.txt." in told
    assert "Otherwise" not in told
    french = screen.signed_in("approver", "fr")
    await french.get(path)
    assert "scan.png (une image)" in french.text()


def test_every_reason_why_something_is_unread_has_a_name() -> None:
    assert set(LABELS["unread"]) == set(WHY)
