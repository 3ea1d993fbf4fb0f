// Pop-ups: for pages of others that refuse to be framed. The address comes from the server and is good once.

import { word } from "./words.js";

const DONE = "rapport.popup.done";

/**
 * Open the window that `element`'s `data-popup` names: POST there answers JSON `{url}`. When the window says it is
 * done, or people come back to this page after closing it, the current screen is shown anew.
 */
export async function onPopupClick(event, element, { authFetch, refresh, warn }) {
  event.preventDefault();
  // Opened at once: after the answer it would be blocked.
  const opened = window.open("about:blank", "_blank", "popup,width=560,height=720");
  try {
    const headers = { Accept: "application/json" };
    const answer = await authFetch(element.dataset.popup, { method: "POST", headers });
    const address = new URL((await answer.json()).url, location.href);
    if (!["https:", "http:"].includes(address.protocol)) throw new TypeError("not an address to open");
    if (!opened) return location.assign(address);
    opened.location.replace(address);
  } catch {
    opened?.close();
    return warn(word("broken"));
  }
  const stop = new AbortController();
  const finish = () => {
    stop.abort();
    refresh();
  };
  window.addEventListener(
    "message",
    (message) => {
      if (message.origin === location.origin && message.data?.subject === DONE) finish();
    },
    { signal: stop.signal },
  );
  window.addEventListener("focus", () => opened.closed && finish(), { signal: stop.signal });
}
