import { MAX_PHONES } from "../protocol/phones.js";

/** Connections of one phone at a time: the pages that it has open, and those that died and are not missed yet. */
const MAX_OF_PHONE = 4;
const ELSEWHERE = "Another page of this phone took the place of this one. Touch it to go on here.";

/** A connection of a phone that has proved itself. */
export interface Guest {
  /** Id of the phone. */
  readonly phone: string;
  /** When it gave its last sign of life. */
  readonly seenAtMs: number;
  /** Ends it, for the sake of another. */
  makeRoom(sentence: string): void;
}

function silentLongest<G extends Guest>(guests: readonly G[]): G | undefined {
  return guests.reduce<G | undefined>((first, guest) => (first === undefined || guest.seenAtMs < first.seenAtMs ? guest : first), undefined);
}

/**
 * Who is in: 16 connections, and four of one phone. Where phones lost their network at once their old connections live on for some
 * seconds; so it is not full for a phone that comes again, nor for any while another is there more than once.
 */
export class PhoneHouse<G extends Guest> {
  readonly #guests = new Set<G>();
  readonly #maxGuests: number;

  constructor(maxGuests = MAX_PHONES) {
    this.#maxGuests = maxGuests;
  }

  /** Those who are in, in the order in which they came. */
  get guests(): ReadonlySet<G> {
    return this.#guests;
  }

  /** Lets one in, instead of another if need be. Returns false when it is full. */
  enter(guest: G): boolean {
    const guests = [...this.#guests];
    const own = guests.filter(({ phone }) => phone === guest.phone);
    if (own.length >= MAX_OF_PHONE) {
      this.#end(silentLongest(own));
    } else if (guests.length >= this.#maxGuests) {
      const several = guests.filter(({ phone }) => guests.filter((other) => other.phone === phone).length > 1);
      const chosen = silentLongest(own.length > 0 ? own : several);
      if (chosen === undefined) return false;
      this.#end(chosen);
    }
    this.#guests.add(guest);
    return true;
  }

  /** One has gone. */
  leave(guest: G): void {
    this.#guests.delete(guest);
  }

  #end(guest: G | undefined): void {
    if (guest === undefined) return;
    this.#guests.delete(guest);
    guest.makeRoom(ELSEWHERE);
  }
}
