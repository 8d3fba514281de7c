import { readFileSync } from "node:fs";

/** Temperature of the processor in °C, or null where the system does not tell. */
export function processorCelsius(file = "/sys/class/thermal/thermal_zone0/temp"): number | null {
  try {
    const thousandths = Number(readFileSync(file, "utf8").trim());
    return Number.isFinite(thousandths) ? thousandths / 1000 : null;
  } catch {
    // Virtual machines and some boards have no such sensor.
    return null;
  }
}
