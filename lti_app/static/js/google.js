// A frame of Google Classroom before anybody is known in it: the kept sign-in, else a window of Google's.
//
// Google refuses to be framed, and a frame may keep no cookie of the window's. So the window gives this frame a code,
// once, by a message within our own origin; the code works only with what this frame alone knows.

import { start } from "./page.js";
import { announce, parse, swap } from "./swap.js";

const SIGNED_IN = "rapport.signed-in";
const PROBE = "__Host-door-probe";
const WINDOW = "popup,width=520,height=680";
const block = document.getElementById("bind");
const ask = JSON.parse(block.textContent);
block.remove();

const wait = document.getElementById("sign-wait");
const question = document.getElementById("sign-ask");
const link = document.getElementById("sign-link");
const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));

begin();

async function begin() {
  if (!ask.frame) return showQuestion();
  link.href = `${ask.go}?${new URLSearchParams({ c: await challengeOf(verifier), hint: ask.hint })}`;
  link.addEventListener("click", openWindow);
  window.addEventListener("message", onMessage);
  if (ask.hint) await enter({});
  else showQuestion();
}

/** A small window where the browser lets us; else the link opens a page of its own, which works the same. */
function openWindow(event) {
  if (event.button !== 0 || event.metaKey || event.ctrlKey) return;
  const opened = window.open(link.href, link.target, WINDOW);
  if (opened) event.preventDefault();
}

function onMessage({ origin, data }) {
  if (origin !== location.origin || data?.subject !== SIGNED_IN || typeof data.code !== "string") return;
  window.removeEventListener("message", onMessage);
  enter({ code: data.code, verifier });
}

async function enter(proof) {
  question.hidden = true;
  wait.hidden = false;
  try {
    const answer = await fetch(ask.enter, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ frame: ask.frame, said: ask.said, cookies: cookieKept(), ...proof }),
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
    });
    if (!answer.ok) return swap(parse(await answer.text()));
    const door = await answer.json();
    if (door.kind === "open") return start(door);
    if (door.kind === "neutral") return swap(parse(door.page));
  } catch {
    // no connection: the question stays, and may be asked again
  }
  window.addEventListener("message", onMessage);
  showQuestion();
}

function showQuestion() {
  wait.hidden = true;
  question.hidden = false;
  announce(question.querySelector("p").textContent);
}

function cookieKept() {
  document.cookie = `${PROBE}=1; Path=/; Secure; SameSite=None; Partitioned; Max-Age=60`;
  return document.cookie.split("; ").includes(`${PROBE}=1`);
}

async function challengeOf(text) {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}
