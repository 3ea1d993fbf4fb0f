// The page module: follows links and posts forms with the bearer, swaps what comes back, keeps the history.

import { keepHeight, scrollUp } from "./frame.js";
import { clearWarning, showOver, warn } from "./panels.js";
import { onPopupClick } from "./popup.js";
import { adopt, authFetch, end, hasToken, mayResume, resume, speak, stateOfTab } from "./session.js";
import { announce, leave, offer, parse, swap } from "./swap.js";
import { word } from "./words.js";

export { authFetch } from "./session.js";
export { announce } from "./swap.js";

const APP = "/app/";
let flight = null;

/** Begin with what a launch gave. */
export function start(door) {
  adopt(door);
  history.replaceState(stateOfTab(), "", "/app/");
  return open(door.path, { history: "replace" });
}

/**
 * Open a path of ours. `history`: "push" (default), "replace" or "keep". `said`: code of a sentence the next screen
 * says.
 * `focus` false and `scroll` tell a refresh in place from a new screen.
 */
export async function open(path, { history: how = "push", said = "", focus = true, scroll = 0 } = {}) {
  const url = ours(path);
  if (!url) return;
  flight?.abort();
  const mine = (flight = new AbortController());
  const asked = new URL(url);
  if (said) asked.searchParams.set("said", said);
  setBusy(true);
  try {
    const answer = await authFetch(asked, { signal: mine.signal, headers: { Accept: "text/html" } });
    await receive(answer, { url, how, focus, scroll });
  } catch (error) {
    if (error.name === "AbortError") return;
    if (!(error instanceof TypeError)) throw error;
    warn(word("offlinePage"), { again: () => open(path, { history: how, said, focus, scroll }) });
  } finally {
    if (flight === mine) setBusy(false);
  }
}

/** Show the current screen again without moving anything: after a pop-up or a change made elsewhere. */
export function refresh() {
  return open(location.pathname + location.search, { history: "keep", focus: false, scroll: null });
}

async function receive(answer, { url, how, focus, scroll, form = null, again = null }) {
  const goto = answer.headers.get("Rapport-Goto");
  if (goto) {
    const said = answer.headers.get("Rapport-Said") ?? "";
    const there = new URL(goto, location.href);
    const here = there.pathname + there.search === location.pathname + location.search;
    return open(goto, { history: form ? (here ? "replace" : "push") : how === "keep" ? "replace" : how, said });
  }
  const type = answer.headers.get("Content-Type") ?? "";
  if (answer.type === "opaqueredirect") return warn(word("broken"), { form });
  if ((answer.headers.get("Content-Disposition") ?? "").startsWith("attachment")) return keepFile(answer);
  if (!type.startsWith("text/html")) return announce(word("sent"));
  const incoming = parse(await answer.text());
  const refused = incoming.getElementById("page")?.dataset.answer;
  if (form?.isConnected && refused) {
    const heading = incoming.querySelector("h1")?.textContent ?? "";
    const words = incoming.querySelector(".lead")?.textContent ?? word("broken");
    return warn(words, { form, heading, again: answer.status >= 502 ? again : null });
  }
  if (how !== "keep") remember(url, how);
  swap(incoming, { focus });
  if (scroll === 0 && document.getElementById(decodeURIComponent(url.hash.slice(1)))) jump(url.hash.slice(1));
  else if (scroll === 0) scrollUp();
  else if (scroll !== null) window.scrollTo(0, scroll);
}

function remember(url, how) {
  const shown = new URL(url);
  shown.searchParams.delete("lang");
  shown.searchParams.delete("said");
  const path = shown.pathname + shown.search;
  if (how === "push" && path !== location.pathname + location.search) {
    history.replaceState({ ...history.state, y: window.scrollY }, "");
    history.pushState(stateOfTab(), "", path);
  } else {
    history.replaceState(stateOfTab(), "", path);
  }
}

