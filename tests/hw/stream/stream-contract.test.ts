import { type AudioRequest } from "../../../src/hal/audio.js";
import { describeAudioDuplex } from "../../contracts/audio-duplex.js";
import { StandInStream } from "../../support/stand-in-stream.js";

const REQUEST: AudioRequest = { sampleRateHz: 48000, periodFrames: 64, periods: 3, formats: ["S24_LE", "S32_LE"] };

describeAudioDuplex("StreamAudio on stand-ins of its packages", () => {
  const stream = new StandInStream(REQUEST.periods);
  return {
    device: stream.device,
    request: REQUEST,
    refused: { ...REQUEST, sampleRateHz: 40000 },
    causes: {
      overrun: { begin: () => stream.order("overrun") },
      // The clock leaps: what was written must have been played long ago.
      underrun: { begin: () => stream.leap() },
      suspended: { impossible: "the packages tell of a suspension as of any error" },
      stalled: { begin: () => stream.order("stop"), end: () => stream.takeBack("stop") },
      disconnected: { begin: () => stream.order("unplugged"), end: () => stream.takeBack("unplugged") },
    },
    dispose: () => stream.dispose(),
  };
});
