"use strict";
// Opens the tool in its frame and lets it say how tall it is.
(() => {
  const frame = document.getElementById("tool_content");
  const { toolOrigin } = document.body.dataset;
  const bare = document.body.classList.contains("bare");
  window.addEventListener("message", (event) => {
    const data = event.data;
    if (event.origin !== toolOrigin || event.source !== frame.contentWindow || !data) return;
    if (data.subject === "lti.frameResize" && !bare) {
      const height = Number.parseInt(data.height, 10);
      if (height > 0) frame.style.blockSize = `${Math.min(Math.max(height, 400), 20000)}px`;
    } else if (data.subject === "lti.fetchWindowSize") {
      event.source.postMessage({
        subject: "lti.fetchWindowSize.response", message_id: data.message_id, width: frame.clientWidth,
        height: frame.clientHeight, footer: 0, scrollY: window.scrollY, offset: { top: frame.offsetTop, left: frame.offsetLeft },
      }, event.origin);
    }
  });
  document.getElementById("tool_form").submit();
})();
