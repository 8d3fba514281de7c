import { useState } from "preact/hooks";
import { guessedName } from "../text.js";
import { PairingWay } from "./pairing-way.js";

interface PairPageProps {
  /** Why the box does not let this phone in; empty at the first visit. */
  readonly sentence: string;
  /** Tries a code; answers why it was refused, or "" when this phone is paired. */
  readonly onCode: (code: string, name: string) => Promise<string>;
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "⌫"] as const;
const CODE_LENGTH = 8;

/** "1234 5": in two groups, as the box shows it. */
function shownCode(code: string): string {
  return `${code.slice(0, 4)} ${code.slice(4)}`.trim();
}

/** Pairs this phone by the code that the box shows: for where its square cannot be scanned. */
export function PairPage({ sentence, onCode }: PairPageProps) {
  const [code, setCode] = useState("");
  const [name, setName] = useState(() => guessedName(navigator.userAgent));
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const type = (key: string): void => {
    setProblem("");
    setCode((now) => (key === "⌫" ? now.slice(0, -1) : (now + key.replace(/\D/g, "")).slice(0, CODE_LENGTH)));
  };
  const pair = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(await onCode(code, name.trim() || guessedName(navigator.userAgent)));
    setBusy(false);
  };
  const notice = problem || sentence;
  return (
    <main class="page pair" aria-label="Pair this phone">
      <h1>Pair this phone</h1>
      {notice === "" ? null : <p class="notice warning" role="alert">{notice}</p>}
      {problem === "" && (
        <p class="hint">
          <PairingWay />. Scan the QR code that it shows, or type its eight digits here within a minute.
        </p>
      )}
      <form onSubmit={(event) => void pair(event)}>
        <label class="code">Code
          <input inputMode="numeric" autocomplete="one-time-code" pattern="[0-9 ]*" value={shownCode(code)} placeholder="1234 5678"
            onInput={(event) => setCode(event.currentTarget.value.replace(/\D/g, "").slice(0, CODE_LENGTH))} />
        </label>
        <div class="pad">
          {DIGITS.map((key) => (key === "" ? <span key="none" /> : (
            <button key={key} type="button" aria-label={key === "⌫" ? "Delete the last digit" : key} onClick={() => type(key)}>{key}</button>
          )))}
        </div>
        <label>Name of this phone<input value={name} maxLength={32} autocomplete="off" onInput={(event) => setName(event.currentTarget.value)} /></label>
        <button type="submit" class="primary" disabled={code.length < CODE_LENGTH || isBusy}>{isBusy ? "Pairing …" : "Pair"}</button>
      </form>
    </main>
  );
}
