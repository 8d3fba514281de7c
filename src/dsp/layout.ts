/**
 * The memory contract between the WebAssembly chain and its hosts: stage numbers, the parameter block, the
 * readouts and the meter record. AssemblyScript and TypeScript both compile this file; it holds constants only.
 *
 * Parameter block: one f64 a slot. The slot of parameter `compressor.thresholdDb` is the constant
 * `COMPRESSOR_THRESHOLD_DB`; a banded id such as `eq.band3.gainDb` is `EQ_BAND_GAIN_DB + 2 * EQ_BAND_SLOTS`.
 * Switches hold 0 or 1, choices the index of the choice.
 */

/** Frames between two readings of the parameters; counted from `reset`, so block sizes do not matter. */
export const CONTROL_FRAMES = 32;

// Stages, in the order of the chain.
export const STAGE_INPUT = 0;
export const STAGE_FILTERS = 1;
export const STAGE_EQ = 2;
export const STAGE_COMPRESSOR = 3;
export const STAGE_MULTIBAND = 4;
export const STAGE_IMAGER = 5;
export const STAGE_SATURATION = 6;
export const STAGE_LOUDNESS = 7;
export const STAGE_LIMITER = 8;
export const STAGE_DITHER = 9;
export const STAGE_COUNT = 10;
/** Tone stages run from FILTERS to SATURATION; `chain.order` permutes them. */
export const TONE_STAGE_FIRST = STAGE_FILTERS;
export const TONE_STAGE_COUNT = 6;

// chain.*
export const CHAIN_BYPASS = 0;
export const CHAIN_LEVEL_MATCH = 1;
/** Rank (0..719) of the permutation of the tone stages in lexicographic order; 0 is the order above. */
export const CHAIN_ORDER = 2;

// input.*
const INPUT = 3;
export const INPUT_BYPASS = INPUT;
export const INPUT_TRIM_DB = INPUT + 1;
/** 0 normal, 1 left, 2 right, 3 both inverted. */
export const INPUT_POLARITY = INPUT + 2;
export const INPUT_SWAP = INPUT + 3;
export const INPUT_MONO = INPUT + 4;
export const INPUT_DC_BLOCK = INPUT + 5;

// filters.*
const FILTERS = INPUT + 6;
export const FILTERS_BYPASS = FILTERS;
export const FILTERS_HIGHPASS_HZ = FILTERS + 1;
/** 0 off, 1 12 dB/oct, 2 24 dB/oct. */
export const FILTERS_HIGHPASS_SLOPE = FILTERS + 2;
export const FILTERS_LOWPASS_HZ = FILTERS + 3;
export const FILTERS_LOWPASS_SLOPE = FILTERS + 4;

// eq.*
const EQ = FILTERS + 5;
export const EQ_BYPASS = EQ;
export const EQ_BANDS = 8;
export const EQ_BAND_SLOTS = 11;
export const EQ_BAND_ON = EQ + 1;
/** 0 bell, 1 low shelf, 2 high shelf, 3 tilt, 4 notch. */
export const EQ_BAND_TYPE = EQ + 2;
export const EQ_BAND_FREQ_HZ = EQ + 3;
export const EQ_BAND_GAIN_DB = EQ + 4;
export const EQ_BAND_Q = EQ + 5;
/** 0 stereo, 1 mid, 2 side. */
export const EQ_BAND_CHANNEL = EQ + 6;
/** The last two bands (EQ_DYNAMIC_FIRST and the next, counted from 0) can be dynamic. */
export const EQ_DYNAMIC_FIRST = 6;
export const EQ_BAND_DYNAMIC = EQ + 7;
export const EQ_BAND_THRESHOLD_DB = EQ + 8;
export const EQ_BAND_RANGE_DB = EQ + 9;
export const EQ_BAND_ATTACK_MS = EQ + 10;
export const EQ_BAND_RELEASE_MS = EQ + 11;

// compressor.*
const COMPRESSOR = EQ + 1 + EQ_BANDS * EQ_BAND_SLOTS;
export const COMPRESSOR_BYPASS = COMPRESSOR;
// The dynamics parameters: the same order in the compressor and in each band of the multiband compressor.
export const DYNAMICS_THRESHOLD_DB = 0;
export const DYNAMICS_RATIO = 1;
export const DYNAMICS_ATTACK_MS = 2;
export const DYNAMICS_RELEASE_MS = 3;
export const DYNAMICS_AUTO_RELEASE = 4;
export const DYNAMICS_KNEE_DB = 5;
export const DYNAMICS_MAKEUP_DB = 6;
export const DYNAMICS_AUTO_MAKEUP = 7;
/** 0 peak, 1 RMS. */
export const DYNAMICS_DETECTOR = 8;
export const DYNAMICS_LINK_PERCENT = 9;
export const DYNAMICS_MIX_PERCENT = 10;
export const DYNAMICS_SLOTS = 11;

