import { useState } from "preact/hooks";

interface NameFormProps {
  readonly label: string;
  readonly initial: string;
  readonly action: string;
  readonly mayBeEmpty?: boolean;
  readonly longest?: number;
  readonly onName: (name: string) => void;
}

/** Longest name that people may give. */
const LONGEST_NAME = 32;

/** A field for a name and a button that takes it. */
export function NameForm({ label, initial, action, mayBeEmpty = false, longest = LONGEST_NAME, onName }: NameFormProps) {
  const [name, setName] = useState(initial);
  return (
    <form class="name-form" onSubmit={(event) => {
      event.preventDefault();
      onName(name.trim());
    }}>
      <label>{label}<input value={name} maxLength={longest} autocomplete="off" enterkeyhint="done" onInput={(event) => setName(event.currentTarget.value)} /></label>
      <button type="submit" class="primary" disabled={!mayBeEmpty && name.trim() === ""}>{action}</button>
    </form>
  );
}
