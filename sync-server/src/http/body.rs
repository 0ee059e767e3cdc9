//! Reads a request's JSON body within the limit, and says where it went wrong without repeating it.

use super::{Face, refusal::Refusal};
use axum::{
    body::{Body, BodyDataStream},
    extract::{FromRequest, Request},
    http::header,
};
use serde::de::DeserializeOwned;
use skolebro_core::{protocol::ProblemCode, reading::from_bytes};
use tokio_stream::StreamExt as _;

#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Face> for JsonBody<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, face: &Face) -> Result<Self, Refusal> {
        if let Some(encoding) = request.headers().get(header::CONTENT_ENCODING)
            && !encoding.as_bytes().eq_ignore_ascii_case(b"identity")
        {
            return Err(Refusal::malformed("bodies are taken uncompressed only"));
        }
        let limit = face.limits.body_bytes;
        let declared =
            request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        if declared.is_some_and(|bytes: usize| bytes > limit) {
            pass_over(request.into_body().into_data_stream(), limit).await;
            return Err(too_large(limit));
        }
        let bytes = collect(request.into_body(), limit).await?;
        from_bytes(&bytes).map(JsonBody).map_err(|unread| Refusal::malformed(unread.to_string()))
    }
}

/// The whole body, whether or not its length was told beforehand.
async fn collect(body: Body, limit: usize) -> Result<Vec<u8>, Refusal> {
    let mut pieces = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Refusal::malformed("the body ended before it was whole"))?;
        if bytes.len() + piece.len() > limit {
            drop(bytes);
            pass_over(pieces, limit).await;
            return Err(too_large(limit));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// Reads and drops what a client sends although it is too much, within reason: one that writes before it reads would
/// find the connection closed, take that for the network's fault, and never learn to send less.
async fn pass_over(mut pieces: BodyDataStream, limit: usize) {
    let mut left = limit.saturating_mul(PASSED_OVER);
    while let Some(Ok(piece)) = pieces.next().await {
        left = left.saturating_sub(piece.len());
        if left == 0 {
            return;
        }
    }
}

/// A body of so many times the limit is not worth its bytes any more.
const PASSED_OVER: usize = 4;

fn too_large(limit: usize) -> Refusal {
    Refusal::new(ProblemCode::TooLarge, format!("a body is at most {limit} bytes"))
}
