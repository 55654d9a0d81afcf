//! Tests that any input from an agent, a proxy or a broken connection is parsed or rejected,
//! without a panic, and without more memory than its size explains.
//!
//! A small generator damages the recorded responses of a real agent and keys of all sizes. Secrets
//! in every form are surrounded by random text (`secrets.rs`); addresses, links and names are of
//! arbitrary Unicode (`strange.rs`). `ODP_FUZZ_CASES` sets the number of damaged responses (a tenth
//! as many keys, a hundredth as many headers, 50 times as many addresses, links and names), and
//! `ODP_FUZZ_SEED` the first seed. A failure names its seed.
#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[allow(dead_code, reason = "each test program uses its own part")]
mod memory;
mod mutate;
#[path = "../property/random.rs"]
mod random;
mod secrets;
mod strange;
#[path = "../words_world/world.rs"]
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use getrandom::SysRng;
use odp_console::flow::ending::Ending;
use odp_console::flow::operation::Operation;
use odp_console::obshell::address::AgentAddress;
use odp_console::obshell::answer::{self, Deletion};
use odp_console::obshell::crypto::public_key::PublicKey;
use odp_console::obshell::dag::Dag;
use odp_console::obshell::dag::id::{DagId, NodeId};
use odp_console::obshell::dag::progress::Progress;
use odp_console::obshell::envelope::MAX_ANSWER_BYTES;
use odp_console::obshell::error::{Failure, NotObshell, NotObshellKind};
use odp_console::obshell::info::Version;
use odp_console::obshell::odp::Odp;
use odp_console::obshell::redact::redact;
use odp_console::obshell::request::{
    AGENT_HEADER, Credential, DagOperation, HEADER_LIFE_SECONDS, Request, Seal,
};
use odp_console::obshell::secret::Secret;
use odp_console::obshell::time::AgentTime;
use odp_console::text;
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Encrypt, PrivateKey};
use serde_json::{Value, json};

use memory::peak_of;
use random::Random;
use world::LANGUAGES;

/// The memory limit for parsing a body of this many bytes: values are larger than the shortest text
/// that creates them.
fn allowed(bytes: usize) -> usize {
    200_000 + 150 * bytes
}

fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |value| value.parse().unwrap())
}

/// Runs a number of cases, each with its own generator, and names the seed of a failing case.
fn cases(share: u64, case: impl Fn(&mut Random)) {
    let count = from_environment("ODP_FUZZ_CASES", 20_000) / share;
    let first = from_environment("ODP_FUZZ_SEED", 0);
    for seed in first..first + count {
        let outcome = catch_unwind(AssertUnwindSafe(|| case(&mut Random::new(seed))));
        assert!(
            outcome.is_ok(),
            "ODP_FUZZ_SEED={seed} ODP_FUZZ_CASES={share}"
        );
    }
}

const FILES: [&str; 9] = [
    include_str!("../fixtures/captures/00-unauthenticated-404-frontend.txt"),
    include_str!("../fixtures/captures/01-no-password-and-unmanaged.txt"),
    include_str!("../fixtures/captures/02-error-battery.txt"),
    include_str!("../fixtures/captures/03-delete-success.txt"),
    include_str!("../fixtures/captures/04-delete-stop-fails-retry.txt"),
    include_str!("../fixtures/captures/06-add-stop-start-delete.txt"),
    include_str!("../fixtures/captures/08-cancel-ready.txt"),
    include_str!("../fixtures/captures/10-stop-timeout-zombie.txt"),
    include_str!("../fixtures/captures/13-encryption-disabled-build.txt"),
];

