// What helps and is never needed: every page works without it.

const boxes = (root, selector) => [...root.querySelectorAll(selector)];

// "name=one|two": shown only while one of these is chosen; of several such, with ";" between them, one is enough.
// What is hidden keeps its text and is still sent.
function showIf(part) {
  const rules = part.dataset.showIf.split(";").map((rule) => rule.split("="));
  const form = part.closest("form");
  if (!form) return;
  const look = () => {
    const filled = boxes(part, "input, textarea").some((field) =>
      field.matches("[type=checkbox], [type=radio]") ? field.checked : field.value);
    const sent = new FormData(form);
    const chosen = rules.some(([name, wanted]) =>
      sent.getAll(name).some((value) => wanted.split("|").includes(value)));
    part.hidden = !chosen && !filled && !part.querySelector(".govuk-error-message");
  };
  form.addEventListener("change", look);
  look();
}

// "name=one|two": asks for the comment below as soon as one of these is chosen, until there is one.
function askForComment(part) {
  const [name, wanted] = part.dataset.askComment.split("=");
  const form = part.closest("form");
  const comment = form?.elements[`${name}-comment`];
  if (!comment) return;
  const values = wanted.split("|");
  const look = () => {
    const chosen = new FormData(form).getAll(name).some((value) => values.includes(value));
    part.hidden = !chosen || comment.value.trim() !== "";
  };
  form.addEventListener("change", look);
  look();
}

// A form with data-leave-warning asks before edited text is left behind.
function warnBeforeLeaving(form) {
  let edited = false;
  form.addEventListener("input", () => { edited = true; });
  form.addEventListener("submit", () => { edited = false; });
  form.addEventListener("survey-kept", () => { edited = false; });
  window.addEventListener("beforeunload", (event) => { if (edited) event.preventDefault(); });
}

const counted = (number, one, many) => `${number.toLocaleString("en-GB")} ${number === 1 ? one : many}`;

// The planning grid: the count kept as it is ticked, and a button in each head that ticks or clears all of it.
function keepCount(grid) {
  const all = boxes(grid, "tbody input[type=checkbox]");
  const line = grid.querySelector("[data-ticks-count]");
  const count = () => {
    const ticked = all.filter((box) => box.checked).map((box) => box.value.split(":"));
    const cases = new Set(ticked.map(([row]) => row)).size;
    const agencies = new Set(ticked.map(([, column]) => column)).size;
    line.textContent = `${counted(cases, "case", "cases")}, ${counted(agencies, "agency", "agencies")}, ` +
      counted(ticked.length, "request", "requests");
  };
  const addButton = (head, cells) => {
    const mine = cells.filter((box) => !box.disabled);
    if (!mine.length) return;
    const button = document.createElement("button");
    const named = document.createElement("span");
    const whose = head.dataset.ticksName || head.textContent.trim();
    button.type = "button";
    button.className = "survey-ticks__all";
    named.className = "govuk-visually-hidden";
    named.textContent = ` for ${whose}`;
    const look = () => {
      button.replaceChildren(mine.every((box) => box.checked) ? "Clear all" : "Tick all", named);
    };
    button.addEventListener("click", () => {
      const on = !mine.every((box) => box.checked);
      for (const box of mine) box.checked = on;
      grid.dispatchEvent(new Event("change", { bubbles: true }));
      grid.closest("form")?.dispatchEvent(new Event("input"));
    });
    grid.addEventListener("change", look);
    look();
    head.append(button);
  };
  for (const head of boxes(grid, "[data-ticks-column]")) {
    addButton(head, all.filter((box) => box.value.split(":")[1] === head.dataset.ticksColumn));
  }
  for (const head of boxes(grid, "[data-ticks-row]")) {
    addButton(head, all.filter((box) => box.value.split(":")[0] === head.dataset.ticksRow));
  }
  grid.addEventListener("change", count);
  count();
}

// A figure with data-copy gets a button that copies it as it stands: 58 of 70 returns (82.9%).
function offerCopy(figure, said) {
  const words = figure.textContent.trim();
  const button = document.createElement("button");
  const named = document.createElement("span");
  button.type = "button";
  button.className = "survey-copy";
  named.className = "govuk-visually-hidden";
  named.textContent = ` ${words}`;
  button.append("Copy", named);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(words);
    } catch {
      // Without HTTPS a page may not write to the clipboard by itself.
      getSelection().selectAllChildren(figure);
      document.execCommand("copy");
    }
    said.textContent = `Copied: ${words}`;
    button.firstChild.data = "Copied";
    setTimeout(() => { button.firstChild.data = "Copy"; }, 2000);
  });
  figure.after(button);
}

const figures = boxes(document, "[data-copy]");
if (figures.length) {
  const said = document.createElement("p");
  said.className = "govuk-visually-hidden";
  said.setAttribute("role", "status");
  document.querySelector("main").append(said);
  for (const figure of figures) offerCopy(figure, said);
}
for (const part of boxes(document, "[data-show-if]")) showIf(part);
for (const part of boxes(document, "[data-ask-comment]")) askForComment(part);
for (const form of boxes(document, "form[data-leave-warning]")) warnBeforeLeaving(form);
for (const form of boxes(document, "form[data-autosave]")) import("./autosave.js").then(({ autosave }) => autosave(form));
for (const form of boxes(document, "form[data-read-comments]")) import("./reading.js").then(({ readByKeys }) => readByKeys(form));
for (const part of boxes(document, "[data-take-out]")) import("./reading.js").then(({ takeOutSelected }) => takeOutSelected(part));
for (const grid of boxes(document, "[data-ticks]")) keepCount(grid);

// Whoever comes back to a place on the page stays there; what the banner says is read out all the same.
if (location.hash) for (const banner of boxes(document, "[data-module=govuk-notification-banner]")) banner.dataset.disableAutoFocus = "true";

// GOV.UK Frontend's own script: error summary, character count, exclusive boxes, the folding menu.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
import("./govuk/govuk-frontend.min.js").then(({ initAll }) => initAll());
