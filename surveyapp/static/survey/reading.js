// Reading comments by single keys. They work while a comment has the focus and nowhere else, so that they get in
// the way of no other key on the page.

export function readByKeys(form) {
  const comments = [...form.querySelectorAll("[data-comment]")];
  const save = form.querySelector("#save-comments");

  const goTo = (number) => {
    comments[number].focus({ preventScroll: true });
    comments[number].scrollIntoView({ block: "nearest" });
  };

  const next = (here) => {
    if (here + 1 < comments.length) goTo(here + 1);
    else form.requestSubmit(save);
  };

  const press = (box) => {
    if (box.type === "submit") {
      form.requestSubmit(box);
      return;
    }
    box.checked = !box.checked;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };

  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const comment = event.target.closest("[data-comment]");
    if (!comment) return;
    const here = comments.indexOf(comment);
    const letter = event.key.toLowerCase();
    if (event.key === "Enter") {
      // On a button Enter presses the button.
      if (event.target.matches("button")) return;
      next(here);
    } else if (letter === "j") {
      next(here);
    } else if (letter === "k") {
      if (here > 0) goTo(here - 1);
    } else {
      const box = [...comment.querySelectorAll("[data-key]")].find((each) => each.dataset.key === letter);
      if (!box || event.key.length !== 1) return;
      press(box);
    }
    event.preventDefault();
  });

  // Whoever comes from a page just saved goes on at the first comment, and from a quote at the one quoted.
  if (location.hash && comments.length) goTo(Math.max(0, comments.findIndex((each) => `#${each.id}` === location.hash)));
}

// A button beside a text: what is selected there gives way to […].
export function takeOutSelected(part) {
  const text = document.getElementById(part.dataset.takeOut);
  if (!text) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary";
  button.textContent = "Take out what is selected above";
  button.addEventListener("click", () => {
    const { selectionStart: begin, selectionEnd: end } = text;
    text.focus();
    if (begin === end) return;
    text.setRangeText("[…]", begin, end, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  part.prepend(button);
}
