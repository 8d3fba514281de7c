import { ConfigError } from "./config-error.js";

/** A value of a JSON text that knows the line on which it begins. */
export type JsonNode =
  | { readonly kind: "object"; readonly line: number; readonly members: ReadonlyMap<string, JsonNode> }
  | { readonly kind: "array"; readonly line: number; readonly items: readonly JsonNode[] }
  | { readonly kind: "scalar"; readonly line: number; readonly value: string | number | boolean | null };

/** Deepest nesting; more is no configuration, and would end in a stack overflow. */
const MAX_DEPTH = 16;

const TOKEN = /[{}[\],:]|"(?:[^"\\\u0000-\u001f]|\\.)*"|[^\s{}[\],:"]+|"/y;
const BLANK = /[ \t\r\n]*/y;

/** Numbers that JSON cannot write, as programs and people write them: each is refused where it stands, with what is allowed there. */
const NOT_FINITE: ReadonlyMap<string, number> = new Map([["NaN", NaN], ["Infinity", Infinity], ["-Infinity", -Infinity]]);

/** Reads JSON (RFC 8259) and keeps the lines; unlike JSON.parse it refuses a key that is given twice, and lets non-finite numbers through. */
class JsonReader {
  readonly #file: string;
  readonly #text: string;
  #at = 0;
  #line = 1;
  #token = "";

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    this.#next();
  }

  read(): JsonNode {
    const node = this.#value(0);
    if (this.#token !== "") this.#fail(`nothing may follow the end, but ${this.#token} does.`);
    return node;
  }

  #fail(problem: string): never {
    throw new ConfigError(this.#file, this.#line, `This is not JSON: ${problem}`);
  }

  /** Steps to the next token, "" at the end. */
  #next(): void {
    BLANK.lastIndex = this.#at;
    const blank = BLANK.exec(this.#text)?.[0] ?? "";
    this.#line += blank.split("\n").length - 1;
    TOKEN.lastIndex = this.#at += blank.length;
    this.#token = TOKEN.exec(this.#text)?.[0] ?? "";
    if (this.#token === "" && this.#at < this.#text.length) this.#fail("there is an invisible character.");
    this.#at += this.#token.length;
  }

  #expect(token: string): void {
    if (this.#token !== token) this.#fail(`expected ${token} but found ${this.#token || "the end of the file"}.`);
    this.#next();
  }

  #value(depth: number): JsonNode {
    if (depth > MAX_DEPTH) this.#fail(`more than ${MAX_DEPTH} levels.`);
    if (this.#token === "{") return this.#object(depth);
    if (this.#token === "[") return this.#array(depth);
    const line = this.#line;
    return { kind: "scalar", line, value: this.#scalar() };
  }

  #scalar(): string | number | boolean | null {
    const token = this.#token;
    let value: unknown = NOT_FINITE.get(token);
    try {
      value ??= JSON.parse(token);
    } catch {
      this.#fail(`${token || "the end of the file"} is no value; write a number, true, false or a text in double quotes.`);
    }
    this.#next();
    return value as string | number | boolean | null;
  }

  #object(depth: number): JsonNode {
    const line = this.#line;
    const members = new Map<string, JsonNode>();
    this.#expect("{");
    while (this.#token !== "}") {
      if (members.size > 0) this.#expect(",");
      if (!this.#token.startsWith("\"")) this.#fail(`expected a key in double quotes but found ${this.#token || "the end of the file"}.`);
      const keyLine = this.#line;
      const key = String(this.#scalar());
      if (members.has(key)) throw new ConfigError(this.#file, keyLine, `"${key}" is given twice; keep one.`);
      this.#expect(":");
      members.set(key, this.#value(depth + 1));
    }
    this.#expect("}");
    return { kind: "object", line, members };
  }

  #array(depth: number): JsonNode {
    const line = this.#line;
    const items: JsonNode[] = [];
    this.#expect("[");
    while (this.#token !== "]") {
      if (items.length > 0) this.#expect(",");
      items.push(this.#value(depth + 1));
    }
    this.#expect("]");
    return { kind: "array", line, items };
  }
}

/** Parses the JSON `text` of `file`; throws a ConfigError with the line of the first fault. Numbers may be NaN or infinite: whoever uses them says what is allowed. */
export function parseJson(file: string, text: string): JsonNode {
  return new JsonReader(file, text.startsWith("\uFEFF") ? text.slice(1) : text).read();
}

/** The plain value of a node: objects, arrays, scalars. */
export function plainValue(node: JsonNode): unknown {
  switch (node.kind) {
    case "object":
      return Object.fromEntries([...node.members].map(([key, member]) => [key, plainValue(member)]));
    case "array":
      return node.items.map(plainValue);
    case "scalar":
      return node.value;
  }
}
