import type { MixerSetting } from "../../src/hal/mixer.js";

function switched(isOn: boolean, ...controls: readonly string[]): MixerSetting[] {
  return controls.map((control) => ({ control, isOn }));
}

function level(levelDb: number, ...controls: readonly string[]): MixerSetting[] {
  return controls.map((control) => ({ control, levelDb }));
}

function chosen(item: string, ...controls: readonly string[]): MixerSetting[] {
  return controls.map((control) => ({ control, item }));
}

/**
 * PCM5122 and PCM1863: the single-ended line input and everything at 0 dB. The mute on digital silence would cut the dither,
 * and with it the tail of a song. Names: sound/soc/codecs/pcm512x.c and sound/soc/bcm/hifiberry_adc_controls.h of Linux; the
 * gain of the input is a choice there.
 */
export const HIFIBERRY_DAC_ADC_PRO: readonly MixerSetting[] = [
  ...chosen("VINL1[SE]", "ADC Left Input"), ...chosen("VINR1[SE]", "ADC Right Input"),
  ...chosen("0.0dB", "PGA Gain Left", "PGA Gain Right"), ...chosen("Mic Bias off", "ADC Mic Bias"),
  ...level(0, "Digital Playback Volume", "Analogue Playback Volume", "Analogue Playback Boost Volume"),
  ...switched(true, "Digital Playback Switch"), ...switched(false, "Auto Mute Switch"),
];

/**
 * DA7212: the AUX input through the ADC, and the DAC to the headphone socket, at 0 dB, without the ways around the processor
 * and without the chip's own processing. Names: sound/soc/codecs/da7213.c of Linux; the routing is that of the maker's file
 * for recording from AUX (github.com/iqaudio/Pi-Codec).
 */
export const IQAUDIO_CODEC_ZERO: readonly MixerSetting[] = [
  ...switched(true, "Aux Switch", "Mixin PGA Switch", "ADC Switch", "Headphone Switch"),
  ...switched(true, "Mixin Left Aux Left Switch", "Mixin Right Aux Right Switch", "Mixout Left DAC Left Switch", "Mixout Right DAC Right Switch"),
  ...switched(false, "Mixin Left Mic 1 Switch", "Mixin Left Mic 2 Switch", "Mixin Right Mic 1 Switch", "Mixin Right Mic 2 Switch"),
  ...switched(false, "Mixout Left Aux Left Switch", "Mixout Right Aux Right Switch", "Mixout Left Mixin Left Switch", "Mixout Right Mixin Right Switch"),
  ...level(0, "Aux Volume", "Mixin PGA Volume", "ADC Volume", "DAC Volume", "Headphone Volume"),
  ...chosen("ADC Left", "DAI Left Source MUX"), ...chosen("ADC Right", "DAI Right Source MUX"),
  ...chosen("DAI Input Left", "DAC Left Source MUX"), ...chosen("DAI Input Right", "DAC Right Source MUX"),
  ...switched(false, "ALC Switch", "DAC EQ Switch", "DAC NG Switch", "DAC Mono Switch", "DAC HPF Switch", "ADC Voice Mode Switch", "DAC Voice Mode Switch"),
];

/**
 * WM8960: what these boards have at LINPUT1 and RINPUT1, two microphones on most, and the headphone socket, at 0 dB and without
 * the chip's own processing. Names: sound/soc/codecs/wm8960.c of Linux 4.8 and newer.
 */
export const WM8960: readonly MixerSetting[] = [
  ...switched(true, "Left Boost Mixer LINPUT1 Switch", "Right Boost Mixer RINPUT1 Switch", "Left Input Mixer Boost Switch", "Right Input Mixer Boost Switch"),
  ...switched(false, "Left Boost Mixer LINPUT2 Switch", "Left Boost Mixer LINPUT3 Switch", "Right Boost Mixer RINPUT2 Switch", "Right Boost Mixer RINPUT3 Switch"),
  ...level(0, "Left Input Boost Mixer LINPUT1 Volume", "Right Input Boost Mixer RINPUT1 Volume"),
  ...level(0, "Capture Volume", "ADC PCM Capture Volume", "Playback Volume", "Headphone Playback Volume"), ...switched(true, "Capture Switch"),
  ...switched(true, "Left Output Mixer PCM Playback Switch", "Right Output Mixer PCM Playback Switch"),
  ...switched(false, "Left Output Mixer Boost Bypass Switch", "Right Output Mixer Boost Bypass Switch"),
  ...switched(false, "Left Output Mixer LINPUT3 Switch", "Right Output Mixer RINPUT3 Switch"),
  ...switched(false, "PCM Playback -6dB Switch", "DAC Deemphasis Switch", "3D Switch", "Noise Gate Switch"), ...chosen("Off", "ALC Function"),
];

/**
 * WM8731: the line input and the DAC at 0 dB, without the ways around the processor. Names: sound/soc/codecs/wm8731.c of Linux.
 */
export const AUDIOINJECTOR_STEREO: readonly MixerSetting[] = [
  ...chosen("Line In", "Input Mux"), ...switched(true, "Line Capture Switch", "Output Mixer HiFi Playback Switch"),
  ...switched(false, "Mic Capture Switch", "Output Mixer Line Bypass Switch", "Output Mixer Mic Sidetone Switch", "Playback Deemphasis Switch"),
  ...level(0, "Capture Volume", "Master Playback Volume"),
];
