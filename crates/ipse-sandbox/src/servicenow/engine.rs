//! Runs the application's scripts: one thread that owns a `JavaScript` engine, and a channel to it.

#![allow(clippy::needless_pass_by_value, reason = "the engine hands its arguments over")]

use super::update_set;
use crate::mailbox::Mail;
use crate::{Partners, now};
use aws_lc_rs::{hmac, rand};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rquickjs::context::EvalOptions;
use rquickjs::loader::{BuiltinLoader, BuiltinResolver};
use rquickjs::{CatchResultExt, Context, Ctx, Exception, Function, Module, Object, Persistent, Runtime, Value};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// The longest that scripts may run in a row; a call to another server begins it anew.
const DEADLINE: Duration = Duration::from_secs(5);
/// What they may hold.
const MEMORY: usize = 256 * 1024 * 1024;
const STACK: usize = 4 * 1024 * 1024;
/// How often the scheduler looks whether something is due.
const TICK: Duration = Duration::from_millis(100);

const UPDATE_SET: &str = include_str!("../../../../integrations/servicenow/update-sets/ipse_idv_update_set.xml");

/// The modules of the miniature; the first is where it is entered.
const MODULES: [(&str, &str); 9] = [
    ("glide/desk.mjs", include_str!("glide/desk.mjs")),
    ("glide/flow.mjs", include_str!("glide/flow.mjs")),
    ("glide/form.mjs", include_str!("glide/form.mjs")),
    ("glide/instance.mjs", include_str!("glide/instance.mjs")),
    ("glide/platform.mjs", include_str!("glide/platform.mjs")),
    ("glide/query.mjs", include_str!("glide/query.mjs")),
    ("glide/record.mjs", include_str!("glide/record.mjs")),
    ("glide/session.mjs", include_str!("glide/session.mjs")),
    ("glide/surfaces.mjs", include_str!("glide/surfaces.mjs")),
];
const TABLES: (&str, &str) = ("glide/tables.mjs", include_str!("glide/tables.mjs"));

/// One call: what of the miniature, with what (JSON), and where its answer (JSON) goes.
pub(super) struct Job {
    pub(super) name: String,
    pub(super) arguments: String,
    pub(super) answer: oneshot::Sender<Result<String, String>>,
}

/// Starts the thread; it ends when nobody holds the other end any more.
pub(super) fn start(partners: Weak<Partners>) -> Sender<Job> {
    let (sender, jobs) = channel();
    let work = move || {
        if let Err(error) = serve(&jobs, partners) {
            // Every later call fails, and says that the instance is gone.
            eprintln!("The miniature ServiceNow did not start: {error}");
        }
    };
    // A thread that could not be started leaves a channel without an end, like one that ended.
    let _ = std::thread::Builder::new().name("servicenow".into()).stack_size(2 * STACK).spawn(work);
    sender
}

fn serve(jobs: &Receiver<Job>, partners: Weak<Partners>) -> Result<(), String> {
    let runtime = Runtime::new().map_err(|error| error.to_string())?;
    let deadline = Arc::new(Mutex::new(Instant::now() + 3 * DEADLINE));
    let clock = deadline.clone();
    runtime.set_memory_limit(MEMORY);
    runtime.set_max_stack_size(STACK);
    runtime.set_interrupt_handler(Some(Box::new(move || {
        Instant::now() > *clock.lock().unwrap_or_else(PoisonError::into_inner)
    })));
    let (mut resolver, mut loader) = (BuiltinResolver::default(), BuiltinLoader::default());
    for (name, source) in MODULES.into_iter().chain([TABLES]) {
        resolver.add_module(name);
        loader.add_module(name, source);
    }
    runtime.set_loader(resolver, loader);
    let context = Context::full(&runtime).map_err(|error| error.to_string())?;
    let host = Host { partners, deadline };
    let entry = context.with(|ctx| open(&ctx, &host).catch(&ctx).map_err(|error| error.to_string()))?;
    let call = |name: &str, arguments: &str| {
        host.begin();
        context.with(|ctx| {
            let entry = entry.clone().restore(&ctx).map_err(|error| error.to_string())?;
            entry.call::<_, String>((name, arguments)).catch(&ctx).map_err(|error| error.to_string())
        })
    };
    let mut busy = false;
    loop {
        let job = if busy {
            jobs.try_recv().map_err(|error| error == TryRecvError::Disconnected)
        } else {
            jobs.recv_timeout(TICK).map_err(|error| error == RecvTimeoutError::Disconnected)
        };
        match job {
            Ok(job) => {
                // Whoever asked may have gone away.
                let _ = job.answer.send(call(&job.name, &job.arguments));
                busy = true;
            }
            Err(true) => return Ok(()),
            Err(false) => busy = call("turn", "{}").is_ok_and(|more| more == "true"),
        }
    }
}

