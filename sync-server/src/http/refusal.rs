//! Every refusal of a whole request: a [`Problem`] with its status, and Retry-After where trying again helps.
//!
//! The detail is for the one who reads logs. It must never repeat what the request carried.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use skolebro_core::protocol::{Problem, ProblemCode};
use std::time::Duration;

#[derive(Clone, Debug)]
pub struct Refusal {
    pub status: StatusCode,
    pub problem: Problem,
    pub retry_after: Option<Duration>,
}

impl Refusal {
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self { status: status_of(code), problem: Problem { code, detail: detail.into() }, retry_after: None }
    }

    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(ProblemCode::Malformed, detail)
    }

    /// 503: nothing was settled, or nobody knows; the same request is safe to send again.
    pub fn unavailable(detail: impl Into<String>, after: Duration) -> Self {
        Self::new(ProblemCode::Unavailable, detail).retry_after(after)
    }

    #[must_use]
    pub fn retry_after(self, after: Duration) -> Self {
        Self { retry_after: Some(after), ..self }
    }
}

/// The status says the class; the code what happened.
pub fn status_of(code: ProblemCode) -> StatusCode {
    match code {
        ProblemCode::TokenUnknown | ProblemCode::DeviceRevoked => StatusCode::UNAUTHORIZED,
        ProblemCode::CodeWrong | ProblemCode::CodeExpired | ProblemCode::CodeUsed => StatusCode::FORBIDDEN,
        ProblemCode::TooManyTries => StatusCode::TOO_MANY_REQUESTS,
        ProblemCode::Malformed => StatusCode::BAD_REQUEST,
        ProblemCode::NotFound => StatusCode::NOT_FOUND,
        ProblemCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemCode::TooOld => StatusCode::UPGRADE_REQUIRED,
        ProblemCode::Unavailable | ProblemCode::Other => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.problem)).into_response();
        if let Some(after) = self.retry_after {
            // Whole seconds, at least one: 0 would be an invitation to hammer.
            let seconds = after.as_secs().max(1);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
