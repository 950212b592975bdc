// Pages work without this. With it: a language is taken as soon as it is chosen, an error summary has the
// focus, and what carries `data-live` follows its case as it moves.
"use strict";

for (const select of document.querySelectorAll(".tongue select")) {
  select.form.classList.add("scripted");
  select.addEventListener("change", () => select.form.submit());
}

const wrong = document.querySelector("[data-focus]");
if (wrong) wrong.focus();

for (const live of document.querySelectorAll("[data-live]")) follow(live);

function follow(place) {
  const source = new EventSource(place.dataset.live);
  source.addEventListener("moved", async () => {
    const answer = await fetch(location.href, { headers: { "X-Part": place.id } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(place.id);
    if (fresh) place.replaceChildren(...fresh.childNodes);
  });
  addEventListener("pagehide", () => source.close());
}

// One dispatch for one press: a second press of the same button is not sent.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
}

// A row of days is moved through with a slider as well: letting go of it opens the day, or Enter with keys.
for (const range of document.querySelectorAll("[data-range]")) {
  const days = document.getElementById(range.dataset.range).querySelectorAll("a");
  const slider = range.querySelector("input");
  const tell = () => slider.setAttribute("aria-valuetext", days[slider.value].textContent.trim());
  range.hidden = false;
  tell();
  slider.addEventListener("input", () => {
    tell();
    days[slider.value].scrollIntoView({ block: "nearest", inline: "center" });
  });
  let keys = false;
  slider.addEventListener("pointerdown", () => { keys = false; });
  slider.addEventListener("keydown", (event) => {
    keys = event.key !== "Enter";
    if (!keys) location.assign(days[slider.value].href);
  });
  slider.addEventListener("change", () => { if (!keys) location.assign(days[slider.value].href); });
}
for (const day of document.querySelectorAll(".time-days [aria-current]")) {
  day.parentElement.parentElement.scrollLeft = day.offsetLeft - day.parentElement.parentElement.clientWidth / 2;
}
