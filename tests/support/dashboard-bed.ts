import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { PARAMETERS } from "../../src/params/table.js";
import type { Values } from "../../src/protocol/messages.js";
import { openControlLink, type ControlLink } from "../../src/server/control-link.js";
import { BoxOnSim } from "./box-on-sim.js";
import { until } from "./until.js";

/** Debian's own browser. */
export const CHROMIUM_PATH = "/usr/bin/chromium";
/** It asks nobody for anything. */
const CHROMIUM = {
  executablePath: CHROMIUM_PATH,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
};

/** A small phone held upright, and a screen beside the desk. */
export const SIZES = {
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1280, height: 800 } },
} as const;
export type Size = keyof typeof SIZES;

/** A port that stays the same when the web process is started again. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Milliseconds from now until a page first shows what a selector finds, as the page itself saw it. */
export async function msUntil(page: Page, selector: string): Promise<number> {
  const startMs = Date.now();
  return await page.evaluate(`new Promise((resolve) => {
    const look = () => document.querySelector(${JSON.stringify(selector)}) !== null && (observer.disconnect(), resolve(Date.now()));
    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    look();
  })`) as number - startMs;
}

/** The real box and web processes on the simulated board, and a browser to look at their page. */
export class DashboardBed {
  /** What the pages wrote to their consoles as errors, a refused policy among them. */
  readonly complaints: string[] = [];
  readonly box: BoxOnSim;
  readonly browser: Browser;
  link: ControlLink | undefined;

  private constructor(box: BoxOnSim, browser: Browser) {
    this.box = box;
    this.browser = browser;
  }

  /** Starts all; `mixer` is what sounds at the input, `recorder` the file that the recorder at the output writes, `config` over that of the tests. */
  static async start(folder: string, mixer = "programme", recorder: string | null = null, config: Readonly<Record<string, unknown>> = {}): Promise<DashboardBed> {
    const box = new BoxOnSim(folder, { simulation: { mixer, recorder }, ...config });
    box.spawn("start", "--port", String(await freePort()));
    await until(() => /http:\/\/localhost:\d+\/#[A-Z2-7]{26}/.test(box.log), 60);
    await box.untilSound();
    const bed = new DashboardBed(box, await chromium.launch(CHROMIUM));
    bed.link = await openControlLink({ path: box.environment["LACQUER_SOCKET"] ?? "", source: "test" });
    return bed;
  }

  /** The address of the page without its key, and the key. */
  get address(): { readonly url: string; readonly key: string; readonly port: number } {
    const [, port = "", key = ""] = /http:\/\/localhost:(\d+)\/#([A-Z2-7]{26})/.exec(this.box.log) ?? [];
    return { url: `http://localhost:${port}/`, key, port: Number(port) };
  }

  /** The way to the box that no phone has. */
  get control(): ControlLink {
    if (this.link === undefined) throw new Error("The box is not connected.");
    return this.link;
  }

  /** Opens the control socket anew, after the box was started again. */
  async reconnect(): Promise<void> {
    this.link = await openControlLink({ path: this.box.environment["LACQUER_SOCKET"] ?? "", source: "test" });
  }

  /** A browser of its own, as another phone has one. */
  async phone(size: Size = "phone"): Promise<BrowserContext> {
    return await this.browser.newContext(SIZES[size]);
  }

  /** A page of `context` at what is behind `hash`. */
  async open(context: BrowserContext, hash = ""): Promise<Page> {
    const page = await context.newPage();
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    // That a phone was paired is told to all, above what a test may want to touch.
    await page.addLocatorHandler(page.locator(".notice", { hasText: "is paired" }).getByRole("button", { name: "Dismiss" }), async (dismiss) => {
      // It goes by itself as well.
      await dismiss.first().click({ timeout: 1000 }).catch(() => undefined);
    }, { noWaitAfter: true });
    await page.goto(this.address.url + hash);
    return page;
  }

  /** A page of a new phone, paired by the address that holds the key; `before` runs in it ahead of its own scripts. */
  async paired(size: Size = "phone", before?: () => void): Promise<Page> {
    const context = await this.phone(size);
    if (before !== undefined) await context.addInitScript(before);
    const page = await this.open(context, `#${this.address.key}`);
    await page.getByRole("status").filter({ hasText: "Live" }).waitFor();
    return page;
  }

  /** The values of parameters as the box holds them: those of `ids`, or all. */
  async held(ids: readonly string[] = PARAMETERS.map(({ id }) => id)): Promise<Values> {
    return (await this.control.command("get", { ids })).values;
  }

  /** Ends all. */
  async stop(): Promise<void> {
    await this.browser.close();
    this.link?.close();
    await this.box.stop();
  }
}