/** Return the URL when it is one of our screens. A language in it is remembered for this tab. */
function ours(path) {
  const url = new URL(path, location.href);
  if (url.origin !== location.origin || !(url.pathname + "/").startsWith(APP)) return null;
  const lang = url.searchParams.get("lang");
  if (lang) speak(lang);
  return url;
}

function onClick(event) {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const popup = event.target.closest("[data-popup]");
  if (popup) return onPopupClick(event, popup, { authFetch, refresh, warn });
  if (event.target.closest("[data-sign-out]")) {
    event.preventDefault();
    return signOut();
  }
  const link = event.target.closest("a[href]");
  if (!link || link.hasAttribute("download") || (link.target && link.target !== "_self")) return;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin) return;
  if (url.hash && url.pathname === location.pathname && url.search === location.search) {
    event.preventDefault(); // a new history entry would not carry this tab's key
    return jump(url.hash.slice(1));
  }
  if (!ours(url)) return;
  event.preventDefault();
  clearWarning();
  open(url);
}

function jump(id) {
  const target = document.getElementById(decodeURIComponent(id));
  if (!target) return;
  if (!target.matches("a, button, input, select, textarea, [tabindex]")) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
  target.scrollIntoView();
}

async function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.target === "_blank") return;
  const by = event.submitter;
  const action = new URL(by?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href, location.href);
  if (action.origin !== location.origin) return;
  event.preventDefault();
  if (form.hasAttribute("data-sending")) return;
  const body = new FormData(form);
  if (by?.name) body.append(by.name, by.value);
  if ((by?.getAttribute("formmethod") ?? form.getAttribute("method") ?? "get").toLowerCase() === "get") {
    action.search = new URLSearchParams([...body].filter(([, value]) => typeof value === "string")).toString();
    return open(action);
  }
  const again = () => form.requestSubmit(by?.isConnected ? by : undefined);
  markSending(form, by, true);
  clearWarning();
  try {
    const answer = await authFetch(action, { method: "POST", body, headers: { Accept: "text/html" } });
    await receive(answer, { url: action, how: "keep", focus: true, scroll: 0, form, again });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    warn(word("offline"), { form, again });
  } finally {
    markSending(form, by, false);
  }
}

function markSending(form, by, sending) {
  form.toggleAttribute("data-sending", sending);
  const buttons = by ? [by] : form.querySelectorAll("button:not([type=button])");
  for (const button of buttons) {
    button.toggleAttribute("data-busy", sending);
    if (sending) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

function setBusy(busy) {
  const main = document.getElementById("page");
  if (busy) main?.setAttribute("aria-busy", "true");
  else main?.removeAttribute("aria-busy");
}

async function keepFile(answer) {
  const name = /filename="?([^";]+)"?/.exec(answer.headers.get("Content-Disposition"))?.[1] ?? "rapport";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  announce(word("sent"));
}

async function signOut() {
  try {
    await end();
  } finally {
    leave();
    history.replaceState(null, "", "/app/");
    showOver();
  }
}

function onHistory(event) {
  if (event.state?.lang) speak(event.state.lang);
  open(location.pathname + location.search, { history: "keep", scroll: event.state?.y ?? 0 });
}

async function boot() {
  const block = document.getElementById("door");
  if (block) {
    const door = JSON.parse(block.textContent);
    block.remove();
    return start(door);
  }
  if (!mayResume()) return showOver();
  const again = async () => {
    try {
      if (!hasToken() && !(await resume())) return showOver();
    } catch {
      return warn(word("offlinePage"), { again });
    }
    return open(location.pathname + location.search, { history: "replace", scroll: history.state?.y ?? 0 });
  };
  return again();
}

offer({ open, refresh, announce });
document.addEventListener("click", onClick);
document.addEventListener("submit", onSubmit);
window.addEventListener("popstate", onHistory);
history.scrollRestoration = "manual";
keepHeight();
if (!document.getElementById("bind")) boot();
