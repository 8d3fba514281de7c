/** Numbers as the report prints them: one decimal, a true minus sign, a dash for what was not measured. */

const MINUS = "\u2212";
const DASH = "\u2013";

/** One decimal; "-0.0" does not occur. */
export function decimalText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return DASH;
  const text = Math.abs(value).toFixed(1);
  return value < 0 && text !== "0.0" ? MINUS + text : text;
}

/** As `decimalText`, with a plus sign above zero. */
export function changeText(value: number | null): string {
  const text = decimalText(value);
  return value !== null && Number.isFinite(value) && value > 0 && text !== "0.0" ? `+${text}` : text;
}

/** `after - before`, or null if either is missing. */
export function difference(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : after - before;
}

/** Minutes and seconds, with hours where there are any. */
export function clockText(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (n: number): string => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Puts a true minus sign before the numbers of a sentence. */
export function trueMinus(sentence: string): string {
  return sentence.replace(/(?<![\w.])-(?=\d)/g, MINUS);
}
