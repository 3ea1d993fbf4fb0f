// The writing screen: keeps the draft a moment after a change, says so, and never lets a newer draft be lost.

const WAIT_MS = 2000;
let screen = null;

/** Watch the letter of this screen. */
export function mount(main, { authFetch, refresh }) {
  const form = main.querySelector("#letter");
  if (!form) return;
  screen = { form, authFetch, refresh, timer: 0, changed: false, saving: null, stopped: false, listening: new AbortController() };
  const { signal } = screen.listening;
  form.addEventListener("input", onChange, { signal });
  form.addEventListener("submit", onSubmit, { signal });
  for (const popup of form.querySelectorAll("[data-popup]")) popup.addEventListener("click", save, { signal });
}

/** Keep what is not kept yet when the screen is left for another. */
export function unmount() {
  if (!screen) return;
  if (screen.changed && !screen.stopped) save();
  clearTimeout(screen.timer);
  screen.listening.abort();
  screen = null;
}

function onChange(event) {
  if (event.target.name === "answer_by") screen.form.querySelector("[value=please_answer]").checked = true;
  if (event.target.name === "reader") nameReaders(screen.form);
  screen.changed = true;
  if (screen.stopped) return;
  clearTimeout(screen.timer);
  screen.timer = setTimeout(save, WAIT_MS);
}

function nameReaders(form) {
  const chosen = [...form.querySelectorAll("[name=reader]:checked")].map((box) => box.parentElement.querySelector("bdi").textContent);
  form.querySelector("#send-to").textContent = chosen.join(", ") || form.dataset.nobody;
}

/** A send waits for a draft on its way: else its own draft would look like another window's. */
function onSubmit(event) {
  clearTimeout(screen.timer);
  screen.changed = false;
  if (!screen.saving) return;
  event.preventDefault();
  const { form } = screen;
  const by = event.submitter;
  screen.saving.finally(() => form.isConnected && form.requestSubmit(by?.isConnected ? by : undefined));
}

function save() {
  const here = screen;
  if (!here || here.stopped) return null;
  clearTimeout(here.timer);
  if (here.saving) {
    here.timer = setTimeout(save, WAIT_MS);
    return here.saving;
  }
  if (!here.changed) return null;
  here.changed = false;
  tell(here.form, "sending", here.form.dataset.saving);
  here.saving = send(here).finally(() => (here.saving = null));
  return here.saving;
}

async function send(here) {
  const { form, authFetch } = here;
  try {
    const answer = await authFetch(form.dataset.draft, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    const kept = await answer.json();
    if (answer.ok) form.elements.version.value = kept.version;
    if (answer.status === 409) return showBoth(here, kept);
    tell(form, answer.ok ? "kept" : "failed", kept.words);
  } catch {
    here.changed = true;
    tell(form, "away", form.dataset.away);
  }
}

function tell(form, state, words) {
  const line = form.querySelector("#saved");
  if (!line || !words) return;
  line.className = `saved ${state}`;
  line.lastElementChild.textContent = words;
}

/** Another window kept other words: show them, and keep nothing more until a person has chosen. */
function showBoth(here, answer) {
  const { form } = here;
  here.stopped = true;
  tell(form, "failed", answer.words);
  form.querySelector("#two-drafts")?.remove();
  const panel = element("div", "notice warn", "");
  panel.id = "two-drafts";
  panel.setAttribute("role", "alert");
  const words = element("div", "notice-words", "");
  words.append(element("p", "", answer.words), element("h2", "", form.dataset.other));
  for (const line of answer.other) {
    const shown = element("p", "written quote", line.text);
    shown.lang = line.lang;
    shown.dir = line.dir;
    words.append(shown);
  }
  const actions = element("div", "actions", "");
  actions.append(
    choice(form.dataset.mine, () => {
      form.elements.version.value = answer.version;
      panel.remove();
      here.stopped = false;
      here.changed = true;
      save();
    }),
    choice(form.dataset.theirs, () => {
      here.changed = false;
      here.refresh();
    }),
  );
  words.append(actions);
  panel.append(words);
  form.prepend(panel);
  panel.scrollIntoView({ block: "center" });
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
