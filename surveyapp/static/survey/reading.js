// Single keys for reading comments. They work only while a comment has the focus, so that they do not interfere
// with other keys on the page (WCAG 2.1.4).

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
      // On a button, Enter presses that button.
      if (event.target.matches("button")) return;
      next(here);
    } else if (letter === "j") {
      next(here);
    } else if (letter === "k") {
      if (here > 0) goTo(here - 1);
      else document.querySelector("main a[rel=prev]")?.click();
    } else {
      const box = [...comment.querySelectorAll("[data-key]")].find((control) => control.dataset.key === letter);
      if (!box || event.key.length !== 1) return;
      press(box);
    }
    event.preventDefault();
  });

  // After saving, go to the first comment; after choosing a quote, to the comment that was quoted.
  if (location.hash && comments.length) goTo(Math.max(0, comments.findIndex((comment) => `#${comment.id}` === location.hash)));
}

// Add a button that replaces the selection in a text with […].
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
