// A page that follows what it shows: one small request every 15 seconds, or as often as the page says, while it is seen,
// until the server says it is over.

const EVERY = 15_000;
const LONGEST = 240_000;

// Change only the cells whose words have changed, so that the reader's place and focus in the table stay.
function changeCells(part, fresh) {
  const before = [...part.querySelectorAll("td, caption")];
  const after = [...fresh.querySelectorAll("td, caption")];
  const heads = (table) => [...table.querySelectorAll("th")].map((head) => head.textContent).join();
  if (before.length !== after.length || !before.length || heads(part) !== heads(fresh)) {
    part.replaceChildren(...fresh.childNodes);
    return;
  }
  before.forEach((cell, place) => {
    if (cell.innerHTML === after[place].innerHTML) return;
    const focused = cell.contains(document.activeElement);
    cell.replaceChildren(...after[place].childNodes);
    if (focused) cell.querySelector("a")?.focus();
  });
}

function show(parts) {
  for (const [name, html] of Object.entries(parts)) {
    const part = document.querySelector(`[data-live-part="${name}"]`);
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    if (part) changeCells(part, fresh.content);
  }
}

export function follow(part) {
  let tag = part.dataset.liveTag;
  const every = Number(part.dataset.liveEvery) || EVERY;
  let pause = every;
  let timer;
  let over = false;

  async function ask() {
    try {
      const answer = await fetch(part.dataset.live, {
        cache: "no-store",
        headers: { "If-None-Match": `"${tag}"` },
        redirect: "manual",
      });
      pause = every;
      if (answer.status === 200) {
        const news = await answer.json();
        tag = news.tag;
        over = news.over;
        show(news.parts);
      } else if (answer.status !== 304) {
        // Signed out, or the audit has gone: asking again would change nothing. A failing server is asked later.
        over = answer.status < 500;
        pause = LONGEST;
      }
    } catch {
      pause = Math.min(2 * pause, LONGEST);
    }
    wait();
  }

  function wait() {
    clearTimeout(timer);
    if (!over && !document.hidden) timer = setTimeout(ask, pause);
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (!over && !document.hidden) ask();
  });
  wait();
}
