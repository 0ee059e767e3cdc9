//! The accept loop: keep-alive HTTP/1.1 connections with TCP_NODELAY, bounded in number, headers and idleness, and an end
//! that lets the requests under way finish. Which of too many has to go says `connections`.

use super::{
    Face,
    connections::{Answering, Connection, Connections, Surplus},
    limits::HttpLimits,
    stall::Unstalled,
};
use crate::closing::closed;
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderValue, header},
};
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
    let gauge = face.metrics.connections.clone();
    let router = super::router(face);
    let connections = Connections::new(limits.connections.max(1), limits.spare_connections.max(1));
    let graceful = GracefulShutdown::new();
    let http = protocol(&limits);
    loop {
        let place = tokio::select! {
            biased;
            () = closed(&mut closing) => break,
            place = connections.place() => place?,
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
        let opened = connections.open(place);
        let connection = http.serve_connection(
            TokioIo::new(Unstalled::new(stream, limits.stall)),
            handler(router.clone(), Peer(peer.ip()), Arc::clone(&opened)),
        );
        let watched = graceful.watch(connection);
        let open = gauge.clone();
        open.inc();
        tokio::spawn(async move {
            tokio::select! {
                // A connection's errors are the network's daily weather.
                _ = watched => {}
                () = opened.sent_away() => {}
            }
            open.dec();
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
    connection: Arc<Connection>,
) -> impl hyper::service::Service<
    Request<Incoming>,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send,
> {
    service_fn(move |request: Request<Incoming>| {
        let under_way = connection.request();
        let is_surplus = connection.is_surplus;
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        if is_surplus {
            request.extensions_mut().insert(Surplus);
        }
        // A router is always ready.
        let answer = router.clone().call(request);
        async move {
            let mut answer = answer.await?;
            if is_surplus {
                answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            Ok(answer.map(|body| Body::new(Answering::new(body, under_way))))
        }
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
