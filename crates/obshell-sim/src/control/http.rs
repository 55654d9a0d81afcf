//! The control listener: [`Control`] over HTTP, for programs that are not written in Rust.
//!
//! A change is a `POST` with its arguments in the query. It is answered with 204 after success,
//! with 400 and one line if it is impossible, and with 404 if the path is unknown. `GET /` lists
//! the paths, `GET /state` and `GET /requests` answer with JSON.
//!
//! Only programs may use it: a request of a web page, or for a host that is neither an IP address
//! nor `localhost`, is answered with 403. A connection is closed if a request's head is not
//! complete within five seconds.

mod query;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue, ORIGIN};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use self::query::Query;
use super::{Control, Snapshot};
use crate::config::{Fail, Odp};
use crate::faults::Harm;
use crate::host;
use crate::record::{Fate, Record};

/// The paths, for `GET /`.
const ROUTES: &str = "\
GET  /state                                   the agent's internal state
GET  /requests                                every request that reached the agent's port
POST /forget-requests
POST /rotate-key                              a new key pair
POST /restart                                 close connections, end sessions, change the start time
POST /go-away                                 close connections, refuse new ones
POST /come-back
POST /delay?ms=N[&when=before|after]          delay requests (before, the default) or responses (after)
POST /hold-back?when=before|after[&method=M][&path=P]
                                              hold requests before the agent, or responses before the client
POST /let-through                             release what /hold-back holds
POST /cut?when=before|after[&method=M][&path=P][&times=N]
POST /proxy?answer=A[&method=M][&path=P][&times=N][&acted=true|false]
     A: html-502 html-503 html-504 empty-204 empty-502 truncated truncated-json login-page
POST /cache[?method=M][&path=P][&times=N]     repeat the last response to the same method and target
POST /twice[?method=M][&path=P][&times=N]     deliver a request twice; the client gets the second response
POST /late?ms=N[&first=lost|answered][&method=M][&path=P][&times=N]
                                              close the connection and act N ms later (lost, the default), or
                                              respond and act again N ms later (answered)
POST /hide-tasks?ms=N                         leave new tasks out of every list for N ms, while they run
POST /arrive-now                              deliver late requests now, and list hidden tasks
POST /odd?is=failed-stage|no-nodes|zero-times|nulls|sub-tasks|stages[&stage=N][&count=N]
                                              report tasks as no agent should: a DAG that is SUCCEED has stage
                                              N FAILED (default 1), nodes have N sub tasks, a DAG has N stages
POST /heal                                    end all faults, delays and odd reports
POST /password[?value=PW]                     without a value: unset
POST /clock-offset?seconds=N
POST /odp?is=running|stopped|unmanaged
POST /fail?mode=none|check|stop|stop-timeout|clean
POST /fail-stage?stage=N[&times=N]
POST /log-lines?count=N                       append to the log of the sub task that started last
POST /hold                                    stop the task engine
POST /step                                    end waits, then one pass of the scheduler
POST /elapse                                  end waits
POST /pass                                    one pass of the scheduler
POST /release                                 run the task engine again
";

/// How long a client may take to send a request's head, also after an earlier request.
const PATIENCE: Duration = Duration::from_secs(5);

/// A control listener. Dropping it stops the listener.
#[derive(Debug)]
pub struct ControlServer {
    addr: SocketAddr,
    serving: JoinHandle<()>,
}

impl Control {
    /// Serves this control over HTTP on `addr`; see [the module](self) for its routes.
    ///
    /// # Errors
    /// If the address is not available.
    pub async fn listen(&self, addr: SocketAddr) -> io::Result<ControlServer> {
        ControlServer::start(self.clone(), addr).await
    }
}

impl ControlServer {
    async fn start(control: Control, addr: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(addr).await?;
        Ok(Self {
            addr: listener.local_addr()?,
            serving: tokio::spawn(serve(control, listener)),
        })
    }

    /// The address on which it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }
}

impl Drop for ControlServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(control: Control, listener: TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                let control = control.clone();
                let respond = service_fn(move |request| {
                    let control = control.clone();
                    async move { Ok::<_, Infallible>(respond(&control, &request).await) }
                });
                connections.spawn(async move {
                    // A client that disconnected needs no answer.
                    let _ = http1::Builder::new()
                        .timer(TokioTimer::new())
                        .header_read_timeout(PATIENCE)
                        .serve_connection(TokioIo::new(stream), respond)
                        .await;
                });
            }
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}

/// Why a request to the control listener was refused.
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    NoSuchRoute,
    Wrong(String),
}

impl From<String> for Refusal {
    fn from(why: String) -> Self {
        Self::Wrong(why)
    }
}

/// Whether a request is from a web page, or uses the name of a foreign host. A page can post to any
/// address, and resolve its own name to this machine (DNS rebinding).
fn is_from_a_page(request: &Request<Incoming>) -> bool {
    let headers = request.headers();
    let named = headers.get(HOST).and_then(|host| host.to_str().ok());
    headers.contains_key(ORIGIN) || !named.is_some_and(host::is_local)
}

