import { signal } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import type { Reference } from "../../protocol/messages.js";
import { MAX_REFERENCES } from "../../protocol/references.js";
import { box } from "../box.js";
import { Close, More } from "../controls/icons.js";
import { NameForm } from "../controls/name-form.js";
import { Sheet } from "../controls/sheet.js";
import { Sure } from "../controls/sure.js";
import { comparedTrack, referenceLine } from "../reference-words.js";
import { plainly } from "../text.js";
import { Uploads, type SendFile } from "../uploads.js";

const LONGEST_NAME = 64;
const uploads = signal<Uploads | null>(null);

/** Hands in the way for files to the box; call once. */
export function startUploads(send: SendFile): void {
  uploads.value = new Uploads(send, (sentence) => box.tell("error", plainly(sentence)));
}

function ReferenceSheet({ reference, onClose }: { readonly reference: Reference; readonly onClose: () => void }) {
  const give = (work: Promise<unknown>): void => {
    void work;
    onClose();
  };
  const { id, name } = reference;
  return (
    <Sheet title={name} onClose={onClose}>
      <p class="hint">{plainly(referenceLine(reference))}</p>
      <NameForm label="Name" initial={name} action="Rename" longest={LONGEST_NAME} onName={(given) => give(box.ask("renameReference", { reference: id, name: given }))} />
      <div class="actions"><Sure label="Delete" question={`“${name}” is removed from the box.`} onSure={() => give(box.ask("deleteReference", { reference: id }))} /></div>
    </Sheet>
  );
}

function ReferenceRow({ reference, onMore }: { readonly reference: Reference; readonly onMore: () => void }) {
  const { id, name, state, progress } = reference;
  const isReady = state === "ready";
  const mayControl = box.mayControl.value;
  return (
    <li class={state}>
      <button type="button" aria-pressed={comparedTrack(box.references.value, box.comparison.value?.reference)?.id === id} disabled={!isReady || !mayControl}
        onClick={() => void box.ask("setComparison", { reference: id })}>
        <strong>{name}</strong>
        <span>{plainly(referenceLine(reference))}</span>
        {state === "preparing" && <progress max={1} value={progress} aria-label={`${name} is being prepared`} />}
      </button>
      <button type="button" class="icon" aria-label={`More for ${name}`} disabled={!mayControl} onClick={onMore}><More /></button>
    </li>
  );
}

function Sending() {
  const view = uploads.value?.view.value ?? null;
  if (view === null) return null;
  const percent = Math.floor(100 * view.share);
  return (
    <div class="sending">
      <p>Sending {view.name}: {percent} %{view.waiting > 0 && `, ${view.waiting} more to come`}</p>
      <progress max={1} value={view.share} aria-label="Sent" />
      <button type="button" class="plain" onClick={() => uploads.peek()?.stop()}>Stop</button>
    </div>
  );
}

/** The files of this phone that did not arrive, beside the tracks that did. */
function Refused() {
  return (
    <>
      {(uploads.value?.refused.value ?? []).map(({ name, reason }) => (
        <li key={name} class="failed">
          <p class="entry-text"><strong>{name}</strong><span>{plainly(reason)}</span></p>
          <button type="button" class="icon" aria-label={`Forget ${name}`} onClick={() => uploads.peek()?.forget(name)}><Close /></button>
        </li>
      ))}
    </>
  );
}

/** The reference tracks: a touch chooses the one to compare with; more come from the phone. */
export function ReferencePanel() {
  const [open, setOpen] = useState<string | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const references = box.references.value;
  const chosen = references.find(({ id }) => id === open);
  const isFull = references.length >= MAX_REFERENCES;
  return (
    <section class="panel" aria-label="References">
      <div class="heads"><h2 class="head">References</h2><span class="hint">{references.length} of {MAX_REFERENCES}</span></div>
      {references.length === 0 && <p class="calm">Add three to five songs that sound as yours should. The box holds your mix against them, and lets you hear both at the same loudness.</p>}
      <ul class="list references">
        {references.map((reference) => <ReferenceRow key={reference.id} reference={reference} onMore={() => setOpen(reference.id)} />)}
        <Refused />
      </ul>
      <Sending />
      <div class="actions">
        <button type="button" class="plain" disabled={!box.mayControl.value || isFull} onClick={() => picker.current?.click()}>Add songs</button>
        <input ref={picker} type="file" multiple accept="audio/*,.wav,.flac,.mp3,.ogg" hidden aria-label="Songs" onChange={(event) => {
          uploads.peek()?.add([...event.currentTarget.files ?? []]);
          event.currentTarget.value = "";
        }} />
      </div>
      <p class="hint">WAV, FLAC, MP3 or Ogg, from this phone.{isFull && " The box is full: delete one first."}</p>
      {chosen !== undefined && <ReferenceSheet reference={chosen} onClose={() => setOpen(null)} />}
    </section>
  );
}
