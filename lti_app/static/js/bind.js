// Binding: ties a launch to the browser that asked for it, in frames where cookies may be refused.
//
// In order: our partitioned cookie, this frame's own sessionStorage, the platform's storage (LTI client-side
// postMessage, `lti.put_data` and `lti.get_data`), a window of our own.

import { start } from "./page.js";
import { announce, parse, swap } from "./swap.js";

const WAIT_MS = 2000;
const PROBE = "__Host-door-probe";
const block = document.getElementById("bind");
const bind = JSON.parse(block.textContent);
block.remove();
document.body.dataset.bind = bind.kind;

if (bind.kind === "login") login();
else launch();

async function login() {
  const kept = cookieKept() || frameKeeps(bind.key, bind.proof) || (await platformKeeps(bind.key, bind.proof));
  if (kept) location.replace(bind.next);
  else showWindowLink();
}

async function launch() {
  const proof = takeFromFrame(bind.key) ?? (await platformHas(bind.key));
  if (!proof) return showWindowLink();
  try {
    const answer = await fetch("/lti/confirm", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ sealed: bind.sealed, proof }),
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
    });
    if (!answer.ok) return swap(parse(await answer.text()));
    const door = await answer.json();
    if (door.kind === "neutral") return swap(parse(door.page));
    return start(door);
  } catch {
    return showWindowLink();
  }
}

function cookieKept() {
  document.cookie = `${PROBE}=1; Path=/; Secure; SameSite=None; Partitioned; Max-Age=60`;
  return document.cookie.split("; ").includes(`${PROBE}=1`);
}

function frameKeeps(key, value) {
  try {
    sessionStorage.setItem(key, value);
    return sessionStorage.getItem(key) === value;
  } catch {
    return false;
  }
}

function takeFromFrame(key) {
  try {
    const value = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    return value;
  } catch {
    return null;
  }
}

async function platformKeeps(key, value) {
  const reply = await ask({ subject: "lti.put_data", key, value });
  return reply !== null;
}

async function platformHas(key) {
  const reply = await ask({ subject: "lti.get_data", key });
  return reply?.key === key && typeof reply.value === "string" ? reply.value : null;
}

/** Send one storage message and return its reply, or null: wrong origin or id, an error and silence count as none. */
function ask(message) {
  const frame = storageFrame();
  if (!frame) return Promise.resolve(null);
  const id = crypto.randomUUID();
  return new Promise((resolve) => {
    const stop = new AbortController();
    const finish = (reply) => {
      stop.abort();
      clearTimeout(timer);
      resolve(reply);
    };
    const timer = setTimeout(() => finish(null), WAIT_MS);
    window.addEventListener(
      "message",
      ({ origin, data }) => {
        if (origin !== bind.origin || data?.message_id !== id || data.subject !== `${message.subject}.response`) return;
        finish(data.error ? null : data);
      },
      { signal: stop.signal },
    );
    try {
      frame.postMessage({ ...message, message_id: id }, bind.origin);
    } catch {
      finish(null);
    }
  });
}

function storageFrame() {
  const outer = window.parent !== window ? window.parent : window.opener;
  if (!outer || !bind.target) return null;
  if (bind.target === "_parent") return outer;
  try {
    return outer.frames[bind.target] ?? outer;
  } catch {
    return outer;
  }
}

function showWindowLink() {
  document.getElementById("bind-wait").hidden = true;
  document.getElementById("bind-window").hidden = false;
  document.getElementById("bind-link")?.focus();
  announce(document.querySelector("#bind-window p").textContent);
}
