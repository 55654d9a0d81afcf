import type { MountOptions, OdpEventMap } from "./index.js";

/** The props of a micro frontend. One of `container`, `domElement` and `domElementGetter` is required. */
export interface LifecycleProps {
  /** The application's name, which qiankun and single-spa set. It identifies the console in `update` and `unmount`. */
  name?: string;
  /** The place in qiankun. */
  container?: Element | string;
  /** The place in single-spa. */
  domElement?: Element;
  domElementGetter?: () => Element | null;
  /** The options of the console. */
  odpConsole?: MountOptions;
  /** Event handlers by event name. */
  on?: { [Name in keyof OdpEventMap]?: (event: OdpEventMap[Name]) => void };
}

export function bootstrap(): Promise<void>;
export function mount(props: LifecycleProps): Promise<void>;
export function update(props: LifecycleProps): Promise<void>;
export function unmount(props: LifecycleProps): Promise<void>;
