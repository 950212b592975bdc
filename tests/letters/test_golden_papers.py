"""Does every stored paper, good or bad, get the answer written beside it; is a refusal registered; and does
OpenSSL say the same of the seals?"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desk import register
from desk.cli import made
from desk.cli.frame import run
from desk.house import new_house
from desk.inbound import receive
from desk.refused_files import registering
from letters.outside import verify
from letters.reasons import first_failure
from letters.seal import seal
from letters.trust import TrustList
from letters.verify import Refused, verify_envelope
from letters.worksheet import read_worksheet
from records.ledger import Entry
from records.references import HOUSE
from schemas.errors import BadInput
from schemas.ids import digest
from schemas.messages import Parcel
from schemas.moves import Actor
from schemas.vocabulary import Verdict
from tests.letters.correspondents import DE_KEY, DE_OLD, NOW, TRUST, US, letter
from tests.letters.fake_office import FakeOffice
from tests.letters.make_golden_papers import FOLDER, parcels, tables
from tests.letters.test_pades import parts
from tests.letters.test_worksheet import MADE, repacked

INDEX: dict[str, dict[str, str]] = json.loads((FOLDER / "index.json").read_text("utf-8"))
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
LETTERS = [name for name in INDEX if name.endswith(".pdf")]
PARCELS = [name for name in INDEX if name.endswith(".json")]
BAD_TABLES = [name for name in INDEX if name.endswith((".xlsx", ".docx")) and INDEX[name]["code"]]


def content(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def trusted() -> TrustList:
    return TrustList.load(FOLDER / "trust.json")


def test_what_has_no_random_in_it_is_made_again_as_it_is_stored() -> None:
    for name, paper in parcels().items():
        assert paper.content == content(name), name
    stored = {name for name in INDEX if name.endswith((".xlsx", ".docx"))}
    assert set(tables()) == stored


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_holds_or_says_which_check_failed_with_both_values(name: str) -> None:
    found = verify(content(name), trusted(), AT)
    wanted = INDEX[name]
    assert found.verdict is (Verdict.NO if wanted["code"] else Verdict.YES)
    leaf = first_failure(found.reason)
    if leaf is None:
        return
    assert leaf.slots["code"] == wanted["code"]
    assert leaf.slots["expected"] != leaf.slots["found"]
    assert wanted["found"] in leaf.slots["found"]


@pytest.mark.parametrize("name", PARCELS)
def test_a_parcel_holds_or_says_which_check_failed(name: str) -> None:
    found = verify(content(name), TRUST, NOW)
    wanted = INDEX[name]
    if wanted["code"] == "wrong-addressee":
        # whom it is for is asked at the door, where somebody knows who they are
        with pytest.raises(Refused) as caught:
            verify_envelope(json.loads(content(name))["envelope"], TRUST, "us", "US", NOW)
        assert (caught.value.code, wanted["found"] in str(caught.value)) == (wanted["code"], True)
        return
    leaf = first_failure(found.reason)
    assert (leaf.slots["code"] if leaf else "") == wanted["code"]
    assert leaf is None or wanted["found"] in leaf.slots["found"]


def read_table(name: str) -> object:
    """What our readers make of a stored table."""
    if name.endswith(".docx"):
        return read_worksheet(content(name), MADE)
    return register.from_xlsx(content(name))


@pytest.mark.parametrize("name", BAD_TABLES)
def test_a_bomb_or_a_laughing_table_is_refused_at_once(name: str) -> None:
    before = os.times()
    with pytest.raises(BadInput) as caught:
        read_table(name)
    after = os.times()
    assert caught.value.code == INDEX[name]["code"]
    assert caught.value.next_step
    # processor seconds: unpacked it would take minutes, or gigabytes
    assert after.user + after.system - before.user - before.system < 2


@pytest.mark.parametrize(
    "name", [name for name in INDEX if name.endswith((".xlsx", ".docx")) and name not in BAD_TABLES]
)
def test_an_honest_table_is_read(name: str) -> None:
    assert read_table(name)


def test_a_picture_or_settings_of_a_printer_in_a_table_are_no_entities() -> None:
    good = content("register.xlsx")
    other = repacked(
        good, **{"xl__media__image1.png": b"\x89PNG\r\n\x1a\n\0", "xl__p.bin": "Drucker".encode("utf-16")}
    )
    assert register.from_xlsx(other) == register.from_xlsx(good)


# --- registered -----------------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOffice]:
    """The house US, which knows the houses of the letters."""
    monkeypatch.setenv("ROGATORY_HOME", str(tmp_path))
    settings = new_house(tmp_path / "us", "us", "US", "House US")
    TrustList(TRUST.houses).save(settings.keys / "trust.json")
    made = FakeOffice(tmp_path / "us")
    yield made
    made.records.close()


def noted(office: FakeOffice) -> list[dict[str, Any]]:
    entries: list[Entry] = office.records.ledger.entries(HOUSE)
    return [json.loads(entry.detail) for entry in entries if entry.event == "refused" and entry.detail]


@pytest.mark.parametrize("name", [name for name in PARCELS if INDEX[name]["code"]])
async def test_a_bad_parcel_at_the_door_is_registered_with_its_reason(office: FakeOffice, name: str) -> None:
    answer = await receive(office, content(name))
    assert answer.status == 400
    (told,) = noted(office)
    assert told["content"] == digest(content(name))
    assert told["code"] == INDEX[name]["code"]


async def test_a_letter_under_an_expired_key_is_registered(office: FakeOffice) -> None:
    parcel = Parcel(envelope=seal(letter(), DE_OLD)).model_dump_json().encode()
    assert (await receive(office, parcel)).status == 400
    (told,) = noted(office)
    assert (told["code"], told["claim"]) == ("key-not-valid", "letter.key-valid")
    assert DE_KEY.kid != DE_OLD.kid
    assert US.id == office.settings.house


def test_a_table_that_is_refused_is_registered_once(office: FakeOffice) -> None:
    actor = Actor(id="officer", house="us")
    for _ in range(2):
        with pytest.raises(BadInput), registering(office.records, actor, content("laughs.xlsx"), "register"):
            register.from_xlsx(content("laughs.xlsx"))
    (told,) = noted(office)
    assert (told["code"], told["file"], told["content"]) == (
        "entities",
        "register",
        digest(content("laughs.xlsx")),
    )


# --- OpenSSL --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in LETTERS if name != "not-sealed.pdf"])
def test_our_command_and_openssl_agree_on_the_pages_of_a_letter(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ROGATORY_VAR", str(tmp_path))
    code = run(made(), ["verify", str(FOLDER / name), "--trust", str(FOLDER / "trust.json"), "--json"])
    told = json.loads(capsys.readouterr().out)
    good = not INDEX[name]["code"]
    assert (code == 0, told["verdict"] == "yes") == (good, good)
    # OpenSSL sees the signed bytes and the signature; what lies beyond them, and who stamped, it is not asked
    sealed = {check["claim"]: check["verdict"] for check in told["checks"]["checks"][0]["checks"]}
    assert openssl(name, tmp_path) is (sealed["seal.content"] == sealed["seal.signature"] == "yes")


def openssl(name: str, scratch: Path) -> bool:
    """Does OpenSSL verify the signature under the certificate of the trust list?"""
    (house,) = [one for one in trusted().houses if one.certificates]
    pages, der = parts(content(name))
    for file, data in (("pages", pages), ("seal", der), ("ca", house.certificates[0].pem.encode())):
        (scratch / file).write_bytes(data)
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "seal", "-content", "pages"]
    command += ["-CAfile", "ca", "-purpose", "any", "-out", "told"]
    return subprocess.run(command, cwd=scratch, capture_output=True, check=False).returncode == 0