export const COMPRESSOR_DYNAMICS = COMPRESSOR + 1;
export const COMPRESSOR_THRESHOLD_DB = COMPRESSOR_DYNAMICS + DYNAMICS_THRESHOLD_DB;
export const COMPRESSOR_RATIO = COMPRESSOR_DYNAMICS + DYNAMICS_RATIO;
export const COMPRESSOR_ATTACK_MS = COMPRESSOR_DYNAMICS + DYNAMICS_ATTACK_MS;
export const COMPRESSOR_RELEASE_MS = COMPRESSOR_DYNAMICS + DYNAMICS_RELEASE_MS;
export const COMPRESSOR_AUTO_RELEASE = COMPRESSOR_DYNAMICS + DYNAMICS_AUTO_RELEASE;
export const COMPRESSOR_KNEE_DB = COMPRESSOR_DYNAMICS + DYNAMICS_KNEE_DB;
export const COMPRESSOR_MAKEUP_DB = COMPRESSOR_DYNAMICS + DYNAMICS_MAKEUP_DB;
export const COMPRESSOR_AUTO_MAKEUP = COMPRESSOR_DYNAMICS + DYNAMICS_AUTO_MAKEUP;
export const COMPRESSOR_DETECTOR = COMPRESSOR_DYNAMICS + DYNAMICS_DETECTOR;
export const COMPRESSOR_LINK_PERCENT = COMPRESSOR_DYNAMICS + DYNAMICS_LINK_PERCENT;
export const COMPRESSOR_MIX_PERCENT = COMPRESSOR_DYNAMICS + DYNAMICS_MIX_PERCENT;
export const COMPRESSOR_SIDECHAIN_HIGHPASS_HZ = COMPRESSOR_DYNAMICS + DYNAMICS_SLOTS;

// multiband.*
const MULTIBAND = COMPRESSOR_SIDECHAIN_HIGHPASS_HZ + 1;
export const MULTIBAND_BYPASS = MULTIBAND;
/** 0 three bands (crossovers 1 and 2), 1 four bands. */
export const MULTIBAND_BANDS = MULTIBAND + 1;
export const MULTIBAND_CROSSOVER1_HZ = MULTIBAND + 2;
export const MULTIBAND_CROSSOVER2_HZ = MULTIBAND + 3;
export const MULTIBAND_CROSSOVER3_HZ = MULTIBAND + 4;
export const MULTIBAND_MAX_BANDS = 4;
export const MULTIBAND_BAND_SLOTS = DYNAMICS_SLOTS + 2;
export const MULTIBAND_BAND_ON = MULTIBAND + 5;
export const MULTIBAND_BAND_SOLO = MULTIBAND + 6;
export const MULTIBAND_BAND_DYNAMICS = MULTIBAND + 7;
export const MULTIBAND_BAND_THRESHOLD_DB = MULTIBAND_BAND_DYNAMICS + DYNAMICS_THRESHOLD_DB;
export const MULTIBAND_BAND_RATIO = MULTIBAND_BAND_DYNAMICS + DYNAMICS_RATIO;
export const MULTIBAND_BAND_ATTACK_MS = MULTIBAND_BAND_DYNAMICS + DYNAMICS_ATTACK_MS;
export const MULTIBAND_BAND_RELEASE_MS = MULTIBAND_BAND_DYNAMICS + DYNAMICS_RELEASE_MS;
export const MULTIBAND_BAND_AUTO_RELEASE = MULTIBAND_BAND_DYNAMICS + DYNAMICS_AUTO_RELEASE;
export const MULTIBAND_BAND_KNEE_DB = MULTIBAND_BAND_DYNAMICS + DYNAMICS_KNEE_DB;
/** The band's gain: makeup after its compressor, and its level when the compressor is idle. */
export const MULTIBAND_BAND_MAKEUP_DB = MULTIBAND_BAND_DYNAMICS + DYNAMICS_MAKEUP_DB;
export const MULTIBAND_BAND_AUTO_MAKEUP = MULTIBAND_BAND_DYNAMICS + DYNAMICS_AUTO_MAKEUP;
export const MULTIBAND_BAND_DETECTOR = MULTIBAND_BAND_DYNAMICS + DYNAMICS_DETECTOR;
export const MULTIBAND_BAND_LINK_PERCENT = MULTIBAND_BAND_DYNAMICS + DYNAMICS_LINK_PERCENT;
export const MULTIBAND_BAND_MIX_PERCENT = MULTIBAND_BAND_DYNAMICS + DYNAMICS_MIX_PERCENT;

