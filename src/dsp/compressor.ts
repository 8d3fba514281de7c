import { Dynamics } from "./dynamics";
import {
  COMPRESSOR_DYNAMICS,
  COMPRESSOR_SIDECHAIN_HIGHPASS_HZ,
  READOUT_COMPRESSOR_POWER,
  READOUT_COMPRESSOR_REDUCTION_DB,
} from "./layout";
import { param, readoutPeak } from "./memory";
import { Stage } from "./stage";

/** Whole-band compressor, which listens through a high-pass so that the bass does not pull the mix down. */
export class Compressor extends Stage {
  private dynamics: Dynamics = new Dynamics(COMPRESSOR_DYNAMICS);

  prepare(sampleRateHz: f64): void {
    this.dynamics.prepare(sampleRateHz);
  }

  reset(): void {
    this.dynamics.reset();
  }

  control(): void {
    readoutPeak(READOUT_COMPRESSOR_REDUCTION_DB, this.dynamics.takeReductionDb());
    readoutPeak(READOUT_COMPRESSOR_POWER, this.dynamics.takePower());
    this.dynamics.listenAbove(param(COMPRESSOR_SIDECHAIN_HIGHPASS_HZ));
    this.dynamics.control(true);
  }

  run(io: usize, frames: i32): void {
    this.dynamics.run(io, frames);
  }
}
