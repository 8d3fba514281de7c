import { dirname, relative, resolve, sep } from "node:path";

/** Folder of src -> what of src it may import beside itself; anything else is an error. */
const MAY_IMPORT = {
  dsp: [],
  params: [],
  hal: [],
  meters: ["params"],
  analysis: ["meters", "params"],
  protocol: ["params", "hal"],
  engine: ["hal", "params", "dsp/layout"],
  control: ["hal", "params"],
  config: ["params", "hal"],
  files: ["analysis/fft"],
  server: ["protocol", "params"],
  dashboard: ["protocol", "params"],
  box: ["params", "hal", "meters", "analysis", "protocol", "engine", "control", "config", "files", "server"],
  cli: ["params", "hal", "meters", "analysis", "protocol", "engine", "control", "config", "files", "server/control-link"],
};

/** No Node, no DOM. */
export const PURE = ["dsp", "params", "hal", "meters", "analysis", "protocol"];

const NO_NODE = new Set([...PURE, "dashboard"]);

/** Packages that a folder may use, besides Node's own modules. */
const PACKAGES = {
  // Pure themselves: no Node, no DOM, no randomness that is not handed in.
  protocol: ["@noble/ciphers/chacha.js", "@noble/ciphers/utils.js", "@noble/curves/ed25519.js", "@noble/curves/utils.js", "@noble/hashes/hkdf.js",
    "@noble/hashes/hmac.js", "@noble/hashes/sha2.js", "@noble/hashes/utils.js"],
  files: ["@wasm-audio-decoders/flac", "@wasm-audio-decoders/ogg-vorbis", "mpg123-decoder"],
  server: ["ws"],
  box: ["uqr"],
  cli: ["ws", "uqr"],
  dashboard: ["preact", "preact/hooks", "@preact/signals", "uplot"],
};

const ROOT = resolve(import.meta.dirname, "..");

/** Path below the root of the project, with slashes and without the ending of a source file. */
function projectPath(path) {
  return relative(ROOT, path).split(sep).join("/").replace(/\.(ts|tsx|js)$/, "");
}

/** What is wrong with an import of `source` by `file`, or undefined. */
function objection(file, source) {
  const [top, folder] = projectPath(file).split("/");
  if (top === "src" && folder === "bin") return undefined;
  const target = source.startsWith(".") ? projectPath(resolve(dirname(file), source)) : undefined;
  if (top === "hw") {
    if (target === undefined || /^(hw|src\/hal|src\/params)\//.test(target)) return undefined;
    return "hw may import of src only hal and params";
  }
  const folders = MAY_IMPORT[folder];
  if (folders === undefined) return `src/${folder} is no folder that the import table knows`;
  const packages = PACKAGES[folder] ?? [];
  const isAllowed = target === undefined
    ? packages.includes(source) || (source.startsWith("node:") && !NO_NODE.has(folder))
    : [folder, ...folders].some((name) => target === `src/${name}` || target.startsWith(`src/${name}/`));
  return isAllowed ? undefined : `src/${folder} may import only: ${["itself", ...folders, ...packages].join(", ")}`;
}

/** Holds every kind of import to the table: static, type-only, dynamic, re-exported, `import("x")` types and require. */
export const importTable = {
  create(context) {
    const check = (node, source) => {
      if (!source) return;
      const problem = typeof source.value === "string"
        ? objection(context.filename, source.value)
        : "the name of an import must be a plain text, so that it can be checked";
      if (problem !== undefined) context.report({ node, message: problem });
    };
    const ofSource = (node) => check(node, node.source);
    return {
      ImportDeclaration: ofSource,
      ExportNamedDeclaration: ofSource,
      ExportAllDeclaration: ofSource,
      ImportExpression: ofSource,
      TSImportType: (node) => check(node, node.source ?? node.argument.literal),
      TSExternalModuleReference: (node) => check(node, node.expression),
      "CallExpression[callee.name='require']": (node) => check(node, node.arguments[0]),
    };
  },
};
