import { ConfigError } from "./config-error.js";
import { plainValue, type JsonNode } from "./json-source.js";
import { written } from "./rules.js";

/** A document with its version. */
export type Document = JsonNode & { readonly kind: "object" };

/** Turns a document of one version into one of the next. The lines of its nodes stay those of the file. */
export type Migration = (document: Document) => Document;

/**
 * Brings a document to the version of this program, which is one more than there are `steps`; the first step takes
 * version 1. Only the copy in memory changes: the file stays as it is.
 *
 * @throws ConfigError when the document is no object, has no version, or has one that this program does not know
 */
export function migrate(file: string, node: JsonNode, steps: readonly Migration[]): Document {
  const current = steps.length + 1;
  if (node.kind !== "object") throw new ConfigError(file, node.line, "the file must hold an object in braces.");
  const member = node.members.get("version");
  if (!member) throw new ConfigError(file, node.line, `the file lacks its version; write "version": ${current}.`);
  const version = plainValue(member);
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) {
    throw new ConfigError(file, member.line, `version is ${written(version)}; allowed ${current === 1 ? "1" : `1 to ${current}`}.`);
  }
  if (version > current) {
    throw new ConfigError(file, member.line,
      `version is ${version}: a newer Lacquer wrote this file. This one reads up to version ${current}; update it, or set the file aside.`);
  }
  return steps.slice(version - 1).reduce<Document>((document, step) => step(document), node);
}
