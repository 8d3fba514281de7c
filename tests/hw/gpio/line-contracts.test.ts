import { describeContactsAndLights, describeLineEncoders } from "../../contracts/lines.js";
import { onoffBed } from "../../support/fake-onoff.js";
import { chipBed, simBed, type LineBed } from "../../support/line-beds.js";

const BEDS: readonly (readonly [name: string, make: () => LineBed])[] = [
  ["simulated lines", simBed], ["the character device, on a stand-in of the kernel", chipBed], ["onoff, on a stand-in of the package", onoffBed],
];

for (const [name, makeBed] of BEDS) {
  describeContactsAndLights(name, makeBed);
  describeLineEncoders(name, makeBed);
}
