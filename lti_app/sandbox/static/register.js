"use strict";
// Waits until the tool in the frame says that it is done, then shows what it asked for.
(() => {
  const { toolOrigin, review } = document.body.dataset;
  const frame = document.getElementById("register_content");
  window.addEventListener("message", (event) => {
    if (event.origin !== toolOrigin || event.source !== frame.contentWindow) return;
    if (event.data && event.data.subject === "org.imsglobal.lti.close") window.location.assign(review);
  });
})();
