/** An agent to choose from. */
export interface ListedAgent {
  /** `HOST:PORT`, an IPv6 host in brackets. */
  address: string;
  /** A display name. */
  label?: string;
  /** The group of the agent in the list, for a run over several agents. */
  group?: string;
  /** The agent's own endpoint, if the template does not apply to it. */
  endpoint?: string;
}

/** The credential for an agent: its agent password, or a session of a CLUSTER AGENT. */
export type Credential = { agentPassword: string } | { sessionId: string };

/** The argument of the `credentials` function. */
export interface CredentialRequest {
  /** The agent, `HOST:PORT`. */
  agent: string;
  /** `"refused"`: the agent rejected the previous credential, or no longer accepts it. */
  reason: "connect" | "refused";
}

/**
 * A credential, or a function that returns one or a promise of one. The function is called when a
 * credential is needed, after a 401, and when the browser restores a page that was left. If it throws
 * or returns `null`, the person types a password.
 */
export type Credentials =
  | Credential
  | ((request: CredentialRequest) => Credential | null | Promise<Credential | null>);

/** Time limits of a response in milliseconds, 1,000 to 600,000. */
export interface Timeouts {
  /** For a read, a sign-in or an operation on a task. Default: 15,000. */
  read?: number;
  /** For a DELETE. The DELETE is not aborted; the console then determines the outcome by reading. Default: 60,000. */
  destroy?: number;
}

/**
 * The host's storage of the sealed agent book: one text, which only the passphrase opens. The console
 * loads it before each write, and after it to verify the write.
 */
export interface BookStore {
  /** Returns the text that was saved last, or nothing if there is none. */
  load(): string | null | undefined | Promise<string | null | undefined>;
  /** Replaces the text as a whole or not at all; `null` deletes it. */
  save(text: string | null): void | Promise<void>;
}

/** The options of a console. All are optional. */
export interface ConsoleOptions {
  /** The agents to choose from. Default: none. */
  agents?: ListedAgent[];
  /** Whether an address that is not in `agents` can be typed. Default: `true`. */
  typedAddress?: boolean;
  /**
   * The template of an agent's URL, absolute or relative to `document.baseURI`; `{address}` stands
   * for `HOST:PORT`. Default: `"agents/{address}"`.
   */
  endpoint?: string;
  /** The part of the endpoint's path that the agent receives: none, or all of it. Default: `"stripped"`. */
  signedPath?: "stripped" | "full";
  /** Default: `"auto"`, the browser's language. */
  locale?: "auto" | "en-US" | "zh-CN";
  /** Default: `"system"`. */
  theme?: "system" | "light" | "dark";
  /** The time zone of displayed times. Default: `"agent"`. */
  zone?: "agent" | "browser" | "utc";
  /** Whether agents can only be viewed: no DELETE, no operation. Default: `false`. */
  readOnly?: boolean;
  /**
   * Whether the task screen offers a system notification when a task ends while the page is in the
   * background. The browser asks for permission for the host's origin. Default: `false`.
   */
  notifications?: boolean;
  timeouts?: Timeouts;
  /** Signs in for the person. Default: `null`, the person types a password. */
  credentials?: Credentials | null;
  /** The storage of the agent book. Default: `null`, no agent book. */
  book?: BookStore | null;
  /** The agent to start with, `HOST:PORT`. */
  agent?: string;
  /** The task to open, by its id. */
  task?: string;
  /** The stage of the task whose log is shown, by its id. */
  node?: string;
  /** The sub task whose log is shown, by its id. */
  subTask?: string;
}

/** Options of a mounted console. */
export interface MountOptions extends ConsoleOptions {
  /** The URL of the module, if it is not served beside the scripts. One for the whole page. */
  wasmUrl?: string | URL;
}

/** A mounted console. */
export interface ConsoleHandle {
  /**
   * Resolves when the console is mounted. Rejects with an `Error` if the module cannot be loaded (it names the URL
   * and what the server returned) or an option is wrong (it names the option). The host then shows one line, and the
   * browser's console has the error. After a wrong option, `update` with corrected options starts the console.
   */
  readonly ready: Promise<void>;
  /**
   * Changes the given options. Throws an `Error` that names a wrong option and then changes nothing. After the host
   * has moved to another document, `update({})` creates the console's style sheet for that document.
   */
  update(options: ConsoleOptions): void;
  /** Unmounts the console: aborts reads and wipes the credential. A DELETE is not aborted. */
  destroy(): void;
}

