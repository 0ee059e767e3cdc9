//! The server over HTTP. One client may serve many phones: share it by `Arc`, and connections are kept alive between them.

use super::{
    patience::{Patience, Ticket},
    secrets::Token,
    transport::{Heard, Transport, TransportError},
    trust,
};
use crate::{
    domain::ids::DeviceId,
    protocol::{
        CodeAnswer, CodeRequest, DeviceList, EnrolRequest, EnrolResponse, Problem, ProblemCode, SyncRequest,
        SyncResponse,
    },
};
use reqwest::{
    Client, Method, RequestBuilder, Response,
    header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER},
    redirect,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    error::Error,
    fmt,
    net::IpAddr,
    ops::ControlFlow,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::runtime::Runtime;

const CONNECT: Duration = Duration::from_secs(10);
/// A listening connection that lasts this long is taken up anew, so that a dead one is noticed.
const LISTEN: Duration = Duration::from_secs(15 * 60);
/// Of a stream of pokes, in bytes. Ours have a few dozen.
const LONGEST_LINE: usize = 64 * 1024;

/// What is wrong with a server's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressProblem {
    #[error("a server is such as https://skolebro.example")]
    NotHttp,
    /// A code, a token and what people say would cross a network in the open.
    #[error("a server that is not on this machine is reached by https:// only")]
    InTheOpen,
}

/// # Errors
/// [`AddressProblem`]
pub fn check_address(base: &str) -> Result<(), AddressProblem> {
    let url = reqwest::Url::parse(base).map_err(|_| AddressProblem::NotHttp)?;
    let host = url.host_str().ok_or(AddressProblem::NotHttp)?;
    // More than an address: a page's link, or a password that would stand in the phone's folder.
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(AddressProblem::NotHttp);
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" => {
            let bare = host.trim_start_matches('[').trim_end_matches(']');
            let near = bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
            if near { Ok(()) } else { Err(AddressProblem::InTheOpen) }
        }
        _ => Err(AddressProblem::NotHttp),
    }
}

#[derive(Clone)]
pub struct HttpTransport {
    /// Without a slash at the end.
    base: String,
    /// Made when it is first needed: opening a phone reads no certificates.
    online: Arc<OnceLock<Option<Online>>>,
}

struct Online {
    client: Client,
    /// None only while it is dropped.
    runtime: Option<Runtime>,
}

impl Drop for Online {
    fn drop(&mut self) {
        // Whoever drops the last phone may be on any thread; nothing here is worth waiting for.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransport").field("base", &self.base).finish_non_exhaustive()
    }
}

impl HttpTransport {
    /// `base` as in `https://skole.example.se`.
    pub fn new(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned(), online: Arc::default() }
    }

    /// # Errors
    /// [`TransportError::Offline`] if the platform gives no TLS, or no thread, to make a client with.
    fn online(&self) -> Result<(&Client, &Runtime), TransportError> {
        let online = self.online.get_or_init(|| {
            let client = trust::chosen(Client::builder())
                .connect_timeout(CONNECT)
                .tcp_nodelay(true)
                .gzip(true)
                .pool_max_idle_per_host(64)
                // A token must not follow a redirection to somewhere else.
                .redirect(redirect::Policy::none())
                .user_agent(concat!("skolebro/", env!("CARGO_PKG_VERSION")))
                .build()
                .ok()?;
            let mut runtime = tokio::runtime::Builder::new_multi_thread();
            let runtime = runtime.worker_threads(1).thread_name("skolebro-http").enable_all().build().ok()?;
            Some(Online { client, runtime: Some(runtime) })
        });
        let online = online.as_ref().ok_or(TransportError::Offline)?;
        Ok((&online.client, online.runtime.as_ref().ok_or(TransportError::Offline)?))
    }

    /// Asks, and waits for the whole answer, for as long as that is wanted.
    fn ask<T>(
        &self,
        patience: &Patience,
        method: Method,
        path: &str,
        ask: impl AsyncFnOnce(RequestBuilder) -> Result<T, TransportError>,
    ) -> Result<T, TransportError> {
        let (client, runtime) = self.online()?;
        let request = client.request(method, format!("{}{path}", self.base)).timeout(patience.within);
        runtime.block_on(async {
            tokio::select! {
                biased;
                () = patience.ticket.cancelled() => Err(TransportError::Cancelled),
                answer = ask(request) => answer,
            }
        })
    }
}

