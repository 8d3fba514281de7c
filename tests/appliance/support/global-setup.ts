import { copyFileSync, existsSync, mkdtempSync, appendFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { CannotBeHad } from "./cannot-be-had.js";
import type {} from "./machine.js";
import { productImage } from "./product-image.js";
import { system } from "./system-image.js";

/** Builds the machine before the tests, with the product as it lies in dist; or says why they are skipped. */
export default function setup({ provide }: TestProject): (() => void) | undefined {
  if (!existsSync("dist/tests/appliance") || !existsSync("dist/dashboard")) throw new Error("The product is not built: run npm run build first.");
  const began = performance.now();
  try {
    const { kernel, image, node, emulator } = system();
    const folder = mkdtempSync(join(tmpdir(), "lacquer-image-"));
    const whole = join(folder, "image");
    copyFileSync(image, whole);
    appendFileSync(whole, productImage(node));
    provide("machine", { kernel, emulator, image: whole });
    console.log(`The machine is ready after ${((performance.now() - began) / 1000).toFixed(1)} s.`);
    return () => rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (!(error instanceof CannotBeHad)) throw error;
    console.log(`The tests in the virtual box are skipped: ${error.message}.`);
    provide("machine", { reason: error.message });
    return undefined;
  }
}
