//! `POST /v1/enrol`: a one-time code becomes a device token, at a pace.

use super::{Enrolled, Face, Peer, body::JsonBody, pace, refusal::Refusal};
use axum::{
    Extension, Json,
    extract::{FromRequest, Request, State},
    response::IntoResponse,
};
use skolebro_core::protocol::{EnrolRequest, ProblemCode};
use std::{
    net::{IpAddr, Ipv4Addr},
    time::Instant,
};

pub async fn enrol(
    State(face): State<Face>,
    peer: Option<Extension<Peer>>,
    request: Request,
) -> Result<impl IntoResponse, Refusal> {
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Extension(Peer(address))| address);
    let address = pace::address_of(peer, request.headers(), face.limits.proxies);
    // Before the body is read: a flood costs nothing.
    if let Some(pace) = &face.pace
        && let Err(wait) = pace.take(address, Instant::now())
    {
        face.metrics.enrolled(Enrolled::TooOften);
        return Err(Refusal::new(ProblemCode::TooManyTries, "too many tries from this address").retry_after(wait));
    }
    let JsonBody(wanted) = JsonBody::<EnrolRequest>::from_request(request, &face).await?;
    let engine = face.engine.clone();
    let answer = face.blocking(move || engine.enrol_from(Some(pace::household(address)), &wanted)).await;
    face.metrics.enrolled(if answer.is_ok() { Enrolled::Yes } else { Enrolled::Refused });
    answer.map(Json)
}
