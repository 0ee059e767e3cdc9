//! Whom the phone trusts to be the school's server.

use reqwest::ClientBuilder;

/// Whom the platform trusts.
#[cfg(not(target_os = "android"))]
pub fn chosen(client: ClientBuilder) -> ClientBuilder {
    client
}

/// Android's own can only be asked through Java with the app's context, and whoever asks without it panics. What is bundled
/// is near what the platform trusts by itself; what an organiser has installed on the phone is not in it.
#[cfg(target_os = "android")]
pub fn chosen(client: ClientBuilder) -> ClientBuilder {
    bundled(client)
}

#[cfg(any(target_os = "android", test))]
fn bundled(client: ClientBuilder) -> ClientBuilder {
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
    client.tls_certs_only(roots.filter_map(|root| reqwest::Certificate::from_der(root).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_can_be_made_that_trusts_what_is_bundled() {
        assert!(webpki_root_certs::TLS_SERVER_ROOT_CERTS.len() > 100);
        assert!(bundled(ClientBuilder::new()).build().is_ok());
    }
}
