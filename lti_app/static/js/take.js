// A form whose answer is a file: fetched with the session, saved by the browser, said aloud.

let listening = null;

/** Take over forms with data-take before the page module sends them as pages. */
export function mount(main, { authFetch, announce }) {
  listening = new AbortController();
  main.addEventListener("submit", (event) => take(event, authFetch, announce), { capture: true, signal: listening.signal });
}

/** Let go when another screen comes. */
export function unmount() {
  listening?.abort();
  listening = null;
}

async function take(event, authFetch, announce) {
  const form = event.target.closest("form[data-take]");
  if (!form) return;
  event.preventDefault();
  event.stopPropagation();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const answer = await authFetch(form.getAttribute("action"), { method: "POST", body: new FormData(form) });
    if (!answer.ok) throw new Error(String(answer.status));
    const address = URL.createObjectURL(await answer.blob());
    const link = document.createElement("a");
    link.href = address;
    link.download = form.dataset.take;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    announce(form.dataset.taken);
  } catch {
    form.removeAttribute("data-take");
    form.requestSubmit();  // the page module says what is wrong
  } finally {
    button.disabled = false;
  }
}
