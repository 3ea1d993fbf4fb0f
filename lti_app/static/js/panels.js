// Panels: what people see when the network or the session is away. Nothing they wrote is ever thrown out.

import { announce } from "./swap.js";
import { word } from "./words.js";

/** Show `text` above `form` (or at the top of the page), with a button that tries again when `again` is given. */
export function warn(text, { form = null, again = null, heading = "" } = {}) {
  clearWarning();
  const panel = document.createElement("div");
  panel.id = "page-warning";
  panel.className = "notice warn";
  panel.setAttribute("role", "alert");
  const words = document.createElement("div");
  words.className = "notice-words";
  panel.append(words);
  if (heading) {
    const title = document.createElement("h2");
    title.textContent = heading;
    words.append(title);
  }
  const line = document.createElement("p");
  line.textContent = text;
  words.append(line);
  if (again) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = word("retry");
    button.addEventListener("click", () => {
      clearWarning();
      again();
    });
    words.append(button);
  }
  if (form?.isConnected) form.before(panel);
  else (document.getElementById("page") ?? document.body).prepend(panel);
  panel.scrollIntoView({ block: "nearest" });
}

export function clearWarning() {
  document.getElementById("page-warning")?.remove();
}

/** The page of a session that is over: nothing of the last screen stays. */
export function showOver() {
  const main = document.getElementById("page") ?? document.body;
  const heading = document.createElement("h1");
  heading.textContent = word("over");
  heading.tabIndex = -1;
  const line = document.createElement("p");
  line.className = "lead";
  line.textContent = word("overHow");
  main.replaceChildren(heading, line);
  heading.focus();
  announce(word("over"));
}
