import { useState } from "preact/hooks";
import type { Phone } from "../../protocol/phones.js";
import { box } from "../box.js";
import { More } from "../controls/icons.js";
import { NameForm } from "../controls/name-form.js";
import { Sheet } from "../controls/sheet.js";
import { Sure } from "../controls/sure.js";
import { phonesInOrder } from "../phones-in-order.js";
import { PairingWay } from "./pairing-way.js";

/** "21 Nov, 21:04" by the clock of the phone. */
function day(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? "" : date.toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

function PhoneSheet({ phone, onClose }: { readonly phone: Phone; readonly onClose: () => void }) {
  const isMe = phone.id === box.me.value?.id;
  const mayControl = box.mayControl.value;
  const give = (work: Promise<unknown>): void => {
    void work;
    onClose();
  };
  const role = phone.role === "control" ? "view" : "control";
  const setRole = (): void => give(box.ask("setPhoneRole", { phone: phone.id, role }));
  return (
    <Sheet title={isMe ? `${phone.name} (this phone)` : phone.name} onClose={onClose}>
      {(isMe || mayControl) && <NameForm label="Name" initial={phone.name} action="Rename" onName={(name) => give(box.ask("renamePhone", { phone: phone.id, name }))} />}
      {mayControl && (
        <div class="actions">
          {isMe && role === "view"
            ? <Sure class="plain" label="Let it only look" question="This phone then adjusts nothing until another phone lets it." onSure={setRole} />
            : <button type="button" class="plain" onClick={setRole}>{role === "view" ? "Let it only look" : "Let it control"}</button>}
          <Sure label={isMe ? "Forget this phone" : "Forget"} question={`${isMe ? "This phone" : `“${phone.name}”`} must be paired anew then.`}
            onSure={() => give(box.ask("forgetPhone", { phone: phone.id }))} />
        </div>
      )}
    </Sheet>
  );
}

/** Phones that are listed before more are asked for. */
const FIRST_PHONES = 4;

/** The paired phones; each can be named, limited to looking, and forgotten. */
export function PhonePanel() {
  const [open, setOpen] = useState<string | null>(null);
  const [isAll, setAll] = useState(false);
  const phones = phonesInOrder(box.phones.value, box.me.value?.id);
  const chosen = phones.find(({ id }) => id === open);
  return (
    <section class="panel" aria-label="Phones">
      <div class="heads"><h2 class="head">Phones</h2><span class="hint">{phones.filter(({ isHere }) => isHere).length} here, {phones.length} paired</span></div>
      <ul class="list">
        {phones.slice(0, isAll ? phones.length : FIRST_PHONES).map((phone) => (
          <li key={phone.id} class={phone.isHere ? "here" : ""}>
            <div class="entry-text">
              <strong>{phone.name}{phone.id === box.me.value?.id && <em> this phone</em>}</strong>
              <span>{phone.role === "control" ? "controls" : "looks"} · {phone.isHere ? "here" : phone.lastSeen === null ? "never seen" : `seen ${day(phone.lastSeen)}`}</span>
            </div>
            <button type="button" class="icon" aria-label={`More for ${phone.name}`} onClick={() => setOpen(phone.id)}><More /></button>
          </li>
        ))}
      </ul>
      {phones.length > FIRST_PHONES && (
        <button type="button" class="plain wide" aria-expanded={isAll} onClick={() => setAll(!isAll)}>{isAll ? "Show fewer" : `Show all ${phones.length}`}</button>
      )}
      <p class="hint">For another phone: <PairingWay />. For a minute it shows a code to scan and one to type.</p>
      {chosen !== undefined && <PhoneSheet phone={chosen} onClose={() => setOpen(null)} />}
    </section>
  );
}
