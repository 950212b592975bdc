"""How long does a letter take, and how long do all forms in all languages?"""

from __future__ import annotations

import time

from letters.document import docx
from letters.drafting import attachment, draft
from letters.form import forms
from letters.typeset import pdf
from letters.worksheet import worksheet
from tests.letters.letter_cases import HOUSE, NAMES, case

WARM = 20
"""Letters timed one by one, each with other words, so that nothing is remembered from the one before."""


def run() -> list[str]:
    """One letter cold, then warm ones, then every form in every language, as page and as document."""
    start = time.perf_counter()
    _letter("mla-request", "en", "cold")
    cold = time.perf_counter() - start
    warm = ", ".join(_warm(language) for language in ("en", "ar", "zh"))
    start = time.perf_counter()
    pages = [_letter(key, language, "all") for key, form in forms().items() for language in form.languages]
    whole = time.perf_counter() - start
    start = time.perf_counter()
    for key, form in forms().items():
        for language in form.languages:
            made = draft(case(key), key, language, house=HOUSE, names=NAMES)
            docx(made)
            worksheet(made)
    documents = time.perf_counter() - start
    return [
        f"the first letter, with the typesetter and its fonts loaded: {cold * 1000:.0f} ms",
        f"a warm letter, median (slowest) of {WARM}: {warm} (aim: under 100 ms)",
        f"all forms in all languages as PDF: {len(pages)} letters in {whole:.1f} s (aim: under 30), "
        f"{sum(map(len, pages)) / len(pages) / 1024:.0f} KiB on average",
        f"the same as DOCX with their worksheets: {documents:.1f} s",
    ]


def _warm(language: str) -> str:
    """Median and slowest, in milliseconds; the first of a language loads its texts and fonts."""
    _letter("mla-request", language, "first")
    took = sorted(_timed(language, str(number)) * 1000 for number in range(WARM))
    return f"{language} {took[WARM // 2]:.0f} ({took[-1]:.0f}) ms"


def _timed(language: str, mark: str) -> float:
    start = time.perf_counter()
    _letter("mla-request", language, mark)
    return time.perf_counter() - start


def _letter(form: str, language: str, mark: str) -> bytes:
    state = case(form, urgent=True, urgency_reason=f"Invented, {mark}.")
    made = draft(state, form, language, house=HOUSE, names=NAMES)
    return pdf(made, attachment(made, state).content)
