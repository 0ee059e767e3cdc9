//! `POST /v1/sync`: the one exchange that everything else is for.

use super::{Face, bearer::SignedIn, body::JsonBody, refusal::Refusal};
use axum::{extract::State, http::header, response::IntoResponse};
use skolebro_core::protocol::SyncRequest;

pub async fn sync(
    State(face): State<Face>,
    SignedIn { session, .. }: SignedIn,
    JsonBody(request): JsonBody<SyncRequest>,
) -> Result<impl IntoResponse, Refusal> {
    let reply = face.engine.sync(&session, request).await.map_err(|refused| face.refuse(refused))?;
    face.metrics.synced(&reply.told, reply.rows);
    Ok(([(header::CONTENT_TYPE, "application/json")], reply.json))
}
