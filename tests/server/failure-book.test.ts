import { describe, expect, it } from "vitest";
import { FailureBook } from "../../src/server/failure-book.js";

function create(): { book: FailureBook; clock: { nowMs: number } } {
  const clock = { nowMs: 0 };
  return { book: new FailureBook(() => clock.nowMs), clock };
}

describe("the book of failures", () => {
  it("lets an address begin 60 times a minute; those that were refused do not make it wait longer", () => {
    const { book, clock } = create();
    for (let n = 0; n < 60; n++) expect(book.begin("10.0.0.1")).toBe(true);
    for (clock.nowMs = 1; clock.nowMs < 60_000; clock.nowMs += 500) expect(book.begin("10.0.0.1")).toBe(false);
    clock.nowMs = 60_001;
    expect(book.begin("10.0.0.1")).toBe(true);
  });

  it("does not count those that were proved: 500 returns of paired phones in a minute are no attack", () => {
    const { book } = create();
    for (let n = 0; n < 500; n++) {
      expect(book.begin("10.0.0.1")).toBe(true);
      book.forgive("10.0.0.1");
    }
  });

  it("counts an attacker's /64 of IPv6 as one address", () => {
    const { book } = create();
    for (let n = 0; n < 10; n++) book.fail(`2001:db8:0:1::${n}`);
    expect(book.begin("2001:db8:0:1:ffff::1")).toBe(false);
    expect(book.begin("2001:db8:0:2::1")).toBe(true);
  });
});
