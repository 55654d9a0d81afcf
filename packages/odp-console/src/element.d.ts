import type { OdpConsoleElement } from "./index.js";

export { OdpConsoleElement, define } from "./index.js";

declare global {
  interface HTMLElementTagNameMap {
    "odp-console": OdpConsoleElement;
  }
}
