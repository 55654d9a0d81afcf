//! A shell without a browser: it sends the flow's calls over a real connection, and its waits
//! advance the simulated agent's task engine instead of taking time.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use getrandom::SysRng;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use obshell_sim::{Agent, Config, Control, Matching};
use odp_console::browser::vault::Vault;
use odp_console::flow::effect::{Call, Effect};
use odp_console::flow::ending::Ending;
use odp_console::flow::event::{Answered, FlowEvent, Reply};
use odp_console::flow::settings::Settings;
use odp_console::flow::state::{Screen, SignIn, State};
use odp_console::flow::step::step;
use odp_console::obshell::error::{Failure, NoAnswer, NotSent};
use odp_console::obshell::request::{Credential, Method, Seal, WireRequest};
use odp_console::obshell::secret::Secret;

pub const PASSWORD: &str = "Pw#1 密码";

pub struct Console {
    /// Keeps the agent alive if the console owns it.
    _agent: Option<Rc<Agent>>,
    address: String,
    pub control: Control,
    pub state: State,
    effects: VecDeque<Effect>,
    vault: Vault,
    client: Client<HttpConnector, Full<bytes::Bytes>>,
    /// The task after each change.
    pub seen: Vec<String>,
    /// The endings on the screen, in order.
    pub told: Vec<Ending>,
    /// The number of DELETEs that were sent, whether or not they arrived.
    pub sent: u32,
    /// Whether waits advance both clocks, the browser's and the agent's.
    pub time_passes: bool,
    /// The sum of all waits so far, in milliseconds.
    pub waited: i64,
    /// The jump of the agent's clock right after a DELETE, in seconds.
    pub clock_jumps: i64,
    /// The paths whose next request after a DELETE is lost.
    pub lost_after_delete: Vec<&'static str>,
    /// The number of waits after which the agent restarts.
    pub restart_after_waits: Option<u32>,
    /// The number of waits after which the agent password is changed, and the new password.
    pub set_password_after_waits: Option<(u32, &'static str)>,
    /// The number of waits after which the browser's clock is set, and the change in seconds.
    pub browser_jumps_after_waits: Option<(u32, i64)>,
    /// The total change of the browser's clock, in milliseconds.
    browser_ahead: i64,
    /// The agent creates a new key just before the next sealed request whose path has this prefix.
    pub key_changes_before: Option<&'static str>,
    /// The number of requests that the agent rejected for their header.
    pub refused: u32,
}

impl Console {
    /// Creates a console with its own agent, whose engine is held.
    pub async fn beside(config: Config) -> Self {
        let agent = Agent::start(config).await.unwrap();
        agent.control().hold();
        let console = Self::at(&agent);
        Self {
            _agent: Some(Rc::new(agent)),
            ..console
        }
    }

    /// Creates another console at the same agent.
    pub fn twin(&self) -> Self {
        Self {
            _agent: self._agent.clone(),
            ..Self::new(self.address.clone(), self.control.clone())
        }
    }

    /// Creates a console at an existing agent.
    pub fn at(agent: &Agent) -> Self {
        Self::new(agent.addr().to_string(), agent.control())
    }

    fn new(address: String, control: Control) -> Self {
        Self {
            _agent: None,
            address,
            control,
            state: State::new(Rc::new(Settings::default())),
            effects: VecDeque::new(),
            vault: Vault::default(),
            client: Client::builder(TokioExecutor::new()).build_http(),
            seen: Vec::new(),
            told: Vec::new(),
            sent: 0,
            time_passes: false,
            waited: 0,
            clock_jumps: 0,
            lost_after_delete: Vec::new(),
            restart_after_waits: None,
            set_password_after_waits: None,
            browser_jumps_after_waits: None,
            browser_ahead: 0,
            key_changes_before: None,
            refused: 0,
        }
    }

    pub fn address(&self) -> String {
        self.address.clone()
    }

    /// The number of operators that reached the agent.
    pub fn operators(&self) -> usize {
        let requests = self.control.requests();
        let operators = requests.iter().filter(|request| {
            request.method == "POST"
                && request.target.starts_with("/api/v1/task/")
                && request.reached_agent()
        });
        operators.count()
    }

    pub fn deletes(&self) -> usize {
        self.control.snapshot().count("DELETE", "/api/v1/obproxy")
    }

    /// Performs an act of a person and all its consequences up to the next act.
    pub async fn act(&mut self, event: FlowEvent) {
        self.act_until(event, |_| false).await;
    }

    /// Performs an act of a person and its consequences until the state is as `wanted`. The rest
    /// follows with the next act, or with [`Console::go_on`].
    pub async fn act_until(&mut self, event: FlowEvent, wanted: impl Fn(&State) -> bool) {
        self.tell(event);
        self.follow(wanted).await;
    }

