import { useEffect, useState } from "preact/hooks";
import { PAIR_BUTTON_PATH, type PairButton } from "../../protocol/phones.js";
import { byButton } from "../text.js";

/** Says how the box is opened to a phone, as the beginning of a sentence: by its button where it has one, and by its console. */
export function PairingWay() {
  const [button, setButton] = useState<PairButton | null>(null);
  useEffect(() => {
    // Without an answer the console is named alone, which every box has.
    fetch(PAIR_BUTTON_PATH).then(async (answer) => setButton((await answer.json() as { readonly button: PairButton | null }).button)).catch(() => undefined);
  }, []);
  return <>{button === null ? "Run" : `${byButton(button)}, or run`} <code>lacquer pair</code> on the console of the box</>;
}
