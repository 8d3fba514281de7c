import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { MeterSnapshot } from "../../../src/protocol/meter-snapshot.js";
import type { ControlLink } from "../../../src/server/control-link.js";
import { TestPhone } from "../../support/test-phone.js";
import { until } from "../../support/until.js";

const PORT = 80;
const POLL_MS = 50;
const UP_S = 10;

/** What a phone got of the box. */
export interface OpenedPage {
  /** Status of the answer to HTTP, and the title of the page. */
  readonly status: number;
  readonly title: string | undefined;
  /** The first meters that came through the sealed channel. */
  readonly snapshot: MeterSnapshot;
}

/** Starts the process that serves the page, gets the page and pairs a phone by the key of the box. The process ends with this one. */
export async function openPage(link: ControlLink): Promise<OpenedPage> {
  const script = join(process.env["RELEASE"] ?? "", "dist/src/bin/web.js");
  // As lacquer-web.service starts it.
  const web = spawn("node", ["--max-old-space-size=96", script, "--port", String(PORT)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"], env: { ...process.env, NODE_ENV: "production", LACQUER_SOCKET: link.path },
  });
  try {
    const answer = await answerOf(`http://127.0.0.1:${PORT}/`);
    const { key } = await link.command("startPairing", {});
    const phone = new TestPhone(PORT, { kind: "url", key });
    await until(() => phone.of("welcome").length > 0, UP_S);
    await phone.client.command("subscribeMeters", { maxRateHz: 5 });
    await until(() => phone.of("meters").length > 0, UP_S);
    const snapshot = phone.of("meters")[0]!.snapshot;
    phone.socket.close();
    return { status: answer.status, title: /<title>(.*?)<\/title>/.exec(await answer.text())?.[1], snapshot };
  } finally {
    web.kill();
  }
}

async function answerOf(address: string): Promise<Response> {
  for (const end = performance.now() + UP_S * 1000; ;) {
    try {
      return await fetch(address);
    } catch (error) {
      if (performance.now() > end) throw error;
      await setTimeout(POLL_MS);
    }
  }
}
