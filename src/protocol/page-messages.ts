import type { BoxStatus, ChangeMessage, NoticeMessage, TargetEntry, WelcomeMessage } from "./messages.js";
import type { MeterSnapshot } from "./meter-snapshot.js";
import { shape, whole } from "./shape.js";
import { parseStrictJson } from "./strict-json.js";

/** Longest message of a page in bytes. */
export const MAX_PAGE_MESSAGE_BYTES = 4096;

/** The first message to a page, and again whenever the box goes or comes. */
export interface LinkMessage {
  readonly type: "link";
  readonly isBoxThere: boolean;
  /** Why it is not there, for people; empty while it is. */
  readonly sentence: string;
  /** Stands for the release of the page's own files: a page that was loaded with another one loads itself anew. */
  readonly pageTag: string;
}

/** The meters for a page, with a number that it confirms once they are drawn. */
export interface PageMetersMessage {
  readonly type: "meters";
  readonly frame: number;
  readonly snapshot: MeterSnapshot;
}

/** Each second, and at the start. */
export interface StatusMessage {
  readonly type: "status";
  readonly status: BoxStatus;
}

export interface TargetsMessage {
  readonly type: "targets";
  readonly targets: readonly TargetEntry[];
}

/** To a page, from the web process. */
export type PageMessage = LinkMessage | WelcomeMessage | ChangeMessage | NoticeMessage | PageMetersMessage | StatusMessage | TargetsMessage;

/** From a page: the meters of frame `drawn` are on its screen. */
export interface DrawnMessage {
  readonly drawn: number;
}

const drawnMessage = shape<DrawnMessage>({ drawn: whole() });

/** Reads a message of a page. @throws CommandFailure when it is anything but a DrawnMessage */
export function parsePageMessage(message: string): DrawnMessage {
  return drawnMessage(parseStrictJson(message, MAX_PAGE_MESSAGE_BYTES), "");
}
