import { AlsaAudio } from "../../hw/alsa/alsa-audio.js";
import { systemClock } from "../../hw/linux/clock.js";
import { type AudioRequest, PCM_FORMATS } from "../../src/hal/audio.js";
import { describeAudioDuplex } from "../contracts/audio-duplex.js";
import { FaultyCard } from "../support/faulty-card.js";

/** The shortest, the usual and the longest period. */
const PERIODS_FRAMES = [16, 64, 1024];
const REQUEST: AudioRequest = { sampleRateHz: 48000, periodFrames: 64, periods: 3, formats: PCM_FORMATS };
const ENODEV = 19;

for (const periodFrames of PERIODS_FRAMES) {
  describeAudioDuplex(`AlsaAudio on a card with a virtual clock, ${periodFrames} x 3`, () => {
    const card = new FaultyCard();
    process.env["ALSA_CONFIG_PATH"] = card.configPath;
    card.set({ isVirtual: 1 });
    return {
      device: new AlsaAudio({ captureDevice: "faulty", playbackDevice: "faulty" }, systemClock()),
      request: { ...REQUEST, periodFrames },
      refused: { ...REQUEST, sampleRateHz: 40000 },
      causes: {
        overrun: { begin: () => card.set({ captureXruns: 1 }) },
        underrun: { begin: () => card.set({ playbackXruns: 1 }) },
        suspended: { begin: () => card.set({ captureSuspends: 1 }) },
        stalled: { begin: () => card.set({ isStopped: 1 }), end: () => card.set({ isStopped: 0 }) },
        disconnected: {
          begin: () => card.set({ captureError: ENODEV, captureErrorCount: -1, openError: ENODEV }),
          end: () => card.set({ captureError: 0, openError: 0 }),
        },
      },
      dispose: () => card.remove(),
    };
  });
}
