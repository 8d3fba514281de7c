import { signal } from "@preact/signals";
import { STAGES, type StageId } from "../protocol/meter-snapshot.js";

/** Pages of the dashboard, in the order of their tabs. */
export const PAGES = ["meters", "chain", "ears", "compare", "box"] as const;
export type PageName = (typeof PAGES)[number];

/** What is shown: a page, and on the chain's a stage that is open. */
export interface Route {
  readonly page: PageName;
  readonly stage: StageId | null;
}

/** Reads what is behind the # of an address; anything unknown is the first page. */
export function readRoute(hash: string): Route {
  const [name, stageName] = hash.replace(/^#/, "").split("/");
  const page = PAGES.find((known) => known === name) ?? "meters";
  const stage = page === "chain" ? STAGES.find((known) => known === stageName) ?? null : null;
  return { page, stage };
}

/** What is shown now. */
export const route = signal<Route>({ page: "meters", stage: null });

/** Shows a page, or a stage of the chain. */
export function go(page: PageName, stage: StageId | null = null): void {
  const now = route.peek();
  if (now.page === page && now.stage === stage) return;
  const hash = stage === null ? `#${page}` : `#${page}/${stage}`;
  history.pushState(null, "", hash);
  route.value = { page, stage };
  scrollTo(0, 0);
}

/** Follows the address, and the phone's way back. */
export function startRoute(): void {
  const follow = (): void => void (route.value = readRoute(location.hash));
  follow();
  addEventListener("popstate", follow);
}
