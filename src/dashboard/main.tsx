import { render } from "preact";
import { box } from "./box.js";
import { openChannel } from "./channel.js";
import { frames } from "./frames.js";
import { browserStore, Keys } from "./keys.js";
import { BoxLink } from "./link.js";
import { Reload } from "./reload.js";
import { guessedName } from "./text.js";
import { startHistory } from "./pages/history-panel.js";
import { App } from "./pages/app.js";
import { startRoute } from "./route.js";
import { startUploads } from "./pages/reference-panel.js";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/pages.css";
import "./styles/ears.css";

/** How often the age of the figures is looked at. */
const WATCH_MS = 100;
/** How long a hidden page stays connected: a look at another page costs nothing. */
const SLEEP_MS = 5000;

const keys = new Keys(browserStore("localStorage"));
// The key is not to stand in the address bar, where it is seen and sent on.
if (keys.takeFragment(location.hash)) history.replaceState(null, "", location.pathname);
const link = new BoxLink({ open: openChannel, keys, listener: box, nowMs: () => performance.now(), name: guessedName(navigator.userAgent) });
box.connect((command, input) => link.command(command, input), new Reload(browserStore("sessionStorage"), () => location.reload()));
startRoute();
startHistory();
startUploads(link.upload);
frames.start(() => link.drawn());
setInterval(() => box.watch(performance.now()), WATCH_MS);
addEventListener("online", () => link.retry());
addEventListener("pointerdown", () => link.touch());
let sleep: ReturnType<typeof setTimeout> | undefined;
// A page that nobody sees draws nothing and would be ended by the box again and again: it leaves, and comes back when it is seen.
document.addEventListener("visibilitychange", () => {
  clearTimeout(sleep);
  if (document.hidden) sleep = setTimeout(() => link.stop(), SLEEP_MS);
  else link.start();
});
link.start();

const root = document.getElementById("app");
if (root !== null) render(<App onCode={(code, name) => link.pair(code, name)} />, root);
