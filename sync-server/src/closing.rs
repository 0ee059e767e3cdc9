//! The one word that ends everything: a watched flag that turns true once.

use tokio::sync::watch;

/// Until the server is told to end.
pub(crate) async fn closed(closing: &mut watch::Receiver<bool>) {
    // An error: the one who would say it is gone, which says it too. The guard must not live across another await.
    let _ = closing.wait_for(|closing| *closing).await;
}
