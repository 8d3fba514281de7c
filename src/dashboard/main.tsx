import { render } from "preact";
import { box } from "./box.js";
import { openChannel } from "./channel.js";
import { frames } from "./frames.js";
import { BoxLink } from "./link.js";
import { startHistory } from "./pages/history-panel.js";
import { Shell } from "./pages/shell.js";
import { startRoute } from "./route.js";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/pages.css";

/** How often the age of the figures is looked at. */
const WATCH_MS = 100;

const link = new BoxLink(openChannel, box, () => performance.now());
box.connect((command, input) => link.command(command, input), () => location.reload());
startRoute();
startHistory();
frames.start(() => link.drawn());
setInterval(() => box.feed.watch(performance.now()), WATCH_MS);
addEventListener("online", () => link.retry());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) link.retry();
});
link.start();

const root = document.getElementById("app");
if (root !== null) render(<Shell />, root);
