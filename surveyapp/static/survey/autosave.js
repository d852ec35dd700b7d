// Autosave: stores a form's text on the server while it is being typed, and says so. The Save button works
// without it. Times are in milliseconds unless their name says otherwise.

import { PRESS_FAILED, statusLine } from "./send.js";

const SAVE_DELAY = 20_000;
const IDLE_CHECK_INTERVAL = 15_000;
// How long before the idle limit the page warns.
const WARN_MINUTES = 5;
// How often the page asks again while the partnership has not been told of a concern, and how many times: long
// enough for an email, and never for so long that the page keeps itself signed in.
const TOLD_CHECK_INTERVAL = 30_000;
const TOLD_CHECKS = 10;
// Browsers limit the body of a request that outlives its page (keepalive) to 64 KiB.
const LONGEST_KEEPALIVE = 60_000;

// Below a box, list wordings in it that may identify somebody, each with Edit and Keep. Nothing is blocked.
function showHints(form, hints, keep) {
  for (const old of form.querySelectorAll("[data-looks]")) {
    const still = hints.some(({ field, mark }) => old.dataset.looks === `${field} ${mark}`);
    if (!still) old.remove();
  }
  for (const { field, words, like, mark } of hints) {
    const box = form.elements[field];
    if (!box?.after || form.querySelector(`[data-looks="${field} ${mark}"]`)) continue;
    const line = document.createElement("div");
    const button = (text, act) => {
      const element = document.createElement("button");
      element.type = "button";
      element.className = "survey-copy";
      element.textContent = text;
      element.addEventListener("click", act);
      return element;
    };
    const sentence = document.createElement("span");
    sentence.textContent = `“${words}” looks like ${like}. Answers name nobody.`;
    line.className = "survey-looks__one govuk-body-s";
    line.setAttribute("role", "status");
    line.dataset.looks = `${field} ${mark}`;
    const edit = () => {
      const at = box.value.indexOf(words);
      box.focus();
      if (at >= 0) box.setSelectionRange(at, at + words.length);
    };
    line.append(sentence, " ", button("Edit", edit), " ", button("Keep", () => { keep(mark); line.remove(); box.focus(); }));
    box.closest(".govuk-form-group").append(line);
  }
}

// The server answers in JSON. An HTML page comes from a proxy, or says that the text was too long.
async function readReply(answer) {
  if (answer.headers.get("content-type")?.includes("json")) return answer.json();
  return { says: "Not saved by itself just now. Your text stays on this page: press Save." };
}

export function autosave(form) {
  const { say, isProblem } = statusLine(form);
  const idle = form.querySelector("[data-idle]");
  const idleWords = form.querySelector("[data-idle-words]");
  const idleMinutes = Number(form.dataset.idleMinutes);
  // When the visit ends, however much this page is used.
  const endsAt = Date.now() + Number(form.dataset.visitMinutes) * 60_000;
  let changed = false;
  let sending = false;
  let leaving = false;
  let timer = 0;
  let lastReplyAt = Date.now();
  const toldLine = form.querySelector("[data-told-words]");
  let toldChecks = 0;

  // The line about a press that did not go through stays: "Saved" below it would read as if the form were returned.
  const sayByItself = (words, isProblemNow) => { if (!form.hasAttribute(PRESS_FAILED)) say(words, isProblemNow); };
  const soon = () => { timer ||= setTimeout(send, SAVE_DELAY); };

  // Whether the partnership has been told of a ticked concern. A line that says "not yet" is asked about again.
  const showTold = (words, isWaiting) => {
    if (toldLine.textContent !== words) toldLine.textContent = words;
    if (!isWaiting) toldChecks = 0;
    else if (toldChecks < TOLD_CHECKS) {
      toldChecks += 1;
      setTimeout(send, TOLD_CHECK_INTERVAL);
    }
  };

  async function send() {
    clearTimeout(timer);
    timer = 0;
    if (sending || leaving) return;
    sending = true;
    changed = false;
    const press = form.elements["submission-id"].value;
    const body = new URLSearchParams(new FormData(form));
    const keepalive = document.hidden && body.toString().length < LONGEST_KEEPALIVE;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, keepalive });
      const { kept, says, looks, complete, told, waiting } = await readReply(answer);
      if (press !== form.elements["submission-id"].value) {
        // The text has been saved by its button meanwhile.
      } else if (kept) {
        lastReplyAt = Date.now();
        idle.hidden = true;
        if (!changed && complete) form.dispatchEvent(new Event("survey-kept"));
        sayByItself(says || `Saved at ${kept}.`, Boolean(says));
        showHints(form, looks, keepWording);
        showTold(told, waiting);
      } else {
        changed = true;
        sayByItself(says, true);
        if (answer.status >= 500) soon();
      }
    } catch {
      changed = true;
      sayByItself("Not saved just now: there is no connection. Your text stays on this page, and saving is tried again.", true);
      soon();
    }
    sending = false;
    if (changed && !isProblem()) soon();
  }

  function keepWording(mark) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = "keep-wording";
    input.value = mark;
    form.append(input);
    changed = true;
    send();
  }

  form.addEventListener("input", () => { changed = true; soon(); });
  form.addEventListener("change", () => { changed = true; soon(); });
  // Save when somebody leaves a box, so that hints about it appear at once.
  form.addEventListener("focusout", ({ target }) => { if (changed && target.matches("textarea, input[type=text]")) send(); });
  form.addEventListener("submit", () => {
    leaving = true;
    changed = false;
  });
  form.addEventListener("survey-stays", () => {
    leaving = false;
    changed = true;
    soon();
  });
  // Saved by the button in the bar: the page stays, and its next press is another one.
  form.addEventListener("survey-saved", (event) => {
    const { kept, says, id, version, told, waiting } = event.detail;
    event.preventDefault();
    leaving = false;
    lastReplyAt = Date.now();
    idle.hidden = true;
    form.elements["submission-id"].value = id;
    form.elements["seen-version"].value = version;
    for (const shown of form.querySelectorAll("[name=continues], [name=looked-at]")) shown.remove();
    if (!changed) form.dispatchEvent(new Event("survey-kept"));
    say(says || `Saved at ${kept}.`, false);
    showTold(told, waiting);
    if (changed) soon();
  });
  // The browser can bring this page back from its cache, for example after a failed submit.
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("online", () => { if (changed) send(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && changed) send(); });

  idle.querySelector("button").addEventListener("click", send);
  setInterval(() => {
    const untilIdle = idleMinutes - (Date.now() - lastReplyAt) / 60_000;
    const untilEnd = (endsAt - Date.now()) / 60_000;
    const left = Math.min(untilIdle, untilEnd);
    if (left > WARN_MINUTES) return;
    // Using the page keeps the link through an idle time, and not beyond the end of the visit.
    const canKeep = left > 0 && untilEnd > WARN_MINUTES;
    idle.querySelector("button").hidden = !canKeep;
    let words = `In ${WARN_MINUTES} minutes this computer lets go of your link, so that nobody else can use it.`;
    if (left <= 0) words = "This computer has let go of your link. Your text stays on this page: press Save, then paste the link from your email.";
    else if (!canKeep) words += " Press Save now, then open the link in your email again.";
    if (idleWords.textContent !== words) idleWords.textContent = words;
    idle.hidden = false;
  }, IDLE_CHECK_INTERVAL);
}
