import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as evdev from "../../hw/gpio/evdev-abi.js";
import * as gpio from "../../hw/gpio/gpio-abi.js";
import { temporaryFolder } from "../support/temp-folder.js";

const { path, write } = temporaryFolder();

/** Each figure of the drivers, and what the headers of the kernel call it. */
const FIGURES: Readonly<Record<string, number | bigint>> = {
  GPIO_GET_CHIPINFO_IOCTL: gpio.GPIO_GET_CHIPINFO,
  GPIO_V2_GET_LINEINFO_IOCTL: gpio.GPIO_V2_GET_LINEINFO,
  GPIO_V2_GET_LINE_IOCTL: gpio.GPIO_V2_GET_LINE,
  GPIO_V2_LINE_GET_VALUES_IOCTL: gpio.GPIO_V2_LINE_GET_VALUES,
  GPIO_V2_LINE_SET_VALUES_IOCTL: gpio.GPIO_V2_LINE_SET_VALUES,
  GPIO_V2_LINE_FLAG_USED: gpio.LINE_USED,
  GPIO_V2_LINE_FLAG_ACTIVE_LOW: gpio.LINE_ACTIVE_LOW,
  GPIO_V2_LINE_FLAG_INPUT: gpio.LINE_INPUT,
  GPIO_V2_LINE_FLAG_OUTPUT: gpio.LINE_OUTPUT,
  GPIO_V2_LINE_FLAG_EDGE_RISING: gpio.LINE_EDGE_RISING,
  GPIO_V2_LINE_FLAG_EDGE_FALLING: gpio.LINE_EDGE_FALLING,
  GPIO_V2_LINE_FLAG_BIAS_PULL_UP: gpio.LINE_PULL_UP,
  GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN: gpio.LINE_PULL_DOWN,
  GPIO_V2_LINE_FLAG_BIAS_DISABLED: gpio.LINE_BIAS_DISABLED,
  GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES: gpio.ATTRIBUTE_OUTPUT_VALUES,
  GPIO_V2_LINE_ATTR_ID_DEBOUNCE: gpio.ATTRIBUTE_DEBOUNCE,
  GPIO_V2_LINE_EVENT_RISING_EDGE: gpio.EVENT_RISING,
  GPIO_V2_LINE_EVENT_FALLING_EDGE: gpio.EVENT_FALLING,
  GPIO_MAX_NAME_SIZE: gpio.NAME_BYTES,
  GPIO_V2_LINES_MAX: gpio.MOST_LINES,
  "GPIO_V2_LINES_MAX * 16": gpio.MOST_EVENTS,
  "sizeof(struct gpiochip_info)": gpio.CHIP_INFO.bytes,
  "offsetof(struct gpiochip_info, name)": gpio.CHIP_INFO.name,
  "offsetof(struct gpiochip_info, label)": gpio.CHIP_INFO.label,
  "offsetof(struct gpiochip_info, lines)": gpio.CHIP_INFO.lines,
  "sizeof(struct gpio_v2_line_info)": gpio.LINE_INFO.bytes,
  "offsetof(struct gpio_v2_line_info, name)": gpio.LINE_INFO.name,
  "offsetof(struct gpio_v2_line_info, consumer)": gpio.LINE_INFO.consumer,
  "offsetof(struct gpio_v2_line_info, offset)": gpio.LINE_INFO.offset,
  "offsetof(struct gpio_v2_line_info, num_attrs)": gpio.LINE_INFO.attributeCount,
  "offsetof(struct gpio_v2_line_info, flags)": gpio.LINE_INFO.flags,
  "sizeof(struct gpio_v2_line_request)": gpio.LINE_REQUEST.bytes,
  "offsetof(struct gpio_v2_line_request, offsets)": gpio.LINE_REQUEST.offsets,
  "offsetof(struct gpio_v2_line_request, consumer)": gpio.LINE_REQUEST.consumer,
  "offsetof(struct gpio_v2_line_request, config.flags)": gpio.LINE_REQUEST.flags,
  "offsetof(struct gpio_v2_line_request, config.num_attrs)": gpio.LINE_REQUEST.attributeCount,
  "offsetof(struct gpio_v2_line_request, config.attrs)": gpio.LINE_REQUEST.attributes,
  "offsetof(struct gpio_v2_line_request, num_lines)": gpio.LINE_REQUEST.lineCount,
  "offsetof(struct gpio_v2_line_request, event_buffer_size)": gpio.LINE_REQUEST.eventBufferSize,
  "offsetof(struct gpio_v2_line_request, fd)": gpio.LINE_REQUEST.fd,
  "sizeof(struct gpio_v2_line_config_attribute)": gpio.ATTRIBUTE.bytes,
  "offsetof(struct gpio_v2_line_config_attribute, attr.id)": gpio.ATTRIBUTE.id,
  "offsetof(struct gpio_v2_line_config_attribute, attr.debounce_period_us)": gpio.ATTRIBUTE.value,
  "offsetof(struct gpio_v2_line_config_attribute, mask)": gpio.ATTRIBUTE.mask,
  "sizeof(struct gpio_v2_line_values)": gpio.LINE_VALUES.bytes,
  "offsetof(struct gpio_v2_line_values, bits)": gpio.LINE_VALUES.bits,
  "offsetof(struct gpio_v2_line_values, mask)": gpio.LINE_VALUES.mask,
  "sizeof(struct gpio_v2_line_event)": gpio.LINE_EVENT.bytes,
  "offsetof(struct gpio_v2_line_event, timestamp_ns)": gpio.LINE_EVENT.timeNs,
  "offsetof(struct gpio_v2_line_event, id)": gpio.LINE_EVENT.id,
  "offsetof(struct gpio_v2_line_event, offset)": gpio.LINE_EVENT.offset,
  "offsetof(struct gpio_v2_line_event, seqno)": gpio.LINE_EVENT.number,
  EVIOCSCLOCKID: evdev.EVIOCSCLOCKID,
  CLOCK_MONOTONIC: evdev.CLOCK_MONOTONIC,
  EV_SYN: evdev.EV_SYN,
  EV_KEY: evdev.EV_KEY,
  EV_REL: evdev.EV_REL,
  SYN_DROPPED: evdev.SYN_DROPPED,
  "sizeof(struct input_event)": evdev.INPUT_EVENT_BYTES,
};

it("has every number, size and place of the kernel's headers", () => {
  const names = Object.keys(FIGURES);
  const program = write("abi.c", Buffer.from(`
    #include <linux/gpio.h>
    #include <linux/input.h>
    #include <stddef.h>
    #include <stdio.h>
    #include <time.h>
    int main(void) {
      ${names.map((name) => `printf("%llu\\n", (unsigned long long)(${name}));`).join("\n      ")}
      return 0;
    }
  `));
  execFileSync("gcc", ["-o", join(path, "abi"), program]);
  const said = execFileSync(join(path, "abi"), { encoding: "utf8" }).trim().split("\n").map(BigInt);
  expect(Object.fromEntries(names.map((name, n) => [name, said[n]]))).toEqual(Object.fromEntries(names.map((name) => [name, BigInt(FIGURES[name]!)])));
});
