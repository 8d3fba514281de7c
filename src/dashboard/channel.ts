import type { Credential } from "../protocol/handshake.js";
import type { CommandName, Commands } from "../protocol/messages.js";
import { PhoneClient, type PhoneEvent } from "../protocol/phone-client.js";
import type { SendFile } from "./uploads.js";
import {
  CLOSE_ELSEWHERE, CLOSE_FULL, CLOSE_NO_BOX, CLOSE_NOT_PAIRED, CLOSE_OTHER_VERSION, CLOSE_REFUSED, CLOSE_TOO_MANY_TRIES,
} from "../protocol/phone-frames.js";

/** Why a channel has ended. */
export type Ending = "lost" | "refused" | "full" | "elsewhere" | "noBox" | "tooManyTries" | "otherVersion";

/** What happens on a channel. */
export type ChannelEvent = PhoneEvent | { readonly type: "closed"; readonly ending: Ending; readonly sentence: string };

/** One connection to the web process, from its handshake on. */
export interface Channel {
  command<Name extends CommandName>(command: Name, input: Commands[Name]["in"]): Promise<Commands[Name]["out"]>;
  /** Sends a file as a reference track. */
  readonly upload: SendFile;
  /** Confirms that the meters that came are on the screen. */
  drawn(): void;
  /** Ends it; no event follows. */
  close(): void;
}

/** Opens a channel with what the phone can prove; `name` is what a new phone is called. */
export type OpenChannel = (credential: Credential, name: string, onEvent: (event: ChannelEvent) => void) => Channel;

const LOST = "The box cannot be reached. Is this phone still in its Wi-Fi?";

/**
 * Code with which the web process closes -> what it means; any other is a line that broke. That the box has forgotten this
 * phone is not among them: anybody on the way could close with that code, and only a sealed word of the box counts.
 */
const ENDINGS: Readonly<Record<number, Ending>> = {
  [CLOSE_REFUSED]: "refused", [CLOSE_NOT_PAIRED]: "refused", [CLOSE_FULL]: "full",
  [CLOSE_ELSEWHERE]: "elsewhere", [CLOSE_NO_BOX]: "noBox",
  [CLOSE_TOO_MANY_TRIES]: "tooManyTries", [CLOSE_OTHER_VERSION]: "otherVersion",
};

/** Opens a sealed channel to the web process that served this page. */
export const openChannel: OpenChannel = (credential, name, onEvent) => {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
  socket.binaryType = "arraybuffer";
  const end = (): void => {
    socket.onmessage = socket.onclose = null;
    client.end();
    socket.close();
  };
  const client = new PhoneClient({
    credential, name, onEvent,
    random: (count) => crypto.getRandomValues(new Uint8Array(count)),
    send: (frame) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(frame as string | Uint8Array<ArrayBuffer>);
    },
    onBroken: () => {
      end();
      onEvent({ type: "closed", ending: "lost", sentence: LOST });
    },
  });
  socket.onopen = () => client.start();
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => client.receive(typeof data === "string" ? data : new Uint8Array(data));
  socket.onclose = ({ code, reason }) => {
    end();
    const ending = ENDINGS[code] ?? "lost";
    onEvent({ type: "closed", ending, sentence: ending === "lost" ? LOST : reason });
  };
  return {
    command: (command, input) => client.command(command, input), upload: (file, onProgress, signal) => client.upload(file, onProgress, signal),
    drawn: () => client.drawn(), close: end,
  };
};
