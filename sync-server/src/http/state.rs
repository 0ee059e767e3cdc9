//! How the server is: for load balancers, Prometheus and curious developers.

use super::{Face, openapi, refusal::Refusal};
use crate::{engine::Trust, store::read};
use axum::{extract::State, http::header, response::IntoResponse};

/// The process is alive, whatever else is wrong.
pub async fn health() -> &'static str {
    "ok\n"
}

/// The store can be trusted and answers, and the server is not about to end.
pub async fn ready(State(face): State<Face>) -> Result<&'static str, Refusal> {
    let unready = |why: &str| Refusal::unavailable(why, face.limits.retry_after);
    if *face.closing.borrow() {
        return Err(unready("the server is ending"));
    }
    face.engine.wait_until_sound().await.map_err(|refused| face.refuse(refused))?;
    let engine = face.engine.clone();
    let look = move || {
        // First: what is read of a file that was cut off may end the process.
        engine.store().look()?;
        read(&**engine.store(), |reading| {
            // What every request needs: the heads, and the way from a token to its device.
            for school in reading.schools()? {
                reading.head(school)?;
            }
            reading.device_by_token(&[0; 32])?;
            reading.epoch()
        })
    };
    match tokio::task::spawn_blocking(look).await {
        Ok(Ok(_)) => match face.engine.clock_state().trust {
            Trust::Believed => Ok("ready\n"),
            Trust::Doubted => Ok("ready, but the machine's clock has jumped and is not believed\n"),
            Trust::Waiting => Err(unready("the machine's clock cannot be right; an operator must look")),
        },
        Ok(Err(error)) => {
            tracing::error!(%error, "not ready");
            Err(unready("the store does not answer, or is not whole"))
        }
        Err(_) => Err(unready("the store does not answer")),
    }
}

pub async fn metrics(State(face): State<Face>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], face.metrics.render())
}

pub async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], openapi::TEXT.as_str())
}
