import type { MeterView } from "../server/control-connection.js";
import type { AnalysisView } from "./live-analysis.js";
import type { MeterWindow } from "./meter-window.js";

/** The meters as one viewer sees them: the figures, and what it wished for beside them. */
export function meterView(window: MeterWindow, analysis: AnalysisView): MeterView {
  return {
    take: () => ({ ...window.take(), ...analysis.take() }),
    close: () => {
      window.close();
      analysis.close();
    },
  };
}
