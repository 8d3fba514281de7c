import { CommandFailure } from "../protocol/command-failure.js";
import type { PairButton } from "../protocol/phones.js";
import type { BoxCommands } from "../server/box-commands.js";
import type { Notices } from "./notices.js";
import type { Pairing } from "./pairing.js";
import type { PhoneBook } from "./phone-book.js";

type PhoneCommands = Pick<BoxCommands,
  "listPhones" | "forgetPhone" | "renamePhone" | "setPhoneRole" | "startPairing" | "stopPairing" | "pairingState" | "phoneKey" | "addPhone"
  | "wrongPairingTry">;

export interface PhoneParts {
  readonly phones: PhoneBook;
  readonly pairing: Pairing;
  readonly notices: Pick<Notices, "tell">;
  /** Whether this is the simulated board, where a door may stand open. */
  readonly isSimulated: boolean;
  /** The button of the box that opens the door; null without one that hands can reach. */
  readonly button: () => PairButton | null;
}

/** The commands about phones, and those of the web process with which it pairs them and knows them again. */
export function phoneCommands({ phones, pairing, notices, isSimulated, button }: PhoneParts): PhoneCommands {
  return {
    listPhones: () => ({ phones: phones.list }),
    forgetPhone: async ({ phone }) => {
      await phones.forget(phone);
      return {};
    },
    renamePhone: async ({ phone, name }) => {
      await phones.edit(phone, { name });
      return {};
    },
    setPhoneRole: async ({ phone, role }) => {
      await phones.edit(phone, { role });
      return {};
    },
    startPairing: ({ role = "control", isStanding = false }) => {
      if (isStanding && !isSimulated) throw new CommandFailure("notNow", "Only the simulated board keeps its door open.");
      return isStanding ? pairing.stand(role) : pairing.start(role);
    },
    stopPairing: () => {
      pairing.stop();
      return {};
    },
    pairingState: () => ({ offers: pairing.offers, button: button() }),
    phoneKey: ({ phone }) => {
      const key = phones.keyOf(phone);
      if (key === undefined) throw new CommandFailure("badValue", "There is no such phone.");
      return { key };
    },
    addPhone: async ({ name, secret }) => {
      const offer = pairing.find(secret);
      if (offer === undefined) throw new CommandFailure("notNow", "The time to pair is over; begin again at the box.");
      phones.requireRoom();
      // Closed before the disk is waited for: one offer is for one phone.
      pairing.close(secret);
      const added = await phones.add(name, offer.role);
      notices.tell("pairing", "info", `"${name}" is paired and may ${offer.role === "view" ? "look" : "look and adjust"}.`);
      return added;
    },
    wrongPairingTry: () => {
      // A code that is dead already can be tried for ever; that is no news.
      const hadCode = pairing.offers.some(({ code }) => code !== null);
      const triesLeft = pairing.wrongTry();
      if (hadCode && triesLeft === 0) notices.tell("wrong codes", "warning", "Too many wrong codes were typed, so pairing is over; begin again at the box.");
      return { triesLeft };
    },
  };
}
