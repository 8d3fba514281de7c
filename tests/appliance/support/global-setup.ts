import { copyFileSync, existsSync, mkdtempSync, appendFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { CannotBeHad } from "./cannot-be-had.js";
import type {} from "./machine.js";
import { productImage } from "./product-image.js";
import { system } from "./system-image.js";
import { whyNoTime } from "./time-left.js";

/** What is built at the first time, and one file of tests. */
const LEAST_S = 180;

/**
 * Builds the machine before the tests, with the product as it lies in dist; or says why they are skipped. LACQUER_APPLIANCE_S
 * is the time that all may take, s: who would begin too late for it is skipped.
 */
export default function setup({ provide }: TestProject): void {
  if (!existsSync("dist/tests/appliance") || !existsSync("dist/dashboard")) throw new Error("The product is not built: run npm run build first.");
  const began = performance.now();
  const limitS = Number(process.env["LACQUER_APPLIANCE_S"] || "Infinity");
  provide("endsAtMs", Date.now() + 1000 * limitS);
  try {
    const reason = whyNoTime(limitS, LEAST_S);
    if (reason !== undefined) throw new CannotBeHad(reason);
    const { kernel, image, node, emulator } = system();
    const folder = mkdtempSync(join(tmpdir(), "lacquer-image-"));
    // At the end of the process: it comes after a signal too, and when no test uses the folder any more.
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const whole = join(folder, "image");
    copyFileSync(image, whole);
    appendFileSync(whole, productImage(node));
    provide("machine", { kernel, emulator, image: whole });
    console.log(`The machine is ready after ${((performance.now() - began) / 1000).toFixed(1)} s.`);
  } catch (error) {
    if (!(error instanceof CannotBeHad)) throw error;
    console.log(`The tests in the virtual box are skipped: ${error.message}.`);
    provide("machine", { reason: error.message });
  }
}
