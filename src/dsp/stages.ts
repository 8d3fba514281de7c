import { Dither } from "./dither";
import { Input } from "./input";
import {
  DITHER_BYPASS,
  INPUT_BYPASS,
  LOUDNESS_BYPASS,
  MULTIBAND_BYPASS,
  STAGE_DITHER,
  STAGE_INPUT,
  STAGE_LOUDNESS,
  STAGE_MULTIBAND,
} from "./layout";
import { Loudness } from "./loudness";
import { Multiband } from "./multiband";
import { Slot } from "./slot";

/** Builds a stage by its number, in its place with its bypass. */
export function createSlot(stage: i32): Slot | null {
  if (stage == STAGE_INPUT) return new Slot(new Input(), INPUT_BYPASS);
  if (stage == STAGE_MULTIBAND) return new Slot(new Multiband(), MULTIBAND_BYPASS);
  if (stage == STAGE_LOUDNESS) return new Slot(new Loudness(), LOUDNESS_BYPASS);
  if (stage == STAGE_DITHER) return new Slot(new Dither(), DITHER_BYPASS);
  return null;
}
