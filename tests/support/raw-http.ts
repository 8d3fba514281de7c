import { createConnection } from "node:net";

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
}

/** Cuts a stream of answers, each with a content-length, into its answers; one that did not come whole is none. */
function cut(bytes: Buffer): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf("\r\n\r\n", at);
    if (end < 0) break;
    const head = bytes.toString("latin1", at, end).replace(/\r/g, "");
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    if (bytes.length < end + 4 + length) break;
    answers.push({ status: Number(head.split(" ", 2)[1]), head, body: bytes.subarray(end + 4, end + 4 + length) });
    at = end + 4 + length;
  }
  return answers;
}

/** Sends bytes as they are, keeps its own half open, and gives every answer that came before the server ended the connection. */
export async function readAll(port: number, text: string, localAddress?: string): Promise<RawAnswer[]> {
  const socket = createConnection({ port, host: "127.0.0.1", allowHalfOpen: true, ...(localAddress !== undefined && { localAddress }) });
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.write(text);
  await new Promise<void>((resolve) => socket.on("end", resolve).on("close", resolve).on("error", () => undefined));
  socket.destroy();
  return cut(Buffer.concat(chunks));
}
