import type { MountOptions, OdpEventMap } from "./index.js";

/** What a micro frontend gives its application. One of the three says where it is mounted. */
export interface LifecycleProps {
  /** The application's name, which both give by themselves: `update` and `unmount` go by it. */
  name?: string;
  /** qiankun's. */
  container?: Element | string;
  /** single-spa's. */
  domElement?: Element;
  domElementGetter?: () => Element | null;
  /** The options of the console. */
  odpConsole?: MountOptions;
  /** Handlers of its events. */
  on?: { [Name in keyof OdpEventMap]?: (event: OdpEventMap[Name]) => void };
}

export function bootstrap(): Promise<void>;
export function mount(props: LifecycleProps): Promise<void>;
export function update(props: LifecycleProps): Promise<void>;
export function unmount(props: LifecycleProps): Promise<void>;
