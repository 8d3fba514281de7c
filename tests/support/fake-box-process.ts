import { FakeBox, meterSnapshot } from "./fake-box.js";

/** A box without sound in a process of its own: its meters swing, its settings stand still. Argument: path of the socket. */
const box = new FakeBox(process.argv[2] ?? "/tmp/lacquer-fake.sock");
await box.socket.start();
const startMs = performance.now();
setInterval(() => box.meters(meterSnapshot(Math.floor((performance.now() - startMs) / 10))), 15);
console.log("ready");
