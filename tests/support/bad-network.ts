import { once } from "node:events";
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** A network between a phone and the web process that can stall and break; it keeps the order of what it carries. */
export class BadNetwork {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();

  /** @param port - where what comes is carried to */
  constructor(port: number) {
    this.#server = createServer((phone) => {
      const web = createConnection(port, "127.0.0.1");
      const pair = [phone, web] as const;
      this.#pairs.add(pair);
      for (const [from, to] of [pair, [web, phone] as const]) {
        from.pipe(to);
        from.on("error", () => undefined);
        from.on("close", () => {
          to.destroy();
          this.#pairs.delete(pair);
        });
      }
    });
  }

  /** Begins to carry. Returns the port for phones. */
  async open(): Promise<number> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  /** Carries nothing more in either direction, until `resume`. */
  stall(): void {
    for (const [phone, web] of this.#pairs) {
      phone.unpipe(web).pause();
      web.unpipe(phone).pause();
    }
  }

  /** Carries what was held back, and goes on. */
  resume(): void {
    for (const [phone, web] of this.#pairs) {
      phone.pipe(web);
      web.pipe(phone);
    }
  }

  /** Breaks every connection, without a goodbye. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  /** Ends. */
  close(): void {
    this.cut();
    this.#server.close();
  }
}
