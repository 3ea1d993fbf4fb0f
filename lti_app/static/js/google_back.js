// The last page of the window of Google's: hand the code to the frame that waits, and close.

const block = document.getElementById("back");
const { code } = JSON.parse(block.textContent);
block.remove();
history.replaceState(null, "", location.pathname);
if (window.opener) {
  window.opener.postMessage({ subject: "rapport.signed-in", code }, location.origin);
  window.close();
} else {
  document.getElementById("lost").hidden = false;
}
