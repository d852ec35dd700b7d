// The form that an agency fills in: how many questions are answered, the next unanswered one, and taking an answer back.

const parts = (root, selector) => [...root.querySelectorAll(selector)];
const isComment = (field) => field.name.endsWith("-comment");

function isAnswered(question) {
  return parts(question, "input, textarea, select").some((field) =>
    field.matches("[type=radio], [type=checkbox]") ? field.checked : !isComment(field) && field.value.trim() !== "");
}

// Which questions are asked, as defining/shown_questions.py says: an answered question stays while the one that it
// depends on is blank.
function askedQuestions(form, questions) {
  const answers = new FormData(form);
  const asked = new Set();
  for (const question of questions) {
    const rule = question.querySelector("[data-show-if]")?.dataset.showIf;
    if (!rule) {
      asked.add(question);
      continue;
    }
    const [name, values] = rule.split("=");
    const gate = form.querySelector(`[name="${name}"]`)?.closest(".survey-asked");
    if (!gate || !asked.has(gate)) continue;
    const holds = answers.getAll(name).some((value) => values.split("|").includes(value));
    if (holds || (!isAnswered(gate) && isAnswered(question))) asked.add(question);
  }
  return asked;
}

// Boxes grow with their text; older browsers cannot do that by the stylesheet.
function grow(box) {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
}

export function keepPace(form) {
  const questions = parts(form, ".survey-asked");
  const count = form.querySelector("[data-answered]");
  const next = form.querySelector("[data-next-unanswered]");
  let here = null;

  const unanswered = () => {
    const asked = askedQuestions(form, questions);
    return { asked, left: questions.filter((question) => asked.has(question) && !isAnswered(question)) };
  };
  const look = () => {
    for (const question of questions) {
      const mark = document.querySelector(`a[href="#${question.id}"] + span`);
      if (mark) mark.hidden = !isAnswered(question);
    }
    if (!count) return;
    const { asked, left } = unanswered();
    count.textContent = `${asked.size - left.length} of ${asked.size} answered`;
    next.hidden = left.length === 0;
  };

  form.addEventListener("input", look);
  form.addEventListener("change", look);
  form.addEventListener("focusin", ({ target }) => { here = target.closest(".survey-asked") || here; });
  // The next one after the question in which somebody is, and from the end on to the first.
  next?.addEventListener("click", (event) => {
    const { left } = unanswered();
    const at = questions.indexOf(here);
    const question = left.find((each) => questions.indexOf(each) > at) || left[0];
    if (!question) return;
    event.preventDefault();
    question.scrollIntoView();
    question.querySelector("input, textarea:not([name$=-comment]), select").focus({ preventScroll: true });
  });

  for (const button of parts(form, "[name=clear-answer]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      const choices = parts(form, `input[type=radio][name="${button.value}"]`);
      for (const choice of choices) choice.checked = false;
      choices[0].focus({ preventScroll: true });
      choices[0].dispatchEvent(new Event("input", { bubbles: true }));
      choices[0].dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  // “Add a comment” puts the cursor in the box that it opens: telephones bring up the keyboard only while the tap
  // is dealt with.
  for (const summary of parts(form, ".survey-comment-box > summary")) {
    summary.addEventListener("click", (event) => {
      const box = summary.parentElement;
      if (box.open) return;
      event.preventDefault();
      box.open = true;
      box.querySelector("textarea").focus();
    });
  }

  // What takes the focus is scrolled clear of the bar, however many lines it has. Of a box for text, browsers only
  // show the line with the cursor.
  form.addEventListener("keyup", ({ key }) => {
    if (key === "Tab") document.activeElement.scrollIntoView({ block: "nearest" });
  });
  const bar = form.querySelector(".survey-pace");
  if (bar) {
    new ResizeObserver(() => {
      document.documentElement.style.setProperty("--survey-bar", `${bar.offsetHeight + 8}px`);
    }).observe(bar);
  }

  if (!CSS.supports("field-sizing", "content")) {
    for (const box of parts(form, "textarea")) if (box.offsetHeight) grow(box);
    form.addEventListener("input", ({ target }) => { if (target.matches("textarea")) grow(target); });
  }
  look();
}