    /// Continues with all remaining consequences.
    pub async fn go_on(&mut self) {
        self.follow(|_| false).await;
    }

    /// Continues until the state is as `wanted`.
    pub async fn follow(&mut self, wanted: impl Fn(&State) -> bool) {
        while !wanted(&self.state)
            && let Some(effect) = self.effects.pop_front()
        {
            match effect {
                Effect::Call(call) => {
                    let answered = self.perform(call).await;
                    self.tell(FlowEvent::Answered(answered));
                }
                // An ending is checked as long as the page is open; the tests do not wait for that.
                Effect::Wait { .. } if matches!(self.state.screen, Screen::Ended(_)) => {}
                Effect::Wait { timer, millis } => {
                    self.waited += i64::from(millis);
                    if self.time_passes {
                        self.control.set_clock_offset(self.waited / 1000);
                    }
                    self.restart_after_waits = match self.restart_after_waits {
                        Some(0) => {
                            self.control.restart().await.unwrap();
                            None
                        }
                        waits => waits.map(|waits| waits - 1),
                    };
                    if let Some(password) = counted(&mut self.set_password_after_waits) {
                        self.control.set_password(Some(password));
                    }
                    if let Some(seconds) = counted(&mut self.browser_jumps_after_waits) {
                        self.browser_ahead += seconds * 1000;
                    }
                    self.control.step();
                    self.tell(FlowEvent::Due(timer));
                }
                Effect::AbandonReads | Effect::WipeCredential | Effect::WatchIdle { .. } => {
                    self.obey(effect);
                }
            }
        }
    }

    fn obey(&mut self, effect: Effect) {
        match effect {
            Effect::AbandonReads => {
                self.effects
                    .retain(|effect| !matches!(effect, Effect::Call(_)));
            }
            Effect::WipeCredential => self.vault.wipe(),
            Effect::Call(_) | Effect::Wait { .. } | Effect::WatchIdle { .. } => {}
        }
    }

    /// Performs an act of a person and its consequences up to the first wait. The waits remain for
    /// [`go_on`](Self::go_on).
    pub async fn act_at_once(&mut self, event: FlowEvent) {
        self.tell(event);
        let mut waits = Vec::new();
        while let Some(effect) = self.effects.pop_front() {
            match effect {
                Effect::Call(call) => {
                    let answered = self.perform(call).await;
                    self.tell(FlowEvent::Answered(answered));
                }
                Effect::AbandonReads | Effect::WipeCredential | Effect::WatchIdle { .. } => {
                    self.obey(effect);
                }
                Effect::Wait { .. } => waits.push(effect),
            }
        }
        self.effects.extend(waits);
    }

    /// Confirms, and returns at the first wait.
    pub async fn confirm_at_once(&mut self) {
        let typed = self.address();
        self.act_at_once(FlowEvent::Confirm { typed }).await;
    }

    /// Confirms, and returns as soon as there is a task.
    pub async fn confirm_without_news(&mut self) {
        self.tell(FlowEvent::Confirm {
            typed: self.address(),
        });
        while !matches!(self.state.screen, Screen::Task(_)) {
            let Some(Effect::Call(call)) = self.effects.pop_front() else {
                panic!("nothing leads to a task: {:?}", self.state.screen)
            };
            let answered = self.perform(call).await;
            self.tell(FlowEvent::Answered(answered));
        }
    }

    pub async fn connect(&mut self, password: &str) {
        self.act(FlowEvent::AddressEdited(self.address())).await;
        self.give(password);
        self.act(FlowEvent::Connect {
            has_credential: true,
        })
        .await;
    }

    /// Connects with the root password of OceanBase, which only a CLUSTER AGENT accepts.
    pub async fn connect_as_root(&mut self, password: &str) {
        self.act(FlowEvent::AddressEdited(self.address())).await;
        self.act(FlowEvent::AddressChosen).await;
        assert!(self.state.facts().unwrap().info.has_sessions());
        self.act(FlowEvent::SignInWith(SignIn::RootPassword)).await;
        self.give(password);
        self.act(FlowEvent::Connect {
            has_credential: true,
        })
        .await;
    }

    /// Connects with the choice that root has no password.
    pub async fn connect_without_password(&mut self) {
        self.act(FlowEvent::AddressEdited(self.address())).await;
        self.act(FlowEvent::AddressChosen).await;
        self.act(FlowEvent::SignInWith(SignIn::NoRootPassword))
            .await;
        self.vault.store(Credential::RootWithoutPassword);
        self.act(FlowEvent::Connect {
            has_credential: true,
        })
        .await;
    }

    pub async fn review_and_confirm(&mut self) {
        self.act(FlowEvent::Confirm {
            typed: self.address(),
        })
        .await;
    }

    pub fn give(&mut self, password: &str) {
        let sign_in = self.state.form.sign_in;
        self.vault
            .store_password(Secret::new(password.to_owned()), sign_in);
    }

