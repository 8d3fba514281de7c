/** What is drawn for each frame: figures, bars and lines. Levels are null where there is nothing to say. */

const element = (id) => document.getElementById(id);

/** "-14.2"; a dash for null. Zero has no sign. */
function figure(value, decimals = 1) {
  if (value === null || value === undefined) return "–";
  const text = value.toFixed(decimals);
  return (/[1-9]/.test(text) ? text : text.replace("-", "")).replace("-", "\u2212");
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const clamp01 = (value) => Math.min(1, Math.max(0, value));
/** Place of a level on a scale: 0 at its low end, which is also where silence is. */
const place = (level, low, high) => (level === null ? 0 : clamp01((level - low) / (high - low)));

function setFill(track, share) {
  track.querySelector(".fill").style.transform = `scaleX(${share})`;
}

function setMark(track, share) {
  track.querySelector(".mark").style.transform = share > 0 ? `translateX(${(share - 1) * 100}%)` : "translateX(-101%)";
}

/** Holds the highest value for a while, so that a peak can be read. */
class Hold {
  value = null;
  #sinceMs = 0;

  add(value, nowMs) {
    if (this.value === null || (value !== null && value >= this.value) || nowMs - this.#sinceMs > 1500) {
      this.value = value;
      this.#sinceMs = nowMs;
    }
    return this.value;
  }
}

/** Half a LU to either side of the target counts as reached (EBU R 128 allows ±0.5 LU for recorded programmes). */
const NEAR_LU = 0.5;
const LOUDNESS_RANGE = [-40, 0];
const LEVEL_RANGE = [-60, 0];
/** Reduction that fills a bar. */
const FULL_REDUCTION_DB = 12;
const HOT_DBTP = -0.1;

const holds = new Map();

function held(key, value, nowMs) {
  if (!holds.has(key)) holds.set(key, new Hold());
  return holds.get(key).add(value, nowMs);
}

function drawLoudness(snapshot, target) {
  const { momentaryLufs, shortTermLufs, integratedLufs, maxTruePeakDbtp } = snapshot;
  setText(element("short"), figure(shortTermLufs));
  const integrated = element("integrated");
  setText(integrated, figure(integratedLufs));
  const offLu = integratedLufs === null || target?.loudnessLufs === undefined || target.loudnessLufs === null
    ? null : integratedLufs - target.loudnessLufs;
  integrated.className = offLu === null ? "" : Math.abs(offLu) <= NEAR_LU ? "near" : offLu > 0 ? "over" : "";
  const track = element("momentary");
  setFill(track, place(momentaryLufs, ...LOUDNESS_RANGE));
  setMark(track, place(target?.loudnessLufs ?? null, ...LOUDNESS_RANGE));
  setText(element("momentary-text"), figure(momentaryLufs));
  const peak = element("peak");
  setText(peak, figure(maxTruePeakDbtp));
  peak.className = maxTruePeakDbtp !== null && target && maxTruePeakDbtp > target.ceilingDbtp + 0.05 ? "over" : "";
  setText(element("range"), figure(snapshot.loudnessRangeLu));
  const seconds = Math.floor(snapshot.measuredS);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  setText(element("measured"), snapshot.isPaused ? `${time} paused` : time);
}

function drawReduction(id, reductionDb, nowMs) {
  const track = element(id);
  setFill(track, clamp01(reductionDb / FULL_REDUCTION_DB));
  setText(track.parentElement.querySelector("output"), figure(held(id, reductionDb, nowMs)));
}

function drawMultiband(reductions, nowMs) {
  const bands = element("reduction-multiband");
  while (bands.children.length < reductions.length) {
    const track = document.createElement("div");
    track.className = "track";
    track.append(Object.assign(document.createElement("i"), { className: "fill" }));
    bands.append(track);
  }
  reductions.forEach((reductionDb, index) => setFill(bands.children[index], clamp01(reductionDb / FULL_REDUCTION_DB)));
  setText(bands.parentElement.querySelector("output"), figure(held("multiband", Math.max(0, ...reductions), nowMs)));
}

function drawLevels(name, { truePeakDbtp, rmsDbfs }, nowMs) {
  for (const channel of [0, 1]) {
    const track = element(`${name}-${channel}`);
    const peak = held(`${name}-${channel}`, truePeakDbtp[channel], nowMs);
    setFill(track, place(rmsDbfs[channel], ...LEVEL_RANGE));
    setMark(track, place(peak, ...LEVEL_RANGE));
    track.classList.toggle("hot", peak !== null && peak > HOT_DBTP);
    setText(track.parentElement.querySelector("output"), figure(peak));
  }
}

function drawCorrelation(correlation) {
  const track = element("correlation");
  setMark(track, correlation === null ? 0 : clamp01((correlation + 1) / 2));
  track.classList.toggle("bad", correlation !== null && correlation < 0);
  setText(track.parentElement.querySelector("output"), figure(correlation, 2));
}

/** Draws a snapshot of the meters; `target` is the loudness target, or undefined. */
export function drawMeters(snapshot, target, nowMs) {
  drawLoudness(snapshot, target);
  const { eqDynamic, compressor, multiband, limiter } = snapshot.reductionDb;
  drawReduction("reduction-eq", Math.max(0, ...eqDynamic.map(Math.abs)), nowMs);
  drawReduction("reduction-compressor", compressor, nowMs);
  drawMultiband(multiband, nowMs);
  drawReduction("reduction-limiter", limiter, nowMs);
  drawLevels("input", snapshot.input, nowMs);
  drawLevels("output", snapshot.output, nowMs);
  drawCorrelation(snapshot.correlation);
}

function fact(label, value) {
  const pair = document.createElement("div");
  pair.append(
    Object.assign(document.createElement("dt"), { textContent: label }),
    Object.assign(document.createElement("dd"), { textContent: value }));
  return pair;
}

/** Draws what is adjusted and how the box is; each of the three may be undefined. */
export function drawBox(state, status, target) {
  const facts = [];
  if (target) setText(element("target"), target.loudnessLufs === null ? target.name : `${target.name} ${figure(target.loudnessLufs, 0)}`);
  if (state) {
    facts.push(["Preset", `${state.preset ?? "none"}${state.isPresetEdited ? ", edited" : ""}`]);
    facts.push(["Master", state.values["chain.bypass"] === 1 ? "BYPASSED" : "on"]);
  }
  if (status) {
    const { audio } = status;
    const troubles = Object.values(audio.faults).reduce((sum, count) => sum + count, 0);
    facts.push(["Delay", `${figure(audio.latency.totalMs)} ms`]);
    facts.push(["Load", `${figure(audio.load.p99Percent, 0)} %`]);
    facts.push(["Interruptions", String(troubles)]);
    if (audio.format) facts.push(["Sound", `${audio.format.device}, ${audio.format.sampleRateHz / 1000} kHz`]);
    if (status.processorCelsius !== null) facts.push(["Heat", `${figure(status.processorCelsius, 0)} °C`]);
  }
  element("facts").replaceChildren(...facts.map(([label, value]) => fact(label, value)));
}
