// A pull of rosters: looks again while it goes on, moves only the progress card, shows the whole page at its end.

const PAUSE = 1500;
let timer = 0;

/** A screen with a pull that goes on. */
export function mount(main, { authFetch, refresh, announce }) {
  let told = "";
  const look = async () => {
    try {
      const answer = await authFetch(location.pathname, { headers: { Accept: "text/html" } });
      const incoming = new DOMParser().parseFromString(await answer.text(), "text/html");
      const card = incoming.getElementById("pull");
      const here = document.getElementById("pull");
      if (!here || !main.isConnected) return;
      if (!card?.hasAttribute("data-running")) return refresh();
      for (const name of ["progress", "small"]) move(here.querySelector(name), card.querySelector(name));
      const words = card.querySelector("small")?.textContent ?? "";
      const tenth = Math.floor((10 * (card.querySelector("progress")?.position ?? 0)));
      if (`${tenth}` !== told) announce(words);
      told = `${tenth}`;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // away for a moment: look again
    }
    timer = setTimeout(look, PAUSE);
  };
  timer = setTimeout(look, PAUSE);
}

/** The screen is left. */
export function unmount() {
  clearTimeout(timer);
}

function move(here, there) {
  if (!here || !there) return;
  for (const name of ["value", "max"]) if (there.hasAttribute(name)) here.setAttribute(name, there.getAttribute(name));
  if (here.tagName !== "PROGRESS" && here.textContent !== there.textContent) here.textContent = there.textContent;
}