/** Mounts a console into the open shadow root of `host`. A page can have any number of consoles. */
export function mount(host: Element, options?: MountOptions): ConsoleHandle;

/** The default values, which apply again when an option is removed. */
export const defaults: Required<
  Omit<ConsoleOptions, "agent" | "task" | "node" | "subTask">
>;

/** Loads the module before the first console needs it. */
export function load(wasmUrl?: string | URL): Promise<void>;

/** State of a task, stage or sub task, as the agent reports it. */
export type TaskState = "PENDING" | "READY" | "RUNNING" | "FAILED" | "SUCCEED" | (string & {});
/** Operator of a task, stage or sub task, as the agent reports it. */
export type TaskOperator = "RUN" | "RETRY" | "ROLLBACK" | "CANCEL" | "PASS" | (string & {});

/** A sub task. Times are as the agent reports them; `null` if there is none yet. */
export interface SubTask {
  id: string;
  name: string;
  state: TaskState;
  operator: TaskOperator;
  agent: string | null;
  started: string | null;
  ended: string | null;
  execute_times: number;
  log_lines: number;
  /** The number of secret values, such as passwords, that are replaced by `***` in the whole log. */
  hidden_values: number;
  /** The last lines of the log, at most 50. */
  last_log_lines: string[];
}

/** A stage of a task: obshell's node. */
export interface Stage {
  /** Counted from 1. */
  number: number;
  id: string;
  name: string;
  state: TaskState;
  operator: TaskOperator;
  started: string | null;
  ended: string | null;
  sub_tasks: SubTask[];
}

/** A task: obshell's DAG. Ids are strings, because they exceed the safe integers. */
export interface Task {
  id: string;
  /** The agent that is encoded in the id. */
  owner: string | null;
  name: string;
  /** Whether this console's DELETE started the task; `null` if unknown. */
  mine: boolean | null;
  state: TaskState;
  operator: TaskOperator;
  stage: number;
  max_stage: number;
  started: string | null;
  ended: string | null;
  stages: Stage[];
}

/** The known facts about an agent. */
export interface Agent {
  address: string;
  ip: string;
  port: number;
  identity: string;
  version: string;
  home_path: string;
  /** Clock difference in milliseconds; positive if the agent's clock is ahead of the browser's. */
  clock_ahead_millis: number;
  zone_offset_seconds: number | null;
}

/** The ODP that an agent manages, according to the log of one of its tasks. */
export interface Odp {
  home: string | null;
  name: string | null;
  /** The OceanBase cluster of the ODP. */
  cluster: string | null;
  /** The port for clients. */
  port: number | null;
  /** The task with that log. `started` is as the agent reports it. */
  source: { task: string; id: string; started: string | null };
}

/** A failed request: no usable response, or the agent's rejection. */
export interface AgentError {
  kind:
    | "not-sent" | "network" | "timeout" | "refused"
    | "page" | "empty" | "truncated" | "not-obshell" | "other-status" | "redirect" | "too-large"
    | "no-content"
    | "old-answer" | "other-task" | "other-agent" | "not-listed";
  status: number | null;
  /** The agent's errCode; before 4.3.1.0, its numeric code. */
  code: string | null;
  message: string | null;
  trace_id: string | null;
}

/** All endings. */
export type EndingKind =
  | "destroyed" | "skipped" | "failed" | "cancelled" | "nothing-to-destroy" | "refused"
  | "someone-else" | "not-sent" | "not-done" | "outcome-unknown" | "other-task-done";

/** The ending with its evidence. */
export interface Evidence {
  format: "odp-console-evidence/3";
  console_version: string;
  agent: Agent;
  /** `null` if no readable task identifies it. */
  odp: Odp | null;
  ending: {
    kind: EndingKind;
    /** The name of the ending, in English. */
    name: string;
    /** The number of the failed or cancelled stage, counted from 1. */
    stage: number | null;
    /** Whether the agent still manages an ODP; `null` if unknown. */
    managed: boolean | null;
  };
  /** The end of the task, as the agent reports it; `null` if it reports none or there is no task. */
  ended_at: string | null;
  /** The time at which the console saw the end, by the browser's clock, in UTC. */
  seen_at: string;
  /** This console's DELETE; `null` if none was sent. */
  delete: { sent_at: string; trace_id: string | null } | null;
  task: Task | null;
  error: AgentError | null;
}

