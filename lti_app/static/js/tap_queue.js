// Taps on their way to the school: kept in this page's memory, in order, until the server has answered each.
//
// The queue outlives the screen: taps go on being sent while one reads another page of the tool. Nothing here is
// written to the device. Every tap has its own key, so that sending it twice is harmless.

const RETRY_MS = [1000, 2000, 4000, 8000];
const HANG_MS = 10_000; // an answer that takes longer counts as none
const ADDRESS = "/app/record/tap";

const REASONS = { masquerade: "watching", not_here: "no-right" };
const NOTHING = { tries: [], lines: 0 };

const queue = []; // {goal, set, key, outcome | undoes, at, planned, name, word}
const refused = []; // {name, word, why}: taken out, shown until somebody has seen it
const told = new Map(); // set -> {tries, lines, planned}, as the server said last
const moved = new Map(); // a set that had ended -> the set begun in its place
const begun = new Map(); // goal -> the set tapped on from this page last, until it is ended
const watchers = new Set();
let send = null;
let flying = null;
let timer = 0;
let failures = 0;
let over = false;

/** Give the function that fetches with the session's bearer. */
export function sendWith(authFetch) {
  send = authFetch;
  pump();
}

/** Add a tap and send it as soon as those before it are saved. */
export function push(tap) {
  queue.push(tap);
  begun.set(tap.goal, tap.set);
  tell({});
  setTimeout(pump); // shown first, sent then
}

/** How it stands: `kept` (nothing waits), `sending`, `away` (the server does not answer) or `over` (no session). */
export function state() {
  if (!queue.length) return { kind: "kept", count: 0 };
  return { kind: over ? "over" : failures ? "away" : "sending", count: queue.length };
}

/** The taps taken out because the server refused them, oldest first. */
export function refusals() {
  return [...refused];
}

/** Somebody has read the refusals. */
export function seen() {
  refused.length = 0;
  tell({});
}

/** Call `watch(news)` after every change; returns the way to stop it. */
export function watch(watcher) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/**
 * The set in which taps of `goal` stand now. `page` is what the server knew when it made the page: where it knew of no
 * try, one may have been on its way, and its set goes on.
 */
export function setOf(goal, page) {
  const waiting = queue.filter((tap) => tap.goal === goal).pop();
  let now = waiting?.set ?? (page.lines ? page.set : begun.get(goal) ?? page.set);
  while (moved.has(now)) now = moved.get(now);
  return now;
}

/** The session of these sets is being ended: what is tapped on their goals from now on is another one. */
export function ended(sets) {
  for (const [goal, set] of begun) if (sets.includes(set)) begun.delete(goal);
}

/** The standing tries of a set as [key, outcome]: what the server said last, then what still waits. */
export function tries(set, page) {
  const said = told.get(set) ?? NOTHING;
  const shown = page.set === set ? page : NOTHING;
  let standing = [...(said.lines >= shown.lines ? said : shown).tries];
  for (const tap of queue) {
    if (tap.set !== set) continue;
    if (tap.undoes) standing = standing.filter(([key]) => key !== tap.undoes);
    else if (!standing.some(([key]) => key === tap.key)) standing.push([tap.key, tap.outcome]);
  }
  return standing;
}

/** A copy of what waits, for another page of the same person. */
export function copy() {
  return queue.map((tap) => ({ ...tap }));
}

/** Take over what another page kept. Keys that wait here already are left out. */
export function adopt(taps) {
  for (const tap of taps) if (!queue.some(({ key }) => key === tap.key)) queue.push(tap);
  tell({});
  pump();
}

/** Another page has saved these: they need not be sent from here. */
export function drop(keys) {
  const gone = new Set(keys);
  for (let at = queue.length - 1; at >= 0; at--) {
    if (gone.has(queue[at].key)) queue.splice(at, 1);
  }
  if (!queue.length) over = false;
  tell({});
}

/** Try at once: the network or the person is back. */
export function nudge() {
  clearTimeout(timer);
  timer = 0;
  pump();
}

async function pump() {
  if (flying || timer || !send || !queue.length) return;
  const tap = (flying = queue[0]);
  tell({});
  const answer = await post(tap);
  flying = null;
  if (!answer) return later();
  over = answer.status === 401;
  if (over) return later();
  failures = 0;
  if (answer.body?.tries) tellOf(answer.body);
  if (answer.status === 200) remove(tap);
  else if (answer.body?.code === "set_ended" && tap.outcome) return begin(tap);
  else refuse(tap, answer);
  tell({ settled: tap });
  pump();
}

/** Send one tap. Null: no answer, or one that says nothing about the tap, so that it must be sent again. */
async function post({ goal, set, key, outcome, undoes, at, planned }) {
  const hang = new AbortController();
  const alarm = setTimeout(() => hang.abort(), HANG_MS);
  try {
    const answer = await send(ADDRESS, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ goal, set_key: set, client_key: key, outcome, undoes, at, planned }),
      signal: hang.signal,
    });
    const { status } = answer;
    const ours = answer.headers.get("Rapport-Answer") ?? "";
    const isJson = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
    if (status === 401) return { status };
    // What a school's filter or a server that is starting says in our place does not count: ours names itself.
    if (status < 500 && ours) return { status, ours };
    if (status >= 500 || !isJson) return null;
    const body = await answer.json();
    return Array.isArray(body.tries) || (status !== 200 && body.code) ? { status, body } : null;
  } catch {
    return null;
  } finally {
    clearTimeout(alarm);
  }
}

function later() {
  timer = setTimeout(nudge, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
  failures += 1;
  tell({});
}

function remove(tap) {
  const at = queue.indexOf(tap);
  if (at >= 0) queue.splice(at, 1);
}

/** A tap that will never be kept leaves the queue, with what would have taken it back, and is shown. */
function refuse(tap, { body, ours }) {
  remove(tap);
  for (const undo of queue.filter(({ undoes }) => undoes === tap.key)) remove(undo);
  refused.push({ name: tap.name, word: tap.word, why: body?.words || REASONS[ours] || "other" });
}

/** The set was closed meanwhile: the tries that wait begin a new one. */
function begin(tap) {
  const next = crypto.randomUUID();
  moved.set(tap.set, next);
  begun.set(tap.goal, next);
  const mine = queue.filter(({ set }) => set === tap.set);
  const keys = new Set(mine.map(({ key }) => key));
  for (const one of mine) {
    if (one.undoes && !keys.has(one.undoes)) refuse(one, { ours: "" });
    one.set = next;
  }
  tell({ begun: tap });
  pump();
}

function tellOf({ set, tries: standing, lines, planned }) {
  const last = told.get(set);
  if (!last || last.lines <= lines) told.set(set, { tries: standing, lines, planned });
}

function tell(news) {
  for (const watcher of watchers) watcher(news);
}

window.addEventListener("online", nudge);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && timer) nudge();
});
window.addEventListener("beforeunload", (event) => {
  if (queue.length) event.preventDefault();
});
