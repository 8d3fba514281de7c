import type { PanelDeed, SimPanel } from "./sim-panel.js";

/** What another process asks of the simulated panel: to do something, or to be told what is seen. */
export type PanelOrder = { readonly panel: PanelDeed } | { readonly panel: "look" };

/** Lets the process that started this one be the hands and eyes at the panel, over the channel between the two. */
export function takeOrders(panel: SimPanel): void {
  process.on("message", (order: Partial<PanelOrder>) => {
    if (order.panel === "look") process.send?.({ panel: panel.sight });
    else if (order.panel !== undefined) panel.do(order.panel);
  });
}
