// The last page of a pop-up: tell the page that opened it, and close. It knows nothing and sends nothing else.
if (document.querySelector("[data-popup-done]")) {
  window.opener?.postMessage({ subject: "rapport.popup.done" }, location.origin);
  window.close();
}
