import { parseBoxMessage } from "../protocol/box-messages.js";
import { readMeters } from "../protocol/meter-wire.js";
import type { Channel, ChannelEvent } from "./link.js";

/** First byte of what comes over the socket. */
const JSON_TEXT = 0;
const METERS = 1;
const LINK = 2;
/** WebSocket's "try again later" (RFC 6455, registry of IANA): as many phones look on as may. */
const CLOSE_TRY_LATER = 1013;

/** Opens a channel to the web process that served this page. */
export function openChannel(onEvent: (event: ChannelEvent) => void): Channel {
  const socket = new WebSocket(`ws://${location.host}/live`);
  socket.binaryType = "arraybuffer";
  const text = new TextDecoder();
  let frame = 0;
  const take = (payload: Uint8Array): void => {
    const body = payload.subarray(1);
    switch (payload[0]) {
      case JSON_TEXT:
        return onEvent({ type: "message", message: parseBoxMessage(text.decode(body)) });
      case METERS:
        return onEvent({ type: "meters", frame: ++frame, snapshot: readMeters(body) });
      case LINK:
        return onEvent(JSON.parse(text.decode(body)) as Extract<ChannelEvent, { type: "link" }>);
    }
  };
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => take(new Uint8Array(data));
  socket.onclose = ({ code, reason }) => onEvent(code === CLOSE_TRY_LATER
    ? { type: "closed", phase: "full", sentence: reason }
    : { type: "closed", phase: "lost", sentence: "The box cannot be reached. Is this phone still in its Wi-Fi?" });
  return {
    send: (message) => socket.send(message),
    confirm: (drawn) => socket.send(`{"drawn":${drawn}}`),
    close() {
      socket.onclose = null;
      socket.onmessage = null;
      socket.close();
    },
  };
}
