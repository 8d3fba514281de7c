import tseslint from "typescript-eslint";

/** Folder of src -> folders of src that it may import; anything else is an error. */
const MAY_IMPORT = {
  dsp: [],
  params: [],
  hal: [],
  meters: ["params"],
  analysis: ["meters", "params"],
  protocol: ["params"],
  engine: ["hal", "params", "dsp/layout"],
  control: ["hal", "params"],
  config: ["params"],
  files: [],
  server: ["protocol", "params"],
  dashboard: ["protocol", "params"],
  cli: ["params", "hal", "meters", "analysis", "protocol", "engine", "control", "config", "files"],
};

/** No Node, no DOM, no packages. */
const PURE = new Set(["dsp", "params", "hal", "meters", "analysis", "protocol"]);

/** Packages that a folder may use, besides Node's own modules. */
const PACKAGES = {
  files: ["@wasm-audio-decoders/flac", "@wasm-audio-decoders/ogg-vorbis", "mpg123-decoder"],
  server: ["ws", "sirv"],
  dashboard: ["preact", "preact/hooks", "@preact/signals", "uplot"],
};

const CLOCK_AND_CHANCE = {
  "no-restricted-globals": ["error", { name: "Date", message: "pure code is handed the time" }],
  "no-restricted-properties": ["error",
    { object: "Math", property: "random", message: "pure code is handed a seeded generator" }],
};

function importRule(folder) {
  const folders = MAY_IMPORT[folder].map((name) => (name.includes("/") ? `${name}(?:\\.js)?$` : `${name}/`));
  const packages = PACKAGES[folder] ?? [];
  const allowed = [
    ...packages.map((name) => `${name}$`),
    ...(PURE.has(folder) || folder === "dashboard" ? [] : ["node:"]),
    "\\./",
    ...folders.map((name) => `(?:\\.\\./)+${name}`),
    "(?!)",
  ];
  return ["error", { patterns: [{
    regex: `^(?!${allowed.join("|")})`,
    message: `src/${folder} may import only: itself${[...MAY_IMPORT[folder], ...packages].map((n) => `, ${n}`).join("")}`,
  }] }];
}

/** Constructs that allocate or throw have no place in code that runs for each block of sound. */
const IN_REAL_TIME = ":matches(MethodDefinition[key.name=/^(run|process|control)$/], FunctionDeclaration[id.name=/^(run|process)$/])";
const BANNED_IN_REAL_TIME = ["NewExpression", "ArrayExpression", "ObjectExpression", "SpreadElement",
  "ArrowFunctionExpression", "TemplateLiteral", "ThrowStatement", "AwaitExpression", "TryStatement"];

export default tseslint.config(
  { ignores: ["dist/**", "node_modules/**"] },
  { files: ["**/*.ts"], ignores: ["src/dsp/**"], extends: [tseslint.configs.strict] },
  { files: ["**/*.ts"], languageOptions: { parser: tseslint.parser },
    rules: { "max-lines": ["error", 400], "max-params": ["error", 5], eqeqeq: "error", "prefer-const": "error" } },
  // AssemblyScript: its own compiler checks names and types; == on numbers is exact there.
  // Its decorators on functions (@inline) are no TypeScript, so the parser is told to let them pass.
  { files: ["src/dsp/**/*.ts"], languageOptions: { parserOptions: { allowInvalidAST: true } }, rules: { eqeqeq: "off",
    "no-restricted-syntax": ["error", ...BANNED_IN_REAL_TIME.map((name) => ({
      selector: `${IN_REAL_TIME} ${name}`, message: `${name}: the sound path must not allocate or throw` }))] } },
  ...Object.keys(MAY_IMPORT).map((folder) => ({
    files: [`src/${folder}/**/*.{ts,tsx}`],
    rules: { "no-restricted-imports": importRule(folder), ...(PURE.has(folder) ? CLOCK_AND_CHANCE : {}) },
  })),
  { files: ["hw/**/*.ts"], rules: { "no-restricted-imports": ["error", { patterns: [
    { regex: "/src/(?!(?:hal|params)/)", message: "hw may import of src only hal and params" }] }] } },
  { files: ["src/*/**/*.ts"], ignores: ["src/bin/**"], rules: { "no-restricted-syntax": ["error",
    { selector: "ImportDeclaration[source.value=/(^|\\/)hw\\//]", message: "only src/bin brings src and hw together" }] } },
  { files: ["src/bin/**/*.ts"], rules: { "max-lines": ["error", 80] } },
  { files: ["tests/**/*.ts"], rules: { "@typescript-eslint/no-non-null-assertion": "off" } },
);
