// Copying a text: to the clipboard where the frame may, else marked for the person to copy, and said either way.

let listening = null;

/** Take over the copy button. */
export function mount(main) {
  listening = new AbortController();
  main.addEventListener("click", copy, { signal: listening.signal });
}

/** Let go when another screen comes. */
export function unmount() {
  listening?.abort();
  listening = null;
}

async function copy(event) {
  const box = event.target.closest("button")?.closest("[data-copy]");
  if (!box) return;
  const text = box.querySelector("textarea");
  const said = box.querySelector("[data-copy-said]");
  try {
    await navigator.clipboard.writeText(text.value);
    said.textContent = box.dataset.copied;
  } catch {
    text.focus(); // the frame of an LMS seldom hands on the right to write to the clipboard
    text.select();
    said.textContent = box.dataset.selected;
  }
}
