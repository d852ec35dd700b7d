// Keeps what is typed into a form while it is being typed, and says so; the Save button works without it.

const EVERY = 20_000;
const LOOK = 15_000;
// How long before the end the person is asked whether they are still there.
const WARN_MINUTES = 5;
// What a browser sends after its page has gone may be no longer than this.
const LONGEST_PARTING = 60_000;

// Beside a box: what in it looks as if it named somebody, to edit or to keep. It stands in no one's way.
function pointOut(form, looks, keep) {
  for (const old of form.querySelectorAll("[data-looks]")) {
    const still = looks.some(({ field, mark }) => old.dataset.looks === `${field} ${mark}`);
    if (!still) old.remove();
  }
  for (const { field, words, like, mark } of looks) {
    const box = form.elements[field];
    if (!box?.after || form.querySelector(`[data-looks="${field} ${mark}"]`)) continue;
    const line = document.createElement("div");
    const button = (text, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "survey-copy";
      made.textContent = text;
      made.addEventListener("click", act);
      return made;
    };
    const said = document.createElement("span");
    said.textContent = `“${words}” looks like ${like}. Answers name nobody.`;
    line.className = "survey-looks__one govuk-body-s";
    line.setAttribute("role", "status");
    line.dataset.looks = `${field} ${mark}`;
    const edit = () => {
      const at = box.value.indexOf(words);
      box.focus();
      if (at >= 0) box.setSelectionRange(at, at + words.length);
    };
    line.append(said, " ", button("Edit", edit), " ", button("Keep", () => { keep(mark); line.remove(); box.focus(); }));
    box.closest(".govuk-form-group").append(line);
  }
}

// A page instead of an answer comes from something between us and the server, or says that this was too much.
async function told(answer) {
  if (answer.headers.get("content-type")?.includes("json")) return answer.json();
  return { says: "Not saved by itself just now. Your text stays on this page: press Save." };
}

export function autosave(form) {
  const line = form.querySelector("[data-kept-line]");
  const idle = form.querySelector("[data-idle]");
  const idleWords = form.querySelector("[data-idle-words]");
  const minutes = Number(form.dataset.idleMinutes);
  let changed = false;
  let sending = false;
  let leaving = false;
  let timer = 0;
  let heard = Date.now();

  const say = (words, isProblem) => {
    line.textContent = words;
    line.classList.toggle("survey-kept--problem", isProblem);
  };
  const soon = () => { timer ||= setTimeout(send, EVERY); };

  async function send() {
    clearTimeout(timer);
    timer = 0;
    if (sending || leaving) return;
    sending = true;
    changed = false;
    const body = new URLSearchParams(new FormData(form));
    const keepalive = document.hidden && body.toString().length < LONGEST_PARTING;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, keepalive });
      const { kept, says, looks } = await told(answer);
      if (kept) {
        heard = Date.now();
        idle.hidden = true;
        if (!changed) form.dispatchEvent(new Event("survey-kept"));
        say(says || `Saved at ${kept}.`, Boolean(says));
        pointOut(form, looks, keepWording);
      } else {
        changed = true;
        say(says, true);
        if (answer.status >= 500) soon();
      }
    } catch {
      changed = true;
      say("Not saved just now: there is no connection. Your text stays on this page, and saving is tried again.", true);
      soon();
    }
    sending = false;
    if (changed && !line.classList.contains("survey-kept--problem")) soon();
  }

  function keepWording(mark) {
    const kept = document.createElement("input");
    kept.type = "hidden";
    kept.name = "keep-wording";
    kept.value = mark;
    form.append(kept);
    changed = true;
    send();
  }

  form.addEventListener("input", () => { changed = true; soon(); });
  form.addEventListener("change", () => { changed = true; soon(); });
  // Whoever has left a box reads at once what is pointed out in it.
  form.addEventListener("focusout", ({ target }) => { if (changed && target.matches("textarea, input[type=text]")) send(); });
  form.addEventListener("submit", () => { leaving = true; });
  // Back from a page that could not be reached: the form is here again, and typed in.
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("online", () => { if (changed) send(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && changed) send(); });

  idle.querySelector("button").addEventListener("click", send);
  setInterval(() => {
    const passed = (Date.now() - heard) / 60_000;
    if (passed < minutes - WARN_MINUTES) return;
    const over = passed >= minutes;
    idle.querySelector("button").hidden = over;
    const words = over
      ? "This computer has let go of your link. Your text stays on this page: press Save, then paste the link from your email."
      : `In ${WARN_MINUTES} minutes this computer lets go of your link, so that nobody else can use it.`;
    if (idleWords.textContent !== words) idleWords.textContent = words;
    idle.hidden = false;
  }, LOOK);
}
