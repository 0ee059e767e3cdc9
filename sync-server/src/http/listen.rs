//! The accept loop: keep-alive HTTP/1.1 connections with TCP_NODELAY, bounded in number, headers and idleness, and an end
//! that lets the requests under way finish.

use super::{Face, limits::HttpLimits, stall::Unstalled};
use crate::closing::closed;
use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use std::{io, net::IpAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::watch};
use tower::Service;

/// Who is at the other end of the connection: a reverse proxy, or the phone itself.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Serves until `closing` says true; then takes no more connections, ends event streams, lets requests finish for
/// `limits.drain`, and returns. True: all of them did.
///
/// # Errors
/// None but those of the listening socket itself; a connection's errors end that connection.
pub async fn serve(listener: TcpListener, face: Face, mut closing: watch::Receiver<bool>) -> io::Result<bool> {
    let limits = face.limits.clone();
    let connections = face.metrics.connections.clone();
    let router = super::router(face);
    let places = super::places(limits.connections.max(1));
    let graceful = GracefulShutdown::new();
    let http = protocol(&limits);
    loop {
        let place = tokio::select! {
            biased;
            () = closed(&mut closing) => break,
            place = Arc::clone(&places).acquire_owned() => place.map_err(io::Error::other)?,
        };
        let (stream, peer) = tokio::select! {
            biased;
            () = closed(&mut closing) => break,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    pause_after(&error).await;
                    continue;
                }
            },
        };
        // Small answers at once; without it a keep-alive client waits for its own delayed acknowledgement.
        let _ = stream.set_nodelay(true);
        let connection = http.serve_connection(
            TokioIo::new(Unstalled::new(stream, limits.stall)),
            handler(router.clone(), Peer(peer.ip())),
        );
        let watched = graceful.watch(connection);
        let open = connections.clone();
        open.inc();
        tokio::spawn(async move {
            // A connection's errors are the network's daily weather.
            let _ = watched.await;
            open.dec();
            drop(place);
        });
    }
    drop(listener);
    Ok(tokio::time::timeout(limits.drain, graceful.shutdown()).await.is_ok())
}

fn protocol(limits: &HttpLimits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.idle)
        .max_header_size(limits.header_bytes)
        .keep_alive(true);
    http
}

fn handler(
    router: Router,
    peer: Peer,
) -> impl hyper::service::Service<
    Request<Incoming>,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send,
> {
    service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        // A router is always ready.
        router.clone().call(request)
    })
}

/// Out of file descriptors: accepting again at once would only spin.
async fn pause_after(error: &io::Error) {
    let of_the_peer = matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    );
    if !of_the_peer {
        tracing::error!(error = %error, "cannot accept connections");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
