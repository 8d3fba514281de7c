import { createConnection, type Socket } from "node:net";

/** Connections of a crowd: each comes from another address of this machine. */
export class HostileCrowd {
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  #count = 0;

  constructor(port: number) {
    this.#port = port;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Connects and sends bytes as they are; takes in whatever comes, and gives its first line at the end. */
  send(...pieces: (string | Uint8Array)[]): Promise<string> {
    const { socket, ended } = this.connect();
    for (const piece of pieces) socket.write(piece);
    return ended;
  }

  /** Connects, and keeps its own half open. */
  connect(): { readonly socket: Socket; readonly ended: Promise<string> } {
    const n = this.#count++;
    const localAddress = `127.${1 + ((n >> 15) & 63)}.${(n >> 7) & 255}.${1 + (n & 127)}`;
    const socket = createConnection({ port: this.#port, host: "127.0.0.1", localAddress, allowHalfOpen: true });
    this.#sockets.add(socket);
    let heard = "";
    socket.on("data", (data: Buffer) => {
      heard ||= data.toString("latin1");
      // A frame that closes: whoever has it goes, as a browser does.
      if (data.includes(0x88)) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("end", () => socket.destroy());
    const ended = new Promise<string>((resolve) => socket.on("close", () => {
      this.#sockets.delete(socket);
      resolve(heard.split("\r\n", 1)[0] ?? "");
    }));
    return { socket, ended };
  }

  /** Ends all. */
  end(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** The head of a request for a WebSocket that is let in. */
export function upgradeHead(port: number): string {
  return `GET /live HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`
    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
}

/** A frame as RFC 6455, 5.2 has it, whatever is in it: first byte, masked or not, its length as it says, and its bytes. */
export function frame(first: number, bytes: Uint8Array, { isMasked = true, length = bytes.length }: { readonly isMasked?: boolean; readonly length?: number } = {}): Buffer {
  const mask = isMasked ? 0x80 : 0;
  const head = length < 126 ? Buffer.from([first, mask | length])
    : length < 65_536 ? Buffer.from([first, mask | 126, length >> 8, length & 255])
      : Buffer.from([first, mask | 127, ...Buffer.from(length.toString(16).padStart(16, "0"), "hex")]);
  // Masked with zeros, the bytes are as they were.
  return Buffer.concat([head, isMasked ? Buffer.alloc(4) : Buffer.alloc(0), bytes]);
}
