//! A person's own phones: to see them, and to revoke one that is lost.

use super::{Face, bearer::SignedIn, refusal::Refusal};
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
};
use skolebro_core::{
    domain::ids::DeviceId,
    protocol::{DeviceList, ProblemCode},
};

pub async fn list(State(face): State<Face>, SignedIn { session, .. }: SignedIn) -> Result<Json<DeviceList>, Refusal> {
    let engine = face.engine.clone();
    face.blocking(move || engine.devices(&session)).await.map(Json)
}

/// Another person's device, and one that is not there, are the same: not found.
pub async fn revoke(
    State(face): State<Face>,
    SignedIn { session, .. }: SignedIn,
    device: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Refusal> {
    let unknown = || Refusal::new(ProblemCode::NotFound, "no such device of this person");
    // What is not even text is no device either.
    let Path(device) = device.map_err(|_| unknown())?;
    let device: DeviceId = device.parse().map_err(|_| unknown())?;
    let engine = face.engine.clone();
    face.blocking(move || engine.revoke_device(&session, device)).await.map(|()| StatusCode::NO_CONTENT)
}