// imager.* (its bands are split at multiband.crossover*Hz)
const IMAGER = MULTIBAND + 5 + MULTIBAND_MAX_BANDS * MULTIBAND_BAND_SLOTS;
export const IMAGER_BYPASS = IMAGER;
export const IMAGER_BAND_SLOTS = 1;
export const IMAGER_BAND_WIDTH_PERCENT = IMAGER + 1;
export const IMAGER_MONO_BASS = IMAGER + 5;
export const IMAGER_MONO_BELOW_HZ = IMAGER + 6;
export const IMAGER_BALANCE_PERCENT = IMAGER + 7;
export const IMAGER_SAFETY = IMAGER + 8;

// saturation.*
const SATURATION = IMAGER + 9;
export const SATURATION_BYPASS = SATURATION;
/** 0 tape, 1 tube, 2 transformer. */
export const SATURATION_CHARACTER = SATURATION + 1;
export const SATURATION_DRIVE_DB = SATURATION + 2;
export const SATURATION_MIX_PERCENT = SATURATION + 3;

// loudness.*
const LOUDNESS = SATURATION + 4;
export const LOUDNESS_BYPASS = LOUDNESS;
export const LOUDNESS_DRIVE_DB = LOUDNESS + 1;
export const LOUDNESS_TARGET_LUFS = LOUDNESS + 2;
export const LOUDNESS_RIDE = LOUDNESS + 3;
export const LOUDNESS_RIDE_RANGE_DB = LOUDNESS + 4;
export const LOUDNESS_RIDE_FREEZE_DB = LOUDNESS + 5;

// limiter.*
const LIMITER = LOUDNESS + 6;
export const LIMITER_BYPASS = LIMITER;
export const LIMITER_CEILING_DBTP = LIMITER + 1;
export const LIMITER_RELEASE_MS = LIMITER + 2;
export const LIMITER_LINK_PERCENT = LIMITER + 3;

// dither.*
const DITHER = LIMITER + 4;
export const DITHER_BYPASS = DITHER;
/** 0 16 bit, 1 20 bit, 2 24 bit. */
export const DITHER_BITS = DITHER + 1;
/** 0 flat TPDF, 1 and 2 noise-shaped TPDF. */
export const DITHER_SHAPE = DITHER + 2;
export const DITHER_AUTO_BLANK = DITHER + 3;

export const PARAMETER_SLOTS = DITHER + 4;

