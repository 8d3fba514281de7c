import {
  ASYMMETRIC_MATCHERS_OBJECT, chai, customMatchers, GLOBAL_EXPECT, JestAsymmetricMatchers, JestChaiExpect, JestExtend, setState,
} from "@vitest/expect";

/**
 * The part of vitest that the contract suites use, for a machine that is too slow for the whole: tests run one after the
 * other in this process, and what became of each is a line. The matchers are vitest's own.
 */

/** What became of a test. */
export interface TestResult {
  /** Names of the suites and the test, with " > " between. */
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  /** Why it failed or was skipped. */
  readonly reason?: string;
}

/** What a test is handed. */
interface TestContext {
  readonly skip: (reason: string) => never;
}
type Body = (context: TestContext) => unknown;
type Hook = () => unknown;

interface Suite {
  readonly name: string;
  readonly before: Hook[];
  readonly after: Hook[];
}

class Skipped extends Error {}

/** A test that waits for so long waits for ever. */
const PATIENCE_MS = 60_000;

const path: Suite[] = [];
const tests: { readonly name: string; readonly suites: readonly Suite[]; readonly body: Body }[] = [];

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

/** Vitest's `expect`. */
export const expect = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  chai.expect, (globalThis as Record<symbol, object>)[ASYMMETRIC_MATCHERS_OBJECT],
);
Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect });
setState({ assertionCalls: 0 }, expect as never);
(chai.expect as unknown as { readonly extend: (expect: object, matchers: object) => void }).extend(expect, customMatchers);

/** A group of tests. */
export function describe(name: string, define: () => void): void {
  path.push({ name, before: [], after: [] });
  define();
  path.pop();
}

/** Runs before each test of the group. */
export function beforeEach(hook: Hook): void {
  path.at(-1)?.before.push(hook);
}

/** Runs after each test of the group. */
export function afterEach(hook: Hook): void {
  path.at(-1)?.after.unshift(hook);
}

function define(name: string, body: Body): void {
  tests.push({ name: [...path, { name }].map((part) => part.name).join(" > "), suites: [...path], body });
}

/** The name of a case: %i, %s and %j are the members of the case in turn. */
function nameOf(pattern: string, values: readonly unknown[]): string {
  let next = 0;
  return pattern.replaceAll(/%[isj]/g, (mark) => mark === "%j" ? JSON.stringify(values[next++]) : String(values[next++]));
}

const listOf = (each: unknown): readonly unknown[] => (Array.isArray(each) ? each : [each]);

/** A test, and tests of the same body with several cases. */
export const it = Object.assign(define, {
  each: (cases: readonly unknown[]) => (name: string, body: (...values: unknown[]) => unknown): void => {
    for (const each of cases) define(nameOf(name, listOf(each)), () => body(...listOf(each)));
  },
  for: (cases: readonly unknown[]) => (name: string, body: (each: unknown, context: TestContext) => unknown): void => {
    for (const each of cases) define(nameOf(name, listOf(each)), (context) => body(each, context));
  },
});

async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function run(suites: readonly Suite[], body: Body): Promise<void> {
  const skip = (reason: string): never => {
    throw new Skipped(reason);
  };
  let isReady = false;
  try {
    for (const { before } of suites) for (const hook of before) await hook();
    isReady = true;
    await body({ skip });
  } finally {
    // What was not set up cannot be taken down, and says nothing of why.
    if (isReady) for (const { after } of [...suites].reverse()) for (const hook of after) await hook();
  }
}

/** Runs all tests that were told, and hands over what became of each. */
export async function runTests(tell: (result: TestResult) => void): Promise<void> {
  for (const { name, suites, body } of tests) {
    try {
      await inTime(run(suites, body));
      tell({ name, outcome: "passed" });
    } catch (error) {
      if (error instanceof Skipped) tell({ name, outcome: "skipped", reason: error.message });
      else tell({ name, outcome: "failed", reason: error instanceof Error ? error.stack ?? error.message : String(error) });
    }
  }
}
