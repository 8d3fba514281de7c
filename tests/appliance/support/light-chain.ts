/** Settings of stages that cost the emulated processor two thirds of its time with sound, for tests of which they are no part. */
export const LIGHT_CHAIN = {
  "filters.bypass": "on", "eq.bypass": "on", "compressor.bypass": "on", "imager.bypass": "on", "dither.bypass": "on",
} as const;
