import { until } from "./until.js";
import { openControlLink } from "../../src/server/control-link.js";
import { soundBytes, soundFile } from "./sound-file.js";
import { TestPhone } from "./test-phone.js";

/**
 * Lets a phone in that is paired now, uploads a file by it, and says what the box has then: `visit SOCKET PORT`. For a box that is
 * installed, whose programs run in their sandboxes.
 */
const [, , path = "", port = ""] = process.argv;
const link = await openControlLink({ path, source: "visit" });
const { key } = await link.command("startPairing", {});
const phone = new TestPhone(Number(port), { kind: "url", key }, { name: "Visitor" });
await until(() => phone.of("welcome").length > 0);
await phone.client.upload(soundFile(soundBytes(1_000_000), "Visit.wav"), () => undefined);
const { references } = await phone.client.command("listReferences", {});
const { phones } = await phone.client.command("listPhones", {});
console.log(JSON.stringify({ references: references.map(({ name, bytes }) => ({ name, bytes })), phones: phones.map(({ name, isHere }) => ({ name, isHere })) }));
process.exit(0);
