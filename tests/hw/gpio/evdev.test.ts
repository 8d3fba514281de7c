import { expect, it } from "vitest";
import { EV_SYN, SYN_DROPPED } from "../../../hw/gpio/evdev-abi.js";
import { EvdevButton, EvdevEncoder } from "../../../hw/gpio/evdev.js";
import { describeButton } from "../../contracts/button.js";
import { describeEncoder } from "../../contracts/encoder.js";
import { FakeInputKernel } from "../../support/fake-input-kernel.js";

const ENCODER = "/dev/input/event0";
const KEY = "/dev/input/event1";
const REL_X = 0;
const BTN_0 = 0x100;

function optionsOf(kernel: FakeInputKernel, device: string, code: number): ConstructorParameters<typeof EvdevEncoder>[0] {
  return { device, code, files: kernel, watcher: kernel, devices: () => kernel.devices };
}

describeEncoder("evdev, on a stand-in of the kernel", async () => {
  const kernel = new FakeInputKernel();
  return {
    encoder: new EvdevEncoder(optionsOf(kernel, "rotary@5", REL_X)),
    turn: async (detents) => {
      for (let n = 0; n < Math.abs(detents); n++) kernel.turn(ENCODER, REL_X, Math.sign(detents));
    },
    // The kernel tells nothing of what is no detent.
    wiggle: async () => kernel.emit(ENCODER, EV_SYN, 0, 0),
    unplug: async () => kernel.unplug(ENCODER),
    replug: async () => kernel.refuse(ENCODER, undefined),
  };
});

describeButton("evdev, on a stand-in of the kernel", async () => {
  const kernel = new FakeInputKernel();
  return {
    button: new EvdevButton(optionsOf(kernel, "button@11", BTN_0)),
    move: async (isPressed) => {
      kernel.key(KEY, BTN_0, isPressed ? 1 : 0);
      if (isPressed) kernel.key(KEY, BTN_0, 2);
    },
    unplug: async () => kernel.unplug(KEY),
    replug: async () => kernel.refuse(KEY, undefined),
  };
});

it("names an input device that is not there, or not permitted", async () => {
  const kernel = new FakeInputKernel();
  const deaf = { changed: () => undefined, failed: () => undefined };
  await expect(new EvdevButton(optionsOf(kernel, "button@4", BTN_0)).open(deaf)).rejects.toMatchObject({
    kind: "missing", message: 'There is no input device "button@4"; there are "rotary@5", "button@11", "button@1b". See the overlays in config.txt.',
  });
  kernel.refuse(KEY, "EACCES");
  await expect(new EvdevButton(optionsOf(kernel, "button@11", BTN_0)).open(deaf)).rejects.toMatchObject({ kind: "denied" });
  expect(kernel.openFiles).toBe(0);
});

it("lets a key go whose release the kernel lost", async () => {
  const kernel = new FakeInputKernel();
  const changes: boolean[] = [];
  await new EvdevButton(optionsOf(kernel, "button@11", BTN_0)).open({ changed: (isPressed) => changes.push(isPressed), failed: () => undefined });
  kernel.key(KEY, BTN_0, 1);
  kernel.emit(KEY, EV_SYN, SYN_DROPPED, 0);
  expect(changes).toEqual([true, false]);
});
