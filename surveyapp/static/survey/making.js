// The page on which a question of a form is made: its buttons of rows work in place, and the question beside its fields
// follows them. Without this script each of these buttons loads the page again.

const ROWS = /^(up|down|remove|add|fill)/;
// In milliseconds after a change.
const PREVIEW_DELAY = 400;

export function pressInPlace(form) {
  let asked = 0;
  let timer = 0;

  // Fetches the page as it is after a press, and puts its parts into this one; false if it could not.
  async function press(what, parts) {
    asked += 1;
    const turn = asked;
    const body = new URLSearchParams(new FormData(form));
    body.append("press", what);
    let page;
    try {
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body });
      if (!answer.ok) return null;
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      return null;
    }
    if (turn !== asked) return page;
    for (const name of parts) {
      const [here, there] = [document, page].map((each) => each.querySelector(`[data-part=${name}]`));
      if (!here || !there) return null;
      here.replaceWith(document.importNode(there, true));
    }
    return page;
  }

  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button[name=press]");
    if (!button || button.dataset.loads || !ROWS.test(button.value)) return;
    event.preventDefault();
    clearTimeout(timer);
    const page = await press(button.value, ["answers", "preview"]);
    if (!page) {
      button.dataset.loads = "yes";
      button.click();
      return;
    }
    form.dispatchEvent(new Event("input"));
    document.getElementById(page.querySelector("[data-presses]")?.dataset.focus)?.focus();
  });

  if (document.querySelector("[data-part=preview]")) {
    form.addEventListener("change", () => {
      clearTimeout(timer);
      timer = setTimeout(() => press("gate", ["preview"]), PREVIEW_DELAY);
    });
  }
  document.getElementById(form.dataset.focus)?.focus();
}
