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
    cause: { overrun: () => stream.order("overrun"), stalled: () => stream.order("stop") },
    cure: () => stream.takeBack("stop"),
    unplug: () => stream.order("unplugged"),
    replug: () => stream.takeBack("unplugged"),
    dispose: () => stream.dispose(),
  };
});
