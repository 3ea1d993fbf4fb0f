// The form of one reading: the two buttons beside a count.

let stop = null;

export function mount(main, { announce }) {
  stop = new AbortController();
  for (const button of main.querySelectorAll("[data-step]")) {
    const input = main.querySelector(`[id="${button.dataset.for}"]`);
    button.hidden = false;
    const press = () => count(input, Number(button.dataset.step), announce);
    button.addEventListener("click", press, { signal: stop.signal });
  }
}

export function unmount() {
  stop?.abort();
}

function count(input, step, announce) {
  const most = input.max === "" ? Infinity : Number(input.max);
  const now = Math.min(Math.max((Number(input.value) || 0) + step, 0), most);
  input.value = String(now);
  announce(String(now));
}
