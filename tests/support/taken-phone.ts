import { setTimeout } from "node:timers/promises";
import { RawPhone } from "./raw-phone.js";
import type { ServedBox } from "./served-box.js";
import { until } from "./until.js";

/** A phone that is in, and was taken over. */
export async function taken(web: ServedBox): Promise<RawPhone> {
  const { phone, key } = await web.box.book.add("Anna", "control");
  const raw = await RawPhone.enter(web.port, { kind: "paired", phone, key });
  await until(() => web.box.book.find(phone)?.isHere === true && raw.received > 0);
  await setTimeout(50);
  return raw;
}
