//! HTTP as phones meet it: refusals, captive portals, silence, and a stream of pokes. The real server's stories are elsewhere.

use skolebro_core::{
    device::{
        Cancellation, Patience, Ticket,
        http::HttpTransport,
        secrets::Token,
        transport::{Heard, Transport, TransportError},
    },
    protocol::{Poke, ProblemCode, SyncRequest},
};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    ops::ControlFlow,
    sync::mpsc,
    thread,
    time::Duration,
};

/// Answers one request with these bytes, keeps the connection for as long as the test runs, and gives what was asked.
fn answering(answer: &'static str) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap());
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut asked, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
            asked.push_str(&line);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        asked.push_str(&String::from_utf8(body).unwrap());
        stream.write_all(answer.as_bytes()).unwrap();
        send.send(asked).unwrap();
        // Held open until the other side closes.
        let _ = reader.read_to_end(&mut Vec::new());
    });
    (base, receive)
}

fn ask(base: &str, within: Duration) -> Result<(), TransportError> {
    let token = Token::new("secret-token".into());
    HttpTransport::new(base).sync(&token, &SyncRequest::default(), &Patience::of(within)).map(drop)
}

const LONG: Duration = Duration::from_secs(20);

#[test]
fn a_refusal_is_read_with_its_pause() {
    let body = r#"{"code":"unavailable","detail":"busy"}"#;
    assert_eq!(body.len(), 38);
    let (base, asked) = answering(
        "HTTP/1.1 503 Busy\r\nretry-after: 7\r\ncontent-length: 38\r\n\r\n{\"code\":\"unavailable\",\"detail\":\"busy\"}",
    );
    let Err(TransportError::Refused { status, problem, retry_after }) = ask(&base, LONG) else { panic!() };
    assert_eq!((status, problem.code, retry_after), (503, ProblemCode::Unavailable, Some(Duration::from_secs(7))));
    let asked = asked.recv_timeout(LONG).unwrap().to_ascii_lowercase();
    assert!(asked.starts_with("post /v1/sync "), "{asked}");
    assert!(asked.contains("authorization: bearer secret-token"), "{asked}");
    assert!(asked.contains("accept-encoding: gzip"), "{asked}");
}

#[test]
fn a_captive_portal_is_garbled_and_a_redirection_is_not_followed() {
    let (base, _asked) = answering("HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n<html>Welcome");
    assert_eq!(ask(&base, LONG), Err(TransportError::Garbled));
    let (base, _asked) = answering("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(ask(&base, LONG), Err(TransportError::Garbled));
}

#[test]
fn nobody_there_and_nobody_answering_are_told_apart() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(ask(&format!("http://{free}"), LONG), Err(TransportError::Offline));
    let (base, _asked) = answering("");
    assert_eq!(ask(&base, Duration::from_millis(200)), Err(TransportError::Timeout));
    let (base, _asked) = answering("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"protocol\":");
    assert_eq!(ask(&base, Duration::from_millis(200)), Err(TransportError::Timeout));
}

#[test]
fn pokes_are_heard_line_by_line() {
    let (base, _asked) = answering(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n: still here\n\nevent: changed\ndata: {\"wait_ms\":250}\n\n\
         data: {\"later\":1}\n\n",
    );
    let mut heard = Vec::new();
    let listened = HttpTransport::new(&base).listen(&Token::new("t".into()), &Ticket::default(), &mut |what| {
        heard.push(what);
        if heard.len() == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(listened, Ok(()));
    let poke = |wait_ms| Heard::Poke(Poke { wait_ms });
    assert_eq!(heard, [Heard::Connected, Heard::Alive, Heard::Alive, poke(250), poke(0)]);
}

#[test]
fn what_is_called_off_ends_at_once_and_the_next_one_does_not() {
    let (base, asked) = answering("");
    let transport = HttpTransport::new(&base);
    let calls = Cancellation::default();
    let patience = Patience { within: LONG, ticket: calls.clone().into() };
    let waiting = thread::spawn({
        let transport = transport.clone();
        move || transport.sync(&Token::new("t".into()), &SyncRequest::default(), &patience).map(drop)
    });
    asked.recv_timeout(LONG).unwrap();
    calls.cancel();
    assert_eq!(waiting.join().unwrap(), Err(TransportError::Cancelled));
    let again = Patience { within: LONG, ticket: calls.into() };
    let again = transport.sync(&Token::new("t".into()), &SyncRequest::default(), &again).map(drop);
    assert_eq!(again, Err(TransportError::Cancelled), "a call that begins after its end does not ask at all");
    let later = transport
        .sync(&Token::new("t".into()), &SyncRequest::default(), &Patience::of(Duration::from_millis(50)))
        .map(drop);
    assert!(matches!(later, Err(TransportError::Timeout | TransportError::Offline)), "{later:?}");
}

#[test]
fn listening_that_is_called_off_ends_though_the_server_says_nothing() {
    let (base, asked) = answering("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n");
    let calls = Cancellation::default();
    let ticket = calls.clone().into();
    let listening = thread::spawn(move || {
        HttpTransport::new(&base).listen(&Token::new("t".into()), &ticket, &mut |_| ControlFlow::Continue(()))
    });
    asked.recv_timeout(LONG).unwrap();
    calls.cancel();
    assert_eq!(listening.join().unwrap(), Err(TransportError::Cancelled));
}