async fn respond(control: &Control, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    if is_from_a_page(request) {
        let why = "This listener accepts programs on this machine, not web pages.\n";
        return text(StatusCode::FORBIDDEN, why.to_owned());
    }
    let query = Query::new(request.uri().query());
    let result = match (request.method().as_str(), request.uri().path()) {
        ("GET", "/") => return text(StatusCode::OK, ROUTES.to_owned()),
        ("GET", "/state") => return json_answer(&state(&control.snapshot())),
        ("GET", "/requests") => return json_answer(&requests(&control.requests())),
        ("POST", path) => obey(control, path, query).await,
        _ => Err(Refusal::NoSuchRoute),
    };
    match result {
        Ok(()) => text(StatusCode::NO_CONTENT, String::new()),
        Err(Refusal::Wrong(why)) => text(StatusCode::BAD_REQUEST, format!("{why}\n")),
        Err(Refusal::NoSuchRoute) => text(
            StatusCode::NOT_FOUND,
            format!("Unknown path. Known paths:\n{ROUTES}"),
        ),
    }
}

fn text(status: StatusCode, body: String) -> Response<Full<Bytes>> {
    answer(status, "text/plain; charset=utf-8", body)
}

fn json_answer(value: &Value) -> Response<Full<Bytes>> {
    answer(StatusCode::OK, "application/json", value.to_string())
}

fn answer(status: StatusCode, content_type: &'static str, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

async fn obey(control: &Control, path: &str, query: Query<'_>) -> Result<(), Refusal> {
    let failed = |error: io::Error| Refusal::Wrong(error.to_string());
    match path {
        "/restart" => control.restart().await.map_err(failed),
        "/go-away" => control.go_away().await.map_err(failed),
        "/come-back" => control.come_back().await.map_err(failed),
        "/rotate-key" => control.rotate_key().map_err(failed),
        "/arrive-now" => {
            control.arrive_now().await;
            Ok(())
        }
        _ => obey_at_once(control, path, query),
    }
}

fn obey_at_once(control: &Control, path: &str, query: Query<'_>) -> Result<(), Refusal> {
    match path {
        "/forget-requests" => control.forget_requests(),
        "/heal" => control.heal(),
        "/hold" => control.hold(),
        "/release" => control.release(),
        "/step" => control.step(),
        "/elapse" => control.elapse(),
        "/pass" => control.pass(),
        "/password" => control.set_password(query.get("value").as_deref()),
        "/clock-offset" => control.set_clock_offset(query.number("seconds")?),
        "/odp" => control.set_odp(query.choice::<Odp>("is")?),
        "/fail" => control.set_fail(query.choice::<Fail>("mode")?),
        "/fail-stage" => control.fail_stage(query.number("stage")?, query.times()?),
        "/delay" => {
            let pause = query.milliseconds()?;
            if query.before()? {
                control.delay(pause)
            } else {
                control.delay_answers(pause)
            }
        }
        "/hold-back" => {
            if query.before()? {
                control.hold_requests(query.matching());
            } else {
                control.hold_answers(query.matching());
            }
        }
        "/let-through" => control.let_through(),
        "/cut" => {
            let harm = if query.before()? {
                Harm::CutBeforeActing
            } else {
                Harm::CutAfterActing
            };
            control.inject(query.fault(harm)?);
        }
        "/proxy" => control.inject(query.proxy()?),
        "/cache" => control.inject(query.fault(Harm::CacheAnswers)?),
        "/twice" => control.inject(query.fault(Harm::ActTwice)?),
        "/late" => control.inject(query.fault(query.late()?)?),
        "/hide-tasks" => control.hide_new_tasks(query.milliseconds()?),
        "/odd" => control.tell_oddly(query.oddity()?),
        "/log-lines" => {
            if !control.append_log_lines(query.number("count")?) {
                return Err(Refusal::Wrong("no sub task has started".to_owned()));
            }
        }
        _ => return Err(Refusal::NoSuchRoute),
    }
    Ok(())
}

fn state(seen: &Snapshot) -> Value {
    let tasks: Vec<Value> = seen
        .tasks
        .iter()
        .map(|task| {
            json!({
                "id": task.id,
                "name": task.name,
                "state": task.state.as_str(),
                "operator": task.operator.as_str(),
                "stage": task.stage,
            })
        })
        .collect();
    json!({
        "managed_home": seen.managed_home,
        "odp_pid": seen.odp_pid,
        "locked": seen.locked,
        "passes": seen.passes,
        "held": seen.held,
        "sessions": seen.sessions,
        "public_key": seen.public_key,
        "tasks": tasks,
    })
}

fn requests(records: &[Record]) -> Value {
    let one = |record: &Record| {
        let (fate, status) = match record.fate {
            Fate::Pending => ("pending", None),
            Fate::Acting => ("acting", None),
            Fate::Answered(status) => ("answered", Some(status)),
            Fate::ActedUnheard(status) => ("acted-unheard", Some(status)),
            Fate::NeverSeen => ("never-seen", None),
        };
        json!({
            "method": record.method,
            "target": record.target,
            "accept_language": record.accept_language,
            "authenticated": record.authenticated,
            "fate": fate,
            "status": status,
        })
    };
    Value::Array(records.iter().map(one).collect())
}