/** State of an agent in a run. */
export type RunStanding =
  | "unchecked" | "checking" | "waiting" | "under-way" | "ended" | "lost-sight" | "left-out"
  | "stopped";

/** An agent of a run. Times are RFC 3339, UTC, by the browser's clock. */
export interface RunMember {
  agent: string;
  label: string | null;
  group: string | null;
  standing: RunStanding;
  /** Why the agent is left out. `"unread"` and `"not-ready"` include an agent without a usable credential. */
  left_out: "person" | "unread" | "obstacle" | "not-ready" | null;
  stage: number | null;
  max_stage: number | null;
  began_at: string | null;
  ended_at: string | null;
  /** The DELETE; `null` if none was sent. */
  delete: { sent_at: string; trace_id: string | null } | null;
  /** The id of its task. */
  task: string | null;
  ending: EndingKind | null;
}

/** State of a run over several agents. */
export interface RunState {
  phase: "choose" | "sign-in" | "preflight" | "review" | "run" | "end";
  confirmed_at: string | null;
  ended_at: string | null;
  settings: { batch: number; pause_seconds: number; stop_on_bad_end: boolean };
  counts: {
    members: number;
    destroyed: number;
    not_destroyed: number;
    under_way: number;
    waiting: number;
    unchecked: number;
    left_out: number;
    stopped: number;
  };
  /** Why no further agent is started; `null` if the run continues. */
  halted: "person" | "bad-end" | "no-credential" | "page-left" | "read-only" | null;
  members: RunMember[];
}

/** The details of a console's events. They contain no secret. */
export interface OdpEventDetails {
  /** The agent does not accept the credential, or no longer, or there is none. */
  "odp-auth-required": {
    agent: string; kind: string; what: string; fix: string; error: AgentError | null;
  };
  /** The DELETE has left the browser. */
  "odp-submitted": { agent: string };
  /** The task has changed. Can follow an ending that said that nothing was done, which is then withdrawn. */
  "odp-progress": { agent: string; task: Task };
  /**
   * The task, or the attempt to start one, has ended. Fires again after an operation on a task that stopped, and if
   * the task appears after an ending that said that nothing was done.
   */
  "odp-finished": Evidence;
  /** The state of an agent in a run has changed. */
  "odp-run-progress": RunState;
  /** A run has ended. Fires again after a retry of an agent. */
  "odp-run-finished": RunState;
  /** A request failed, an option is wrong, or the console cannot start or has stopped. Needs no action of the host. */
  "odp-error": { agent?: string; kind: string; what: string; fix?: string; error?: AgentError | null };
  /** The person went to another place or changed a setting: the options that lead back, and the choices. */
  "odp-place": Pick<
    ConsoleOptions, "agent" | "task" | "node" | "subTask" | "locale" | "theme" | "zone"
  >;
}

/** The events of a console. They bubble and are composed. */
export type OdpEventMap = { [Name in keyof OdpEventDetails]: CustomEvent<OdpEventDetails[Name]> };

/** The element. Simple options are also attributes; all options are properties. */
export class OdpConsoleElement extends HTMLElement implements ConsoleOptions {
  /** The handle while the element is in a document. */
  readonly handle: ConsoleHandle | undefined;
  agents?: ListedAgent[];
  typedAddress?: boolean;
  endpoint?: string;
  signedPath?: "stripped" | "full";
  locale?: "auto" | "en-US" | "zh-CN";
  theme?: "system" | "light" | "dark";
  zone?: "agent" | "browser" | "utc";
  readOnly?: boolean;
  notifications?: boolean;
  timeouts?: Timeouts;
  credentials?: Credentials | null;
  book?: BookStore | null;
  agent?: string;
  task?: string;
  node?: string;
  subTask?: string;
  wasmUrl?: string | URL;
  addEventListener<Name extends keyof OdpEventMap>(
    name: Name,
    listener: (event: OdpEventMap[Name]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<Name extends keyof HTMLElementEventMap>(
    name: Name,
    listener: (event: HTMLElementEventMap[Name]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** Registers the element under this name. Default: `"odp-console"`. */
export function define(name?: string): void;
