import type { SimDescription } from "./audio.js";

/** The simulated board: no hardware, the built-in programme as the mixer. */
export const SIM_BOARD = { audio: { driver: "sim" } } as const satisfies { audio: SimDescription };
