// The recording screen: a tap is shown at once, kept in the queue, and redrawn from what the server says of it.

import { shareWithOtherTabs } from "./tap_handover.js";
import { counted, endSoon, learn, sentence, stateWords } from "./record_state.js";
import * as taps from "./tap_queue.js";

const OUTCOMES = ["correct", "prompted", "incorrect", "no_response"];
const KEYS = { 1: 0, 2: 1, 3: 2, 4: 3, c: 0, p: 1, i: 2, n: 3 };
const QUIET_MS = 900; // counts are spoken once the tapping pauses

let screen = null;

/** Begin to take taps. Called by the page module whenever the screen is shown. */
export function mount(main, { authFetch, announce }) {
  learn(main);
  const stop = new AbortController();
  const marks = main.querySelector("#record-marks").content;
  screen = { main, announce, stop, marks, rows: [], ending: false, spoken: 0, worry: "" };
  endSoon(false);
  screen.rows = [...main.querySelectorAll("[data-row]")].map(readRow);
  const unwatch = taps.watch(onNews);
  stop.signal.addEventListener("abort", unwatch);
  const options = { signal: stop.signal };
  main.addEventListener("click", onClick, options);
  main.addEventListener("focusin", (event) => choose(rowOf(event.target)), options);
  document.addEventListener("keydown", onKey, options);
  main.querySelector("#end").addEventListener("submit", onEnd, options);
  taps.sendWith(authFetch);
  shareWithOtherTabs(main);
  onNews({});
}

/** The screen is left; the queue goes on. */
export function unmount() {
  clearTimeout(screen?.spoken);
  screen?.stop.abort();
  screen = null;
}

function readRow(el) {
  const form = el.querySelector("form");
  const { goal, set_key: set, planned, state } = Object.fromEntries(new FormData(form));
  const buttons = new Map([...form.querySelectorAll("[data-tap]")].map((button) => [button.dataset.tap, button]));
  for (const button of buttons.values()) {
    button.type = "button";
    button.disabled = false; // from now on aria-disabled says what cannot be pressed, so that the focus stays
  }
  return {
    el,
    goal,
    set,
    planned: Number(planned),
    page: { ...JSON.parse(state), set },
    name: el.querySelector(".entry-name").textContent.trim(),
    note: el.querySelector(".entry-note"),
    trail: el.querySelector(".trail"),
    buttons,
    drawn: "",
  };
}

function onNews({ begun = null }) {
  if (!screen) return;
  for (const row of screen.rows) draw(row);
  if (begun) say(sentence("new-set", { name: begun.name }), 0);
  const state = taps.state();
  const worry = { away: "away", over: "over", kept: "" }[state.kind] ?? screen.worry;
  if (worry !== screen.worry) say(stateWords(state), 0);
  screen.worry = worry;
  if (screen.ending && state.kind === "kept") {
    screen.ending = false;
    endSoon(false);
    screen.main.querySelector("#end").requestSubmit();
  }
}

function draw(row) {
  row.set = taps.setOf(row.goal, row.page);
  const standing = taps.tries(row.set, row.page);
  const now = row.set + JSON.stringify(standing);
  if (row.drawn === now) return;
  row.drawn = now;
  row.tries = standing;
  const left = Math.max(row.planned - standing.length, 0);
  const wanted = [...standing.map(([, outcome]) => outcome), ...Array(left).fill("to-come")];
  wanted.forEach((name, at) => {
    const there = row.trail.children[at];
    if (!there) row.trail.append(mark(name));
    else if (there.dataset.mark !== name) there.replaceWith(mark(name));
  });
  while (row.trail.children.length > wanted.length) row.trail.lastElementChild.remove();
  row.trail.setAttribute("aria-label", trailWords(row));
  row.note.textContent = countWords(row);
  for (const outcome of OUTCOMES) off(row.buttons.get(outcome), left === 0);
  off(row.buttons.get("undo"), standing.length === 0);
}

function mark(name) {
  return screen.marks.querySelector(`[data-mark="${name}"]`).cloneNode(true);
}

