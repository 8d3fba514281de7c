import { expect, it } from "vitest";
import { devicesOn } from "../../../hw/boards/panel.js";
import { SimBus } from "../../../hw/sim/sim-bus.js";
import { SimLines } from "../../../hw/sim/sim-lines.js";
import { loadBoxConfig } from "../../../src/config/box-config.js";
import { HandTime } from "../../support/sim-time.js";

const { config: { controls, panel } } = loadBoxConfig(undefined);

it("says what it takes where a control is read by the kernel and there is no way to its devices", async () => {
  const time = new HandTime();
  const read = controls.filter(({ name }) => name === "threshold" || name === "bypass").map((control) => ({ ...control, pins: [], inputDevice: "rotary@5" }));
  const { encoders, buttons } = devicesOn({ lines: new SimLines(time), bus: new SimBus(), inputs: undefined, time }, panel, read);
  const missing = { kind: "missing", message: expect.stringContaining("npm install koffi") as string };
  await expect(encoders.get("threshold")?.open({ turned: () => undefined, failed: () => undefined })).rejects.toMatchObject(missing);
  await expect(buttons.get("bypass")?.open({ changed: () => undefined, failed: () => undefined })).rejects.toMatchObject(missing);
});