    pub fn ending(&self) -> &Ending {
        match &self.state.screen {
            Screen::Ended(ended) => &ended.ending,
            other => panic!("not ended: {other:?} {:?}", self.state.form.problem),
        }
    }

    fn tell(&mut self, event: FlowEvent) {
        let (state, effects) = step(self.state.clone(), self.now(), event);
        self.state = state;
        // The caller no longer waits.
        if effects
            .iter()
            .any(|effect| matches!(effect, Effect::Call(_)))
        {
            let waits = |effect: &Effect| matches!(effect, Effect::Wait { .. });
            self.effects.retain(|effect| !waits(effect));
        }
        self.effects.extend(effects);
        if let Screen::Ended(ended) = &self.state.screen
            && self.told.last() != Some(&ended.ending)
        {
            self.told.push(ended.ending.clone());
        }
        if let Screen::Task(task) = &self.state.screen {
            let dag = &task.dag;
            let nodes = dag
                .nodes
                .iter()
                .flatten()
                .map(|node| node.state.to_string());
            let nodes: Vec<_> = nodes.collect();
            let line = format!("{} {} [{}]", dag.state, dag.stage, nodes.join(" "));
            if self.seen.last() != Some(&line) {
                self.seen.push(line);
            }
        }
    }

    async fn perform(&mut self, call: Call) -> Answered {
        let sent_at = self.now();
        let wire = match (&call.seal, self.vault.credential()) {
            (None, _) => Ok(call.request.plain()),
            (Some(_), None) => Err(Failure::NotSent(NotSent::NoCredential)),
            (Some(with), Some(credential)) => {
                let seal = Seal {
                    key: &with.key,
                    credential,
                    agent_time: with.clock.agent_time(sent_at),
                    life_seconds: with.life_seconds,
                    path_prefix: "",
                };
                let sealed = call.request.seal(seal, &mut SysRng);
                sealed.map_err(|error| Failure::NotSent(NotSent::Seal(error)))
            }
        };
        let (trace_id, reply) = match wire {
            Ok(mut wire) => {
                self.vault.request_sent(call.id, wire.session_key.take());
                let changes = |path: &&str| wire.target.starts_with(path);
                if call.seal.is_some()
                    && self
                        .key_changes_before
                        .take_if(|path| changes(path))
                        .is_some()
                {
                    self.control.rotate_key().unwrap();
                }
                (wire.trace_id.clone(), self.fetch(wire).await)
            }
            Err(failure) => (None, Err(failure)),
        };
        if matches!(&reply, Ok(reply) if reply.status == 401) {
            self.refused += 1;
        }
        if call.request.method() == Method::Delete {
            self.sent += 1;
            for path in &self.lost_after_delete {
                self.control.cut_before_acting(Matching::path(path));
            }
            if self.clock_jumps != 0 {
                self.control.set_clock_offset(self.clock_jumps);
            }
        }
        let mut answered = Answered {
            id: call.id,
            sent_at,
            received_at: self.now(),
            trace_id,
            reply,
        };
        self.vault.take_session(&mut answered);
        answered
    }

    /// Sends a request that is not the console's; returns the status of the response.
    pub async fn post(&self, path: &str, body: String) -> u16 {
        let uri = format!("http://{}{path}", self.address());
        let request = http::Request::post(uri).body(Full::from(body)).unwrap();
        let response = self.client.request(request).await.unwrap();
        response.status().as_u16()
    }

    fn now(&self) -> i64 {
        let ahead = if self.time_passes {
            self.waited / 1000 * 1000
        } else {
            0
        };
        now() + ahead + self.browser_ahead
    }

    async fn fetch(&self, wire: WireRequest) -> Result<Reply, Failure> {
        let mut request = http::Request::builder()
            .method(wire.method.as_str())
            .uri(format!("http://{}{}", self.address(), wire.target))
            .header("Accept-Language", "en-US");
        for (name, value) in &wire.headers {
            request = request.header(*name, value);
        }
        let body = wire.body.unwrap_or_default();
        let request = request.body(Full::from(body)).unwrap();
        let lost = |_| Failure::NoAnswer(NoAnswer::Network);
        let response = self.client.request(request).await.map_err(|_| lost(()))?;
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.map_err(|_| lost(()))?;
        Ok(Reply {
            status,
            body: body.to_bytes().to_vec(),
        })
    }
}

/// Returns the value when its number of waits has passed.
fn counted<T: Copy>(due: &mut Option<(u32, T)>) -> Option<T> {
    let (waits, what) = due.as_mut()?;
    match waits.checked_sub(1) {
        Some(fewer) => {
            *waits = fewer;
            None
        }
        None => {
            let what = *what;
            *due = None;
            Some(what)
        }
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    since.as_millis().try_into().unwrap()
}
