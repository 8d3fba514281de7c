import { ConfigError } from "./config-error.js";

/** What is wrong in a configuration file, in the order of its lines. */
export class Findings {
  readonly #file: string;
  readonly #errors: ConfigError[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** Takes a fault down. */
  readonly report = (line: number | undefined, problem: string): void => {
    this.#errors.push(new ConfigError(this.#file, line, problem));
  };

  /** Runs `read`; a ConfigError that it throws becomes a finding, and undefined the result. */
  collect<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.#errors.push(error);
      return undefined;
    }
  }

  get errors(): readonly ConfigError[] {
    return [...this.#errors].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  }
}
