/**
 * What a control of a sound card is to be set to, by the name that its driver gives it: a switch, one of a choice, or a
 * level in dB.
 */
export type MixerSetting = { readonly control: string } & (
  | { readonly isOn: boolean }
  | { readonly item: string }
  | { readonly levelDb: number }
);

/**
 * Sets controls of a card, each by itself, and answers with a sentence for each that could not be set; those that the card
 * lacks are told of in one.
 * @param name - what ALSA calls the controls of the card: "hw:CARD=sndrpihifiberry"
 */
export type SetMixer = (name: string, settings: readonly MixerSetting[]) => readonly string[];
