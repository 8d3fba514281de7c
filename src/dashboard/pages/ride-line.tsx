import { box } from "../box.js";
import { rideWords } from "../level-words.js";
import { signed } from "../text.js";

/** What the ride does at the moment; nothing while it is off. */
export function RideLine() {
  const ride = box.feed.figures.value?.snapshot.ride;
  if (ride === undefined || ride.state === "off") return null;
  return (
    <p class="ride-line"><span>{rideWords(ride.state, box.value("loudness.targetLufs").value)}</span><output role="group" aria-label="Gain of the ride" aria-live="off">{signed(ride.gainDb)} dB</output></p>
  );
}
