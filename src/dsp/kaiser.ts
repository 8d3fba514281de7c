/** Kaiser-windowed sinc at time `t` in samples; zero from +-taps/2 on. */
export function kaiserSinc(t: f64, taps: f64, beta: f64): f64 {
  const x = (2.0 * t) / taps;
  if (Math.abs(x) >= 1.0) return 0.0;
  const sinc = t == 0.0 ? 1.0 : Math.sin(Math.PI * t) / (Math.PI * t);
  return (sinc * besselI0(beta * Math.sqrt(1.0 - x * x))) / besselI0(beta);
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
export function besselI0(x: f64): f64 {
  let sum: f64 = 1;
  let term: f64 = 1;
  for (let k = 1; k < 60; k++) {
    term *= ((x / 2.0) * (x / 2.0)) / (<f64>k * <f64>k);
    sum += term;
  }
  return sum;
}
