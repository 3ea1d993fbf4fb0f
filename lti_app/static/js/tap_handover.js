// When a session is over, its taps cannot be sent from this page any more. Another tab in which the same person has
// opened the recorder takes them over, sends them as that person, and says which are saved.
//
// The channel reaches pages of our own origin in the same browser and under the same LMS only. A page of somebody else
// at this device hears the question too: it answers nothing, because the person's own id stands in it.

import * as taps from "./tap_queue.js";

const CHANNEL = "rapport-taps";
let channel = null;
let me = "";

const adopted = new Set();
let offered = false;

/** Ask the other tabs of this person for what they can no longer send, and let them have what this one cannot. */
export function shareWithOtherTabs(main) {
  me = main.querySelector("#record-words").dataset.me;
  if (!channel && "BroadcastChannel" in window) {
    try {
      channel = new BroadcastChannel(CHANNEL);
      channel.addEventListener("message", onMessage);
    } catch {
      return; // a browser that refuses channels to frames: the taps stay where they are
    }
  }
  channel?.postMessage({ kind: "any", me });
}

function onMessage({ data }) {
  if (data?.me !== me) return;
  const { kind } = taps.state();
  if (data.kind === "any" && kind === "over") offer();
  if (data.kind === "have" && kind !== "over") {
    for (const tap of data.taps) adopted.add(tap.key);
    taps.adopt(data.taps);
  }
  if (data.kind === "settled") taps.drop(data.keys);
}

function offer() {
  offered = true;
  channel?.postMessage({ kind: "have", me, taps: taps.copy() });
}

taps.watch(({ settled = null }) => {
  if (settled && adopted.delete(settled.key)) channel?.postMessage({ kind: "settled", me, keys: [settled.key] });
  const isOver = taps.state().kind === "over";
  if (isOver && !offered) offer();
  offered &&= isOver;
});
