//! `POST /v1/codes`: staff make a code for somebody's next phone. A refusal by the rules is an answer like any other.

use super::{Face, bearer::SignedIn, body::JsonBody, refusal::Refusal};
use axum::{Json, extract::State, http::header, response::IntoResponse};
use skolebro_core::protocol::CodeRequest;

pub async fn make(
    State(face): State<Face>,
    SignedIn { session, .. }: SignedIn,
    JsonBody(wanted): JsonBody<CodeRequest>,
) -> Result<impl IntoResponse, Refusal> {
    let engine = face.engine.clone();
    let answer = face.blocking(move || engine.hand_code(&session, &wanted)).await;
    // A code must not lie in any cache.
    answer.map(|answer| ([(header::CACHE_CONTROL, "no-store")], Json(answer)))
}
