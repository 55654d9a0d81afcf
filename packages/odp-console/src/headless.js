// The headless client, for hosts with their own UI.

import { load as loadModule } from "./load.js";

/** The error that ended a call: `code` is its kind, `state` the last state. */
export class OdpError extends Error {
  constructor(code, message, state) {
    super(message);
    this.name = "OdpError";
    this.code = code;
    this.state = state;
  }
}

async function load(wasmUrl) {
  try {
    return await loadModule(wasmUrl);
  } catch (error) {
    throw new OdpError("load", error.message);
  }
}

/** The states of one client, in order and without gaps. */
class Watched {
  #client;
  #signal;
  #queue = [];
  #wake;
  #abort = () => this.#wake?.();
  last;

  static async open(options, task) {
    const { endpoint, agent, credentials, signal, wasmUrl, ...others } = options;
    signal?.throwIfAborted();
    if (!agent) throw new OdpError("options", 'option "agent" is missing; give HOST:PORT');
    if (!credentials) {
      const allowed = "{ agentPassword }, { sessionId }, or a function that gives one";
      throw new OdpError("options", `option "credentials" is missing; give ${allowed}`);
    }
    const module = await load(wasmUrl);
    signal?.throwIfAborted();
    const watched = new Watched();
    // The endpoint of this agent, or a template.
    const where =
      endpoint === undefined || endpoint.includes("{address}")
        ? { endpoint }
        : { agents: [{ address: agent, endpoint }] };
    try {
      watched.#client = new module.Client(
        { ...others, ...where, credentials },
        document.baseURI,
        (state) => watched.#saw(state),
      );
      watched.#signal = signal;
      signal?.addEventListener("abort", watched.#abort);
      watched.#client.open(agent, task);
    } catch (error) {
      watched.close();
      throw new OdpError("options", error.message);
    }
    return watched;
  }

  #saw(state) {
    this.#queue.push(state);
    this.#wake?.();
  }

  /** Returns the next state. */
  async next() {
    while (this.#queue.length === 0) {
      this.#signal?.throwIfAborted();
      await new Promise((resolve) => (this.#wake = resolve));
    }
    this.#signal?.throwIfAborted();
    this.last = this.#queue.shift();
    const { problem, contact, error } = this.last;
    if (problem) {
      throw new OdpError(problem.kind, [problem.what, problem.fix].join(" "), this.last);
    }
    if (contact === "unauthenticated" && this.#client.waits_for_credential()) {
      const what =
        error?.kind === "not-sent"
          ? "there is no credential any more"
          : `the agent does not accept the credential: ${error?.message ?? error?.code ?? ""}`;
      throw new OdpError("credential", what, this.last);
    }
    return this.last;
  }

  /** Returns the first state with one of these screens. */
  async reach(...screens) {
    for (;;) {
      const state = await this.next();
      if (screens.includes(state.screen)) return state;
    }
  }

  destroy(agent) {
    return this.#client.destroy(agent);
  }

  close() {
    this.#signal?.removeEventListener("abort", this.#abort);
    this.#client?.close();
    this.#client?.free();
    this.#client = undefined;
  }
}

/** Runs the pre-flight checks. Sends only reads. */
export async function preflight(options) {
  const watched = await Watched.open(options);
  try {
    return await watched.reach("review");
  } finally {
    watched.close();
  }
}

/** Connects to an agent and returns its facts. Rejects if the agent does not accept the credential. */
export async function connect(options) {
  const { agent } = await preflight(options);
  return agent;
}

/**
 * Destroys the ODP that the agent manages. The call is the confirmation and sends at most one DELETE.
 * Yields every state; the last one has an `ending`. Leaving the loop, or the signal, ends the
 * iteration, but does not cancel a DELETE that was sent.
 */
export async function* destroyOdp(options) {
  if (options.readOnly) throw new OdpError("options", 'option "readOnly" forbids a destroy');
  const watched = await Watched.open(options);
  try {
    const checked = await watched.reach("review");
    yield checked;
    const failed = checked.checks.filter(({ verdict }) => verdict === "fail");
    if (failed.length > 0) {
      const why = failed.map(({ title, detail }) => `${title}: ${detail}`).join(" ");
      throw new OdpError("checks", why, checked);
    }
    if (!watched.destroy(checked.agent.address)) {
      throw new OdpError("not-sent", "nothing was sent", checked);
    }
    yield* toTheEnd(watched);
  } finally {
    watched.close();
  }
}

/**
 * Destroys the ODPs of several agents. The call is the confirmation for all of them and sends at most
 * one DELETE to each. An agent that fails a check or manages no ODP is left out. Yields every state of
 * the run; the last one has the phase "end". A run that stops is not resumed: the remaining agents are
 * not destroyed. Leaving the loop, or the signal, ends the iteration: a DELETE that was sent is not
 * cancelled, and no other is sent.
 */
export async function* destroyFleet(options) {
  const { agents, credentials, batch, pause, stopOnBadEnd, signal, wasmUrl, ...others } = options;
  signal?.throwIfAborted();
  if (others.readOnly) throw new OdpError("options", 'option "readOnly" forbids a destroy');
  if (!Array.isArray(agents) || agents.length === 0) {
    throw new OdpError("options", 'option "agents" is missing; give a list of HOST:PORT');
  }
  if (!credentials) {
    const allowed = "{ agentPassword }, { sessionId }, or a function that gives one";
    throw new OdpError("options", `option "credentials" is missing; give ${allowed}`);
  }
  const module = await load(wasmUrl);
  signal?.throwIfAborted();
  const listed = agents.map((agent) => (typeof agent === "string" ? { address: agent } : agent));
  const queue = [];
  let wake;
  const abort = () => wake?.();
  let client;
  try {
    try {
      client = new module.FleetClient(
        { ...others, agents: listed, credentials },
        document.baseURI,
        (state) => {
          queue.push(state);
          wake?.();
        },
      );
      signal?.addEventListener("abort", abort);
      client.open(listed.map(({ address }) => address).join("\n"));
    } catch (error) {
      throw new OdpError("options", error.message);
    }
    let confirmed = false;
    let last;
    for (;;) {
      while (queue.length === 0) {
        signal?.throwIfAborted();
        await new Promise((resolve) => (wake = resolve));
      }
      signal?.throwIfAborted();
      last = queue.shift();
      yield last;
      if (last.phase === "end") return;
      if (!confirmed && queue.length === 0 && client.is_checked()) {
        confirmed = true;
        if (client.destroy(batch ?? 1, pause ?? 0, stopOnBadEnd ?? true) === 0) {
          throw new OdpError("checks", "no agent can be destroyed; nothing was sent", last);
        }
      }
      if (last.halted !== null) client.end();
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    client?.close();
    client?.free();
  }
}

/** Follows a task of the agent until it ends. */
export async function* followTask({ task, ...options }) {
  if (!task) throw new OdpError("options", 'option "task" is missing; give the id as a text');
  const watched = await Watched.open(options, task);
  try {
    yield* toTheEnd(watched);
  } finally {
    watched.close();
  }
}

async function* toTheEnd(watched) {
  for (;;) {
    const state = await watched.next();
    const { screen } = state;
    if (screen === "submitting" || screen === "task" || screen === "ended") yield state;
    if (screen === "ended") return;
  }
}