fn with_json<T: Serialize>(request: RequestBuilder, body: &T) -> Result<RequestBuilder, TransportError> {
    let json = serde_json::to_vec(body).map_err(|_| TransportError::Garbled)?;
    Ok(request.header(CONTENT_TYPE, "application/json").body(json))
}

async fn send(request: RequestBuilder) -> Result<Response, TransportError> {
    let answer = request.send().await.map_err(|error| lost(&error))?;
    let status = answer.status().as_u16();
    if answer.status().is_success() {
        return Ok(answer);
    }
    let retry_after = answer
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
        .map(Duration::from_secs);
    let problem = answer.bytes().await.ok().and_then(|body| serde_json::from_slice(&body).ok());
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

async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, TransportError> {
    let body = send(request).await?.bytes().await.map_err(|error| lost(&error))?;
    serde_json::from_slice(&body).map_err(|_| TransportError::Garbled)
}

fn lost(error: &reqwest::Error) -> TransportError {
    if is_untrusted(error) {
        TransportError::Untrusted
    } else if error.is_connect() {
        TransportError::Offline
    } else if error.is_timeout() {
        TransportError::Timeout
    } else if error.is_decode() {
        TransportError::Garbled
    } else {
        TransportError::Offline
    }
}

/// Whether a certificate was shown and is not believed, somewhere down in an error.
fn is_untrusted(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if matches!(error.downcast_ref(), Some(rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        // What an I/O error wraps is not its source, but its source's source.
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if wrapped.is_some_and(|inner| is_untrusted(inner)) {
            return true;
        }
        next = error.source();
    }
    false
}

impl Transport for HttpTransport {
    fn enrol(&self, request: &EnrolRequest, patience: &Patience) -> Result<EnrolResponse, TransportError> {
        self.ask(patience, Method::POST, "/v1/enrol", async |http| read(with_json(http, request)?).await)
    }

    fn sync(&self, token: &Token, request: &SyncRequest, patience: &Patience) -> Result<SyncResponse, TransportError> {
        self.ask(patience, Method::POST, "/v1/sync", async |http| {
            read(with_json(http.bearer_auth(token.reveal()), request)?).await
        })
    }

    fn devices(&self, token: &Token, patience: &Patience) -> Result<DeviceList, TransportError> {
        self.ask(patience, Method::GET, "/v1/devices", async |http| read(http.bearer_auth(token.reveal())).await)
    }

    fn revoke_device(&self, token: &Token, device: DeviceId, patience: &Patience) -> Result<(), TransportError> {
        let path = format!("/v1/devices/{device}");
        self.ask(patience, Method::DELETE, &path, async |http| send(http.bearer_auth(token.reveal())).await.map(drop))
    }

    fn make_code(
        &self,
        token: &Token,
        request: &CodeRequest,
        patience: &Patience,
    ) -> Result<CodeAnswer, TransportError> {
        self.ask(patience, Method::POST, "/v1/codes", async |http| {
            read(with_json(http.bearer_auth(token.reveal()), request)?).await
        })
    }

    fn listen(
        &self,
        token: &Token,
        ticket: &Ticket,
        heard: &mut dyn FnMut(Heard) -> ControlFlow<()>,
    ) -> Result<(), TransportError> {
        let patience = Patience { within: LISTEN, ticket: ticket.clone() };
        self.ask(&patience, Method::GET, "/v1/events", async |http| {
            let http = http.bearer_auth(token.reveal()).header(ACCEPT, "text/event-stream");
            hear(send(http).await?, heard).await
        })
    }
}

async fn hear(mut answer: Response, heard: &mut dyn FnMut(Heard) -> ControlFlow<()>) -> Result<(), TransportError> {
    if heard(Heard::Connected).is_break() {
        return Ok(());
    }
    let mut data = None;
    let mut pending: Vec<u8> = Vec::new();
    // A connection that ends is taken up again by the caller.
    while let Some(chunk) = answer.chunk().await.map_err(|_| TransportError::Offline)? {
        pending.extend_from_slice(&chunk);
        while let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = pending.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\r', '\n']);
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
        if pending.len() > LONGEST_LINE {
            return Err(TransportError::Garbled);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn a_certificate_that_is_not_believed_is_known_however_deep_it_lies() {
        let refused = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        let wrapped = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, refused));
        assert!(is_untrusted(&wrapped));
        assert!(!is_untrusted(&io::Error::from(io::ErrorKind::ConnectionRefused)));
    }
}
