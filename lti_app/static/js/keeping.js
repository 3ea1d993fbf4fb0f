// A form that keeps itself: every second while somebody writes, and at once when the page is left.

const EACH_MS = 1000;
let screen = null;

/** Watch the form of this screen. */
export function mount(main, { authFetch, announce }) {
  const form = main.querySelector("form[data-keep]");
  if (!form) return;
  const listening = new AbortController();
  screen = { form, authFetch, announce, listening, timer: 0, changed: false, saving: null, stopped: false, keptAt: 0 };
  screen.clock = setInterval(tellTime, EACH_MS);
  const { signal } = listening;
  form.addEventListener("input", onChange, { signal });
  form.addEventListener("submit", onSubmit, { signal });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save(true), { signal });
  window.addEventListener("pagehide", () => save(true), { signal });
}

/** Keep what is not kept yet when the screen is left for another. */
export function unmount() {
  if (!screen) return;
  save(true);
  clearTimeout(screen.timer);
  clearInterval(screen.clock);
  screen.listening.abort();
  screen = null;
}

function onChange() {
  screen.changed = true;
  if (screen.stopped) return;
  if (!screen.saving) tell(screen.form, "sending", screen.form.dataset.notYet);
  screen.timer ||= setTimeout(save, EACH_MS);
}

/** A send waits for what is on its way, so that its own draft does not look like another window's. */
function onSubmit(event) {
  const here = screen;
  clearTimeout(here.timer);
  here.timer = 0;
  here.changed = false;
  if (!here.saving) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const by = event.submitter;
  here.saving.finally(() => here.form.isConnected && here.form.requestSubmit(by?.isConnected ? by : undefined));
}

function save(leaving = false) {
  const here = screen;
  if (!here || here.stopped || !here.changed) return;
  clearTimeout(here.timer);
  here.timer = 0;
  if (here.saving && leaving !== true) {
    here.timer = setTimeout(save, EACH_MS);
    return;
  }
  here.changed = false;
  here.saving = send(here, leaving === true).finally(() => (here.saving = null));
}

async function send(here, leaving) {
  const { form, authFetch } = here;
  try {
    const answer = await authFetch(form.dataset.keep, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      keepalive: leaving,
    });
    const kept = await answer.json();
    if (answer.status === 409) return showBoth(here, kept);
    if (!answer.ok) return fail(here, "failed", kept.words);
    form.elements.draft_version.value = kept.version;
    here.keptAt = Date.now();
    if (!here.changed) tell(form, "kept", form.dataset.kept);
  } catch {
    here.changed = true;
    fail(here, "away", form.dataset.away);
    here.timer ||= setTimeout(save, EACH_MS * 3);
  }
}

function fail(here, state, words) {
  tell(here.form, state, words);
  if (words) here.announce(words);
}

/** Count the seconds since it was kept, for eyes: a screen reader would hear nothing else. */
function tellTime() {
  if (!screen?.keptAt || screen.changed || screen.stopped) return;
  const seconds = Math.round((Date.now() - screen.keptAt) / 1000);
  const { kept, seconds: some, minutes } = screen.form.dataset;
  const words = seconds < 2 ? kept : seconds < 90 ? some.replace("99", seconds) : minutes.replace("99", Math.round(seconds / 60));
  tell(screen.form, "kept", words);
}

function tell(form, state, words) {
  const line = document.getElementById("saved");
  if (!line || !words) return;
  line.className = `saved ${state}`;
  line.lastElementChild.textContent = words;
}

/** The same form in another window kept other words: show them, and keep nothing more until somebody chose. */
function showBoth(here, answer) {
  const { form } = here;
  here.stopped = true;
  fail(here, "failed", answer.words);
  document.getElementById("two-windows")?.remove();
  const panel = element("div", "notice warn", "");
  panel.id = "two-windows";
  const words = element("div", "notice-words", "");
  words.append(element("h2", "", form.dataset.other));
  for (const [name, text] of Object.entries(answer.other)) {
    const field = form.elements.namedItem(name);
    if (!text || !field || field.value === text) continue;
    const shown = element("p", "written quote", text);
    shown.dir = "auto";
    words.append(shown);
  }
  const actions = element("div", "actions", "");
  actions.append(
    choice(form.dataset.mine, () => goOn(here, panel, answer.version)),
    choice(form.dataset.theirs, () => {
      for (const [name, text] of Object.entries(answer.other)) put(form, name, text);
      goOn(here, panel, answer.version);
    }),
  );
  words.append(actions);
  panel.append(words);
  form.prepend(panel);
  panel.scrollIntoView({ block: "center" });
}

function goOn(here, panel, version) {
  here.form.elements.draft_version.value = version;
  panel.remove();
  here.stopped = false;
  here.changed = true;
  save();
}

function put(form, name, text) {
  const field = form.elements.namedItem(name);
  if (!field || name === "draft_version") return;
  if (field.type === "checkbox") field.checked = text === field.value;
  else field.value = text;
}

function choice(label, act) {
  const button = element("button", "button quiet", label);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
