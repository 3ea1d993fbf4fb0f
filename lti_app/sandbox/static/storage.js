"use strict";
/* Platform storage (1EdTech lti-pm-s, lti-cs-pm; Canvas doc/api/lti_window_post_message.md).
 * Answers only the tool's origin, keeps data in this page's memory, and only for that origin.
 * Modes (data-storage): "parent" this page answers; "frame" the sibling frame post_message_forwarding answers;
 * "silent" nobody answers although a target was promised; "none" nobody answers. */
(() => {
  const { toolOrigin, storage } = document.body.dataset;
  const inStorageFrame = window.name === "post_message_forwarding";
  const answersData = storage === "parent" || (storage === "frame" && inStorageFrame);
  const kept = new Map();
  const MOST_KEYS = 500, LONGEST = 4096;

  const reply = (event, body) => event.source.postMessage(body, event.origin);
  const error = (code, message) => ({ error: { code, message } });

  function capabilities() {
    const place = storage === "frame" ? { frame: "post_message_forwarding" } : {};
    const data = storage === "none" ? [] : ["lti.put_data", "lti.get_data"].map((subject) => ({ subject, ...place }));
    return [{ subject: "lti.capabilities" }, { subject: "lti.frameResize" }, { subject: "lti.fetchWindowSize" }, ...data];
  }

  function put({ key, value }) {
    if (typeof key !== "string" || !key) return error("bad_request", "'key' is missing");
    if (value === null || value === undefined) { kept.delete(key); return { key, value: null }; }
    if (typeof value !== "string") return error("bad_request", "'value' must be a string");
    if (value.length > LONGEST || (!kept.has(key) && kept.size >= MOST_KEYS)) return error("storage_exhaustion", "too much data");
    kept.set(key, value);
    return { key, value };
  }

  function get({ key }) {
    if (typeof key !== "string" || !key) return error("bad_request", "'key' is missing");
    return { key, value: kept.has(key) ? kept.get(key) : null };
  }

  window.addEventListener("message", (event) => {
    const data = event.data;
    if (event.origin !== toolOrigin || !data || typeof data !== "object" || !event.source) return;
    const head = { subject: `${data.subject}.response`, message_id: data.message_id };
    if (data.subject === "lti.capabilities" && storage !== "silent" && !inStorageFrame) {
      reply(event, { ...head, supported_messages: capabilities() });
    } else if (data.subject === "lti.put_data" || data.subject === "lti.get_data") {
      if (!answersData) return;
      if (!data.message_id) { reply(event, { ...head, ...error("bad_request", "'message_id' is missing") }); return; }
      reply(event, { ...head, ...(data.subject === "lti.put_data" ? put(data) : get(data)) });
    }
  });
})();
