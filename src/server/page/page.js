/** The connection to the box: takes its messages, confirms what was drawn, and says so when the figures are not fresh. */

import { drawBox, drawMeters } from "./meters.js";

/** Older figures than this are shown as stale. */
const STALE_MS = 500;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 2000;
const MAX_NOTICES = 5;
const NOTICE_MS = 60_000;

const CLOSE_TRY_LATER = 1013;

const element = (id) => document.getElementById(id);

/** How the sound is -> words and colour. */
const STATES = {
  starting: ["starting", "warn"], running: ["running", "good"], recovering: ["recovering", "warn"],
  waiting: ["no sound card", "bad"], stopped: ["stopped", "bad"],
};

const view = {
  socket: null, waitMs: FIRST_WAIT_MS, trouble: "", pageTag: null,
  link: null, state: undefined, status: undefined, targets: [],
  snapshot: null, frame: 0, atMs: -Infinity, isDrawn: true, isStale: true, notices: [],
};

const target = () => view.targets.find(({ id }) => id === view.state?.target);

const handlers = {
  link(message) {
    if (view.pageTag !== null && view.pageTag !== message.pageTag) location.reload();
    view.pageTag = message.pageTag;
    view.link = message;
    view.waitMs = FIRST_WAIT_MS;
    if (!message.isBoxThere) view.status = undefined;
  },
  welcome({ state }) {
    view.state = state;
  },
  change({ state }) {
    view.state = { ...view.state, ...state, values: { ...view.state?.values, ...state.values } };
  },
  targets({ targets }) {
    view.targets = targets;
  },
  status({ status }) {
    view.status = status;
  },
  notice({ level, sentence }) {
    view.notices = [{ level, sentence, atMs: performance.now() }, ...view.notices].slice(0, MAX_NOTICES);
  },
  meters({ frame, snapshot }) {
    Object.assign(view, { frame, snapshot, atMs: performance.now(), isDrawn: false });
  },
};

function bannerText() {
  if (view.link === null) return view.trouble;
  if (!view.link.isBoxThere) return "The box is restarting. The sound goes on through its bypass where it has a relay.";
  if (view.status && view.status.audio.detail !== "") return view.status.audio.detail;
  return "";
}

function stateText() {
  if (view.link === null) return ["not connected", "bad"];
  if (!view.link.isBoxThere) return ["restarting", "warn"];
  if (view.isStale && view.status?.audio.state === "running") return ["no fresh figures", "warn"];
  const bypassed = view.state?.values["chain.bypass"] === 1;
  const [text, colour] = STATES[view.status?.audio.state] ?? ["connected", ""];
  return bypassed && colour === "good" ? ["bypassed", "warn"] : [text, colour];
}

function noticeItems() {
  const now = performance.now();
  view.notices = view.notices.filter(({ atMs }) => now - atMs < NOTICE_MS);
  const standing = (view.status?.notices ?? []).map((sentence) => ({ level: "warning", sentence }));
  const fresh = view.notices.filter(({ sentence }) => !standing.some((notice) => notice.sentence === sentence));
  return [...standing, ...fresh].map(({ level, sentence }) =>
    Object.assign(document.createElement("li"), { className: level, textContent: sentence }));
}

/** Draws all that changes rarely. */
function drawRest() {
  const [text, colour] = stateText();
  Object.assign(element("state"), { textContent: text, className: colour });
  const banner = bannerText();
  Object.assign(element("banner"), { textContent: banner, hidden: banner === "" });
  element("notices").replaceChildren(...noticeItems());
  drawBox(view.state, view.status, target());
}

function drawFrame() {
  const nowMs = performance.now();
  const isStale = nowMs - view.atMs > STALE_MS;
  if (isStale !== view.isStale) {
    view.isStale = isStale;
    document.body.classList.toggle("stale", isStale);
    drawRest();
  }
  if (!view.isDrawn) {
    view.isDrawn = true;
    drawMeters(view.snapshot, target(), nowMs);
    if (view.socket?.readyState === WebSocket.OPEN) view.socket.send(`{"drawn":${view.frame}}`);
  }
  requestAnimationFrame(drawFrame);
}

function connect() {
  if (view.socket !== null || document.hidden) return;
  const socket = new WebSocket(`ws://${location.host}/live`);
  view.socket = socket;
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    handlers[message.type]?.(message);
    if (message.type !== "meters") drawRest();
  };
  socket.onclose = ({ code, reason }) => {
    if (view.socket !== socket) return;
    Object.assign(view, { socket: null, link: null, trouble: code === CLOSE_TRY_LATER ? reason : "The box cannot be reached. Is this phone still in its Wi-Fi?" });
    drawRest();
    setTimeout(connect, view.waitMs);
    view.waitMs = Math.min(LONGEST_WAIT_MS, view.waitMs * 2);
  };
}

/** A page that nobody sees leaves its place to another phone, and comes back at once when it is looked at. */
function followVisibility() {
  if (!document.hidden) {
    view.waitMs = FIRST_WAIT_MS;
    connect();
    return;
  }
  const { socket } = view;
  Object.assign(view, { socket: null, link: null, trouble: "" });
  socket?.close();
}

document.addEventListener("visibilitychange", followVisibility);
drawRest();
connect();
requestAnimationFrame(drawFrame);
