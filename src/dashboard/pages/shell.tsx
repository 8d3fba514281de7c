import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { box } from "../box.js";
import { BoxIcon, ChainIcon, CompareIcon, EarsIcon, MetersIcon, Redo, Undo } from "../controls/icons.js";
import { ValueSheet } from "../controls/value-sheet.js";
import { go, PAGES, route, type PageName } from "../route.js";
import { step } from "../steps.js";
import { watchSwipe } from "../swipe.js";
import { figure } from "../text.js";
import { BoxPage } from "./box-page.js";
import { ChainPage } from "./chain-page.js";
import { ComparePage } from "./compare-page.js";
import { EarsPage } from "./ears-page.js";
import { NoticeStack } from "./notice-stack.js";
import { MetersPage } from "./meters-page.js";
import { titleOf } from "./preset-panel.js";

const TABS: Readonly<Record<PageName, { readonly name: string; readonly icon: () => ComponentChildren; readonly page: () => ComponentChildren }>> = {
  meters: { name: "Meters", icon: MetersIcon, page: MetersPage },
  chain: { name: "Chain", icon: ChainIcon, page: ChainPage },
  ears: { name: "Ears", icon: EarsIcon, page: EarsPage },
  compare: { name: "Compare", icon: CompareIcon, page: ComparePage },
  box: { name: "Box", icon: BoxIcon, page: BoxPage },
};

interface Standing {
  readonly words: string;
  readonly mood: "good" | "warn" | "bad" | "calm";
}

const SOUND_WORDS: Readonly<Record<string, Standing>> = {
  starting: { words: "Starting", mood: "warn" }, recovering: { words: "Recovering", mood: "warn" },
  waiting: { words: "No sound card", mood: "bad" }, stopped: { words: "Stopped", mood: "bad" },
};

/** How all stands, in one or two words. */
export function standing(): Standing {
  switch (box.phase.value) {
    case "connecting":
      return { words: "Connecting", mood: "calm" };
    case "noBox":
      return { words: "Restarting", mood: "warn" };
    case "lost":
      return { words: "Disconnected", mood: "bad" };
    case "unpaired":
      return { words: "Not paired", mood: "warn" };
    case "full":
      return { words: "Full", mood: "warn" };
    case "elsewhere":
      return { words: "Open elsewhere", mood: "warn" };
    case "live":
      break;
  }
  const trouble = SOUND_WORDS[box.status.value?.audio.state ?? ""];
  if (box.isHung.value) return { words: "No answer", mood: "bad" };
  if (trouble !== undefined) return trouble;
  if (box.feed.isStale.value) return { words: "No figures", mood: "bad" };
  if (box.adjusted.value?.isHardBypassed) return { words: "Hard bypass", mood: "bad" };
  if (box.value("chain.bypass").value === 1) return { words: "Bypassed", mood: "warn" };
  return { words: "Live", mood: "good" };
}

function presetName(): string {
  const adjusted = box.adjusted.value;
  if (adjusted === null) return "";
  if (adjusted.preset === null) return "No preset";
  const preset = box.presets.value.find(({ id }) => id === adjusted.preset);
  const name = preset === undefined ? adjusted.preset : titleOf(preset);
  return name;
}

/** What a page shows that has no meters of its own. */
function MiniMeters() {
  const snapshot = box.feed.figures.value?.snapshot;
  return (
    <span class="mini">
      <span>S<b>{figure(snapshot?.shortTermLufs)}</b></span><span>TP<b>{figure(snapshot?.maxTruePeakDbtp)}</b></span>
    </span>
  );
}

function Steps() {
  const adjusted = box.adjusted.value;
  const mayControl = box.mayControl.value;
  return (
    <>
      <button type="button" class="icon" aria-label="Undo" disabled={!mayControl || !adjusted?.canUndo} onClick={() => void step("undo")}><Undo /></button>
      <button type="button" class="icon" aria-label="Redo" disabled={!mayControl || !adjusted?.canRedo} onClick={() => void step("redo")}><Redo /></button>
    </>
  );
}

function TopBar() {
  const { words, mood } = standing();
  const adjusted = box.adjusted.value;
  const isAway = route.value.page !== "meters";
  return (
    <header class="top">
      <h1 class="unseen">Lacquer</h1>
      <div class="state">
        <p class={`standing ${mood}`} role="status"><i aria-hidden="true" />{words}</p>
        <p class="preset">
          {isAway ? <MiniMeters /> : <span>{presetName()}</span>}
          {!isAway && adjusted?.isPresetEdited && <small>edited</small>}
        </p>
      </div>
      {box.me.value?.role === "view" ? <p class="tag">View only</p> : <Steps />}
    </header>
  );
}

const TROUBLES: Readonly<Record<string, string>> = {
  noBox: "The box is restarting. Where it has a relay, the bare input is heard meanwhile.",
};

const HUNG = "The box does not answer; the sound may have stopped.";

function Banner() {
  const phase = box.phase.value;
  const words = box.isHung.value ? HUNG : TROUBLES[phase] ?? box.trouble.value;
  return phase === "connecting" || words === "" ? null : <p class={`banner ${phase}`} role="alert">{words}</p>;
}

/** What is heard is not the master: said above every page, with the way back. */
function BypassBand() {
  const isHard = box.adjusted.value?.isHardBypassed ?? false;
  if (!isHard && box.value("chain.bypass").value === 0) return null;
  const back = (): void => void (isHard ? box.ask("hardBypass", { on: false }) : box.ask("bypass", { on: false }));
  return (
    <section class={`band ${isHard ? "hard" : ""}`} aria-label="Bypass">
      <p><strong>{isHard ? "Hard bypass" : "Bypass"}:</strong> you hear the input{isHard ? ", past the limiter" : ""}.</p>
      <button type="button" disabled={!box.mayControl.value} onClick={back}>Master</button>
    </section>
  );
}

function Tabs() {
  return (
    <nav class="tabs" aria-label="Pages">
      {PAGES.map((page) => {
        const { name, icon: Icon } = TABS[page];
        return (
          <button key={page} type="button" aria-current={route.value.page === page ? "page" : undefined} onClick={() => go(page)}><Icon /><span>{name}</span></button>
        );
      })}
    </nav>
  );
}

/** Before the box has said anything: nothing is shown that might be wrong. */
function Unknown() {
  return <main class="page unknown"><p class="hint">Waiting for the box …</p></main>;
}

/** The page of a paired phone: what stands above all pages, the one that is shown, and the tabs within reach of the thumb. */
export function Shell() {
  const shell = useRef<HTMLDivElement>(null);
  useEffect(() => (shell.current === null ? undefined : watchSwipe(shell.current)), []);
  const isStale = box.phase.value !== "live" || box.feed.isStale.value;
  const Page = box.adjusted.value === null ? Unknown : TABS[route.value.page].page;
  return (
    <div ref={shell} class={`shell ${isStale ? "stale" : ""}`}>
      <TopBar />
      <Banner />
      <BypassBand />
      <Page />
      <Tabs />
      <NoticeStack />
      <ValueSheet />
    </div>
  );
}
