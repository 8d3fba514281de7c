import { box } from "../box.js";
import { PairPage } from "./pair-page.js";
import { Shell } from "./shell.js";

interface AppProps {
  /** Pairs this phone by a code; answers why that failed, or "". */
  readonly onCode: (code: string, name: string) => Promise<string>;
}

/** The page: the dashboard, or what lets this phone in. */
export function App({ onCode }: AppProps) {
  return box.phase.value === "unpaired" ? <PairPage sentence={box.trouble.value} onCode={onCode} /> : <Shell />;
}