/// Loads the modules and the update set; the function that is called from then on.
fn open<'js>(ctx: &Ctx<'js>, host: &Host) -> rquickjs::Result<Persistent<Function<'static>>> {
    let native = Object::new(ctx.clone())?;
    native.set("updates", Function::new(ctx.clone(), updates)?)?;
    native.set("evaluate", Function::new(ctx.clone(), evaluate)?)?;
    native.set("hmac", Function::new(ctx.clone(), signature)?)?;
    native.set("randomId", Function::new(ctx.clone(), random_id)?)?;
    native.set("base64", Function::new(ctx.clone(), |text: String| STANDARD.encode(text))?)?;
    native.set("text", Function::new(ctx.clone(), text)?)?;
    native.set("unpack", Function::new(ctx.clone(), unpack)?)?;
    let caller = host.clone();
    let fetch =
        move |ctx: Ctx<'_>, call: String| caller.fetch(&call).map_err(|error| Exception::throw_message(&ctx, &error));
    native.set("fetch", Function::new(ctx.clone(), fetch)?)?;
    let mailer = host.clone();
    native.set("mail", Function::new(ctx.clone(), move |mail: String| mailer.mail(&mail))?)?;
    native.set("globals", ctx.globals())?;
    let (module, done) = Module::declare(ctx.clone(), "main", "export { open } from 'glide/desk.mjs'")?.eval()?;
    done.finish::<()>()?;
    let entry: Function<'js> = module.get::<_, Function<'js>>("open")?.call((native,))?;
    Ok(Persistent::save(ctx, entry))
}

fn updates(ctx: Ctx<'_>) -> rquickjs::Result<Value<'_>> {
    static READ: OnceLock<String> = OnceLock::new();
    let read = READ.get_or_init(|| update_set::updates(UPDATE_SET).unwrap_or_default());
    ctx.json_parse(read.as_str())
}

/// Runs a script as a classic global one.
fn evaluate(ctx: Ctx<'_>, script: String, name: String) -> rquickjs::Result<Value<'_>> {
    let mut options = EvalOptions::default();
    options.strict = false;
    options.filename = Some(name);
    ctx.eval_with_options(script, options)
}

/// `HmacSHA256` as the platform computes it: the key comes in Base64, and so goes the answer.
fn signature(ctx: Ctx<'_>, key: String, text: String) -> rquickjs::Result<String> {
    let key = STANDARD.decode(key).map_err(|_| Exception::throw_message(&ctx, "the key is not Base64"))?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    Ok(STANDARD.encode(hmac::sign(&key, text.as_bytes())))
}

#[allow(clippy::disallowed_methods, reason = "the partners are other systems, with dice of their own")]
fn random_id(ctx: Ctx<'_>) -> rquickjs::Result<String> {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes).map_err(|_| Exception::throw_message(&ctx, "no random number"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn text(ctx: Ctx<'_>, base64: String) -> rquickjs::Result<String> {
    let bytes = STANDARD.decode(base64).map_err(|_| Exception::throw_message(&ctx, "not Base64"))?;
    String::from_utf8(bytes).map_err(|_| Exception::throw_message(&ctx, "not UTF-8"))
}

/// What flows keep their inputs in: Base64 of gzip of JSON.
fn unpack(ctx: Ctx<'_>, base64: String) -> rquickjs::Result<String> {
    let bytes = STANDARD.decode(base64).map_err(|_| Exception::throw_message(&ctx, "not Base64"))?;
    let mut read = String::new();
    let done = flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut read);
    done.map_err(|_| Exception::throw_message(&ctx, "not gzip"))?;
    Ok(read)
}

/// What the scripts reach outside.
#[derive(Clone)]
struct Host {
    partners: Weak<Partners>,
    deadline: Arc<Mutex<Instant>>,
}

/// A call to another server.
#[derive(Deserialize)]
struct Call {
    method: String,
    url: String,
    headers: BTreeMap<String, String>,
    body: String,
    timeout: u64,
}

/// A mail that a notification made.
#[derive(Deserialize)]
struct Outgoing {
    from: String,
    to: Vec<String>,
    subject: String,
    html: String,
}

impl Host {
    fn begin(&self) {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now() + DEADLINE;
    }

    /// One HTTP exchange; the answer is `{ status, body }`.
    fn fetch(&self, call: &str) -> Result<String, String> {
        let call: Call = serde_json::from_str(call).map_err(|error| error.to_string())?;
        let method = call.method.to_uppercase().parse().map_err(|_| "no such method".to_owned())?;
        let client = reqwest::blocking::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_millis(call.timeout))
            .build()
            .map_err(|error| error.to_string())?;
        let mut request = client.request(method, &call.url).body(call.body);
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        let answer = request.send().and_then(|answer| Ok((answer.status().as_u16(), answer.text()?)));
        self.begin();
        let (status, body) = answer.map_err(|error| error.without_url().to_string())?;
        Ok(serde_json::json!({ "status": status, "body": body }).to_string())
    }

    fn mail(&self, mail: &str) {
        let (Some(partners), Ok(mail)) = (self.partners.upgrade(), serde_json::from_str::<Outgoing>(mail)) else {
            return;
        };
        for to in mail.to {
            partners.mailbox.put(Mail {
                from: mail.from.clone(),
                to,
                subject: mail.subject.clone(),
                text: mail_parser::decoders::html::html_to_text(&mail.html),
                html: mail.html.clone(),
                at: now(),
            });
        }
    }
}
