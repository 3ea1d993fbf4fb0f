"use strict";
// The frame of an add-on closes when the add-on asks for it: from its own origin, out of its own frame.
(() => {
  const frame = document.getElementById("tool_content");
  const { toolOrigin, closed } = document.body.dataset;
  window.addEventListener("message", (event) => {
    if (event.origin !== toolOrigin || event.source !== frame.contentWindow) return;
    if (event.data?.type === "Classroom" && event.data.action === "closeIframe") location.assign(closed);
  });
})();
