// Manners inside an LMS frame: tell it our height, ask it to scroll up. No data in them, so any parent may hear.
// https://canvas.instructure.com/doc/api/file.lti_window_post_messages.html

let last = 0;

/** Whether somebody frames us. */
export function framed() {
  return window.parent !== window;
}

/** Keep the frame as tall as the page. */
export function keepHeight() {
  if (!framed()) return;
  new ResizeObserver(tell).observe(document.body);
}

/** Ask the LMS to scroll to the top of the frame after a new screen. */
export function scrollUp() {
  window.scrollTo(0, 0);
  if (framed()) window.parent.postMessage({ subject: "lti.scrollToTop" }, "*");
}

function tell() {
  const height = Math.max(480, Math.ceil(document.body.getBoundingClientRect().height));
  if (Math.abs(height - last) < 8) return;
  last = height;
  window.parent.postMessage({ subject: "lti.frameResize", height }, "*");
}
