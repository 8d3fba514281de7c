import { AudioError, type AudioErrorKind } from "../../src/hal/audio.js";
import { checkDevices } from "./device-check.js";
import { loadPackages } from "./packages.js";
import { CAPTURE_PACKAGE, type ChildJob } from "./stream-options.js";

/** What the check found: the reason against opening, if any. */
export interface CheckAnswer {
  readonly refusal?: { readonly kind: AudioErrorKind; readonly message: string };
}

/** A process that ends after looking at the devices and loading the packages once: what crashes here crashes nothing else. */
function check(job: ChildJob): CheckAnswer {
  try {
    if (job.capturePackage === CAPTURE_PACKAGE) checkDevices(job);
    loadPackages(job);
    return {};
  } catch (error) {
    const kind = error instanceof AudioError ? error.kind : "other";
    return { refusal: { kind, message: error instanceof Error ? error.message : String(error) } };
  }
}

process.stdout.write(JSON.stringify(check(JSON.parse(process.argv[2] as string) as ChildJob)));
