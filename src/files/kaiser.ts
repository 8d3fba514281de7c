/**
 * Low-pass filters by the window method: a sinc under a Kaiser window.
 * Reference: Oppenheim and Schafer, Discrete-Time Signal Processing, section 7.5.3.
 */
export interface KaiserDesign {
  /** Attenuation of the stop band in dB, above 50. */
  readonly stopBandDb: number;
  /** Ends of the pass band and start of the stop band, as parts of the sample rate. */
  readonly passEdge: number;
  readonly stopEdge: number;
}

/** Half the length of the impulse response, in frames, rounded up to an even number. */
export function kaiserHalfFrames(design: KaiserDesign): number {
  const transitionRad = 2 * Math.PI * (design.stopEdge - design.passEdge);
  return 2 * Math.ceil((design.stopBandDb - 7.95) / (2.285 * transitionRad) / 4);
}

/** The impulse response at a time in frames from its middle; gain 1 at 0 Hz but for the window's ripple. */
export function kaiserImpulse(design: KaiserDesign): (frames: number) => number {
  const half = kaiserHalfFrames(design);
  const cutOff = design.passEdge + design.stopEdge;
  const beta = 0.1102 * (design.stopBandDb - 8.7);
  const scale = cutOff / besselI0(beta);
  return (frames) => {
    const x = frames / half;
    if (Math.abs(x) >= 1) return 0;
    const angle = Math.PI * cutOff * frames;
    return scale * (angle === 0 ? 1 : Math.sin(angle) / angle) * besselI0(beta * Math.sqrt(1 - x * x));
  };
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function besselI0(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= (x / 2 / k) ** 2;
    sum += term;
  }
  return sum;
}
