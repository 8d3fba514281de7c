/**
 * Commands of the SSD1306 (Solomon Systech, rev. 1.1) and the SH1106 (Sino Wealth, 2.3). The first byte of a transfer says
 * whether commands or pixels follow.
 */
export const COMMANDS = 0x00;
export const PIXELS = 0x40;

export const DISPLAY_OFF = 0xae;
export const DISPLAY_ON = 0xaf;
export const CLOCK = 0xd5;
export const ROWS = 0xa8;
export const ROW_OFFSET = 0xd3;
export const START_LINE = 0x40;
/** Mirrored left and right, and up and down: upright on a module whose pins are above. */
export const COLUMNS_REMAPPED = 0xa1;
export const ROWS_REMAPPED = 0xc8;
export const COM_PINS = 0xda;
export const CONTRAST = 0x81;
export const PRECHARGE = 0xd9;
export const VCOM_LEVEL = 0xdb;
export const SHOW_MEMORY = 0xa4;
export const NOT_INVERTED = 0xa6;
/** The SSD1306 alone: its charge pump, the way it addresses its memory, and the end of scrolling. */
export const CHARGE_PUMP = 0x8d;
export const ADDRESSING = 0x20;
export const PAGE_ADDRESSING = 0x02;
export const NO_SCROLL = 0x2e;
/** The SH1106 alone: its converter. */
export const CONVERTER = 0xad;

/** Where the next pixels go: eight rows of a page, and a column by its halves. */
export const PAGE = 0xb0;
export const COLUMN_LOW = 0x00;
export const COLUMN_HIGH = 0x10;

export const PAGES = 8;

export type DisplayChip = "ssd1306" | "sh1106";

const COMMON = [
  CLOCK, 0x80, ROWS, 0x3f, ROW_OFFSET, 0x00, START_LINE, COLUMNS_REMAPPED, ROWS_REMAPPED, COM_PINS, 0x12, SHOW_MEMORY, NOT_INVERTED,
];

/** Settings for a module of 128 x 64 pixels without a supply of its own for the panel. The display is as dark or lit after as before. */
export const SETTINGS: Readonly<Record<DisplayChip, readonly number[]>> = {
  ssd1306: [...COMMON, CONTRAST, 0xcf, PRECHARGE, 0xf1, VCOM_LEVEL, 0x40, NO_SCROLL, ADDRESSING, PAGE_ADDRESSING, CHARGE_PUMP, 0x14],
  sh1106: [...COMMON, CONTRAST, 0x80, PRECHARGE, 0x22, VCOM_LEVEL, 0x35, CONVERTER, 0x8b],
};

/** First column of the picture: the SH1106 drives 132, of which most modules show the middle ones. */
export const FIRST_COLUMN: Readonly<Record<DisplayChip, number>> = { ssd1306: 0, sh1106: 2 };
