import { box } from "../box.js";
import { Close } from "../controls/icons.js";
import { go } from "../route.js";
import { clock } from "../text.js";

/** What is told over the page: one sentence a subject, on a phone the newest alone. A touch opens the record of all. */
export function NoticeStack() {
  const notices = box.notices.shown.value;
  return (
    <div class="notices" aria-live="polite">
      {notices.map(({ id, level, sentence, times }) => (
        <div key={id} class={`notice ${level}`}>
          <button type="button" class="sentence" onClick={() => go("box")}><span>{sentence}</span></button>
          {times > 1 && <b>×{times}</b>}
          {notices.length > 1 && <b class="behind">+{notices.length - 1}</b>}
          <button type="button" class="icon" aria-label="Dismiss" onClick={() => box.notices.dismiss(id)}><Close /></button>
        </div>
      ))}
    </div>
  );
}

/** What the box has told since this page came, with the time of the last and the count of each. */
export function NoticeRecord() {
  const lines = box.notices.record.value;
  if (lines.length === 0) return null;
  return (
    <section class="panel" aria-label="Told by the box">
      <div class="heads"><h2 class="head">Told by the box</h2></div>
      <ul class="record">
        {lines.map(({ id, level, sentence, times, epochMs }) => (
          <li key={id} class={level}><time>{clock(epochMs)}</time><span>{sentence}</span>{times > 1 && <b>×{times}</b>}</li>
        ))}
      </ul>
    </section>
  );
}