// Readouts: f64 each. Those of the first group are the largest value since the last meter record, or a sum since then.
export const READOUT_EQ_DYNAMIC_DB = 0;
export const READOUT_COMPRESSOR_REDUCTION_DB = 2;
export const READOUT_MULTIBAND_REDUCTION_DB = 3;
export const READOUT_LIMITER_REDUCTION_DB = 7;
/** Largest reduction of the width by the imager's safety, 0..100 %. */
export const READOUT_IMAGER_SAFETY_PERCENT = 8;
/** Largest power that the compressor's detector saw: the square of an amplitude, full scale 1. */
export const READOUT_COMPRESSOR_POWER = 9;
/** Largest magnitude at the way into each stage and out of it; a stage that is bypassed passes it on. */
export const READOUT_STAGE_IN = 10;
export const READOUT_STAGE_OUT = READOUT_STAGE_IN + STAGE_COUNT;
/** Sum over the frames of one minus the gain of the limiter, the mean of both channels. */
export const READOUT_LIMITER_LOSS = READOUT_STAGE_OUT + STAGE_COUNT;
export const READOUT_PEAK_COUNT = READOUT_LIMITER_LOSS + 1;
// The rest hold their value: counters since `reset`.
/** Runs of 3 or more full-scale samples at the chain's input (either channel). */
export const READOUT_INPUT_CLIPS = READOUT_PEAK_COUNT;
/** Samples that the final guard had to clamp at full scale. */
export const READOUT_OUTPUT_CLIPS = READOUT_PEAK_COUNT + 1;
/** Non-finite samples that came in. */
export const READOUT_NONFINITE_INPUT = READOUT_PEAK_COUNT + 2;
/** Times a stage produced a non-finite sample, was muted for a chunk and reset. */
export const READOUT_STAGE_FAULTS = READOUT_PEAK_COUNT + 3;
/** Samples that were not finite at the chain's output, and left it as zeros. Live use only, like all that follow but one. */
export const READOUT_NONFINITE_OUTPUT = READOUT_PEAK_COUNT + 4;
/** Bit n set: stage n was taken out of the chain, because it put out non-finite samples again and again. */
export const READOUT_ISOLATED_STAGES = READOUT_PEAK_COUNT + 5;
/** Gain of the output gate, 0..1. */
export const READOUT_GATE_GAIN = READOUT_PEAK_COUNT + 6;
/** 1 while a constant offset at the output keeps the gate closed. */
export const READOUT_DC_MUTED = READOUT_PEAK_COUNT + 7;
/** Largest magnitude of the last period, as it came in and as it went out. */
export const READOUT_INPUT_PEAK = READOUT_PEAK_COUNT + 8;
export const READOUT_OUTPUT_PEAK = READOUT_PEAK_COUNT + 9;
/** Delay of the chain in frames after the last period. */
export const READOUT_LATENCY_FRAMES = READOUT_PEAK_COUNT + 10;
/** Gain of the dry path, as the level-matched bypass lets it be heard; 1 without matching. */
export const READOUT_MATCH_GAIN = READOUT_PEAK_COUNT + 11;
/** Rank of the order in which the tone stages run at present, as of CHAIN_ORDER. */
export const READOUT_ORDER = READOUT_PEAK_COUNT + 12;
/** Gain of the ride in dB, and the RIDE_* state that says what it does. */
export const READOUT_RIDE_GAIN_DB = READOUT_PEAK_COUNT + 13;
export const READOUT_RIDE_STATE = READOUT_PEAK_COUNT + 14;
export const READOUT_COUNT = READOUT_PEAK_COUNT + 15;

/** Off, or on its way back to 0 dB. */
export const RIDE_OFF = 0;
/** Follows the programme. */
export const RIDE_RIDING = 1;
/** Holds: no programme, only silence or what is far below it. */
export const RIDE_SILENCE = 2;
/** Holds: broadband noise, such as applause. */
export const RIDE_APPLAUSE = 3;
/** Does not rise: the limiter works harder than allowed. */
export const RIDE_LIMITING = 4;
/** Stands at the end of its range. */
export const RIDE_BOUND = 5;
/** Holds: the drive is bypassed. */
export const RIDE_BYPASSED = 6;

// Meter record: one a bin of 10 ms, f64 fields, in a ring. Pairs are left, right.
export const RECORDS_PER_SECOND = 100;
export const RECORD_RING = 256;
/** Frames in this bin (the sample rate over 100, rounded so that bins never drift). */
export const RECORD_FRAMES = 0;
/** Index of the bin since `reset`. */
export const RECORD_INDEX = 1;
/** Tap fields of the input (after the input stage) and of the output (after dither). */
export const RECORD_INPUT = 2;
export const TAP_SAMPLE_PEAK = 0;
export const TAP_TRUE_PEAK = 2;
/** Mean square over the bin. */
export const TAP_MEAN_SQUARE = 4;
/** Mean square after K-weighting over the bin. */
export const TAP_K_MEAN_SQUARE = 6;
/** Mean of left times right over the bin. */
export const TAP_MEAN_PRODUCT = 8;
export const TAP_FIELDS = 9;
/** Frames by which TAP_TRUE_PEAK sees a peak late, at most: feed as many zeros behind the end of a file. */
export const TAP_PEAK_LATE_FRAMES = 17;
export const RECORD_OUTPUT = RECORD_INPUT + TAP_FIELDS;
export const RECORD_READOUTS = RECORD_OUTPUT + TAP_FIELDS;
/** 1 when the meters were shed in this bin or in the one before, or sound was cut in it: the fields of both taps hold nothing then. */
export const RECORD_IS_SHED = RECORD_READOUTS + READOUT_COUNT;
export const RECORD_FIELDS = RECORD_IS_SHED + 1;

