// The session of this page: the token lives in this module's memory and nowhere else.
//
// What a reload needs lies in two places: this tab's own key in `history.state`, and a secret in a cookie that only the
// server reads or, where the browser refuses cookies, in `sessionStorage`. Neither alone resumes anything.

const me = { token: null, tab: null, slot: null, lang: null, contrast: null };
let resuming = null;

/** Take what a launch or a resume gave. */
export function adopt(door) {
  me.token = door.token;
  me.tab = door.tab;
  me.lang = door.lang ?? me.lang;
  me.contrast = door.contrast ?? me.contrast;
  if (door.secret) {
    me.slot = randomName();
    try {
      sessionStorage.setItem(`rapport.${me.slot}`, door.secret);
    } catch {
      me.slot = null; // neither cookies nor storage: a reload will ask to open again
    }
  }
}

/** What `history.state` keeps for every entry of this tab. */
export function stateOfTab(more = {}) {
  return { tab: me.tab, slot: me.slot, lang: me.lang, contrast: me.contrast, ...more };
}

/** The contrast that a launch asked for ("more"), or null. */
export function contrast() {
  return me.contrast;
}

/** Remember the language chosen on the page, for this tab. */
export function speak(lang) {
  me.lang = lang;
}

export function hasToken() {
  return me.token !== null;
}

/** Whether this history entry belongs to a tab that had a session. */
export function mayResume() {
  return typeof history.state?.tab === "string";
}

/** Ask for this tab's session again; one request however many callers. Resolves to whether there is a session now. */
export function resume() {
  resuming ??= askAgain().finally(() => {
    resuming = null;
  });
  return resuming;
}

async function askAgain() {
  const kept = history.state;
  if (typeof kept?.tab !== "string") return false;
  const answer = await fetch("/session/resume", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ tab: kept.tab, secret: secretOf(kept.slot) }),
    credentials: "same-origin",
    redirect: "manual",
    cache: "no-store",
  });
  if (!answer.ok) {
    me.token = null;
    return false;
  }
  me.tab = kept.tab;
  me.slot = kept.slot ?? null;
  me.lang = me.lang ?? kept.lang ?? null;
  me.contrast = me.contrast ?? kept.contrast ?? null;
  me.token = (await answer.json()).token;
  return true;
}

function secretOf(slot) {
  if (!slot) return undefined;
  try {
    return sessionStorage.getItem(`rapport.${slot}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * Fetch an address of ours with the bearer. A session that was renewed meanwhile is resumed once and the request sent
 * again: the server did nothing with one it answered 401. Rejects like `fetch` when the network is away.
 */
export async function authFetch(address, options = {}) {
  const url = new URL(address, location.href);
  if (url.origin !== location.origin) throw new TypeError("authFetch speaks to our own origin only");
  if (!me.token) await resume();
  const used = me.token;
  const answer = await send(url, options);
  if (answer.status !== 401 || options.signal?.aborted) return answer;
  const renewed = me.token !== used || (await resume());
  return renewed ? send(url, options) : answer;
}

function send(url, options) {
  const headers = new Headers(options.headers);
  if (me.token) headers.set("Authorization", `Bearer ${me.token}`);
  if (me.lang) headers.set("Rapport-Lang", me.lang);
  return fetch(url, { ...options, headers, credentials: "same-origin", redirect: "manual", cache: "no-store" });
}

/** Sign out: the server ends the session, this page forgets it. */
export async function end() {
  try {
    await authFetch("/session/end", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ tab: me.tab }),
    });
  } finally {
    try {
      if (me.slot) sessionStorage.removeItem(`rapport.${me.slot}`);
    } catch {
      // nothing was kept
    }
    me.token = me.tab = me.slot = null;
  }
}

function randomName() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (one) => one.toString(16).padStart(2, "0")).join("");
}
