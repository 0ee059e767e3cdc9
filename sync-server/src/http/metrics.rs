//! What Prometheus reads: counts, sizes and times. Labels are closed sets; never a person, a school, a token or a path as typed.

use super::route::Route;
use crate::{
    engine::{Engine, Told, Trust},
    logs,
    store::unread,
};
use axum::http::{Method, StatusCode};
use prometheus_client::{
    collector::Collector,
    encoding::{
        DescriptorEncoder, EncodeLabel as _, EncodeLabelSet, EncodeLabelValue, EncodeMetric as _, LabelSetEncoder,
        LabelValueEncoder, text::encode,
    },
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::{ConstGauge, Gauge},
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};
use std::{fmt, sync::Arc, time::Duration};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Answered {
    route: Route,
    method: &'static str,
    status: u16,
}

impl EncodeLabelSet for Answered {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        ("method", self.method).encode(encoder.encode_label())?;
        ("route", self.route.path()).encode(encoder.encode_label())?;
        ("status", self.status).encode(encoder.encode_label())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct OfRoute(Route);

impl EncodeLabelSet for OfRoute {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        ("route", self.0.path()).encode(encoder.encode_label())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Settled(Told);

impl EncodeLabelSet for Settled {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        ("kind", self.0.kind).encode(encoder.encode_label())?;
        ("outcome", self.0.outcome).encode(encoder.encode_label())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Enrolled {
    Yes,
    Refused,
    TooOften,
}

impl EncodeLabelValue for Enrolled {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        let text = match self {
            Enrolled::Yes => "yes",
            Enrolled::Refused => "refused",
            Enrolled::TooOften => "too_often",
        };
        EncodeLabelValue::encode(&text, encoder)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct EnrolOutcome(Enrolled);

impl EncodeLabelSet for EnrolOutcome {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        ("outcome", self.0).encode(encoder.encode_label())
    }
}

pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<OfRoute, Histogram, fn() -> Histogram>,
    commands: Family<Settled, Counter>,
    commands_per_sync: Histogram,
    rows_per_answer: Histogram,
    enrolments: Family<EnrolOutcome, Counter>,
    panics: Counter,
    /// Open TCP connections.
    pub connections: Gauge,
    /// Requests being answered.
    pub under_way: Gauge,
    /// Phones that hold an event stream.
    pub phones_connected: Gauge,
    pub pokes: Counter,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

fn latency() -> Histogram {
    // 0.25 ms to 8 s.
    Histogram::new(exponential_buckets(0.000_25, 2.0, 16))
}

fn sizes() -> Histogram {
    // 0, then 1 to 8192.
    Histogram::new(std::iter::once(0.0).chain(exponential_buckets(1.0, 2.0, 14)))
}

/// What the engine and the logs count themselves, read at each scrape.
#[derive(Debug)]
struct OfEngine(Arc<Engine>);

impl Collector for OfEngine {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let (commits, requests) = self.0.commits();
        for (name, help, count) in [
            ("skolebro_commits", "Durable commits", commits),
            ("skolebro_committed_requests", "Requests that became durable in them", requests),
            ("skolebro_log_lines_lost", "Log lines that could not be written", logs::lost()),
            ("skolebro_unread", "Times that something stored could not be read and was passed over", unread::times()),
        ] {
            let count = ConstCounter::new(count);
            count.encode(encoder.encode_descriptor(name, help, None, count.metric_type())?)?;
        }
        let renewing = ConstGauge::new(i64::try_from(self.0.schools_to_renew()).unwrap_or(i64::MAX));
        let help = "Schools that are closed until their cards and rights have been made anew after an upgrade";
        renewing.encode(encoder.encode_descriptor(
            "skolebro_schools_to_renew",
            help,
            None,
            renewing.metric_type(),
        )?)?;
        let doubt = ConstGauge::new(match self.0.clock_state().trust {
            Trust::Believed => 0_i64,
            Trust::Doubted => 1,
            Trust::Waiting => 2,
        });
        let help =
            "The machine's clock: 0 is believed, 1 has jumped and is not, 2 cannot be right and nobody is answered";
        doubt.encode(encoder.encode_descriptor("skolebro_clock_doubted", help, None, doubt.metric_type())?)?;
        Ok(())
    }
}

impl Metrics {
    pub fn new(engine: Arc<Engine>) -> Self {
        let new_latency: fn() -> Histogram = latency;
        let mut metrics = Self {
            registry: Registry::default(),
            requests: Family::default(),
            seconds: Family::new_with_constructor(new_latency),
            commands: Family::default(),
            commands_per_sync: sizes(),
            rows_per_answer: sizes(),
            enrolments: Family::default(),
            panics: Counter::default(),
            connections: Gauge::default(),
            under_way: Gauge::default(),
            phones_connected: Gauge::default(),
            pokes: Counter::default(),
        };
        metrics.register();
        metrics.registry.register_collector(Box::new(OfEngine(engine)));
        metrics
    }

    fn register(&mut self) {
        let registry = self.registry.sub_registry_with_prefix("skolebro");
        registry.register("http_requests", "Requests by route, method and status", self.requests.clone());
        registry.register_with_unit(
            "http_request",
            "From the headers' end to the answer's beginning",
            Unit::Seconds,
            self.seconds.clone(),
        );
        registry.register("http_panics", "Requests that ended in a fault of the program", self.panics.clone());
        registry.register("http_connections", "Open connections", self.connections.clone());
        registry.register("http_requests_under_way", "Requests being answered", self.under_way.clone());
        registry.register("phones_connected", "Phones that hold an event stream", self.phones_connected.clone());
        registry.register("pokes", "Pokes sent on event streams", self.pokes.clone());
        registry.register("commands", "Commands by kind and outcome", self.commands.clone());
        registry.register("sync_commands", "Commands in one sync", self.commands_per_sync.clone());
        registry.register("sync_rows", "Rows in one answer", self.rows_per_answer.clone());
        registry.register("enrolments", "Tries to enrol, by outcome", self.enrolments.clone());
    }

    pub fn answered(&self, route: Route, method: &Method, status: StatusCode, took: Duration) {
        let labels = Answered { route, method: method_label(method), status: status.as_u16() };
        self.requests.get_or_create(&labels).inc();
        self.seconds.get_or_create(&OfRoute(route)).observe(took.as_secs_f64());
    }

    pub fn synced(&self, commands: &[Told], rows: usize) {
        self.commands_per_sync.observe(commands.len() as f64);
        self.rows_per_answer.observe(rows as f64);
        for command in commands {
            self.commands.get_or_create(&Settled(*command)).inc();
        }
    }

    pub fn enrolled(&self, outcome: Enrolled) {
        self.enrolments.get_or_create(&EnrolOutcome(outcome)).inc();
    }

    pub fn panicked(&self) {
        self.panics.inc();
    }

    /// OpenMetrics text.
    pub fn render(&self) -> String {
        let mut text = String::with_capacity(8 << 10);
        // Writing to a String cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// A method is whatever a client writes; labels are not.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::PUT => "PUT",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}
