/** A configuration file that cannot be used. The message names the file, the line and what to do. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  /** @param line - 1 for the first line; undefined when the fault is of the file as a whole. */
  constructor(readonly file: string, readonly line: number | undefined, readonly problem: string, options?: ErrorOptions) {
    super(line === undefined ? `${file}: ${problem}` : `${file}:${line}: ${problem}`, options);
  }
}
