import { randomBytes } from "node:crypto";
import { WebSocket } from "ws";
import { PhoneClient } from "../../src/protocol/phone-client.js";
import type { NewPhone } from "../../src/protocol/phones.js";
import { monotonicMs, type Note } from "./monotonic.js";

/**
 * Opens COUNT pages on a web process, each with 30 snapshots a second and all that a page shows, and draws each at once. They
 * are those of the paired phones PHONES, a JSON list of id and key, in turns: `phone-clients PORT COUNT PHONES`. Says "ready"
 * when each is in; SIGTERM ends it with a Note of each snapshot.
 */
const [, , port = "", count = "1", list = "[]"] = process.argv;
const phones = JSON.parse(list) as NewPhone[];
const RATE_HZ = 30;

const arrived: Note[] = [];
let connected = 0;
let bytes = 0;

function open(n: number): void {
  const { phone, key } = phones[n % phones.length] as NewPhone;
  // An address may begin 60 handshakes a minute; phones have one each.
  const socket = new WebSocket(`ws://127.0.0.1:${port}/live`, { origin: `http://127.0.0.1:${port}`, localAddress: `127.0.0.${2 + n}` });
  const client = new PhoneClient({
    credential: { kind: "paired", phone, key }, name: "Bench", random: (wanted) => Uint8Array.from(randomBytes(wanted)),
    send: (frame) => socket.send(frame),
    onEvent: (event) => {
      if (event.type === "meters") {
        arrived.push([event.snapshot.bin, monotonicMs()]);
        client.drawn();
      } else if (event.type === "welcome") {
        void client.command("subscribeMeters", { maxRateHz: RATE_HZ, spectrum: true, goniometer: true });
        if (++connected === Number(count)) process.stdout.write("ready\n");
      }
    },
    onBroken: (reason) => {
      throw new Error(reason);
    },
  });
  socket.on("open", () => client.start());
  socket.on("message", (data, isBinary) => {
    bytes += (data as Buffer).length;
    client.receive(isBinary ? data as Buffer : String(data));
  });
  socket.on("close", (code, reason) => {
    throw new Error(`A phone was refused: ${code} ${String(reason)}`);
  });
}

process.on("SIGUSR2", () => {
  arrived.length = 0;
  bytes = 0;
});
process.on("SIGTERM", () => {
  process.stdout.write(JSON.stringify({ bytes, arrived }), () => process.exit(0));
});
for (let n = 0; n < Number(count); n++) open(n);
