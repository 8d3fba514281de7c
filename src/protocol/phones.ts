import type { ReadCommand } from "./commands.js";
import type { CommandName } from "./messages.js";

/** What a phone may do: look, or look and adjust. */
export const ROLES = ["control", "view"] as const;
export type Role = (typeof ROLES)[number];

/** Phones that may be paired at a time, and as many may be there at once. */
export const MAX_PHONES = 16;

/** A paired phone. */
export interface Phone {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Times by the clock of the box, ISO 8601; the box may not know the date. */
  readonly pairedAt: string;
  readonly lastSeen: string | null;
  readonly isHere: boolean;
}

/** Where the page asks, paired or not, for the button of the box: `{"button": PairButton | null}`. */
export const PAIR_BUTTON_PATH = "/pairing.json";

/** The button of the box that opens the door. */
export interface PairButton {
  readonly name: string;
  /** How long it is to be held; 0 for a click. */
  readonly holdS: number;
}

/** An open door for one new phone. */
export interface PairingOffer {
  readonly role: Role;
  /** Eight digits, for people: "1234 5678"; null when this offer can be taken by its key alone. */
  readonly code: string | null;
  /** 128 bits in base32, for the fragment of a URL. */
  readonly key: string;
  /** Null when it has no end. */
  readonly secondsLeft: number | null;
  readonly triesLeft: number;
  /** Where the page is served; null when nothing serves it at present. */
  readonly pagePort: number | null;
}

/** A phone that was paired just now: its key is told this once. */
export interface NewPhone {
  readonly phone: string;
  readonly key: string;
  readonly role: Role;
}

/** What a phone that may only look may ask for. */
const VIEW_COMMANDS: ReadonlySet<CommandName> = new Set<CommandName>([
  "status", "get", "listPresets", "listTargets", "listSongs", "listPhones", "loudnessHistory", "listReferences", "comparison", "compareMix",
  "platforms", "levels", "diagnosis", "subscribeMeters", "exportPreset",
]);

/** What only programs on the box itself may ask for: it opens the door, or holds its keys. */
export const LOCAL_COMMANDS: ReadonlySet<CommandName> = new Set<CommandName>([
  "startPairing", "stopPairing", "pairingState", "phoneKey", "addPhone", "wrongPairingTry", "announcePage",
]);

/** Whether `phone` may give this command. Who may only look may still choose the name that it is shown by. */
export function mayPhone({ id, role }: Pick<Phone, "id" | "role">, { command, input }: Pick<ReadCommand, "command" | "input">): boolean {
  // To count the garbage collections leaves garbage to the audio thread.
  const asksTheThread = command === "status" && (input as { readonly count?: boolean }).count === true;
  if (LOCAL_COMMANDS.has(command) || asksTheThread) return false;
  const isOwnName = command === "renamePhone" && (input as { readonly phone: string }).phone === id;
  return role === "control" || VIEW_COMMANDS.has(command) || isOwnName;
}
