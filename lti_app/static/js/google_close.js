// The end of adding something in Google Classroom: tells its page to close our frame.
//
// Classroom add-ons, "Close the iframe": the message goes to the one origin whose pages open our frames.

/** A screen whose only work is to be closed. */
export function mount(main) {
  const { origin } = main.querySelector("[data-origin]")?.dataset ?? {};
  if (origin && window.parent !== window) {
    window.parent.postMessage({ type: "Classroom", action: "closeIframe" }, origin);
  }
}
