import { WebSocket } from "ws";
import { controlSocketPlaces } from "../config/folders.js";
import {
  PROTOCOL_VERSION, type AnswerMessage, type BoxMessage, type CommandError, type CommandName, type Commands, type WelcomeMessage,
} from "../protocol/messages.js";
import type { Terminal } from "./terminal.js";

/** A connection to the running box. */
export interface BoxLink {
  readonly welcome: WelcomeMessage;
  /** Gives a command and waits for its answer; rejects with a BoxError when the box refuses or goes away. */
  command<Name extends CommandName>(name: Name, input: Commands[Name]["in"]): Promise<Commands[Name]["out"]>;
  /** Hands over every message that is no answer. */
  listen(listener: (message: BoxMessage) => void): void;
  /** Settles when the connection has ended, by whomever. */
  readonly closed: Promise<void>;
  close(): void;
}

/** The box refused a command, cannot be reached or went away; the message is for the user. */
export class BoxError extends Error {
  override readonly name = "BoxError";
  constructor(readonly code: CommandError["code"] | "notRunning", message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

const NOT_RUNNING = "The box is not running: start it with npm start.";
const GONE = "The box has ended, or closed the connection.";
const CONNECT_MS = 3000;

/** Runs `use` with a connection to the box, closes it, and gives what `use` gave. */
export async function withBox<T>(terminal: Terminal, use: (box: BoxLink) => Promise<T>): Promise<T> {
  const box = await openBoxLink(controlSocketPlaces(terminal.environment ?? {}));
  try {
    return await use(box);
  } finally {
    box.close();
  }
}

/** Connects to the first of `places` where a box listens. */
async function openBoxLink(places: readonly string[]): Promise<BoxLink> {
  for (const path of places) {
    try {
      return await connect(path);
    } catch (error) {
      // No socket, or one that a box left behind: perhaps there is one at the next place.
      if (!["ENOENT", "ECONNREFUSED"].includes((error as NodeJS.ErrnoException).code ?? "")) throw reasonOf(error as Error, path);
    }
  }
  throw new BoxError("notRunning", NOT_RUNNING);
}

function reasonOf(error: NodeJS.ErrnoException, path: string): BoxError {
  if (error instanceof BoxError) return error;
  if (error.code === "EACCES") return new BoxError("failed", `This user may not speak to the box at ${path}: be of its group, or use sudo.`, { cause: error });
  return new BoxError("failed", `The box at ${path} cannot be reached (${error.code ?? error.message}).`, { cause: error });
}

/** Connects to the box at `path` and waits for its welcome. */
function connect(path: string): Promise<BoxLink> {
  const socket = new WebSocket(`ws+unix:${path}:/`, { handshakeTimeout: CONNECT_MS, perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new BoxError("failed", `The box at ${path} does not answer. lacquer doctor says more.`));
      socket.terminate();
    }, CONNECT_MS);
    socket.once("error", reject);
    socket.once("close", () => reject(new BoxError("failed", GONE)));
    socket.once("message", (data) => {
      clearTimeout(late);
      const welcome = JSON.parse(String(data)) as WelcomeMessage;
      if (welcome.protocol === PROTOCOL_VERSION) resolve(new SocketLink(socket, welcome));
      else reject(new BoxError("failed", `The box runs version ${welcome.version}, which this program does not understand: use the same version.`));
    });
    socket.once("close", () => clearTimeout(late));
  });
}

type Answered = { readonly resolve: (result: unknown) => void; readonly reject: (error: BoxError) => void };

/** The box behind a WebSocket. What it sends is trusted: it is the same program, and the socket belongs to its user. */
class SocketLink implements BoxLink {
  readonly welcome: WelcomeMessage;
  readonly closed: Promise<void>;
  readonly #socket: WebSocket;
  readonly #asked = new Map<number, Answered>();
  readonly #listeners = new Set<(message: BoxMessage) => void>();
  #nextId = 1;

  constructor(socket: WebSocket, welcome: WelcomeMessage) {
    this.#socket = socket;
    this.welcome = welcome;
    socket.on("message", (data) => this.#take(JSON.parse(String(data)) as BoxMessage));
    socket.on("error", () => socket.terminate());
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        for (const { reject } of this.#asked.values()) reject(new BoxError("notRunning", GONE));
        this.#asked.clear();
        resolve();
      });
    });
  }

  command<Name extends CommandName>(name: Name, input: Commands[Name]["in"]): Promise<Commands[Name]["out"]> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (this.#socket.readyState !== WebSocket.OPEN) {
        reject(new BoxError("notRunning", GONE));
        return;
      }
      this.#asked.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#socket.send(JSON.stringify({ id, command: name, ...input }));
    });
  }

  listen(listener: (message: BoxMessage) => void): void {
    this.#listeners.add(listener);
  }

  close(): void {
    this.#socket.terminate();
  }

  #take(message: BoxMessage): void {
    if (message.type === "answer") this.#answer(message);
    else for (const listener of this.#listeners) listener(message);
  }

  #answer(message: AnswerMessage): void {
    const asked = this.#asked.get(message.id ?? NaN);
    this.#asked.delete(message.id ?? NaN);
    if (message.ok) asked?.resolve(message.result);
    else asked?.reject(new BoxError(message.error.code, message.error.sentence));
  }
}
