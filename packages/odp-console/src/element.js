// Importing this makes <odp-console> known to the page.

import { define } from "./custom-element.js";

export { OdpConsoleElement, define } from "./custom-element.js";

define();
