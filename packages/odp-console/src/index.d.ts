/** An agent to choose from. */
export interface ListedAgent {
  /** `HOST:PORT`, an IPv6 host in brackets. */
  address: string;
  /** A name for people. */
  label?: string;
  /** The group that it is listed in, for a run over many agents. */
  group?: string;
  /** This agent's own endpoint, where the template does not fit. */
  endpoint?: string;
}

/** What proves the right to operate an agent: its agent password, or a session of a CLUSTER AGENT. */
export type Credential = { agentPassword: string } | { sessionId: string };

/** What a host is asked. */
export interface CredentialRequest {
  /** The agent, `HOST:PORT`. */
  agent: string;
  /** `"refused"`: the agent turned down what was given before, or does not accept it any more. */
  reason: "connect" | "refused";
}

/**
 * A credential, or a function that gives one or promises to; it is asked when a credential is
 * needed, again after a 401, and again when the browser brings back a page that was left. What it
 * throws, and `null`, let the person type a password.
 */
export type Credentials =
  | Credential
  | ((request: CredentialRequest) => Credential | null | Promise<Credential | null>);

/** How long answers are waited for, in milliseconds, 1,000 to 600,000. */
export interface Timeouts {
  /** A read, and an operation on a task. Default: 15,000. */
  read?: number;
  /** A DELETE; it is not given up then, but what came of it is found out by reading. Default: 60,000. */
  destroy?: number;
}

/**
 * Where the host stores the sealed agent book: one text, which only its passphrase opens. The
 * console loads it before each write, and again after it to see that it is whole.
 */
export interface BookStore {
  /** The text that was saved last; nothing where there is none. */
  load(): string | null | undefined | Promise<string | null | undefined>;
  /** Replaces the text as a whole, or not at all; `null` deletes it. */
  save(text: string | null): void | Promise<void>;
}

/** The options of a console; every one may be left out. */
export interface ConsoleOptions {
  /** The agents to choose from. Default: none. */
  agents?: ListedAgent[];
  /** Whether an address that is not in `agents` may be typed. Default: `true`. */
  typedAddress?: boolean;
  /**
   * The template of the URL that reaches an agent: absolute, or relative to `document.baseURI`;
   * `{address}` stands for `HOST:PORT`. Default: `"agents/{address}"`.
   */
  endpoint?: string;
  /** What the agent sees of the endpoint's path: nothing, or all of it. Default: `"stripped"`. */
  signedPath?: "stripped" | "full";
  /** Default: `"auto"`, by the browser's language. */
  locale?: "auto" | "en-US" | "zh-CN";
  /** Default: `"system"`. */
  theme?: "system" | "light" | "dark";
  /** The zone of times. Default: `"agent"`. */
  zone?: "agent" | "browser" | "utc";
  /** Whether agents can be looked at only. Default: `false`. */
  readOnly?: boolean;
  /**
   * Whether the task screen offers a system notification at the end of a task while the page is in the
   * background. The browser asks for the permission on behalf of the host's origin. Default: `false`.
   */
  notifications?: boolean;
  timeouts?: Timeouts;
  /** Where the host signs in, nobody types a password. `null`: it does not any more. */
  credentials?: Credentials | null;
  /** Where the agent book is stored. Default: `null`, there is none. */
  book?: BookStore | null;
  /** An agent to begin with, `HOST:PORT`. */
  agent?: string;
  /** A task to open, by its id. */
  task?: string;
  /** A stage of that task, by its id. */
  node?: string;
  /** The same by the id of one of its sub tasks. */
  subTask?: string;
}

/** Options of a mounted console. */
export interface MountOptions extends ConsoleOptions {
  /** Where the module is, if it does not lie where the package does. The same for a whole page. */
  wasmUrl?: string | URL;
}

/** A mounted console. */
export interface ConsoleHandle {
  /**
   * Settled when the console is drawn. Rejected with an `Error` that names the URL and what came instead where the
   * module could not be loaded, or that names a wrong option; the host shows one line then, and the browser's console
   * has the error. Corrected options, given by `update`, start the console.
   */
  readonly ready: Promise<void>;
  /**
   * Changes the options that are given. Throws an `Error` that names a wrong one; nothing is changed then. After the
   * host has moved to another document, `update({})` makes the console's style sheet anew.
   */
  update(options: ConsoleOptions): void;
  /** Takes the console down. Reads are aborted and the credential is wiped; a DELETE goes on. */
  destroy(): void;
}

/** Mounts a console into the open shadow root of `host`. Any number fit into a page. */
export function mount(host: Element, options?: MountOptions): ConsoleHandle;

/** What an option is again where it is given no longer. */
export const defaults: Required<
  Omit<ConsoleOptions, "agent" | "task" | "node" | "subTask">
>;

/** Loads the module ahead of the first console. */
export function load(wasmUrl?: string | URL): Promise<void>;

/** States and operators of tasks, stages and sub tasks, as the agent writes them. */
export type TaskState = "PENDING" | "READY" | "RUNNING" | "FAILED" | "SUCCEED" | (string & {});
export type TaskOperator = "RUN" | "RETRY" | "ROLLBACK" | "CANCEL" | "PASS" | (string & {});

/** A sub task. Times are the agent's, as it writes them; `null` while there is none. */
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
  /** How many secret values, such as passwords, are `***` in the whole log. */
  hidden_values: number;
  /** At most 50. */
  last_log_lines: string[];
}

/** A stage of a task: a node. */
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

