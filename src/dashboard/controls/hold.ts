import type { NumberParameter } from "../../params/parameter.js";
import { snapValue } from "../../params/values.js";
import type { Values } from "../../protocol/messages.js";
import { box } from "../box.js";
import { hzAtPlace, placeOfHz } from "../curves/scales.js";
import { numberOf } from "./rows.js";
import { Grip, travelOf, type Scale } from "./travel.js";

/** A parameter in the hand of one who is not alone: where another hand moves it meanwhile, the drag goes on from there. */
export class Hold {
  readonly #row: NumberParameter;
  readonly #grip: Grip;

  /** @param scale - what it is dragged along; its slider's travel unless given */
  constructor(row: NumberParameter, scale: Scale = travelOf(row)) {
    this.#row = row;
    this.#grip = new Grip(row, box.value(row.id).peek(), scale);
  }

  /** A frequency that is dragged along the axis of a display, 0..1. */
  static ofFrequency(id: string): Hold {
    const row = numberOf(id);
    return new Hold(row, { placeOf: placeOfHz, valueAt: (place) => snapValue(row, hzAtPlace(place)) });
  }

  /** Moves it along its scale; answers what the box is to be asked for, which is nothing while the value is the same. */
  move(by: number): Values {
    const { id } = this.#row;
    const held = box.value(id).peek();
    // Nothing of this hand is on its way, yet the box holds another value: another hand moved it.
    if (box.wishes.of(id).peek() === null && held !== this.#grip.sent) this.#grip.take(held);
    const before = this.#grip.sent;
    const next = this.#grip.move(by);
    return next === before ? {} : { [id]: next };
  }
}
