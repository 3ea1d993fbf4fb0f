"use strict";
// The stage: moves people between the panes, throws the school's switch, and shows what left the building.
(() => {
  const { pageKey, course } = document.body.dataset;
  const byId = (id) => document.getElementById(id);
  const phone = { person: "elena", view: "tool" };

  const toolPage = (key) => `/courses/${course}?as=${key}&frame=bare`;
  const phonePage = () => (phone.view === "tool" ? toolPage(phone.person) : `/inbox?as=${phone.person}`);
  const pageOf = { teacher: () => toolPage("halloran"), phone: phonePage };

  function press(name, value) {
    for (const button of document.querySelectorAll(`[data-${name}]`)) {
      button.setAttribute("aria-pressed", String(button.dataset[name] === value));
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { reload, person, view } = button.dataset;
    if (reload) byId(reload).src = pageOf[reload]();
    if (person) { phone.person = person; press("person", person); byId("phone").src = phonePage(); }
    if (view) { phone.view = view; press("view", view); byId("phone").src = phonePage(); }
    if (button.id === "stop" || button.id === "start") throwSwitch(button);
  });

  async function throwSwitch(button) {
    button.disabled = true;
    try {
      const answer = await fetch("/stage/server", {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Stage-Key": pageKey },
        body: JSON.stringify({ action: button.id }),
      });
      if (answer.ok) showServer((await answer.json()).server_up, true);
    } finally {
      button.disabled = false;
    }
  }

  function showServer(up, byHand = false) {
    if (up === null || up === undefined) return;
    const line = byId("server"), stop = byId("stop"), start = byId("start");
    line.dataset.up = String(up);
    line.querySelector("span").textContent = up ? "School's server: running" : "School's server: stopped";
    if (!stop) return;
    const hadFocus = document.activeElement === stop || document.activeElement === start;
    stop.hidden = !up;
    start.hidden = up;
    if (byHand || hadFocus) (up ? stop : start).focus();
  }

  let newest = 0, deliveries = 0, bytes = 0;
  const found = { name: new Set(), plan: new Set() };

  const sentence = (list) => {
    if (!list.length) return "No child, no plan, no name of the family in it.";
    return `Found: ${list.map(({ word, kind }) => `“${word}” (${kind === "name" ? "a name" : "a plan word"})`).join(", ")}`;
  };

  function show(one) {
    const item = byId("delivery").content.cloneNode(true).firstElementChild;
    item.querySelector("b").textContent = one.channel === "mail" ? "Mail" : "LMS message";
    item.querySelector(".to").textContent = `to ${one.receiver}${one.name ? ` (${one.name})` : ""}, ${one.size} bytes,`;
    const time = item.querySelector("time");
    time.dateTime = one.at;
    time.textContent = new Date(one.at).toLocaleTimeString();
    const finding = item.querySelector(".finding");
    finding.textContent = sentence(one.found);
    finding.dataset.state = one.found.length ? "found" : "none";
    item.querySelector(".raw").textContent = one.raw;
    item.querySelector(".raw").setAttribute("aria-label", `Bytes of delivery ${one.number}`);
    item.querySelector(".readable").textContent = one.readable;
    byId("wire").prepend(item);
    for (const { word, kind } of one.found) found[kind].add(word);
  }

  function showVerdict() {
    const verdict = byId("verdict"), words = [...found.name, ...found.plan];
    if (!deliveries) return;
    verdict.dataset.state = words.length ? "found" : "none";
    const [headline, how] = verdict.querySelectorAll("b, .how");
    headline.textContent = words.length ? `Found in it: ${words.join(", ")}` : "No child, no plan, no name of the family in it.";
    how.textContent = `${deliveries} ${deliveries === 1 ? "message" : "messages"}, ${bytes} bytes: each byte searched for every name and every plan word.`;
  }

  async function look() {
    try {
      const answer = await fetch(`/stage/wire.json?after=${newest}`);
      if (!answer.ok) return;
      const state = await answer.json();
      showServer(state.server_up);
      if (state.newest < newest || state.count < deliveries) { location.reload(); return; }
      if (!state.deliveries.length) return;
      ({ newest, count: deliveries, bytes } = state);
      state.deliveries.forEach(show);
      showVerdict();
    } catch { /* the practice LMS itself is away; the next look tells */ }
  }

  look();
  setInterval(look, 2000);
})();
