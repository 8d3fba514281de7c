import { Compressor } from "./compressor";
import { Dither } from "./dither";
import { Eq } from "./eq";
import { Filters } from "./filters";
import { Imager } from "./imager";
import { Input } from "./input";
import * as layout from "./layout";
import { Limiter } from "./limiter";
import { Loudness } from "./loudness";
import { Multiband } from "./multiband";
import { Saturation } from "./saturation";
import { Slot } from "./slot";

/** Builds a stage by its number, in its place with its bypass. Without the limiter nothing would keep the ceiling. */
export function createSlot(stage: i32): Slot | null {
  if (stage == layout.STAGE_INPUT) return new Slot(new Input(), stage, layout.INPUT_BYPASS, true);
  if (stage == layout.STAGE_FILTERS) return new Slot(new Filters(), stage, layout.FILTERS_BYPASS, true);
  if (stage == layout.STAGE_EQ) return new Slot(new Eq(), stage, layout.EQ_BYPASS, true);
  if (stage == layout.STAGE_COMPRESSOR) return new Slot(new Compressor(), stage, layout.COMPRESSOR_BYPASS, true);
  if (stage == layout.STAGE_MULTIBAND) return new Slot(new Multiband(), stage, layout.MULTIBAND_BYPASS, true);
  if (stage == layout.STAGE_IMAGER) return new Slot(new Imager(), stage, layout.IMAGER_BYPASS, true);
  if (stage == layout.STAGE_SATURATION) return new Slot(new Saturation(), stage, layout.SATURATION_BYPASS, true);
  if (stage == layout.STAGE_LOUDNESS) return new Slot(new Loudness(), stage, layout.LOUDNESS_BYPASS, true);
  if (stage == layout.STAGE_LIMITER) return new Slot(new Limiter(), stage, layout.LIMITER_BYPASS, false);
  if (stage == layout.STAGE_DITHER) return new Slot(new Dither(), stage, layout.DITHER_BYPASS, true);
  return null;
}
