// Registers <odp-console> when imported.

import { define } from "./custom-element.js";

export { OdpConsoleElement, define } from "./custom-element.js";

define();
