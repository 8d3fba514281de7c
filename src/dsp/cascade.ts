import { Biquad } from "./biquad";

/**
 * Runs sections in series. Where two in a row stand still they share one loop: a single recurrence waits for its own
 * last result most of the time, and two overlap.
 */
export class Cascade {
  private readonly sections: Array<Biquad> = new Array<Biquad>();
  private readonly awake: Array<Biquad> = new Array<Biquad>();
  private count: i32 = 0;

  /** Appends a section at the end. Only while constructing. */
  add(section: Biquad): void {
    this.sections.push(section);
    this.awake.push(section);
  }

  /** Begins a control period of all sections. */
  step(): void {
    this.count = 0;
    for (let i = 0; i < this.sections.length; i++) {
      const section = this.sections[i];
      section.step();
      if (!section.resting) this.awake[this.count++] = section;
    }
  }

  run(io: usize, frames: i32): void {
    let i = 0;
    while (i < this.count) {
      const section = this.awake[i++];
      if (section.priming) section.prime(io, frames);
      else if (section.plain && i < this.count && this.awake[i].plain) runTwo(io, frames, section, this.awake[i++]);
      else section.run(io, frames);
    }
  }
}

/** The part of a section's difference that does not depend on its own past. */
function forward(section: Biquad, x: v128, u1: v128, u2: v128): v128 {
  const older = f64x2.add(f64x2.mul(section.e2, u2), f64x2.mul(section.e1, u1));
  return f64x2.add(older, f64x2.mul(section.e0, x));
}

function runTwo(io: usize, frames: i32, a: Biquad, b: Biquad): void {
  let au1 = a.u1;
  let au2 = a.u2;
  let ad1 = a.d1;
  let ad2 = a.d2;
  let bu1 = b.u1;
  let bu2 = b.u2;
  let bd1 = b.d1;
  let bd2 = b.d2;
  const aa1 = a.a1;
  const aa2 = a.a2;
  const ba1 = b.a1;
  const ba2 = b.a2;
  const end = io + (<usize>frames << 4);
  for (let p = io; p < end; p += 16) {
    let x = v128.load(p);
    let d = f64x2.sub(f64x2.sub(forward(a, x, au1, au2), f64x2.mul(aa2, ad2)), f64x2.mul(aa1, ad1));
    au2 = au1;
    au1 = x;
    ad2 = ad1;
    ad1 = d;
    x = f64x2.add(x, d);
    d = f64x2.sub(f64x2.sub(forward(b, x, bu1, bu2), f64x2.mul(ba2, bd2)), f64x2.mul(ba1, bd1));
    bu2 = bu1;
    bu1 = x;
    bd2 = bd1;
    bd1 = d;
    v128.store(p, f64x2.add(x, d));
  }
  a.u1 = au1;
  a.u2 = au2;
  a.d1 = ad1;
  a.d2 = ad2;
  b.u1 = bu1;
  b.u2 = bu2;
  b.d1 = bd1;
  b.d2 = bd2;
}
