import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PageNotices } from "../../src/dashboard/notices.js";
import type { NoticeMessage } from "../../src/protocol/messages.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const made = (): PageNotices => new PageNotices(() => Date.now());
const sound = (level: NoticeMessage["level"], sentence: string, times = 1): NoticeMessage => ({ type: "notice", level, subject: "sound", sentence, times });
const shown = ({ shown: { value } }: PageNotices): string[] => value.map(({ sentence, times }) => `${sentence} ×${times}`);

it("shows a storm of warnings of one subject as one notice with their count, for 6 s, and then not for a minute", () => {
  const notices = made();
  for (let second = 0; second < 30; second++) {
    notices.hear(sound("warning", second % 2 === 0 ? "Over." : "Under.", 4));
    expect(notices.shown.value.length, `in second ${second}`).toBe(second < 6 ? 1 : 0);
    if (second === 5) expect(shown(notices)).toEqual(["Under. ×24"]);
    vi.advanceTimersByTime(1000);
  }
  vi.advanceTimersByTime(31_000);
  notices.hear(sound("warning", "Over."));
  expect(shown(notices)).toEqual(["Over. ×1"]);
});

it("keeps all of them in the record, equal sentences as one line with their count, the newest first", () => {
  const notices = made();
  for (let n = 0; n < 30; n++) notices.hear(sound("warning", n % 2 === 0 ? "Over." : "Under.", 2));
  expect(notices.record.value.map(({ sentence, times }) => [sentence, times])).toEqual([["Under.", 30], ["Over.", 30]]);
  for (let n = 0; n < 50; n++) notices.hear(sound("warning", `Kind ${n}.`));
  expect(notices.record.value).toHaveLength(12);
});

it("shows an error at once in the place of a warning, keeps it 20 s against warnings, and takes its end for news", () => {
  const notices = made();
  notices.hear(sound("warning", "Over."));
  notices.hear(sound("error", "No sound."));
  notices.hear(sound("warning", "Under."));
  vi.advanceTimersByTime(19_000);
  expect(shown(notices)).toEqual(["No sound. ×1"]);
  notices.hear(sound("info", "Sound flows again."));
  expect(shown(notices)).toEqual(["Sound flows again. ×1"]);
  vi.advanceTimersByTime(6000);
  expect(shown(notices)).toEqual([]);
});

it("answers each touch anew, one sentence at a time, beside what the box says", () => {
  const notices = made();
  notices.hear(sound("error", "No sound."));
  notices.tell("warning", "This phone may only look.");
  notices.tell("warning", "This phone may only look.");
  expect(shown(notices)).toEqual(["This phone may only look. ×1", "No sound. ×1"]);
  expect(notices.record.value).toHaveLength(1);
});
