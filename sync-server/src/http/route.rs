//! The routes, in one list: the router, the metrics' labels and the OpenAPI document are held against it.

use axum::http::Method;

macro_rules! routes {
    ($($(#[$doc:meta])* $name:ident = $path:literal, [$($method:ident),+];)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Route { $($(#[$doc])* $name,)+
            /// Any other path. Never the path itself: it is whatever somebody typed.
            Unknown,
        }

        impl Route {
            pub const ALL: &[Route] = &[$(Route::$name),+];
            pub fn path(self) -> &'static str {
                match self { $(Route::$name => $path,)+ Route::Unknown => "unknown" }
            }
            pub fn methods(self) -> &'static [Method] {
                match self { $(Route::$name => &[$(Method::$method),+],)+ Route::Unknown => &[] }
            }
            /// By the router's own pattern, not by the request's path.
            pub fn of_pattern(pattern: &str) -> Self {
                match pattern { $($path => Route::$name,)+ _ => Route::Unknown }
            }
        }
    };
}

routes! {
    /// The one exchange of phone and school.
    Sync = "/v1/sync", [POST];
    /// Pokes without content.
    Events = "/v1/events", [GET];
    /// A code becomes a device token.
    Enrol = "/v1/enrol", [POST];
    /// Staff make a code for somebody's next phone.
    Codes = "/v1/codes", [POST];
    /// The person's own phones.
    Devices = "/v1/devices", [GET];
    /// Revokes one of them.
    Device = "/v1/devices/{device}", [DELETE];
    /// The process is alive.
    Health = "/v1/health", [GET];
    /// The store answers.
    Ready = "/v1/ready", [GET];
    Metrics = "/metrics", [GET];
    OpenApi = "/v1/openapi.json", [GET];
}
