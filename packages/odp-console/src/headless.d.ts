import type {
  Agent, AgentError, ConsoleOptions, Credentials, Evidence, ListedAgent, Odp, RunState, Task,
} from "./index.js";

/** What a client without a screen is given. */
export interface HeadlessOptions extends Pick<ConsoleOptions, "signedPath" | "locale" | "timeouts"> {
  /** The agent, `HOST:PORT`. */
  agent: string;
  /** The URL that reaches this agent, or the template of all. Default: `"agents/{address}"`. */
  endpoint?: string;
  credentials: Credentials;
  /** Ends the watching. A DELETE that has left is not called back by it. */
  signal?: AbortSignal;
  wasmUrl?: string | URL;
}

/** A check before a destroy. */
export interface Check {
  kind: string;
  verdict: "pass" | "warn" | "fail";
  title: string;
  detail: string;
  fix: string | null;
}

/** One state on the way. */
export interface OdpState {
  screen: "connect" | "review" | "submitting" | "task" | "ended";
  agent: Agent | null;
  /** Which ODP it manages; `null` where no task that was read tells it. */
  odp: Odp | null;
  problem: { kind: string; what: string; fix: string; error: AgentError | null } | null;
  checks: Check[] | null;
  /** The task that holds the agent. */
  holder: Task | null;
  phase: "refreshing" | "deleting" | "finding-out" | null;
  task: Task | null;
  contact: "good" | "retrying" | "unauthenticated" | null;
  error: AgentError | null;
  /** The last state has one: the evidence, what is known, and what can be done now. */
  ending: (Evidence & { facts: string[]; next: string[] }) | null;
}

/** Why something ended early. */
export class OdpError extends Error {
  /** `"options"`, `"load"`, `"checks"`, `"credential"`, or the kind of a problem. */
  readonly code: string;
  readonly state: OdpState | undefined;
}

/** Connects to an agent: what it is, and whether the credential is accepted. */
export function connect(options: HeadlessOptions): Promise<Agent>;

/** What the checks before a destroy find. Nothing is sent but reads. */
export function preflight(options: HeadlessOptions): Promise<OdpState>;

/**
 * Destroys the ODP that the agent manages. The call is the confirmation and sends one DELETE at
 * most. Gives every state on the way; the last one has an `ending`.
 */
export function destroyOdp(options: HeadlessOptions): AsyncGenerator<OdpState, void, void>;

/** What a run over many agents is given. */
export interface FleetOptions
  extends Pick<ConsoleOptions, "endpoint" | "signedPath" | "locale" | "timeouts"> {
  /** The agents in the order of the run: `HOST:PORT`, or with a label, a group or an endpoint. */
  agents: (string | ListedAgent)[];
  /**
   * Called for each agent, where it is a function, and once more with `reason: "refused"` after the agent refused the
   * credential. An agent without a usable credential (the function throws or returns `null`, or the agent refuses it
   * again) is not waited for: before its turn it is left out and no DELETE is sent; a task in progress ends as
   * `"lost-sight"`. With `stopOnBadEnd` either ends the run once it has begun.
   */
  credentials: Credentials;
  /** How many are destroyed at a time, 1 to 10. The next ones begin when all of them are at an end. Default: 1. */
  batch?: number;
  /** Seconds from one batch to the next, up to 3,600. Default: 0. */
  pause?: number;
  /** Whether the run stops when an agent does not end as destroyed. Default: `true`. */
  stopOnBadEnd?: boolean;
  /** Ends the watching. A DELETE that has left is not called back by it, and no other is sent. */
  signal?: AbortSignal;
  wasmUrl?: string | URL;
}

/**
 * Destroys the ODPs of several agents. The call is the one confirmation for all of them and sends
 * one DELETE to each at most. An agent whose checks fail, or that manages no ODP, is left out. Gives
 * every state of the run; the last one has the phase "end".
 */
export function destroyFleet(options: FleetOptions): AsyncGenerator<RunState, void, void>;

/** Follows a task of the agent, by its id, to its end. */
export function followTask(
  options: HeadlessOptions & { task: string },
): AsyncGenerator<OdpState, void, void>;
