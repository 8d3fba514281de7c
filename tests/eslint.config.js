import tseslint from "typescript-eslint";
import { importTable, PURE } from "./import-rule.js";

const CLOCK_AND_CHANCE = {
  "no-restricted-globals": ["error", { name: "Date", message: "pure code is handed the time" }],
  "no-restricted-properties": ["error",
    { object: "Math", property: "random", message: "pure code is handed a seeded generator" },
    { object: "globalThis", message: "pure code is handed what it needs" }],
};

/** Constructs that allocate or throw have no place in code that runs for each block of sound. */
const IN_REAL_TIME = ":matches(MethodDefinition[key.name=/^(run|process|control)$/], FunctionDeclaration[id.name=/^(run|process)$/])";
/** The sound's loop in JavaScript, and what it calls of a device for each period. */
const LOOP_FILES = ["src/engine/block-loop.ts", "src/engine/load-watch.ts", "src/engine/device-chain.ts"];
const DEVICE_FILES = ["hw/*/*-{audio,relay,stream}.ts", "hw/linux/clock.ts"];
const IN_LOOP = "MethodDefinition[kind='method']";
const IN_DEVICE = "MethodDefinition[key.name=/^(read|write|positions|beat)$/]";
const BANNED_IN_REAL_TIME = ["NewExpression", "ArrayExpression", "ObjectExpression", "SpreadElement",
  "ArrowFunctionExpression", "TemplateLiteral", "ThrowStatement", "AwaitExpression", "TryStatement"];

/** Forbids these constructs below `place`. */
const banned = (place) => ["error", ...BANNED_IN_REAL_TIME.map((name) => ({
  selector: `${place} ${name}`, message: `${name}: the sound path must not allocate or throw` }))];

export default tseslint.config(
  { ignores: ["dist/**", "node_modules/**"] },
  { files: ["**/*.{ts,tsx}"], ignores: ["src/dsp/**"], extends: [tseslint.configs.strict] },
  { files: ["**/*.{ts,tsx}"], languageOptions: { parser: tseslint.parser },
    rules: { "max-lines": ["error", 400], "max-params": ["error", 5], eqeqeq: "error", "prefer-const": "error" } },
  // AssemblyScript: its own compiler checks names and types; == on numbers is exact there.
  // Its decorators on functions (@inline) are no TypeScript, so the parser is told to let them pass.
  { files: ["src/dsp/**/*.ts"], languageOptions: { parserOptions: { allowInvalidAST: true } }, rules: { eqeqeq: "off",
    "no-restricted-syntax": banned(IN_REAL_TIME) } },
  { files: LOOP_FILES, rules: { "no-restricted-syntax": banned(IN_LOOP) } },
  { files: DEVICE_FILES, rules: { "no-restricted-syntax": banned(IN_DEVICE) } },
  { files: ["src/**/*.{js,ts,tsx}", "hw/**/*.{js,ts,tsx}"], plugins: { house: { rules: { imports: importTable } } }, rules: { "house/imports": "error" } },
  { files: PURE.map((folder) => `src/${folder}/**/*.{js,ts}`), rules: CLOCK_AND_CHANCE },
  { files: ["src/bin/**/*.ts"], rules: { "max-lines": ["error", 80] } },
  { files: ["tests/**/*.ts"], rules: { "@typescript-eslint/no-non-null-assertion": "off" } },
);
