//! The server over HTTP. One client may serve many phones: share it by `Arc`, and connections are kept alive between them.

use super::{
    secrets::Token,
    transport::{Heard, Transport, TransportError},
};
use crate::{
    domain::ids::DeviceId,
    protocol::{DeviceList, EnrolRequest, EnrolResponse, Problem, ProblemCode, SyncRequest, SyncResponse},
};
use reqwest::{
    Method,
    blocking::{Client, RequestBuilder, Response},
    header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER},
    redirect,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    fmt,
    io::{BufRead, BufReader},
    ops::ControlFlow,
    time::Duration,
};

const CONNECT: Duration = Duration::from_secs(10);
/// A listening connection that lasts this long is taken up anew, so that a dead one is noticed.
const LISTEN: Duration = Duration::from_secs(15 * 60);

#[derive(Clone)]
pub struct HttpTransport {
    client: Client,
    /// Without a slash at the end.
    base: String,
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransport").field("base", &self.base).finish_non_exhaustive()
    }
}

impl HttpTransport {
    /// `base` as in `https://skole.example.se`.
    ///
    /// # Errors
    /// [`TransportError::Offline`] if the platform gives no TLS to make a client with.
    pub fn new(base: &str) -> Result<Self, TransportError> {
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .tcp_nodelay(true)
            .gzip(true)
            .pool_max_idle_per_host(64)
            // A token must not follow a redirection to somewhere else.
            .redirect(redirect::Policy::none())
            .user_agent(concat!("skolebro/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| TransportError::Offline)?;
        Ok(Self { client, base: base.trim_end_matches('/').to_owned() })
    }

    fn request(&self, method: Method, path: &str, within: Duration) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base)).timeout(within)
    }
}

fn with_json<T: Serialize>(request: RequestBuilder, body: &T) -> Result<RequestBuilder, TransportError> {
    let json = serde_json::to_vec(body).map_err(|_| TransportError::Garbled)?;
    Ok(request.header(CONTENT_TYPE, "application/json").body(json))
}

fn send(request: RequestBuilder) -> Result<Response, TransportError> {
    let answer = request.send().map_err(|error| lost(&error))?;
    let status = answer.status().as_u16();
    if answer.status().is_success() {
        return Ok(answer);
    }
    let retry_after = answer
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .map(Duration::from_secs);
    let problem = answer.bytes().ok().and_then(|body| serde_json::from_slice(&body).ok());
    match problem {
        Some(problem) => Err(TransportError::Refused { status, problem, retry_after }),
        // Not this server's words: a proxy or a captive portal. Those that ask for patience are heeded all the same.
        None if matches!(status, 429 | 502..=504) => {
            let problem = Problem { code: ProblemCode::Unavailable, detail: String::new() };
            Err(TransportError::Refused { status, problem, retry_after })
        }
        None => Err(TransportError::Garbled),
    }
}

fn read<T: DeserializeOwned>(answer: Response) -> Result<T, TransportError> {
    let body = answer.bytes().map_err(|error| lost(&error))?;
    serde_json::from_slice(&body).map_err(|_| TransportError::Garbled)
}

fn lost(error: &reqwest::Error) -> TransportError {
    if error.is_connect() {
        TransportError::Offline
    } else if error.is_timeout() {
        TransportError::Timeout
    } else if error.is_decode() {
        TransportError::Garbled
    } else {
        TransportError::Offline
    }
}

impl Transport for HttpTransport {
    fn enrol(&self, request: &EnrolRequest, within: Duration) -> Result<EnrolResponse, TransportError> {
        read(send(with_json(self.request(Method::POST, "/v1/enrol", within), request)?)?)
    }

    fn sync(&self, token: &Token, request: &SyncRequest, within: Duration) -> Result<SyncResponse, TransportError> {
        let http = self.request(Method::POST, "/v1/sync", within).bearer_auth(token.reveal());
        read(send(with_json(http, request)?)?)
    }

    fn devices(&self, token: &Token, within: Duration) -> Result<DeviceList, TransportError> {
        read(send(self.request(Method::GET, "/v1/devices", within).bearer_auth(token.reveal()))?)
    }

    fn revoke_device(&self, token: &Token, device: DeviceId, within: Duration) -> Result<(), TransportError> {
        let path = format!("/v1/devices/{device}");
        send(self.request(Method::DELETE, &path, within).bearer_auth(token.reveal())).map(drop)
    }

    fn listen(&self, token: &Token, heard: &mut dyn FnMut(Heard) -> ControlFlow<()>) -> Result<(), TransportError> {
        let http = self.request(Method::GET, "/v1/events", LISTEN).bearer_auth(token.reveal());
        let answer = send(http.header(ACCEPT, "text/event-stream"))?;
        if heard(Heard::Connected).is_break() {
            return Ok(());
        }
        let mut data = None;
        for line in BufReader::new(answer).lines() {
            // A connection that ends is taken up again by the caller.
            let Ok(line) = line else { return Err(TransportError::Offline) };
            let what = match line.strip_prefix("data:") {
                Some(text) => {
                    data = Some(serde_json::from_str(text.trim()).unwrap_or_default());
                    continue;
                }
                // An empty line ends an event; one without data is no event.
                None if line.is_empty() => data.take().map_or(Heard::Alive, Heard::Poke),
                None if line.starts_with(':') => Heard::Alive,
                None => continue,
            };
            if heard(what).is_break() {
                return Ok(());
            }
        }
        Ok(())
    }
}
