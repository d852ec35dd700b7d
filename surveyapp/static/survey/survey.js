// Enhancements for all pages. Every page works without them.

const boxes = (root, selector) => [...root.querySelectorAll(selector)];

// data-show-if="name=one|two": show a part only while one of these values is chosen. Several rules are separated
// by ";", and one that holds is enough. A part that holds text or an error message is never hidden.
function showIf(part) {
  const rules = part.dataset.showIf.split(";").map((rule) => rule.split("="));
  const form = part.closest("form");
  if (!form) return;
  const look = () => {
    const filled = boxes(part, "input, textarea").some((field) =>
      field.matches("[type=checkbox], [type=radio]") ? field.checked : field.value);
    const answers = new FormData(form);
    const chosen = rules.some(([name, values]) =>
      answers.getAll(name).some((value) => values.split("|").includes(value)));
    part.hidden = !chosen && !filled && !part.querySelector(".govuk-error-message");
  };
  form.addEventListener("change", look);
  look();
}

// data-ask-comment="name=one|two": ask for a comment, and open its box, while one of these values is chosen and
// the comment is empty.
function askForComment(part) {
  const [name, choices] = part.dataset.askComment.split("=");
  const form = part.closest("form");
  const comment = form?.elements[`${name}-comment`];
  if (!comment) return;
  const values = choices.split("|");
  const look = () => {
    const chosen = new FormData(form).getAll(name).some((value) => values.includes(value));
    part.hidden = !chosen || comment.value.trim() !== "";
    if (!part.hidden) comment.closest("details").open = true;
  };
  form.addEventListener("change", look);
  look();
}

// data-leave-warning: warn before somebody leaves a form with unsaved text.
function warnBeforeLeaving(form) {
  let edited = false;
  form.addEventListener("input", () => { edited = true; });
  form.addEventListener("submit", () => { edited = false; });
  form.addEventListener("survey-kept", () => { edited = false; });
  form.addEventListener("survey-stays", () => { edited = true; });
  window.addEventListener("beforeunload", (event) => { if (edited) event.preventDefault(); });
}

// data-copy: add a button that copies words as they are shown, such as “58 of 70 returns (82.9%)” or a whole text.
function offerCopy(figure, announcement) {
  const words = figure.textContent.trim();
  const name = words.length > 80 ? "the text" : words;
  const button = document.createElement("button");
  const named = document.createElement("span");
  button.type = "button";
  button.className = "survey-copy";
  named.className = "govuk-visually-hidden";
  named.textContent = ` ${name}`;
  button.append("Copy", named);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(words);
    } catch {
      // The clipboard API needs HTTPS.
      getSelection().selectAllChildren(figure);
      document.execCommand("copy");
    }
    announcement.textContent = `Copied: ${name}`;
    button.firstChild.data = "Copied";
    setTimeout(() => { button.firstChild.data = "Copy"; }, 2000);
  });
  figure.after(button);
}

const figures = boxes(document, "[data-copy]");
if (figures.length) {
  const announcement = document.createElement("p");
  announcement.className = "govuk-visually-hidden";
  announcement.setAttribute("role", "status");
  document.querySelector("main").append(announcement);
  for (const figure of figures) offerCopy(figure, announcement);
}
for (const part of boxes(document, "[data-show-if]")) showIf(part);
for (const part of boxes(document, "[data-ask-comment]")) askForComment(part);
for (const form of boxes(document, "form[data-leave-warning]")) {
  warnBeforeLeaving(form);
  import("./send.js").then(({ sendFirst }) => sendFirst(form));
}
for (const form of boxes(document, "form[data-says-busy]")) import("./send.js").then(({ sayBusy }) => sayBusy(form));
for (const form of boxes(document, "form[data-autosave]")) import("./autosave.js").then(({ autosave }) => autosave(form));
for (const form of boxes(document, "form[data-questions]")) import("./pace.js").then(({ keepPace }) => keepPace(form));
for (const part of boxes(document, "[data-live]")) import("./live.js").then(({ follow }) => follow(part));
for (const form of boxes(document, "form[data-read-comments]")) import("./reading.js").then(({ readByKeys }) => readByKeys(form));
for (const part of boxes(document, "[data-take-out]")) import("./reading.js").then(({ takeOutSelected }) => takeOutSelected(part));
for (const grid of boxes(document, "[data-ticks]")) import("./grid.js").then(({ workGrid }) => workGrid(grid));
for (const search of boxes(document, "[data-find]")) import("./grid.js").then(({ findAmong }) => findAmong(search));
for (const group of boxes(document, "[data-tick-all]")) import("./grid.js").then(({ offerTickAll }) => offerTickAll(group));
for (const form of boxes(document, "form[data-days]")) import("./days.js").then(({ followDays }) => followDays(form));
for (const form of boxes(document, "form[data-presses]")) import("./making.js").then(({ pressInPlace }) => pressInPlace(form));

// With a fragment in the address, the page stays at that place instead of moving the focus to a banner. Screen
// readers announce the banner all the same.
if (location.hash) for (const banner of boxes(document, "[data-module=govuk-notification-banner]")) banner.dataset.disableAutoFocus = "true";

// GOV.UK Frontend's own script: error summary, character count, exclusive checkboxes and the menu button.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
if (document.querySelector("[data-module^=govuk-]")) {
  import("./govuk/govuk-frontend.min.js").then(({ initAll }) => initAll());
}
