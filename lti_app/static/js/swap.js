// Swapping pages: a full document comes in, its body takes the place of ours, focus and voice follow.

import { authFetch, contrast } from "./session.js";

const MODULE_PATH = /^\/static\/js\/[\w-]+\.js$/;
let mounted = null;
let tools = {};

/** What modules of screens get besides `authFetch`: set once by the page module. */
export function offer(more) {
  tools = more;
}

/** Parse an answer's text. Scripts of a parsed document never run. */
export function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

/** Put `incoming` in the place of what is shown. `focus` false leaves focus alone (a refresh in place). */
export function swap(incoming, { focus = true, said = "" } = {}) {
  leave();
  const live = liveRegion();
  const spoken = incoming.getElementById("say")?.textContent.trim() ?? "";
  incoming.getElementById("say")?.remove();
  for (const script of incoming.querySelectorAll("script, noscript")) script.remove();
  addStyles(incoming);
  copyAttributes(incoming.documentElement, document.documentElement);
  if (contrast()) document.documentElement.dataset.contrast = contrast();
  copyAttributes(incoming.body, document.body);
  document.title = incoming.title;
  document.body.replaceChildren(...[...incoming.body.childNodes].map((node) => document.adoptNode(node)), live);
  if (focus) settle();
  announce(said || spoken || incoming.title);
  const main = document.getElementById("page");
  if (main) mount(main);
  document.dispatchEvent(new CustomEvent("app:swap", { detail: { main } }));
}

/** Say something to people who listen instead of look. */
export function announce(text) {
  const live = liveRegion();
  live.textContent = "";
  if (text) setTimeout(() => (live.textContent = text), 60); // a change after insertion is what screen readers notice
}

/** Tell the module of the current screen that it is left. */
export function leave() {
  const module = mounted;
  mounted = null;
  document.dispatchEvent(new CustomEvent("app:leave"));
  module?.unmount?.();
}

async function mount(main) {
  const path = main.dataset.module;
  if (!path || !MODULE_PATH.test(path)) return;
  const module = await import(path);
  if (!main.isConnected) return;
  mounted = module;
  await module.mount?.(main, { authFetch, ...tools });
}

function liveRegion() {
  let live = document.getElementById("say");
  if (!live) {
    live = document.createElement("p");
    live.id = "say";
    live.className = "say";
    live.setAttribute("role", "status");
    live.setAttribute("aria-live", "polite");
    document.body.append(live);
  }
  return live;
}

function settle() {
  const main = document.getElementById("page") ?? document.body;
  const target =
    main.querySelector("[autofocus]") ??
    main.querySelector("[data-errors], [aria-invalid='true']") ??
    main.querySelector("h1") ??
    main;
  if (!target.matches("a, button, input, select, textarea, [tabindex]")) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
}

function addStyles(incoming) {
  const have = new Set([...document.querySelectorAll("link[rel=stylesheet]")].map((link) => link.href));
  for (const link of incoming.querySelectorAll("link[rel=stylesheet]")) {
    const href = new URL(link.getAttribute("href"), location.href);
    if (href.origin === location.origin && !have.has(href.href)) document.head.append(document.adoptNode(link));
  }
}

function copyAttributes(from, to) {
  for (const name of to.getAttributeNames()) if (!from.hasAttribute(name)) to.removeAttribute(name);
  for (const name of from.getAttributeNames()) to.setAttribute(name, from.getAttribute(name));
}
