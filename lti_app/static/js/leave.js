// Leaving: sends the one form of the page, as a whole page and not by fetch, so that the answer takes its place.

function leave(form) {
  if (!form || form.dataset.left) return;
  form.dataset.left = "1";
  form.submit(); // says nothing to the page module, which would keep it on this page
}

/** A screen whose only work is to go on. */
export function mount(main) {
  leave(main.querySelector("form[data-leave]"));
}

leave(document.querySelector("form[data-leave]"));