// Formats of samples on the wire; the order of PCM_FORMATS of the hardware port.
export const FORMAT_S32_LE = 0;
export const FORMAT_S24_LE = 1;
export const FORMAT_S24_3LE = 2;
export const FORMAT_S16_LE = 3;
export const FORMAT_FLOAT_LE = 4;

// Live block: one i32 a word. The first group is written by the host and read at the beginning of each period.
/** A GATE_* command. */
export const LIVE_GATE = 0;
/** Durations of the gate's ramps from end to end, ms. */
export const LIVE_OPEN_MS = 1;
export const LIVE_CLOSE_MS = 2;
/** A SHED_* level. */
export const LIVE_SHED = 3;
/** Frames of silence that begin with an impulse; 0 again once they are over, or when the gate is shut. */
export const LIVE_PROBE = 4;
/** Bit n set: take stage n back into the chain; 0 again once done. */
export const LIVE_RESTORE = 5;
/** Frames that never came in and count as passed: the tap ring has a gap of them; 0 again once taken. */
export const LIVE_SKIP = 6;
/** From here a word a stage: runs that the stage spoils with a sample that is not a number. To show what happens then. */
export const LIVE_FAULTS = 7;
/**
 * Frames for which a comparison with a reference goes on; counts down, so that whoever asked for it must go on asking.
 * At 0 nothing but the chain's output is heard, as it is.
 */
export const LIVE_COMPARE_LEASE = LIVE_FAULTS + STAGE_COUNT;
/** A HEARD_*: what of the two is to be heard while the comparison goes on. */
export const LIVE_COMPARE_HEARD = LIVE_COMPARE_LEASE + 1;
/** Gain of the reference, and of the chain's output beside it, in thousandths of a dB. */
export const LIVE_REFERENCE_GAIN = LIVE_COMPARE_LEASE + 2;
export const LIVE_MIX_GAIN = LIVE_COMPARE_LEASE + 3;
/** 0 all bands; 1 to 4 one band alone of those that multiband.crossover*Hz part, the lowest first. */
export const LIVE_COMPARE_BAND = LIVE_COMPARE_LEASE + 4;
/** Frames that were put into the reference ring, modulo 2^32; stored after the frames themselves. */
export const LIVE_REFERENCE_WRITTEN = LIVE_COMPARE_LEASE + 5;
/** 1 drops what waits in the reference ring, once it is not heard any more; 0 again once done. */
export const LIVE_REFERENCE_FLUSH = LIVE_COMPARE_LEASE + 6;
// The second group is written by the chain. Frames of the tap ring are counted modulo 2^32, in the ring's slot count % frames.
/** Frames that went into the tap ring; stored after the frames themselves. */
export const LIVE_TAP_COUNT = LIVE_COMPARE_LEASE + 7;
/** Frame since which the ring is without a gap. */
export const LIVE_TAP_START = LIVE_TAP_COUNT + 1;
/** Impulses sent, and the frame of the middle of the last one, whether the ring is written or not. */
export const LIVE_PROBES_SENT = LIVE_TAP_COUNT + 2;
export const LIVE_PROBE_FRAME = LIVE_TAP_COUNT + 3;
/** Frames that were taken from the reference ring, modulo 2^32, in the ring's slot count % frames. */
export const LIVE_REFERENCE_READ = LIVE_TAP_COUNT + 4;
/** 1 while any of the reference is heard. */
export const LIVE_REFERENCE_IS_HEARD = LIVE_TAP_COUNT + 5;
/** Times that the reference had to give way because its ring ran dry. */
export const LIVE_REFERENCE_DRY = LIVE_TAP_COUNT + 6;
export const LIVE_WORDS = LIVE_TAP_COUNT + 7;

/** The chain's output. */
export const HEARD_MIX = 0;
/** The reference in its place. */
export const HEARD_REFERENCE = 1;

/** Close under the ramp. */
export const GATE_CLOSE = 0;
/** Open under the ramp. */
export const GATE_OPEN = 1;
/** Close at once. */
export const GATE_SHUT = 2;

export const SHED_NOTHING = 0;
/** The meters rest; their records come, marked as shed. */
export const SHED_METERS = 1;
/** The tap ring is not written either. */
export const SHED_TAPS = 2;

/** Fields of a frame of the tap ring, f32: what came in from the wire, and what went out to it at the same time. */
export const TAP_RING_INPUT = 0;
export const TAP_RING_OUTPUT = 2;
export const TAP_RING_FIELDS = 4;

/** Fields of a frame of the reference ring, f32: left, right. */
export const REFERENCE_RING_FIELDS = 2;
