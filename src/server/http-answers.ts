import { STATUS_CODES, type OutgoingHttpHeaders, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** What every answer carries: no other site may frame it, load it, or hear of it. */
const SECURITY_HEADERS = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
} as const;

const REFUSAL_HEADERS = {
  ...SECURITY_HEADERS,
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
  "content-type": "text/plain; charset=utf-8",
  connection: "close",
} as const;

/** Headers of the page's files. `host` is name and port under which the page was asked for: older Safari does not count a WebSocket to 'self'. */
export function pageHeaders(host: string): OutgoingHttpHeaders {
  return {
    ...SECURITY_HEADERS,
    "content-security-policy": `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; manifest-src 'self'; connect-src 'self' ws://${host};`
      + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  };
}

/** Answers with an error, a sentence for people, and the end of the connection. */
export function refuse(response: ServerResponse, status: number, sentence: string, more: OutgoingHttpHeaders = {}): void {
  const body = Buffer.from(`${sentence}\n`);
  response.writeHead(status, { ...REFUSAL_HEADERS, ...more, "content-length": body.length }).end(body);
}

/** Answers with what may change at any time, as JSON. */
export function answerJson(response: ServerResponse, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(200, { ...SECURITY_HEADERS, "cache-control": "no-store", "content-type": "application/json", "content-length": body.length }).end(body);
}

/** Answers with a bare error, and ends the connection, where no request could be read or a WebSocket is refused. */
export function refuseSocket(socket: Socket, status: number): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const lines = Object.entries({ ...REFUSAL_HEADERS, "content-length": 0 }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n`);
  // The other side may never close its half.
  socket.destroySoon();
}
