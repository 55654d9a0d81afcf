import type {
  Agent, AgentError, ConsoleOptions, Credentials, Evidence, ListedAgent, Odp, RunState, Task,
} from "./index.js";

/** The options of the headless client. */
export interface HeadlessOptions extends Pick<ConsoleOptions, "signedPath" | "locale" | "timeouts"> {
  /** The agent, `HOST:PORT`. */
  agent: string;
  /** The URL of this agent, or a template with `{address}`. Default: `"agents/{address}"`. */
  endpoint?: string;
  credentials: Credentials;
  /** Ends the iteration. Does not cancel a DELETE that was sent. */
  signal?: AbortSignal;
  wasmUrl?: string | URL;
}

/** A pre-flight check. */
export interface Check {
  kind: string;
  verdict: "pass" | "warn" | "fail";
  title: string;
  detail: string;
  fix: string | null;
}

/** A state of the client. */
export interface OdpState {
  screen: "connect" | "review" | "submitting" | "task" | "ended";
  agent: Agent | null;
  /** The ODP that the agent manages; `null` if no readable task identifies it. */
  odp: Odp | null;
  problem: { kind: string; what: string; fix: string; error: AgentError | null } | null;
  checks: Check[] | null;
  /** The unfinished ODP task of the agent. */
  holder: Task | null;
  phase: "refreshing" | "deleting" | "finding-out" | null;
  task: Task | null;
  contact: "good" | "retrying" | "unauthenticated" | null;
  error: AgentError | null;
  /** Set in the last state: the evidence, the known facts, and the next steps. */
  ending: (Evidence & { facts: string[]; next: string[] }) | null;
}

/** The error that ended a call. */
export class OdpError extends Error {
  /** `"options"`, `"load"`, `"checks"`, `"credential"`, `"not-sent"`, or the `kind` of a problem. */
  readonly code: string;
  readonly state: OdpState | undefined;
}

/** Connects to an agent and returns its facts. Rejects if the agent does not accept the credential. */
export function connect(options: HeadlessOptions): Promise<Agent>;

/** Runs the pre-flight checks. Sends only reads. */
export function preflight(options: HeadlessOptions): Promise<OdpState>;

/**
 * Destroys the ODP that the agent manages. The call is the confirmation and sends at most one
 * DELETE. Yields every state; the last one has an `ending`.
 */
export function destroyOdp(options: HeadlessOptions): AsyncGenerator<OdpState, void, void>;

/** The options of a run over several agents. */
export interface FleetOptions
  extends Pick<ConsoleOptions, "endpoint" | "signedPath" | "locale" | "timeouts"> {
  /** The agents in the order of the run: `HOST:PORT`, or an object with label, group or endpoint. */
  agents: (string | ListedAgent)[];
  /**
   * A function is called for each agent, and once more with `reason: "refused"` after the agent rejected the
   * credential. The run does not wait for an agent without a usable credential (the function throws or returns `null`,
   * or the agent rejects it again): if its DELETE was not sent, the agent is left out; a task in progress ends as
   * `"lost-sight"`. With `stopOnBadEnd`, either ends a run that has started.
   */
  credentials: Credentials;
  /** Batch size, 1 to 10. The next batch starts when all agents of the previous one have ended. Default: 1. */
  batch?: number;
  /** Pause between batches in seconds, up to 3,600. Default: 0. */
  pause?: number;
  /** Whether the run stops when an agent does not end as destroyed. Default: `true`. */
  stopOnBadEnd?: boolean;
  /** Ends the iteration. Does not cancel a DELETE that was sent; no other is sent. */
  signal?: AbortSignal;
  wasmUrl?: string | URL;
}

/**
 * Destroys the ODPs of several agents. The call is the confirmation for all of them and sends at most
 * one DELETE to each. An agent that fails a check or manages no ODP is left out. Yields every state of
 * the run; the last one has the phase "end".
 */
export function destroyFleet(options: FleetOptions): AsyncGenerator<RunState, void, void>;

/** Follows a task of the agent until it ends. */
export function followTask(
  options: HeadlessOptions & { task: string },
): AsyncGenerator<OdpState, void, void>;
