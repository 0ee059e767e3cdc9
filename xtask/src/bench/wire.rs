//! The lightest client that still speaks real HTTP/1.1: what it costs is taken from the server's share of two cores.

use serde::Deserialize;
use skolebro_core::protocol::Continuation;
use std::{io, net::SocketAddr};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use uuid::Uuid;

#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// Of a sync's answer only what a light phone needs.
#[derive(Debug, Deserialize)]
pub struct LightAnswer {
    pub epoch: Uuid,
    #[serde(default)]
    pub outcomes: Vec<serde_json::Value>,
    pub pull: LightPull,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LightPull {
    Page(LightPage),
    ResetRequired,
}

#[derive(Debug, Deserialize)]
pub struct LightPage {
    pub cursor: u64,
    #[serde(default)]
    pub more: Option<Continuation>,
    #[serde(default)]
    pub rows: Vec<serde::de::IgnoredAny>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 << 10) })
    }

    /// The body of a 200; anything else is an error that says its status line.
    pub async fn post(&mut self, path: &str, token: &str, body: &[u8]) -> io::Result<&[u8]> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-type: \
             application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let mut request = head.into_bytes();
        request.extend_from_slice(body);
        self.exchange(&request).await
    }

    pub async fn get(&mut self, path: &str) -> io::Result<&[u8]> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        self.exchange(request.as_bytes()).await
    }

    async fn exchange(&mut self, request: &[u8]) -> io::Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        };
        let text = String::from_utf8_lossy(&self.buffer[..head]).into_owned();
        let length = text
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse::<usize>().ok())
            .ok_or_else(|| io::Error::other(format!("no length: {text}")))?;
        while self.buffer.len() < head + length {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        if !text.starts_with("HTTP/1.1 200") {
            let status = text.lines().next().unwrap_or_default().to_owned();
            let body = String::from_utf8_lossy(&self.buffer[head..head + length]).into_owned();
            return Err(io::Error::other(format!("{status}: {body}")));
        }
        Ok(&self.buffer[head..head + length])
    }
}
