// Sends a form with typed text, and leaves its page only once the server has answered: while the server or the
// network is away, the page and its text stay. Times are in milliseconds.

const RETRY_DELAYS = [5_000, 10_000, 20_000, 30_000];

// Set on a form whose press did not go through, until the next press or until somebody types on.
export const PRESS_FAILED = "data-press-failed";

// The line that says whether a form was sent. A form without one of its own gets it at its end.
export function statusLine(form) {
  let line = form.querySelector("[data-kept-line]");
  if (!line) {
    line = document.createElement("div");
    line.className = "survey-kept";
    line.setAttribute("role", "status");
    line.dataset.keptLine = "";
    form.append(line);
  }
  const say = (words, isProblem) => {
    line.textContent = words;
    line.classList.toggle("survey-kept--problem", isProblem);
  };
  return { say, isProblem: () => line.classList.contains("survey-kept--problem") };
}

// data-says-busy="Reading the table…": say so as long as the answer to a press takes.
export function sayBusy(form) {
  const { say } = statusLine(form);
  form.addEventListener("submit", () => say(form.dataset.saysBusy, false));
  window.addEventListener("pageshow", () => say("", false));
}

function goTo(address) {
  const onThisPage = address.pathname + address.search === location.pathname + location.search;
  location.assign(address);
  // An address that differs by its fragment alone would only scroll.
  if (onThisPage && address.hash) location.reload();
}

export function sendFirst(form) {
  const { say } = statusLine(form);
  const notYet = form.dataset.notSent || "Not saved yet";
  let sending = false;
  let timer = 0;
  let failures = 0;

  // The page says whether a form is under way, so that others can wait for it.
  const isSending = (now) => {
    sending = now;
    form.toggleAttribute("data-sending", now);
  };
  const stay = (why, button, canRetry) => {
    isSending(false);
    form.toggleAttribute(PRESS_FAILED, true);
    say(`${notYet}: ${why} What you typed stays on this page${canRetry ? ", and it is tried again." : "."}`, true);
    form.dispatchEvent(new Event("survey-stays"));
    if (!canRetry) return;
    timer = setTimeout(() => send(button), RETRY_DELAYS[Math.min(failures, RETRY_DELAYS.length - 1)]);
    failures += 1;
  };
  // Shows the page that the server answered with, by sending once more as a browser without scripts does.
  const sendWithoutScript = (button) => {
    if (button?.name) {
      const pressed = document.createElement("input");
      Object.assign(pressed, { type: "hidden", name: button.name, value: button.value });
      form.append(pressed);
    }
    HTMLFormElement.prototype.submit.call(form);
  };

  async function send(button) {
    if (sending) return;
    isSending(true);
    form.removeAttribute(PRESS_FAILED);
    clearTimeout(timer);
    timer = 0;
    const typed = new FormData(form);
    if (button?.name) typed.append(button.name, button.value);
    const body = form.enctype === "multipart/form-data" ? typed : new URLSearchParams(typed);
    // Only a page with an id of its own can be sent twice without being stored twice.
    const canRepeat = Boolean(form.elements["submission-id"]);
    let answer;
    try {
      const headers = { "Survey-Sent-By": "script" };
      answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers, redirect: "manual" });
    } catch {
      stay(canRepeat ? "there is no connection." : "there is no connection. Press the button again in a moment.", button, canRepeat);
      return;
    }
    const next = answer.headers.get("location");
    if (answer.status === 413) {
      stay("that is too much at once. Shorten it, then press the button again.", button, false);
    } else if (answer.status === 503 || (answer.status > 500 && canRepeat)) {
      stay("the server is busy.", button, true);
    } else if (answer.status >= 500) {
      stay("something went wrong there. Press the button again in a moment.", button, false);
    } else if (answer.ok && answer.headers.get("content-type")?.includes("json")) {
      const detail = await answer.json();
      // The form's own script may stay on the page; otherwise the saved page is opened.
      const isOpened = form.dispatchEvent(new CustomEvent("survey-saved", { detail, cancelable: true }));
      if (isOpened) goTo(new URL(detail.page, location));
      else isSending(false);
    } else if (answer.ok && next) {
      goTo(new URL(next, answer.url));
    } else {
      sendWithoutScript(button);
    }
  }

  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    failures = 0;
    send(event.submitter);
  });
  // Whoever types on is not taken away from the page.
  form.addEventListener("input", () => {
    form.removeAttribute(PRESS_FAILED);
    if (!timer) return;
    clearTimeout(timer);
    timer = 0;
    say(`${notYet}. Press the button again when you have finished typing.`, true);
  });
  window.addEventListener("pageshow", () => isSending(false));
}