function off(button, is) {
  if (is) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
}

function trailWords({ name, tries, planned }) {
  return sentence("trail", { name, t: tries.length, p: planned });
}

function countWords({ tries }) {
  if (!tries.length) return sentence("none");
  return sentence("count", { c: tries.filter(([, outcome]) => outcome === "correct").length, t: tries.length });
}

function onClick(event) {
  const button = event.target.closest("[data-tap]");
  if (!button) return;
  event.preventDefault();
  tap(rowOf(button), button.dataset.tap);
}

function tap(row, what) {
  choose(row);
  const { goal, set, planned, name } = row;
  const tapped = { goal, set, planned, name, key: crypto.randomUUID(), at: new Date().toISOString() };
  if (what === "undo") {
    const last = row.tries.at(-1);
    if (!last) return say(sentence("nothing", { name }), 0);
    taps.push({ ...tapped, undoes: last[0], word: sentence("undo") });
    return say(`${sentence("undone", { name, r: wordOf(row, last[1]) })} ${countWords(row)}`);
  }
  if (row.tries.length >= planned) return say(sentence("full", { name, p: planned }), 0);
  taps.push({ ...tapped, outcome: what, word: wordOf(row, what) });
  say(`${trailWords(row)}, ${countWords(row)}`);
}

function wordOf(row, outcome) {
  return row.buttons.get(outcome).querySelector("span").textContent;
}

// What a tap came to is spoken when the tapping pauses, and with it whether the taps are still on this page only.
function say(text, wait = QUIET_MS) {
  clearTimeout(screen.spoken);
  const { announce } = screen;
  screen.spoken = setTimeout(() => {
    const state = taps.state();
    const waits = wait && (state.kind === "away" || state.kind === "over");
    announce(waits ? `${text}. ${stateWords(state)}` : text);
  }, wait);
}

function rowOf(element) {
  const el = element.closest?.("[data-row]");
  return el ? screen.rows.find((row) => row.el === el) : null;
}

function choose(row) {
  if (!row || row.el.classList.contains("here")) return;
  for (const { el } of screen.rows) {
    el.classList.toggle("here", el === row.el);
    if (el === row.el) el.setAttribute("aria-current", "true");
    else el.removeAttribute("aria-current");
  }
}

// Letters and digits act only while the focus is in a row (WCAG 2.1.4); an arrow brings it there.
function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = rowOf(document.activeElement ?? document.body);
  const step = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key];
  if (step) {
    if (!row && document.activeElement?.matches("a, button, input, select, textarea, summary")) return;
    event.preventDefault();
    return move(row, step);
  }
  if (!row || event.repeat) return;
  const key = event.key.toLowerCase();
  if (key === "u") tap(row, "undo");
  else if (key in KEYS) tap(row, OUTCOMES[KEYS[key]]);
  else return;
  event.preventDefault();
}

function move(row, [down, along]) {
  const at = row ? screen.rows.indexOf(row) : -1;
  const next = screen.rows[Math.min(Math.max(row ? at + down : 0, 0), screen.rows.length - 1)];
  const buttons = [...next.buttons.values()];
  const place = row ? [...row.buttons.values()].indexOf(document.activeElement) : 0;
  const turned = getComputedStyle(next.el).direction === "rtl" ? -along : along;
  const button = buttons[Math.min(Math.max(place + turned, 0), buttons.length - 1)];
  button.focus({ preventScroll: true });
  button.scrollIntoView({ block: "nearest" });
}

function onEnd(event) {
  const form = event.target;
  const { kind, count } = taps.state();
  if (count) {
    event.preventDefault();
    screen.ending = true;
    endSoon(true);
    say(kind === "sending" ? counted("ending", count) : `${counted("ending", count)} ${stateWords(taps.state())}`, 0);
    return;
  }
  const inputs = form.querySelectorAll("input[name=s]");
  screen.rows.forEach((row, at) => (inputs[at].value = `${row.goal}.${row.set}`));
  taps.ended(screen.rows.map(({ set }) => set));
}
