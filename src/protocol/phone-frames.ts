import { bytesToUtf8 } from "@noble/ciphers/utils.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { CommandFailure } from "./command-failure.js";
import { MAX_COMMAND_BYTES } from "./commands.js";
import type { Role } from "./phones.js";
import { ROLES } from "./phones.js";
import { flag, givenName, oneOf, shape, text, whole, type Reader } from "./shape.js";
import { parseStrictJson } from "./strict-json.js";

/** First byte of what is in a sealed frame. */
export const FRAME_BOX = 0;
/** The meters, as meter-wire.ts writes them. */
export const FRAME_METERS = 1;
/** JSON between the phone and the web process. */
export const FRAME_WEB = 2;

/** A chunk of a file on its way to the box, as upload-wire.ts writes it. */
export const FRAME_UPLOAD = 3;

/** Longest frame of a phone in bytes, seal and all. */
export const MAX_PHONE_FRAME_BYTES = MAX_COMMAND_BYTES + 64;
const MAX_WEB_CHARACTERS = 4096;

/** Why the web process ends a connection; what is not here is of RFC 6455. */
export const CLOSE_REFUSED = 4001;
export const CLOSE_FULL = 4002;
export const CLOSE_NO_BOX = 4003;
export const CLOSE_FORGOTTEN = 4004;
export const CLOSE_TOO_MANY_TRIES = 4005;
/** The phone knew the code or the key, but could not be paired; the reason says why. */
export const CLOSE_NOT_PAIRED = 4006;
/** The page speaks another version of the protocol: it must be loaded anew. */
export const CLOSE_OTHER_VERSION = 4007;
/** Another page of the same phone took its place. */
export const CLOSE_ELSEWHERE = 4008;

/** Whether the box is there, for pages of this release and the next, which may find more in it: at first, when it goes or comes, and each two seconds as a sign of life. */
export interface LinkMessage {
  readonly type: "link";
  readonly isBoxThere: boolean;
  /** Why it is not there, for people; empty while it is. */
  readonly sentence: string;
  /** Stands for the release of the page's own files: a page that was loaded with another one loads itself anew. */
  readonly pageTag: string;
}

/** The phone is paired now: what it needs to come again. */
export interface PairedMessage {
  readonly type: "paired";
  readonly phone: string;
  readonly key: string;
  readonly role: Role;
}

/**
 * The box knows this phone no longer: its key is of no use. Only what is sealed may make a phone throw its key away; the code
 * with which a connection is closed could come from anybody.
 */
export interface ForgottenMessage {
  readonly type: "forgotten";
}

/** From the web process. */
export type WebMessage = LinkMessage | PairedMessage | ForgottenMessage;

const WEB_MESSAGES: { readonly [Type in WebMessage["type"]]: Reader<Extract<WebMessage, { type: Type }>> } = {
  link: shape<LinkMessage>({ type: oneOf(["link"]), isBoxThere: flag, sentence: text(400), pageTag: text(64) }, "ignored"),
  paired: shape<PairedMessage>({ type: oneOf(["paired"]), phone: text(64), key: text(64), role: oneOf(ROLES) }),
  forgotten: shape<ForgottenMessage>({ type: oneOf(["forgotten"]) }),
};

/** To the web process: how many frames of the meters are on the screen, or what a new phone is called. */
export type PhoneMessage = { readonly drawn: number } | { readonly name: string };

const drawnMessage = shape<{ readonly drawn: number }>({ drawn: whole() });
const nameMessage = shape<{ readonly name: string }>({ name: givenName });

/** Puts JSON text into a frame that is to be sealed. */
export function textFrame(kind: typeof FRAME_BOX | typeof FRAME_WEB, message: string): Uint8Array {
  return bytesFrame(kind, utf8ToBytes(message));
}

/** Puts bytes into a frame that is to be sealed. */
export function bytesFrame(kind: number, bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(1 + bytes.length);
  frame[0] = kind;
  frame.set(bytes, 1);
  return frame;
}

/** The text in a frame that was opened. */
export function textOf(frame: Uint8Array): string {
  return bytesToUtf8(frame.subarray(1));
}

/** Reads a message of the web process. @throws CommandFailure */
export function parseWebMessage(message: string): WebMessage {
  const value = parseStrictJson(message, MAX_WEB_CHARACTERS);
  if (typeof value !== "object" || value === null) throw new CommandFailure("badMessage", "The message is no object.");
  const type = oneOf(Object.keys(WEB_MESSAGES) as WebMessage["type"][])((value as { type?: unknown }).type, "type");
  return WEB_MESSAGES[type](value, "");
}

/** Reads a message of a phone to the web process. @throws CommandFailure */
export function parsePhoneMessage(message: string): PhoneMessage {
  const value = parseStrictJson(message, MAX_WEB_CHARACTERS);
  const isName = typeof value === "object" && value !== null && Object.hasOwn(value, "name");
  return isName ? nameMessage(value, "") : drawnMessage(value, "");
}
