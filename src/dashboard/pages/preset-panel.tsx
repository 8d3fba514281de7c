import { useRef, useState } from "preact/hooks";
import { sameName } from "../../params/nearest.js";
import type { PresetEntry } from "../../protocol/messages.js";
import { box } from "../box.js";
import { More } from "../controls/icons.js";
import { NameForm } from "../controls/name-form.js";
import { Sheet } from "../controls/sheet.js";
import { Question, Sure } from "../controls/sure.js";
import { spelled } from "../text.js";
import { fileName, readPreset, saveText } from "../files.js";

/** What a preset is called on the page: those that came with the box are named for files. */
export function titleOf({ name, isOwn }: PresetEntry): string {
  return isOwn ? name : spelled(name);
}

async function exportPreset({ id, name }: PresetEntry): Promise<void> {
  const answer = await box.ask("exportPreset", { preset: id });
  if (answer !== undefined) saveText(fileName(name, "json"), "application/json", `${JSON.stringify(answer.file, null, 2)}\n`);
}

async function importPreset(file: File): Promise<void> {
  try {
    await box.ask("importPreset", { file: await readPreset(file) });
  } catch (failure) {
    box.tell("error", `This file is no preset: ${(failure as Error).message}`);
  }
}

function PresetSheet({ preset, onClose }: { readonly preset: PresetEntry; readonly onClose: () => void }) {
  const give = (work: Promise<unknown>): void => {
    void work;
    onClose();
  };
  return (
    <Sheet title={titleOf(preset)} onClose={onClose}>
      {preset.sentence !== "" && <p class="hint">{preset.sentence}</p>}
      {preset.isOwn && <NameForm label="Name" initial={preset.name} action="Rename" onName={(name) => give(box.ask("renamePreset", { preset: preset.id, name }))} />}
      <div class="actions">
        <button type="button" class="plain" onClick={() => give(exportPreset(preset))}>Export as a file</button>
        {preset.isOwn && <Sure label="Delete" question={`“${preset.name}” is lost for good.`} onSure={() => give(box.ask("deletePreset", { preset: preset.id }))} />}
      </div>
    </Sheet>
  );
}

function SaveSheet({ onClose }: { readonly onClose: () => void }) {
  const [taken, setTaken] = useState<string | null>(null);
  const save = (name: string): void => {
    void box.ask("savePreset", { name });
    onClose();
  };
  const own = box.presets.value.filter(({ isOwn }) => isOwn).map(({ name }) => name);
  return (
    <Sheet title="Save a preset" onClose={onClose}>
      <p class="hint">Keeps what sounds now.</p>
      <NameForm label="Name" initial="" action="Save" onName={(name) => (sameName(name, own) === undefined ? save(name) : setTaken(name))} />
      {taken !== null && (
        <Question question={`There is “${taken}” already; what it holds is lost.`} action="Replace" onNo={() => setTaken(null)} onYes={() => save(taken)} />
      )}
    </Sheet>
  );
}

function PresetRow({ preset, onMore }: { readonly preset: PresetEntry; readonly onMore: () => void }) {
  const adjusted = box.adjusted.value;
  const isApplied = adjusted?.preset === preset.id;
  return (
    <li>
      <button type="button" aria-pressed={isApplied} disabled={!box.mayControl.value} onClick={() => void box.ask("applyPreset", { preset: preset.id })}>
        <strong>{titleOf(preset)}{isApplied && adjusted.isPresetEdited && <em> edited</em>}</strong>
        <span>{preset.sentence}</span>
      </button>
      <button type="button" class="icon" aria-label={`More for ${titleOf(preset)}`} onClick={onMore}><More /></button>
    </li>
  );
}

/** All presets: own ones first. A touch applies one. */
export function PresetPanel() {
  const [open, setOpen] = useState<PresetEntry | null>(null);
  const [isSaving, setSaving] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const presets = [...box.presets.value].sort((a, b) => Number(b.isOwn) - Number(a.isOwn));
  return (
    <section class="panel presets" aria-label="Presets">
      <div class="heads"><h2 class="head">Presets</h2></div>
      <div class="actions">
        <button type="button" class="plain" disabled={!box.mayControl.value} onClick={() => setSaving(true)}>Save as …</button>
        <button type="button" class="plain" disabled={!box.mayControl.value} onClick={() => picker.current?.click()}>Import</button>
        <input ref={picker} type="file" accept=".json,application/json" hidden aria-label="Preset file" onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file !== undefined) void importPreset(file);
          event.currentTarget.value = "";
        }} />
      </div>
      <ul class="list">
        {presets.map((preset) => <PresetRow key={preset.id} preset={preset} onMore={() => setOpen(preset)} />)}
      </ul>
      {open !== null && <PresetSheet preset={open} onClose={() => setOpen(null)} />}
      {isSaving && <SaveSheet onClose={() => setSaving(false)} />}
    </section>
  );
}