/// Distinct responses of a real agent.
fn corpus() -> Vec<Vec<u8>> {
    let lines = FILES.iter().flat_map(|file| file.lines());
    let bodies = lines.filter(|line| line.starts_with(r#"{"successful""#));
    let mut bodies: Vec<_> = bodies.map(|body| body.as_bytes().to_vec()).collect();
    // Of responses that differ only in times, one of each length suffices.
    bodies.sort_by_key(Vec::len);
    bodies.dedup_by_key(|body| body.len());
    assert!(bodies.len() > 60, "{}", bodies.len());
    bodies
}

/// Parses a body as the response to every request, and formats all messages about it.
fn read(status: u16, body: &[u8]) -> bool {
    let mut opened = false;
    let mut dags = Vec::new();
    opened |= answer::info(status, body).is_ok();
    opened |= answer::time(status, body).is_ok();
    opened |= answer::secret(status, body).is_ok();
    opened |= answer::status(status, body).is_ok();
    opened |= answer::node(status, body).is_ok();
    opened |= answer::sub_task(status, body).is_ok();
    opened |= answer::logs(status, body).is_ok();
    if let Ok(answer) = answer::deletion(status, body)
        && let Deletion::Started(dag) = answer.value
    {
        dags.push(dag);
    }
    if let Ok(answer) = answer::dags(status, body) {
        dags.extend(answer.value.into_iter().map(Rc::new));
    }
    match answer::done(status, body) {
        Ok(_) => opened = true,
        Err(failure) => {
            for language in LANGUAGES {
                let advice = text::problem::failure(&failure, world::ADDRESS, language);
                assert!(!advice.what.is_empty());
            }
        }
    }
    for dag in &dags {
        tell(dag);
    }
    opened || !dags.is_empty()
}

/// Formats all messages about a task.
fn tell(dag: &Dag) {
    let version = Version::new("4.5.0.0-0");
    let ending = match dag.progress() {
        Progress::Failed { stage } => Ending::Failed {
            stage,
            managed: None,
        },
        Progress::Cancelled { stage } => Ending::Cancelled {
            stage,
            managed: Some(true),
        },
        Progress::Skipped => Ending::Skipped { managed: None },
        _ => Ending::Destroyed,
    };
    let ended = world::ended(ending, Some(dag.clone()));
    for language in LANGUAGES {
        assert!(!text::task::progress(dag, language).is_empty());
        assert!(!text::task::next(dag, language).is_empty());
        for operation in Operation::ALL {
            if operation.is_accepted(dag, &version) {
                let _ = text::operation::effect(operation, dag, language);
                let _ = text::operation::question(operation, dag, language);
            }
        }
        assert!(!text::ending::ending(&ended, language).name.is_empty());
        assert!(!text::evidence::markdown(&ended, language).is_empty());
    }
    let evidence = text::evidence::json(&ended, "0.1.0");
    assert!(serde_json::from_str::<Value>(&evidence).is_ok());
    let same = dag.clone().sharing_with(dag);
    assert_eq!(same, *dag);
}

#[test]
fn harmed_answers_are_opened_or_refused() {
    let corpus = corpus();
    let values: Vec<Value> = corpus
        .iter()
        .map(|body| serde_json::from_slice(body).unwrap())
        .collect();
    let opened = std::cell::Cell::new(0_u64);
    cases(1, |random| {
        let index = random.below(corpus.len());
        let mut body = corpus[index].clone();
        let mut status = values[index]["status"].as_u64().unwrap() as u16;
        // Half of them remain JSON, so that the damage reaches deeper code.
        if random.once_in(2) {
            let mut value = values[index].clone();
            for _ in 0..=random.below(4) {
                mutate::value(random, &mut value);
            }
            body = serde_json::to_vec(&value).unwrap();
        }
        if random.once_in(2) {
            for _ in 0..=random.below(3) {
                mutate::bytes(random, &mut body, &corpus);
            }
        }
        if random.once_in(10) {
            status = random.pick(&[0, 200, 204, 401, 404, 500, 502, 65_535]);
        }
        let (good, peak) = peak_of(|| read(status, &body));
        opened.set(opened.get() + u64::from(good));
        assert!(
            peak <= allowed(body.len()),
            "{peak} bytes for {}: {}",
            body.len(),
            String::from_utf8_lossy(&body)
        );
    });
    // Damage after which nothing can be parsed tests nothing.
    assert!(opened.get() > 0, "no harmed answer was opened");
}

#[test]
fn harmed_texts_are_read_or_refused() {
    let texts: Vec<Vec<u8>> = [
        "2026-11-23T20:24:43.70296366+08:00",
        "1970-01-01T00:00:00Z",
        "4.5.0.0-1 (revision 61ee147)",
        "10.10.10.1:2886",
        "[fd00::7]:2886",
        "42130706433028861",
        "52130706433028861",
        world::NOT_A_PID,
        world::BUSY,
        "\u{1b}[31mERROR\u{1b}[0m {0} {1}",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    cases(1, |random| {
        let mut text = texts[random.below(texts.len())].clone();
        for _ in 0..=random.below(4) {
            mutate::bytes(random, &mut text, &texts);
        }
        let text = String::from_utf8_lossy(&text);
        if let Some(time) = AgentTime::parse(&text) {
            assert!(time.offset_seconds().abs() <= 24 * 3600, "{text}");
            let _ = (time.millis(), time.means_not_yet());
        }
        let _ = Version::new(&text).at_least(Version::FIRST_WITH_NODE_PASS);
        if let Ok(address) = AgentAddress::parse(&text) {
            let again = AgentAddress::parse(&address.to_string());
            assert_eq!(again.as_ref(), Ok(&address), "{text}");
        }
        for id in [
            DagId::parse(&text).ok().and_then(|id| id.owner()),
            NodeId::parse(&text).ok().and_then(|id| id.owner()),
        ] {
            let _ = id.map(|owner| owner.to_string());
        }
        for language in LANGUAGES {
            let _ = text::log_hint(&text, language);
        }
        let _ = text::split_command(&text);
        let redacted = redact(&text);
        assert_eq!(redact(&redacted.text).text, redacted.text, "{text:?}");
    });
}

/// Lines of the parts of start commands and secrets, in any order.
#[test]
fn start_commands_and_secrets_of_any_shape_are_read_and_hidden() {
    const PIECES: [&str; 32] = [
        "start obproxy cmd: ",
        "cd ",
        "'/home/a'",
        "; ",
        "./bin/obproxy",
        " -o ",
        " -n ",
        " -c ",
        "'",
        "\"",
        "\\",
        "'\\''",
        "listen_port=2883",
        "listen_port=",
        ",",
        "=",
        ":",
        " ",
        "(",
        ")",
        "obproxy_sys_password=",
        "PASSWORD",
        "--password ",
        "identified by ",
        "passwd",
        "***",
        "s3",
        "密码",
        "\u{0}",
        "-",
        "{\"password\":\"s3\"}",
        "YES",
    ];
    cases(4, |random| {
        let pieces = (0..random.below(24)).map(|_| PIECES[random.below(PIECES.len())]);
        let line: String = pieces.collect();
        let redacted = redact(&line);
        let again = redact(&redacted.text);
        assert_eq!((again.text, again.hidden), (redacted.text, 0), "{line:?}");
        let lines = serde_json::to_string(&[&line]).unwrap();
        let body = format!(
            r#"{{"successful":true,"timestamp":"2026-11-23T12:30:00Z","status":200,"data":{{"id":"42130706433028861","dag_id":1,"name":"Add obproxy","stage":1,"max_stage":1,"state":"SUCCEED","operator":"RUN","nodes":[{{"id":"42130706433028861","name":"x","state":"SUCCEED","operator":"RUN","sub_tasks":[{{"id":"42130706433028861","name":"x","state":"SUCCEED","operator":"RUN","task_logs":{lines}}}]}}]}}}}"#
        );
        let dag = answer::dag(200, body.as_bytes()).unwrap().value;
        let _ = Odp::from_task(&dag);
    });
}

const KEYS: [&str; 5] = [
    include_str!("../fixtures/vectors/rsa-512.pem"),
    include_str!("../fixtures/vectors/rsa-1024.pem"),
    include_str!("../fixtures/vectors/rsa-1031.pem"),
    include_str!("../fixtures/vectors/rsa-2048-e3.pem"),
    include_str!("../fixtures/vectors/rsa-4096.pem"),
];

fn private_keys() -> Vec<PrivateKey> {
    let keys = KEYS.iter();
    keys.map(|pem| PrivateKey::from_pkcs8_pem(pem).unwrap())
        .collect()
}

fn der(key: &PrivateKey) -> Vec<u8> {
    let public = key.to_public_key();
    public.to_pkcs1_der().unwrap().as_bytes().to_vec()
}

#[test]
fn harmed_keys_are_refused_or_sealed_with_in_bounded_time() {
    let ders: Vec<_> = private_keys().iter().map(der).collect();
    let texts: Vec<_> = ders
        .iter()
        .map(|der| STANDARD.encode(der).into_bytes())
        .collect();
    let accepted = std::cell::Cell::new(0_u64);
    cases(10, |random| {
        let index = random.below(ders.len());
        let text = if random.once_in(3) {
            let mut text = texts[index].clone();
            mutate::bytes(random, &mut text, &texts);
            String::from_utf8_lossy(&text).into_owned()
        } else {
            let mut der = ders[index].clone();
            for _ in 0..=random.below(3) {
                mutate::bytes(random, &mut der, &ders);
            }
            STANDARD.encode(der)
        };
        let (key, peak) = peak_of(|| PublicKey::parse(&text));
        assert!(peak <= allowed(text.len()), "{peak} bytes for {text}");
        if let Ok(key) = key {
            accepted.set(accepted.get() + 1);
            assert!((512..=8192).contains(&key.bits()), "{text}");
            let credential = Credential::AgentPassword(Secret::new("a".repeat(60)));
            let seal = Seal {
                key: &key,
                credential: &credential,
                agent_time: 1_795_435_200_999,
                life_seconds: HEADER_LIFE_SECONDS,
                path_prefix: "",
            };
            let began = Instant::now();
            let _ = Request::delete_odp().seal(seal, &mut SysRng);
            assert!(began.elapsed() < Duration::from_secs(2), "{text}");
        }
    });
    assert!(accepted.get() > 0, "no harmed key was accepted");
}

/// For any password and prefix, the agent reads exactly these.
#[test]
fn a_header_says_what_was_put_into_it() {
    let private = PrivateKey::from_pkcs8_pem(KEYS[1]).unwrap();
    let key = PublicKey::parse(&STANDARD.encode(der(&private))).unwrap();
    let pieces: [&str; 14] = [
        "\"",
        "\\",
        "\u{0}",
        "\n",
        "\u{7f}",
        "\u{2028}",
        "密码",
        "💥",
        "{",
        "}",
        "</script>",
        "a",
        "\u{feff}",
        " ",
    ];
    let id = DagId::parse("42130706433028861").unwrap();
    cases(100, |random| {
        let longest = random.pick(&[1, 8, 60, 300]);
        let length = random.below(longest) + 1;
        let password: String = (0..length).map(|_| random.pick(&pieces)).collect();
        let prefix = random.pick(&["", "/agents/10.10.10.1:2886", "/%E4%B8%AD?x"]);
        let credential = Credential::AgentPassword(Secret::new(password.clone()));
        let agent_time = random.pick(&[0, 999, 1_795_435_200_999, i64::from(u32::MAX) * 1000]);
        let seal = Seal {
            key: &key,
            credential: &credential,
            agent_time,
            life_seconds: HEADER_LIFE_SECONDS,
            path_prefix: prefix,
        };
        let request = Request::operate_dag(&id, DagOperation::Retry);
        let wire = request.seal(seal, &mut SysRng).unwrap();
        let header = wire.headers.iter().find(|(name, _)| *name == AGENT_HEADER);
        let sealed = STANDARD.decode(&header.unwrap().1).unwrap();
        let blocks = sealed.chunks(private.size());
        let opened: Vec<u8> = blocks
            .flat_map(|block| private.decrypt(Pkcs1v15Encrypt, block).unwrap())
            .collect();
        let said: Value = serde_json::from_slice(&opened).unwrap();
        assert_eq!(said["Auth"], json!(password));
        let expiry = (agent_time / 1000 + 60).to_string();
        assert_eq!(said["Ts"], json!(expiry));
        assert_eq!(said["Uri"], json!(format!("{prefix}{}", request.target())));
    });
}

fn too_large(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::NotObshell(NotObshell {
            kind: NotObshellKind::TooLarge,
            ..
        })
    )
}

/// A destroy with this many sub tasks in one stage, and this many log lines in each.
fn huge_dag(sub_tasks: usize, lines: usize) -> Vec<u8> {
    let lines: Vec<_> = (0..lines)
        .map(|line| {
            format!(r#""line {line} of a log that is as long as most lines are, more or less""#)
        })
        .collect();
    let lines = lines.join(",");
    let sub_tasks: Vec<_> = (0..sub_tasks)
        .map(|at| {
            format!(
                r#"{{"id":"4213070643302886{at}","task_id":{at},"name":"Stop obproxy","state":"RUNNING","operator":"RUN","start_time":"2026-11-23T12:17:22.152339965Z","end_time":"2026-11-23T12:17:19.980288278Z","additional_data":null,"execute_times":1,"execute_agent":{{"ip":"127.0.0.1","port":2886}},"task_logs":[{lines}]}}"#
            )
        })
        .collect();
    format!(
        r#"{{"successful":true,"timestamp":"2026-11-23T12:17:23Z","duration":1,"status":200,"traceId":"t","data":{{"id":"42130706433028861","dag_id":1,"name":"Delete obproxy","stage":1,"max_stage":1,"maintenance_type":4,"maintenance_key":"","state":"RUNNING","operator":"RUN","start_time":"2026-11-23T12:17:20Z","end_time":"2026-11-23T12:17:19Z","additional_data":{{}},"nodes":[{{"id":"42130706433028862","node_id":2,"name":"Stop obproxy","state":"RUNNING","operator":"RUN","start_time":"2026-11-23T12:17:22Z","end_time":"2026-11-23T12:17:22Z","additional_data":null,"sub_tasks":[{}]}}]}}}}"#,
        sub_tasks.join(",")
    )
    .into_bytes()
}

#[test]
fn a_task_of_100_000_sub_tasks_and_one_of_50_mb_of_log_are_read() {
    for (sub_tasks, lines) in [(100_000, 1), (1, 700_000)] {
        let body = huge_dag(sub_tasks, lines);
        assert!(body.len() < MAX_ANSWER_BYTES, "{}", body.len());
        assert!(body.len() > 35_000_000, "{}", body.len());
        let began = Instant::now();
        let (opened, peak) = peak_of(|| answer::dag(200, &body));
        let dag = opened.unwrap().value;
        let tasks = dag.nodes.as_ref().unwrap()[0].sub_tasks.as_ref().unwrap();
        assert_eq!(tasks.len(), sub_tasks);
        assert_eq!(tasks[0].logs.as_ref().unwrap().len(), lines);
        // The limit of a browser: a page may have some hundred megabytes.
        assert!(peak < 600_000_000, "{peak}");
        assert!(began.elapsed() < Duration::from_secs(20));
        let again = answer::dag(200, &body).unwrap().value;
        assert_eq!(again.sharing_with(&dag), dag);
    }
}

#[test]
fn an_answer_that_is_too_large_or_made_to_cost_much_is_refused_and_says_so() {
    let whole = |inner: String| {
        format!(
            r#"{{"successful":true,"timestamp":"2026-11-23T12:17:23Z","status":200,"data":{inner}}}"#
        )
        .into_bytes()
    };
    let megabytes_50 = 50_000_000;
    for (what, body) in [
        ("spaces", vec![b' '; MAX_ANSWER_BYTES + 1]),
        (
            "numbers",
            whole(format!("[{}0]", "0,".repeat(megabytes_50 / 2))),
        ),
        (
            "lists",
            whole(format!("[{}[]]", "[],".repeat(megabytes_50 / 3))),
        ),
        (
            "objects",
            whole(format!("[{}0]", "{},".repeat(megabytes_50 / 3))),
        ),
        (
            "pairs",
            whole(format!("{{{}\"\":0}}", "\"\":0,".repeat(megabytes_50 / 5))),
        ),
    ] {
        let (opened, peak) = peak_of(|| answer::dag(200, &body));
        let failure = opened.unwrap_err();
        assert!(too_large(&failure), "{what}: {failure:?}");
        assert!(peak < 1_000_000, "{what}: {peak}");
        for language in LANGUAGES {
            let advice = text::problem::failure(&failure, world::ADDRESS, language);
            assert!(advice.what.contains("64 MiB"), "{}", advice.what);
        }
    }
    // Unlimited nesting is not followed.
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let body = open.repeat(megabytes_50 / open.len()) + &close.repeat(10);
        let (opened, peak) = peak_of(|| answer::dag(200, body.as_bytes()));
        assert!(opened.is_err());
        assert!(peak < 1_000_000, "{peak}");
    }
}
