import { until } from "./until.js";
import { paired, type ServedBox } from "./served-box.js";
import type { TestPhone } from "./test-phone.js";

/** A phone that is in, with every frame that it sent. */
export async function recorded(web: ServedBox): Promise<{ phone: TestPhone; sent: (string | Uint8Array)[]; forge: (frame: Uint8Array) => void }> {
  const phone = await paired(web);
  const sent: (string | Uint8Array)[] = [];
  const send = phone.socket.send.bind(phone.socket) as (frame: string | Uint8Array) => void;
  phone.socket.send = ((frame: string | Uint8Array) => {
    sent.push(frame);
    send(frame);
  }) as typeof phone.socket.send;
  await until(() => phone.of("welcome").length > 0);
  return { phone, sent, forge: send };
}
