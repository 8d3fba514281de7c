import { describe, expect, it } from "vitest";
import { checkLibraries, checkSoundCards, checkSoundServers } from "../../../src/cli/doctor/sound-checks.js";
import { BOX_PROCESS, fakeMachine, fakeProcess } from "../../support/fake-machine.js";

// Forms of snd_card_info_read (sound/core/init.c), snd_pcm_proc_read and snd_pcm_substream_proc_status_read (sound/core/pcm.c) of Linux.
const CARDS = {
  "/proc/asound/cards": ` 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0
                      vc4-hdmi-0
 1 [sndrpihifiberry]: HifiberryDacpAd - snd_rpi_hifiberry_dacplusadc
                      snd_rpi_hifiberry_dacplusadc
`,
  "/proc/asound/pcm": `00-00: MAI PCM i2s-hifi-0 : MAI PCM i2s-hifi-0 : playback 1
01-00: HiFiBerry DAC+ADC : HiFiBerry DAC+ADC : playback 1 : capture 1
`,
};
const status = (pid: number): string => `state: RUNNING\nowner_pid   : ${pid}\ntrigger_time: 12.5\ntstamp      : 0.0\n`;

describe("the doctor's look at sound cards", () => {
  it("names the one card that records and plays", () => {
    const [finding, ...rest] = checkSoundCards(fakeMachine({ files: CARDS }));
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({ level: "ok" });
    expect(finding?.sentence).toContain("hw:CARD=sndrpihifiberry,DEV=0");
  });

  it("says who holds the card, by name and number", () => {
    const files = { ...CARDS, ...fakeProcess(812, "aplay"), "/proc/asound/card1/pcm0p/sub0/status": status(812) };
    const [finding] = checkSoundCards(fakeMachine({ files }));
    expect(finding?.level).toBe("problem");
    expect(finding?.sentence).toMatch(/held by aplay \(process 812\)/);
    expect(finding?.remedy).toMatch(/End aplay/);
  });

  it("finds nothing wrong with a card that the box itself holds", () => {
    const files = { ...CARDS, ...BOX_PROCESS, "/proc/asound/card1/pcm0p/sub0/status": status(700), "/proc/asound/card1/pcm0c/sub0/status": status(700) };
    expect(checkSoundCards(fakeMachine({ files }))).toMatchObject([{ level: "ok" }]);
  });

  it("names the device files of the card that this user may not use, unless the box has it", () => {
    const files = { ...CARDS, "/dev/snd/controlC0": "", "/dev/snd/controlC1": "", "/dev/snd/pcmC1D0c": "", "/dev/snd/pcmC1D0p": "" };
    expect(checkSoundCards(fakeMachine({ files, writable: ["/dev/snd/controlC1", "/dev/snd/pcmC1D0p"] }))).toMatchObject([{ level: "warning",
      sentence: "This user may not use /dev/snd/pcmC1D0c; the service may, which is of the group audio.", remedy: expect.stringContaining("adduser $USER audio") as unknown }]);
    expect(checkSoundCards(fakeMachine({ files, writable: ["/dev/snd"] }))).toMatchObject([{ level: "ok" }]);
    const running = { ...files, ...BOX_PROCESS, "/proc/asound/card1/pcm0p/sub0/status": status(700) };
    expect(checkSoundCards(fakeMachine({ files: running }))).toMatchObject([{ level: "ok" }]);
  });

  it("takes a closed card for a free one", () => {
    const files = { ...CARDS, "/proc/asound/card1/pcm0p/sub0/status": "closed\n" };
    expect(checkSoundCards(fakeMachine({ files }))).toMatchObject([{ level: "ok" }]);
  });

  it.each([
    ["no ALSA", {}, /no ALSA/],
    ["no card", { "/proc/asound/cards": "--- no soundcards ---\n" }, /No sound card here records and plays/],
    ["HDMI alone", { ...CARDS, "/proc/asound/pcm": CARDS["/proc/asound/pcm"].split("\n")[0] ?? "" }, /No sound card here records and plays/],
  ])("warns of the simulated board where there is %s", (_, files, sentence) => {
    const [finding] = checkSoundCards(fakeMachine({ files }));
    expect(finding?.level).toBe("warning");
    expect(finding?.sentence).toMatch(sentence);
    expect(finding?.remedy).toBeTruthy();
  });

  it("warns of PipeWire and its session manager, and not of a program with another name", () => {
    const desktop = fakeMachine({ files: { ...fakeProcess(9, "pipewire"), ...fakeProcess(10, "wireplumber") } });
    expect(checkSoundServers(desktop)[0]?.sentence).toMatch(/^pipewire and wireplumber run /);
    expect(checkSoundServers(fakeMachine({ files: fakeProcess(9, "bash") }))).toMatchObject([{ level: "ok" }]);
  });
});

describe("the doctor's look at libraries", () => {
  it("is content when koffi and libasound load", () => {
    expect(checkLibraries(fakeMachine())).toMatchObject([{ level: "ok" }]);
  });

  it.each([
    ["koffi", "require('koffi')", "Error: Cannot find module 'koffi'", /npm install koffi/],
    ["libasound", "libasound", "Error: libasound.so.2: cannot open shared object file", /libasound2t64/],
  ])("says how to get %s where it does not load", (_, word, death, remedy) => {
    const [finding] = checkLibraries(fakeMachine({ failing: { [word]: death } }));
    expect(finding?.level).toBe("problem");
    expect(finding?.sentence).toContain(death);
    expect(finding?.remedy).toMatch(remedy);
  });

  it("mentions that no watchdog guards the box without libsystemd", () => {
    expect(checkLibraries(fakeMachine({ failing: { libsystemd: "Error" } }))[0]).toMatchObject({ level: "ok", sentence: expect.stringContaining("no watchdog") });
  });
});
