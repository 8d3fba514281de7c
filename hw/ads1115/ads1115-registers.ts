/** Registers of the ADS1115 and ADS1015 (Texas Instruments SBAS444 and SBAS473): 16 bits each, the high byte first. */
export const REGISTER_CONVERSION = 0;
export const REGISTER_CONFIG = 1;

/** Of the config register: written, begins a conversion; read, says that none is under way. */
export const CONFIG_START = 0x8000;
/** Input 0 against ground; the others follow. */
export const CONFIG_INPUT_0 = 0x4000;
export const CONFIG_INPUT_SHIFT = 12;
/** Full scale is 4.096 V. */
export const CONFIG_RANGE_4V = 0x0200;
/** Sleeps between conversions. */
export const CONFIG_SINGLE = 0x0100;
/** Its comparator rests. */
export const CONFIG_QUIET = 0x0003;

/** Rates by the three bits of the data rate, per second. */
export const RATES = {
  ads1115: [8, 16, 32, 64, 128, 250, 475, 860],
  ads1015: [128, 250, 490, 920, 1600, 2400, 3300, 3300],
} as const;
export type AdcChip = keyof typeof RATES;
export const CONFIG_RATE_SHIFT = 5;

/** What the config register holds after the power came on. */
export const CONFIG_AT_POWER_ON = 0x8583;

/** The greatest reading; that of the ADS1015 stands in the upper 12 of the 16 bits. */
export const FULL_SCALE = 0x7fff;
