// The grid of cases and agencies: a running count, keys, dragging, whole rows and columns, a filter and undo.

const boxes = (root, selector) => [...root.querySelectorAll(selector)];

const counted = (number, singular, plural) =>
  `${number.toLocaleString("en-GB")} ${number === 1 ? singular : plural}`;

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

// A button that looks like a link; `about` is read out after its words.
function linkButton(words, about) {
  const button = document.createElement("button");
  const named = document.createElement("span");
  button.type = "button";
  button.className = "survey-ticks__all";
  named.className = "govuk-visually-hidden";
  named.textContent = ` for ${about}`;
  button.append(words, named);
  button.says = (said) => { button.firstChild.data = said; };
  return button;
}

const canTick = (box) => box && !box.disabled && !box.closest("[hidden]");

export function workGrid(grid) {
  const table = grid.querySelector("table");
  const rows = boxes(table, "tbody tr");
  const all = boxes(table, "tbody input[type=checkbox]");
  const columns = boxes(table, "[data-ticks-column]");
  const form = grid.closest("form");
  const undoable = [];

  const tell = () => {
    grid.dispatchEvent(new Event("ticks"));
    form?.dispatchEvent(new Event("input"));
  };

  // Set several boxes as one change, which one press of Undo takes back.
  const setAll = (wanted, on) => {
    const changed = wanted.filter((box) => box.checked !== on).map((box) => [box, box.checked]);
    for (const [box] of changed) box.checked = on;
    if (changed.length) undoable.push(changed);
    tell();
  };

  const undo = () => {
    const change = undoable.pop();
    if (!change) return;
    for (const [box, was] of change) box.checked = was;
    tell();
    if (canTick(change[0][0])) change[0][0].focus();
  };

  table.addEventListener("change", (event) => {
    undoable.push([[event.target, !event.target.checked]]);
    tell();
  });

  // --- the count, and the button that takes the last change back
  const line = grid.querySelector("[data-ticks-count]");
  grid.addEventListener("ticks", () => {
    const ticked = all.filter((box) => box.checked).map((box) => box.value.split(":"));
    const cases = new Set(ticked.map(([row]) => row)).size;
    const agencies = new Set(ticked.map(([, column]) => column)).size;
    // A filter without scripts leaves ticks out of the page; they count all the same.
    if (!("ticksFiltered" in grid.dataset)) {
      line.textContent = `${counted(cases, "case", "cases")}, ${counted(agencies, "agency", "agencies")}, ` +
        counted(ticked.length, "request", "requests");
    }
  });
  const undoButton = document.createElement("button");
  undoButton.type = "button";
  undoButton.className = "govuk-button govuk-button--secondary survey-ticks__undo";
  undoButton.textContent = "Undo";
  undoButton.addEventListener("click", undo);
  line.after(undoButton);
  grid.addEventListener("ticks", () => { undoButton.disabled = !undoable.length; });

  // --- a button in each head that ticks or clears its row or column, and one in the corner for all
  const addButton = (head, about, cells) => {
    if (!cells.some((box) => !box.disabled)) return;
    const button = linkButton("Tick all", about);
    const shown = () => cells.filter(canTick);
    const isOn = () => shown().length > 0 && shown().every((box) => box.checked);
    button.addEventListener("click", () => setAll(shown(), !isOn()));
    grid.addEventListener("ticks", () => button.says(isOn() ? "Clear all" : "Tick all"));
    head.append(button);
  };
  addButton(table.querySelector("thead th"), "every case and agency", all);
  for (const head of columns) {
    addButton(head, head.dataset.ticksName, all.filter((box) => box.value.split(":")[1] === head.dataset.ticksColumn));
  }
  for (const head of boxes(table, "[data-ticks-row]")) {
    addButton(head, head.dataset.ticksName, all.filter((box) => box.value.split(":")[0] === head.dataset.ticksRow));
  }

  // --- keys: one stop of the Tab key for the grid; arrows, Home and End move within it, Space ticks
  table.setAttribute("role", "grid");
  const stopsOf = (row) => {
    const [head, ...cells] = row.children;
    const ofHead = boxes(head, "button, a");
    // A head may hold a button and a link, so that the cells of all rows stand from place 2 on.
    return [ofHead[0], ofHead[1] ?? ofHead[0], ...cells.map((cell) => cell.querySelector("button, input[type=checkbox]"))];
  };
  const stops = boxes(table, "tr").map(stopsOf);
  const mayFocus = (stop) => stop && !stop.disabled && !stop.closest("[hidden]");
  const every = [...new Set(stops.flat())].filter(Boolean);
  const stay = (stop) => {
    for (const other of every) other.tabIndex = -1;
    stop.tabIndex = 0;
  };
  const go = (stop) => {
    stop.focus({ preventScroll: true });
    stop.closest("td, th").scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const placeOf = (stop) => {
    const row = stops.findIndex((line) => line.includes(stop));
    return [row, stops[row].lastIndexOf(stop)];
  };
  const next = (stop, [down, right]) => {
    let [row, column] = placeOf(stop);
    while (stops[row += down] && (column += right) >= 0 && column < stops[row].length) {
      if (mayFocus(stops[row][column]) && stops[row][column] !== stop) return stops[row][column];
    }
    return null;
  };
  table.addEventListener("focusin", (event) => { if (every.includes(event.target)) stay(event.target); });
  table.addEventListener("keydown", (event) => {
    if (!every.includes(event.target)) return;
    const whole = event.ctrlKey || event.metaKey;
    if (whole && event.key === "z") {
      event.preventDefault();
      undo();
      return;
    }
    // Enter would press the first button of the form.
    if (event.key === "Enter" && event.target.type === "checkbox") event.preventDefault();
    let stop = null;
    if (event.key in MOVES && !whole && !event.altKey) {
      stop = next(event.target, MOVES[event.key]);
    } else if (event.key === "Home" || event.key === "End") {
      const line = whole ? stops.flat() : stops[placeOf(event.target)[0]];
      const ends = line.filter(mayFocus);
      stop = event.key === "Home" ? ends[0] : ends.at(-1);
    } else {
      return;
    }
    event.preventDefault();
    if (stop) go(stop);
  });
  const first = all.find(canTick) ?? every.find(mayFocus);
  if (first) stay(first);

  // --- dragging with a mouse: the boxes between the first and the last become as the first
  let drag = null;
  const boxAt = (target) => target.closest?.("tbody td")?.querySelector("input[type=checkbox]");
  const between = (one, other) => {
    const [top, left] = placeOf(one);
    const [bottom, right] = placeOf(other);
    return stops.slice(Math.min(top, bottom), Math.max(top, bottom) + 1)
      .flatMap((line) => line.slice(Math.min(left, right), Math.max(left, right) + 1))
      .filter(canTick);
  };
  table.addEventListener("pointerdown", (event) => {
    const box = boxAt(event.target);
    if (event.pointerType === "mouse" && event.button === 0 && canTick(box)) {
      drag = { first: box, on: !box.checked, before: new Map() };
    }
  });
  table.addEventListener("pointerover", (event) => {
    const box = boxAt(event.target);
    if (!drag || !box || (box === drag.first && !drag.before.size)) return;
    const wanted = new Set(between(drag.first, box));
    for (const [other, was] of drag.before) if (!wanted.has(other)) other.checked = was;
    for (const other of wanted) {
      if (!drag.before.has(other)) drag.before.set(other, other.checked);
      other.checked = drag.on;
    }
    grid.dispatchEvent(new Event("ticks"));
  });
  window.addEventListener("pointerup", () => {
    if (drag?.before.size) {
      const changed = [...drag.before].filter(([box, was]) => box.checked !== was);
      if (changed.length) undoable.push(changed);
      tell();
      // Where a drag ends in the box in which it began, the browser would toggle that box once more.
      const stop = (click) => { click.preventDefault(); click.stopPropagation(); };
      table.addEventListener("click", stop, { capture: true });
      setTimeout(() => table.removeEventListener("click", stop, { capture: true }));
    }
    drag = null;
  });

  // --- the filter, which then needs no button
  const filter = form?.querySelector("[data-ticks-filter]");
  if (filter && !("ticksFiltered" in grid.dataset)) {
    const [casesBox, agenciesBox] = boxes(filter, "input");
    const has = (words, box) => words.toLocaleLowerCase().includes(box.value.trim().toLocaleLowerCase());
    const look = () => {
      for (const row of rows) row.hidden = !has(row.querySelector("th").dataset.ticksName, casesBox);
      for (const [place, head] of columns.entries()) {
        const hidden = !has(head.dataset.ticksName, agenciesBox);
        for (const row of boxes(table, "tr")) row.children[place + 1].hidden = hidden;
      }
      grid.dispatchEvent(new Event("ticks"));
    };
    filter.querySelector("button").hidden = true;
    for (const box of [casesBox, agenciesBox]) {
      // Posted, it would leave rows out of the next page.
      box.removeAttribute("name");
      box.addEventListener("input", (event) => { event.stopPropagation(); look(); });
      box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    }
    look();
  }
  grid.dispatchEvent(new Event("ticks"));
}

// data-find: a search box shows only the parts whose words hold its text, and needs no button. Somebody may have
// typed before this script arrived.
export function findAmong(search) {
  const form = search.closest("form");
  const box = search.querySelector("input");
  search.querySelector("button").hidden = true;
  box.removeAttribute("name");
  const look = () => {
    const words = box.value.trim().toLocaleLowerCase();
    for (const part of boxes(form, search.dataset.find)) {
      part.hidden = !part.dataset.findWords.toLocaleLowerCase().includes(words);
    }
    for (const group of boxes(form, "[data-find-group]")) {
      group.hidden = !group.querySelector(`${search.dataset.find}:not([hidden])`);
    }
  };
  box.addEventListener("input", (event) => { event.stopPropagation(); look(); });
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  look();
}

// data-tick-all: a button that ticks or clears every box of a group.
export function offerTickAll(group) {
  const ticks = () => boxes(group, "input[type=checkbox]").filter(canTick);
  if (ticks().length < 2) return;
  const button = linkButton("Tick all", group.querySelector("legend").textContent.trim());
  const look = () => button.says(ticks().every((box) => box.checked) ? "Clear all" : "Tick all");
  button.addEventListener("click", () => {
    const on = !ticks().every((box) => box.checked);
    for (const box of ticks()) box.checked = on;
    look();
    group.closest("form")?.dispatchEvent(new Event("input"));
  });
  group.addEventListener("change", look);
  look();
  group.querySelector("legend").after(button);
}
