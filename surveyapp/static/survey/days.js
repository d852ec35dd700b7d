// The page on which an audit is planned: what its days lead to follows them, and the list of chasers follows the ticks.
// Without this script a button shows it. Nothing is stored.

// In milliseconds after a change.
const DELAY = 300;
const DAYS = ["issue_on", "due_on", "close_on"];
const AFTER_A_TICK = ["chasers-chosen", "escalation"];
const AFTER_A_DAY = [...DAYS.map((name) => `${name}-hint`), "shown-days", "chasers-days", ...AFTER_A_TICK];

export function followDays(form) {
  // Every change makes an answer under way too old to be shown, so that no tick is lost to it.
  let changes = 0;
  let timer = 0;
  let isDayChanged = false;

  const boxesOf = (name, page = document) => [...page.querySelectorAll(`input[name=${name}]`)];
  // A day that is half typed leads to nothing yet.
  const isWhole = (name) => [0, 3].includes(boxesOf(name).filter((box) => box.value.trim()).length);

  async function show() {
    const turn = changes;
    const parts = isDayChanged ? AFTER_A_DAY : AFTER_A_TICK;
    const sent = Object.fromEntries(DAYS.map((name) => [name, boxesOf(name).map((box) => box.value)]));
    const body = new URLSearchParams(new FormData(form));
    body.append("next", "days");
    let page;
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body });
      if (!answer.ok) return;
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      return;
    }
    if (turn !== changes) return;
    isDayChanged = false;
    const focused = document.activeElement;
    for (const id of parts) {
      const [here, there] = [document, page].map((each) => each.getElementById(id));
      if (!here || !there) continue;
      // The parts themselves stay, so that a screen reader hears what is new in them.
      if (here.matches("input")) here.value = there.value;
      else here.replaceChildren(...[...there.childNodes].map((node) => document.importNode(node, true)));
    }
    // Whoever has typed on meanwhile keeps what they typed.
    for (const name of parts === AFTER_A_DAY ? DAYS : []) {
      const boxes = boxesOf(name);
      if (boxes.some((box, at) => box.value !== sent[name][at])) continue;
      boxesOf(name, page).forEach((box, at) => { boxes[at].value = box.value; });
    }
    if (focused?.id && !focused.isConnected) document.getElementById(focused.id)?.focus();
  }

  form.addEventListener("change", ({ target }) => {
    const isDay = DAYS.includes(target.name);
    if (!isDay && target.name !== "chasers") return;
    changes += 1;
    isDayChanged ||= isDay;
    clearTimeout(timer);
    if (!isDayChanged || DAYS.every(isWhole)) timer = setTimeout(show, DELAY);
  });
}
