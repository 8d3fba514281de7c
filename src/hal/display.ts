/** Size of the display, in pixels. */
export const DISPLAY_WIDTH = 128;
export const DISPLAY_HEIGHT = 64;
/** Bytes of a picture: eight rows of 128 bytes, from the top; the lowest bit of a byte is its uppermost pixel. */
export const PICTURE_BYTES = (DISPLAY_WIDTH * DISPLAY_HEIGHT) / 8;

/** A small display of pixels that are lit or dark. Life: `open` → `show` → `close`, and again. */
export interface Display {
  /** Prepares the display and lights it. @throws I2cError when it does not answer; it is closed then, and may be opened again. */
  open(): Promise<void>;

  /**
   * Shows a picture of PICTURE_BYTES: sends what is new in it. The picture may be changed when the promise has settled.
   * @throws I2cError when the display does not answer; close it then, and open it again later
   */
  show(picture: Uint8Array): Promise<void>;

  /** Darkens the display as well as it can; may be called twice. */
  close(): Promise<void>;
}