/** A task: a DAG. Ids are texts, as they exceed what a number holds. */
export interface Task {
  id: string;
  /** The agent that the id names. */
  owner: string | null;
  name: string;
  /** Whether this console's DELETE started it; `null` where that cannot be told. */
  mine: boolean | null;
  state: TaskState;
  operator: TaskOperator;
  stage: number;
  max_stage: number;
  started: string | null;
  ended: string | null;
  stages: Stage[];
}

/** What is known of an agent. */
export interface Agent {
  address: string;
  ip: string;
  port: number;
  identity: string;
  version: string;
  home_path: string;
  /** Milliseconds; positive: the agent's clock is ahead of the browser's. */
  clock_ahead_millis: number;
  zone_offset_seconds: number | null;
}

/** The ODP that an agent manages, as the log of one of its tasks tells it. */
export interface Odp {
  home: string | null;
  name: string | null;
  /** The OceanBase cluster that it was added for. */
  cluster: string | null;
  /** The port for clients that it was started with. */
  port: number | null;
  /** The task whose log tells it. `started` is the agent's time, as it writes it. */
  source: { task: string; id: string; started: string | null };
}

/** An answer that was none, or the agent's refusal. */
export interface AgentError {
  kind:
    | "not-sent" | "network" | "timeout" | "refused"
    | "page" | "empty" | "truncated" | "not-obshell" | "other-status" | "redirect" | "too-large"
    | "no-content"
    | "old-answer" | "other-task" | "other-agent" | "not-listed";
  status: number | null;
  /** The agent's errCode, or its number before 4.3.1.0. */
  code: string | null;
  message: string | null;
  trace_id: string | null;
}

/** The endings. There are no others. */
export type EndingKind =
  | "destroyed" | "skipped" | "failed" | "cancelled" | "nothing-to-destroy" | "refused"
  | "someone-else" | "not-sent" | "not-done" | "outcome-unknown" | "other-task-done";

/** The end, with what proves it. */
export interface Evidence {
  format: "odp-console-evidence/3";
  console_version: string;
  agent: Agent;
  /** `null` where no task that could be read tells it. */
  odp: Odp | null;
  ending: {
    kind: EndingKind;
    /** In English. */
    name: string;
    /** The stage that failed or was cancelled, counted from 1. */
    stage: number | null;
    /** Whether the agent still manages an ODP; `null` where it was not asked or did not say. */
    managed: boolean | null;
  };
  /** When the task ended, as the agent wrote it; `null` where it does not tell or there is no task. */
  ended_at: string | null;
  /** When the console saw the end, by the browser's clock, UTC. */
  seen_at: string;
  /** This console's DELETE, where one was sent. */
  delete: { sent_at: string; trace_id: string | null } | null;
  task: Task | null;
  error: AgentError | null;
}

/** How an agent of a run stands. */
export type RunStanding =
  | "unchecked" | "checking" | "waiting" | "under-way" | "ended" | "lost-sight" | "left-out"
  | "stopped";

/** An agent of a run. Times are RFC 3339, UTC, by the browser's clock. */
export interface RunMember {
  agent: string;
  label: string | null;
  group: string | null;
  standing: RunStanding;
  /**
   * Why it takes no part. `"unread"` and `"not-ready"` include an agent that there is no usable credential for.
   */
  left_out: "person" | "unread" | "obstacle" | "not-ready" | null;
  stage: number | null;
  max_stage: number | null;
  began_at: string | null;
  ended_at: string | null;
  /** The DELETE, where one was sent. */
  delete: { sent_at: string; trace_id: string | null } | null;
  /** The id of its task. */
  task: string | null;
  ending: EndingKind | null;
}

/** A run over many agents. */
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
  /** Why no further agent begins. */
  halted: "person" | "bad-end" | "no-credential" | "page-left" | "read-only" | null;
  members: RunMember[];
}

/** The details of a console's events. There is no secret in them. */
export interface OdpEventDetails {
  /** The agent does not accept the credential (any more), or there is none. */
  "odp-auth-required": {
    agent: string; kind: string; what: string; fix: string; error: AgentError | null;
  };
  /** The DELETE has left the browser. */
  "odp-submitted": { agent: string };
  /** There is news of the task. It may come after an ending that said that nothing was done, which is taken back. */
  "odp-progress": { agent: string; task: Task };
  /**
   * It has ended. It may end again: after an operation on a task that stopped, and where an ending said that
   * nothing was done and the task appeared after all.
   */
  "odp-finished": Evidence;
  /** An agent of a run stands differently. */
  "odp-run-progress": RunState;
  /** A run has ended. It may end again, after an agent was tried again. */
  "odp-run-finished": RunState;
  /** Something went wrong; what the console does about it, it does by itself. */
  "odp-error": { agent?: string; kind: string; what: string; fix?: string; error?: AgentError | null };
  /** The person is somewhere else: the options that lead back, and what they chose. */
  "odp-place": Pick<
    ConsoleOptions, "agent" | "task" | "node" | "subTask" | "locale" | "theme" | "zone"
  >;
}

/** The events of a console. They bubble and leave the shadow root. */
export type OdpEventMap = { [Name in keyof OdpEventDetails]: CustomEvent<OdpEventDetails[Name]> };

/** The element: attributes for plain settings, properties for the rest. */
export class OdpConsoleElement extends HTMLElement implements ConsoleOptions {
  /** The handle while it is in a page. */
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

/** Makes the element known to the page, under this name. Default: `"odp-console"`. */
export function define(name?: string): void;
