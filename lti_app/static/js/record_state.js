// Where the taps are, in words: on the recording screen in its own line, on every other screen as a notice.

import * as taps from "./tap_queue.js";

let words = {};
let icons = new Map();
let ending = false;

/** Take the sentences and drawings of the recording screen; they serve on the screens after it, too. */
export function learn(main) {
  words = { ...main.querySelector("#record-words").dataset };
  const marks = main.querySelector("#record-marks").content;
  icons = new Map([...marks.querySelectorAll("[data-icon]")].map((one) => [one.dataset.icon, one.firstElementChild]));
}

/** The sentence `key` with its {slots} filled. */
export function sentence(key, slots = {}) {
  const name = key.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  return (words[name] ?? "").replace(/\{(\w)\w*\}/g, (slot) => slots[slot.slice(1, -1)] ?? slot);
}

/** A sentence that counts. */
export function counted(key, n) {
  return sentence(n === 1 ? `${key}-one` : `${key}-many`, { n });
}

/** What the state of the queue is called. */
export function stateWords({ kind, count }) {
  return kind === "kept" || kind === "sending" ? sentence(kind) : counted(kind, count);
}

/** The session ends by itself as soon as all taps are saved; or no longer does. */
export function endSoon(is) {
  ending = is;
  show();
}

function show() {
  const state = taps.state();
  const line = document.getElementById("saved");
  if (line) showLine(line, state);
  const away = state.kind === "away" || state.kind === "over";
  showNotices(!line && away ? stateWords(state) : "", taps.refusals());
}

function showLine(line, state) {
  const text = ending && state.kind === "sending" ? counted("ending", state.count) : stateWords(state);
  if (line.dataset.shown === state.kind + text) return;
  line.dataset.shown = state.kind + text;
  const icon = icons.get(state.kind)?.cloneNode(true);
  const span = document.createElement("span");
  span.textContent = text;
  line.className = `saved ${state.kind === "over" ? "failed" : state.kind}`;
  line.replaceChildren(...(icon ? [icon] : []), span);
}

function showNotices(waiting, refused) {
  const own = document.getElementById("record-notices");
  const there = own ?? document.getElementById("record-banner");
  if (!there && !waiting && !refused.length) return;
  const host = there ?? banner();
  const shown = JSON.stringify([waiting, refused]);
  if (!host || host.dataset.shown === shown) return;
  host.dataset.shown = shown;
  const parts = [];
  if (waiting) parts.push(notice("warn", [waiting]));
  if (refused.length) {
    const box = notice("stop", refused.map(refusalWords));
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button quiet";
    button.textContent = sentence("seen");
    button.addEventListener("click", () => taps.seen());
    box.querySelector(".notice-words").append(button);
    parts.push(box);
  }
  host.hidden = !parts.length;
  host.replaceChildren(...parts);
}

function refusalWords({ name, word, why }) {
  const reason = sentence(why) || why; // a code of ours, else the server's own sentence
  return `${sentence("refused", { name, r: word })} ${reason}`;
}

function banner() {
  const main = document.getElementById("page");
  if (!main) return null;
  const host = document.createElement("div");
  host.id = "record-banner";
  host.className = "stack tight";
  host.hidden = true;
  main.prepend(host);
  return host;
}

function notice(kind, lines) {
  const box = document.createElement("div");
  box.className = `notice ${kind}`;
  box.setAttribute("role", "alert");
  const inner = document.createElement("div");
  inner.className = "notice-words";
  for (const text of lines) {
    const line = document.createElement("p");
    line.textContent = text;
    inner.append(line);
  }
  box.append(inner);
  return box;
}

taps.watch(show);
document.addEventListener("app:swap", () => {
  show();
  taps.nudge(); // a screen came in, so the server is there
});
