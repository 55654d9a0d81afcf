import type { CSSProperties, ForwardRefExoticComponent, RefAttributes } from "react";

import type { ConsoleHandle, MountOptions, OdpEventMap } from "./index.js";

/** The options of a console, its event handlers, and `className`, `style` and `id` of its element. */
export interface OdpConsoleProps extends MountOptions {
  onOdpAuthRequired?: (event: OdpEventMap["odp-auth-required"]) => void;
  onOdpSubmitted?: (event: OdpEventMap["odp-submitted"]) => void;
  onOdpProgress?: (event: OdpEventMap["odp-progress"]) => void;
  onOdpFinished?: (event: OdpEventMap["odp-finished"]) => void;
  onOdpRunProgress?: (event: OdpEventMap["odp-run-progress"]) => void;
  onOdpRunFinished?: (event: OdpEventMap["odp-run-finished"]) => void;
  onOdpError?: (event: OdpEventMap["odp-error"]) => void;
  onOdpPlace?: (event: OdpEventMap["odp-place"]) => void;
  className?: string;
  style?: CSSProperties;
  id?: string;
}

/** The value of a ref. */
export interface OdpConsoleRef {
  readonly element: HTMLDivElement | null;
  readonly ready: Promise<void> | undefined;
  update: ConsoleHandle["update"];
}

export const OdpConsole: ForwardRefExoticComponent<OdpConsoleProps & RefAttributes<OdpConsoleRef>>;
